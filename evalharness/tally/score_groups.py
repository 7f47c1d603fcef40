"""What scores say of everybody and of each level of each attribute: their order exactly, themselves in at most a few thousand steps.

Up to `MOST_ROWS` rows are held, sorted once, and counted. With more, every score is rounded to `BITS` binary digits and only counts of
rounded scores are kept, so memory does not grow with the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evalharness.errors import Fault
from evalharness.records import OVERALL, Group
from evalharness.stats.ordering import merged_scores, starts_of
from evalharness.tally.cluster_sums import ClusterCodes, ClusterSums
from evalharness.tally.rounded_scores import BITS, RoundedScores
from evalharness.tally.score_orders import GroupOrder, SortedRows, orders_of_steps

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Labels = NDArray[np.int8]
Groups = Mapping[str, NDArray[np.int32]]

MOST_ROWS = 2**20
"""Rows whose scores are held as they are: some 30 bytes each."""
MOST_GROUPED = 2**18
"""Up to so many rows groups are ordered by their rows too; above, by the steps, which takes a fifth of a second less for a million rows."""
MOST_STEPS = 2_048
"""Of scores, in whatever needs the scores themselves. Each holds as many rows, and a distinct score is never torn apart."""

__all__ = ["BITS", "MOST_ROWS", "MOST_STEPS", "GroupOrder", "ScoreGroups", "ScoreGroupsCounter"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreGroups:
    """G groups: everybody, then each level of each attribute. B steps of scores, rising."""

    groups: tuple[Group, ...]
    orders: tuple[GroupOrder, ...]
    """[G]."""
    least: Floats
    """[B] lowest score of each step: whoever selects from there on selects all later steps."""
    means: Floats
    """[B] mean score of everybody's rows in it."""
    counts: Integers
    """[G, 2, B] negatives, positives."""
    unscored: Integers
    """[G, 2] rows with a label and no score: negatives, positives."""
    clustered: bool
    rounded: bool
    """Whether there were so many rows that scores were rounded to `BITS` binary digits."""
    merged: bool
    """Whether steps hold more than one distinct score."""
    by_steps: bool
    """Whether the orders of groups, not that of everybody, are those of the steps."""


