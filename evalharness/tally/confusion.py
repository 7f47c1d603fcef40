"""Rows to counts: the outcomes of every group, with the cluster moments that the bounds need.

From here on nothing depends on the number of rows, and tallies of disjoint parts add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.catalogue import OUTCOMES, TaskMetrics, task_metrics
from evalharness.errors import Fault
from evalharness.tally.cells import CellTable, tables_for
from evalharness.tally.clusters import RunReader, Runs, as_strings
from evalharness.tally.held import HeldRows
from evalharness.tally.moments import Integers, layout_of, unpacked
from evalharness.tally.slices import Slices

_CHUNK = 2**16
_RELEVANT_OR_NOT = tuple(OUTCOMES.index(name) for name in ("no_answer_negative", "tn", "fp", "no_answer_positive", "fn", "tp"))
_BINARY = task_metrics("binary")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConfusionTally:
    """Counts of every slice and the moments of its clusters. S slices, O outcomes, D distinct denominators."""

    slices: Slices
    """What the S slices are."""
    counts: Integers
    """Items [S, O], in the order of `of.outcomes`."""
    second: Integers
    """[S, O, O]: sum over clusters of outer(n, n), n the cluster's counts inside the slice."""
    clusters: Integers
    """[S, D]: clusters with a part above zero in each of `of.denominators`."""
    clustered: bool
    """Whether items belong to clusters; if not, every item is its own."""
    of: TaskMetrics = _BINARY
    """What the outcomes are, and the metrics over them."""

    @classmethod
    def of_independent(cls, slices: Slices, counts: Integers, of: TaskMetrics = _BINARY) -> ConfusionTally:
        """The tally of items that are independent: each is a cluster of one. `counts` is [S, O]."""
        whole = np.asarray(counts, dtype=np.int64)
        second = whole[:, :, None] * np.eye(len(of.outcomes), dtype=np.int64)
        clusters = whole @ np.array(of.denominators, dtype=np.int64).T
        return cls(slices=slices, counts=whole, second=second, clusters=clusters, clustered=False, of=of)

    def merge(self, other: ConfusionTally) -> ConfusionTally:
        """The tally of both parts together; associative and commutative. The parts must share no row and no cluster.

        Raises Fault when they count different slices or another task, or only one of them clusters.
        """
        if self.slices != other.slices or self.clustered != other.clustered or self.of != other.of:
            raise Fault("tallies of different slices or tasks, or of clustered and independent rows, cannot be merged")
        return ConfusionTally(
            slices=self.slices,
            counts=self.counts + other.counts,
            second=self.second + other.second,
            clusters=self.clusters + other.clusters,
            clustered=self.clustered,
            of=self.of,
        )


