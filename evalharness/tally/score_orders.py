"""Rows, or counts, in order of their scores to what is left of that order for each group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.stats.ordering import influences, ordered_counts, precision_influences
from evalharness.tally.cluster_sums import ClusterSums

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupOrder:
    """One group's scored rows in order of their scores."""

    positive: Floats
    """[E] positives at rising places; scores that no statistic of the order tells apart stand at one place."""
    negative: Floats
    """[E]."""
    clustered: tuple[float, int, int] | None
    """Variance of the area under the ROC curve over clusters, and clusters with a positive and a negative. Null where items are
    independent, and where there were too many rows to hold."""
    clustered_precision: float | None
    """Variance of average precision over clusters; null as above."""
    squared_error: float
    """Sum of (score - label)^2."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SortedRows:
    """Rows by rising score."""

    positive: NDArray[np.bool_]
    runs: NDArray[np.integer] | None
    """Which distinct score; null where all differ."""
    clusters: ClusterSums | None

    def orders(self, code: NDArray[np.integer], as_came: NDArray[np.integer], levels: int, errors: Floats) -> list[GroupOrder]:
        """Of each level of an attribute, from the level of each row, by rising score and as they came, and each level's squared error."""
        influence, of_precision = (np.zeros(0 if self.clusters is None else len(code)) for _ in range(2))
        found = []
        for inside in [slice(None)] if levels == 1 else _split(code, levels):
            positive = self.positive[inside]
            at = np.flatnonzero(positive)
            order = ordered_counts(positive, at, None if self.runs is None else self.runs[inside])
            if self.clusters is not None and 0 < len(at) < len(positive):
                influence[inside] = _by_row(order, at, *influences(*order))
                of_precision[inside] = _by_row(order, at, *precision_influences(*order))
            found.append(order)
        over, precise = (
            ([None] * levels, [None] * levels)
            if self.clusters is None
            else (self.clusters.variances(each, as_came, levels) for each in (influence, of_precision))
        )
        return [
            GroupOrder(
                positive=order[0], negative=order[1], clustered=own, clustered_precision=other[0] if other else None,
                squared_error=float(error),
            )
            for order, own, other, error in zip(found, over, precise, errors, strict=True)
        ]  # fmt: skip


def _by_row(order: tuple[Floats, Floats], at: Integers, up: Floats, down: Floats) -> Floats:
    """Influences of positives and of negatives at each place, to those of the rows; `at` is where the positives stand."""
    own: Floats = np.repeat(down, (order[0] + order[1]).astype(np.int64))
    own[at] = np.repeat(up, order[0].astype(np.int64))
    return own


def orders_of_steps(counts: Integers, scores: Floats) -> list[GroupOrder]:
    """Orders of groups from their counts [G, 2, B] at rising scores [B]: rows of one step stand at one place, at its score."""
    found = []
    for negative, positive in counts.astype(np.float64):
        off = negative * scores**2 + positive * (1 - scores) ** 2
        some = negative + positive > 0
        found.append(
            GroupOrder(
                positive=positive[some], negative=negative[some], clustered=None, clustered_precision=None, squared_error=float(off.sum())
            )
        )
    return found


def _split(code: NDArray[np.integer], levels: int) -> list[Integers]:
    """Where each level stands, rising."""
    return np.split(np.argsort(code, kind="stable"), np.cumsum(np.bincount(code, minlength=levels))[:-1])