class ScoreGroupsCounter:
    """Streams rows; neither their order nor where batches are cut changes anything.

    `at` are scores at which a step begins, so that a threshold in use is exactly one of them. `contiguous` as in `OutcomeSums`.
    """

    def __init__(
        self,
        levels: Mapping[str, tuple[str, ...]],
        *,
        clustered: bool,
        contiguous: bool = False,
        at: Sequence[float] = (),
        most_rows: int = MOST_ROWS,
        most_grouped: int = MOST_GROUPED,
    ) -> None:
        self._levels = {name: tuple(found) for name, found in levels.items()}
        self._clustered, self._contiguous, self._at, self._most = clustered, contiguous, at, most_rows
        self._most_grouped = most_grouped
        self._groups: tuple[Group, ...] = (OVERALL, *(((name, level),) for name, found in self._levels.items() for level in found))
        self._unscored = np.zeros((len(self._groups), 2), dtype=np.int64)
        self._kept: list[tuple[Floats, NDArray[np.bool_], dict[str, NDArray[np.integer]]]] = []
        self._clusters = ClusterCodes(contiguous) if clustered else None
        self._rows = 0
        self._rounded: RoundedScores | None = None

    def add(self, scores: Floats, labels: Labels, groups: Groups, clusters: pa.Array | pa.ChunkedArray | None) -> None:
        """Rows: scores with NaN for none; labels 1, 0, or -1 (none: skipped); group codes; cluster ids where rows are clustered.

        Raises Fault for unequal lengths.
        """
        lengths = {len(scores), len(labels), *(len(groups[name]) for name in self._levels)}
        if len(lengths) > 1 or (self._clustered and (clusters is None or len(clusters) != len(scores))):
            raise Fault("scores, labels, groups and clusters have different numbers of rows")
        silent = np.isnan(scores)
        kept = (labels >= 0) & ~silent
        if silent.any():
            self._count_unscored(labels, groups, silent & (labels >= 0))
        whole = bool(kept.all())
        values = scores + 0.0 if whole else scores[kept] + 0.0
        codes = {name: _small(groups[name] if whole else groups[name][kept], len(found)) for name, found in self._levels.items()}
        if self._clusters is not None and self._rounded is None and clusters is not None:
            self._clusters.add(clusters, None if whole else kept)
        self._kept.append((values, (labels if whole else labels[kept]) == 1, codes))
        self._rows += len(values)
        if self._rows > self._most:
            self._round()

    def result(self) -> ScoreGroups:
        """Of all rows so far; afterwards no row may be added."""
        if self._rounded is not None:
            self._round()
            return self._of_rounded(self._rounded)
        scores, positive, codes = self._rows_kept()
        self._kept = []
        clusters = None if self._clusters is None else self._clusters.codes()
        return self._of_rows(scores, positive, codes, clusters)

    def _count_unscored(self, labels: Labels, groups: Groups, silent: NDArray[np.bool_]) -> None:
        truth, first = labels[silent].astype(np.int64), 1
        self._unscored[0] += np.bincount(truth, minlength=2)
        for name, found in self._levels.items():
            keys = groups[name][silent].astype(np.int64) * 2 + truth
            self._unscored[first : first + len(found)] += np.bincount(keys, minlength=2 * len(found)).reshape(-1, 2)
            first += len(found)

    def _rows_kept(self) -> tuple[Floats, NDArray[np.bool_], dict[str, NDArray[np.integer]]]:
        scores = np.concatenate([np.zeros(0), *(values for values, _, _ in self._kept)])
        positive = np.concatenate([np.zeros(0, dtype=bool), *(truth for _, truth, _ in self._kept)])
        codes = {
            name: np.concatenate([_small(np.zeros(0, dtype=np.int32), len(found)), *(own[name] for _, _, own in self._kept)])
            for name, found in self._levels.items()
        }
        return scores, positive, codes

    def _round(self) -> None:
        if self._rounded is None:
            self._rounded, self._clusters = RoundedScores([len(found) for found in self._levels.values()]), None
        if self._kept:
            scores, positive, codes = self._rows_kept()
            self._kept, self._rows = [], self._most - min(self._most // 2, len(scores))
            self._rounded.add(scores, positive, list(codes.values()))

    def _of_rounded(self, found: RoundedScores) -> ScoreGroups:
        starts = merged_scores(found.scores, np.arange(len(found.scores)), 4 * MOST_STEPS, self._at)
        items = found.counts[0].sum(axis=0)
        orders = orders_of_steps(found.counts, found.scores)
        return self._made(
            orders, found.scores, starts, np.add.reduceat(found.scores * items, starts) / np.add.reduceat(items, starts),
            np.add.reduceat(found.counts, starts, axis=2), distinct=len(found.scores), rounded=True, by_steps=False,
        )  # fmt: skip

    def _of_rows(
        self, scores: Floats, positive: NDArray[np.bool_], codes: dict[str, NDArray[np.integer]], clusters: NDArray[np.integer] | None
    ) -> ScoreGroups:
        order = np.argsort(scores)
        over = None if clusters is None else ClusterSums(clusters=clusters, positive=positive, order=order)
        scores, positive = scores[order], positive[order]
        new = scores[1:] != scores[:-1]
        runs = None if new.all() else np.concatenate([np.zeros(1, dtype=np.int32), np.cumsum(new, dtype=np.int32)])
        starts = np.arange(len(scores)) if runs is None else starts_of(runs)
        steps = merged_scores(scores, starts, MOST_STEPS, self._at)
        sizes = np.diff(steps, append=len(scores))
        number = np.repeat(np.arange(len(steps), dtype=np.int32), sizes)
        off = np.square(scores - positive)
        means = np.add.reduceat(scores, steps) / sizes if len(steps) else scores
        if len(steps):  # equal scores have themselves for a mean, to the last digit: some lie where a bin begins
            means = np.clip(means, scores[steps], scores[steps + sizes - 1])
        rows = SortedRows(positive=positive, runs=runs, clusters=over)
        by_steps = len(scores) > self._most_grouped
        ones = np.add.reduceat(positive, steps, dtype=np.int64) if len(steps) else steps
        counts = [np.stack([sizes - ones, ones])[None]]
        nobody = np.zeros(len(scores), dtype=np.uint8)
        orders = rows.orders(nobody, nobody, 1, np.array([off[positive].sum() + off[~positive].sum()]))
        for name, levels in self._levels.items():
            own, size = codes.pop(name), 2 * len(levels)
            code = own[order]
            keys = code.astype(np.int64)
            keys *= 2
            keys += positive
            errors = None if by_steps else np.bincount(keys, weights=off, minlength=size).reshape(-1, 2).sum(axis=1)
            keys *= len(steps)
            keys += number
            counts.append(np.bincount(keys, minlength=size * len(steps)).reshape(len(levels), 2, len(steps)))
            orders += orders_of_steps(counts[-1], means) if errors is None else rows.orders(code, own, len(levels), errors)
        return self._made(orders, scores, steps, means, np.concatenate(counts), distinct=len(starts), rounded=False, by_steps=by_steps)

    def _made(
        self,
        orders: list[GroupOrder],
        scores: Floats,
        starts: Integers,
        means: Floats,
        counts: Integers,
        *,
        distinct: int,
        rounded: bool,
        by_steps: bool,
    ) -> ScoreGroups:
        least = scores[starts]
        return ScoreGroups(
            groups=self._groups, orders=tuple(orders), least=least, means=means, counts=counts, unscored=self._unscored,
            clustered=self._clustered, rounded=rounded, merged=len(starts) < distinct,
            by_steps=by_steps,
        )  # fmt: skip


def _small(codes: NDArray[np.integer], levels: int) -> NDArray[np.integer]:
    """In as few bytes as their number allows."""
    return codes.astype(np.uint8 if levels <= 2**8 else np.int32)