class Counter:
    """Streams rows into a `ConfusionTally`; the result does not depend on the order of rows or on where batches are cut.

    Clusters may come in any order and in pieces: every row is then held back in a few bytes (`held.HeldRows`) until the result
    is asked for. `contiguous` is the caller's knowledge, established over these very rows, that the rows of each cluster stand
    together; then only the cluster that is still open is held. It cannot be checked here without holding every name, and
    where it is wrong the moments are too small: leave it out unless it is certain. Two counters that share no cluster may
    each take a part of the rows; their results merge.
    """

    def __init__(self, slices: Slices, clustered: bool, *, of: TaskMetrics = _BINARY, contiguous: bool = False) -> None:
        self._slices = slices
        self._clustered = clustered
        self._of = of
        self._highest = len(of.levels) - 1 if of.ordinal else 1
        self._layout = layout_of(of)
        self._outcome_of = _outcome_of(of)
        self._tables = tables_for(slices, self._layout)
        self._reader = RunReader()
        self._held = HeldRows({name: len(slices.levels[name]) for name in slices.attributes}) if clustered and not contiguous else None
        self._unlabelled = 0
        self._finished = False

    @property
    def unlabelled(self) -> int:
        """Rows without a label so far; they are in no tally."""
        return self._unlabelled

    def add(
        self,
        labels: npt.NDArray[np.int8],
        decisions: npt.NDArray[np.int8],
        groups: Mapping[str, npt.NDArray[np.int32]],
        clusters: pa.Array | pa.ChunkedArray | None,
    ) -> None:
        """Counts rows: labels 1, 0 or -1 (none); decisions 1 (selected), 0 or -1 (no answer); group codes; cluster ids.

        For an ordinal task labels and decisions are 0 to K-1, the place among the rising levels, or -1. Raises Fault for values, lengths
        or columns that break these rules, BadInput for a row without a cluster id.
        """
        if self._finished:
            raise Fault("rows were added to a counter after its result was taken")
        _check(self._slices, self._highest, labels, decisions, groups)
        names = self._cluster_names(clusters, len(labels))
        for start in range(0, len(labels), _CHUNK):
            rows = slice(start, min(start + _CHUNK, len(labels)))
            own = {name: groups[name][rows] for name in self._slices.attributes}
            self._add_chunk(labels[rows], decisions[rows], own, None if names is None else names.slice(start, rows.stop - start))

    def result(self) -> ConfusionTally:
        """The tally of all rows added; afterwards no row may be added."""
        if not self._finished:
            self._finished = True
            for chunk in self._held.chunks() if self._held is not None else ():
                self._add_runs(chunk.groups, chunk.outcomes, chunk.starts, chunk.continues)
            self._held = None
            for table in self._tables:
                table.finish()
        return self._tally()

    def _cluster_names(self, clusters: pa.Array | pa.ChunkedArray | None, rows: int) -> pa.Array | None:
        if not self._clustered:
            return None
        if clusters is None or len(clusters) != rows:
            raise Fault("a clustered counter needs one cluster id for each row")
        return as_strings(clusters)

    def _add_chunk(
        self,
        labels: npt.NDArray[np.int8],
        decisions: npt.NDArray[np.int8],
        groups: dict[str, npt.NDArray[np.int32]],
        names: pa.Array | None,
    ) -> None:
        labelled = labels >= 0
        missing = len(labels) - int(np.count_nonzero(labelled))
        if missing:
            self._unlabelled += missing
            labels, decisions = labels[labelled], decisions[labelled]
            groups = {name: codes[labelled] for name, codes in groups.items()}
            names = None if names is None else names.filter(pa.array(labelled))
        if not len(labels):
            return
        outcomes = self._outcome_of[(self._highest + 2) * labels + decisions + 1]
        if names is None:
            for table in self._tables:
                table.count(table.codes(groups, len(outcomes)), outcomes)
        else:
            self._add_clustered(groups, outcomes, self._reader.read(names))

    def _add_clustered(self, groups: Mapping[str, npt.NDArray[np.int32]], outcomes: npt.NDArray[np.uint8], runs: Runs) -> None:
        if self._held is not None:
            self._held.add(groups, outcomes, runs)
        else:
            self._add_runs(groups, outcomes, runs.starts, runs.continues)

    def _add_runs(
        self, groups: Mapping[str, npt.NDArray[np.integer]], outcomes: npt.NDArray[np.uint8], starts: Integers, continues: bool
    ) -> None:
        wide = outcomes.astype(np.int64)
        for table in self._tables:
            cells = table.codes(groups, len(wide))
            table.count(cells, wide)
            table.add_runs(cells, wide, starts, continues)

    def _tally(self) -> ConfusionTally:
        counts = np.zeros((len(self._slices), self._layout.outcomes), dtype=np.int64)
        moments = np.zeros((self._layout.rows, len(self._slices)), dtype=np.int64)
        for table in self._tables:
            _sum_up(table, self._slices, counts, moments)
        if not self._clustered:
            return ConfusionTally.of_independent(self._slices, counts, self._of)
        second, clusters = unpacked(moments, self._layout)
        return ConfusionTally(slices=self._slices, counts=counts, second=second, clusters=clusters, clustered=True, of=self._of)


def _outcome_of(of: TaskMetrics) -> npt.NDArray[np.uint8]:
    """Outcome by (K + 1) x label + decision + 1; K is 2 for items that are relevant or not."""
    if not of.ordinal:
        return np.array(_RELEVANT_OR_NOT, dtype=np.uint8)
    return np.array([(refused, *answered) for refused, answered in zip(of.refused, of.answers, strict=True)], dtype=np.uint8).reshape(-1)


def _sum_up(table: CellTable, slices: Slices, counts: Integers, moments: Integers) -> None:
    for subset in table.subsets:
        positions = slices.positions(subset)
        counts[positions] = table.counts_of(subset)
        moments[:, positions] = table.moments_of(subset)


def _check(
    slices: Slices,
    highest: int,
    labels: npt.NDArray[np.int8],
    decisions: npt.NDArray[np.int8],
    groups: Mapping[str, npt.NDArray[np.int32]],
) -> None:
    rows = len(labels)
    absent = [name for name in slices.attributes if name not in groups]
    if absent:
        raise Fault(f"rows without the groups {', '.join(absent)}")
    if len(decisions) != rows or any(len(groups[name]) != rows for name in slices.attributes):
        raise Fault("labels, decisions and groups have different numbers of rows")
    _check_range("labels", labels, -1, highest)
    _check_range("decisions", decisions, -1, highest)
    for name in slices.attributes:
        _check_range(f"group codes of {name}", groups[name], 0, len(slices.levels[name]) - 1)


def _check_range(what: str, values: npt.NDArray[np.integer], low: int, high: int) -> None:
    if len(values) and (values.min() < low or values.max() > high):
        raise Fault(f"{what} outside {low} to {high}")
