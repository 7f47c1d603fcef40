"""Rows to counts, for two models that decided the same items: who was right where, with the cluster moments that the bounds need.

An item is decided rightly where a relevant one is selected and an irrelevant one is not; without an answer it is decided wrongly. From here
on nothing depends on the number of rows, and tallies of disjoint parts add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evalharness.errors import Fault
from evalharness.tally.cells import CellTable, tables_for
from evalharness.tally.clusters import RunReader, as_strings
from evalharness.tally.held import HeldRows
from evalharness.tally.moments import Integers, Layout, unpacked
from evalharness.tally.slices import Slices

KINDS = ("both", "only_incumbent", "only_challenger", "neither")
"""Who decided an item rightly."""
PAIRED_OUTCOMES = tuple(f"{kind}_{true}" for true in ("relevant", "irrelevant") for kind in KINDS)
"""The eight outcomes of an item that two models decided, in the order of every count vector."""
PAIRED_DENOMINATORS = ((1, 1, 1, 1, 0, 0, 0, 0), (0, 0, 0, 0, 1, 1, 1, 1), (1,) * 8)
"""Relevant items, irrelevant items, all items."""

_CHUNK = 2**16
_PAIRS = tuple((i, j) for i in range(len(PAIRED_OUTCOMES)) for j in range(i, len(PAIRED_OUTCOMES)))
_LAYOUT = Layout(
    outcomes=len(PAIRED_OUTCOMES),
    pairs=_PAIRS,
    squares=tuple(_PAIRS.index((outcome, outcome)) for outcome in range(len(PAIRED_OUTCOMES))),
    counted=np.array(PAIRED_DENOMINATORS, dtype=np.int64),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairedTally:
    """Counts of every slice and the moments of its clusters. S slices, 8 outcomes, 3 denominators."""

    slices: Slices
    counts: Integers
    """Items [S, 8], in the order of `PAIRED_OUTCOMES`."""
    second: Integers
    """[S, 8, 8]: sum over clusters of outer(n, n), n the cluster's counts inside the slice."""
    clusters: Integers
    """[S, 3]: clusters with a part above zero in each of `PAIRED_DENOMINATORS`."""
    clustered: bool
    """Whether items belong to clusters; if not, every item is its own."""

    @classmethod
    def of_independent(cls, slices: Slices, counts: Integers) -> PairedTally:
        """The tally of items that are independent: each is a cluster of one. `counts` is [S, 8]."""
        whole = np.asarray(counts, dtype=np.int64)
        second = whole[:, :, None] * np.eye(len(PAIRED_OUTCOMES), dtype=np.int64)
        return cls(slices=slices, counts=whole, second=second, clusters=whole @ _LAYOUT.counted.T, clustered=False)

    def merge(self, other: PairedTally) -> PairedTally:
        """The tally of both parts together; associative and commutative. The parts must share no row and no cluster.

        Raises Fault when they count different slices, or only one of them clusters.
        """
        if self.slices != other.slices or self.clustered != other.clustered:
            raise Fault("paired tallies of different slices, or of clustered and independent rows, cannot be merged")
        return PairedTally(
            slices=self.slices,
            counts=self.counts + other.counts,
            second=self.second + other.second,
            clusters=self.clusters + other.clusters,
            clustered=self.clustered,
        )


class PairedCounter:
    """Streams rows into a `PairedTally`; the result does not depend on the order of rows or on where batches are cut.

    `contiguous` and the memory of clusters in pieces: as `confusion.Counter`.
    """

    def __init__(self, slices: Slices, clustered: bool, *, contiguous: bool = False) -> None:
        self._slices = slices
        self._clustered = clustered
        self._tables = tables_for(slices, _LAYOUT)
        self._reader = RunReader()
        self._held = HeldRows({name: len(slices.levels[name]) for name in slices.attributes}) if clustered and not contiguous else None
        self._finished = False

    def add(
        self,
        labels: npt.NDArray[np.int8],
        incumbent: npt.NDArray[np.int8],
        challenger: npt.NDArray[np.int8],
        groups: Mapping[str, npt.NDArray[np.int32]],
        clusters: pa.Array | pa.ChunkedArray | None,
    ) -> None:
        """Counts rows: labels 1, 0 or -1 (none: the row is in no tally); each model's decisions 1 (selected), 0 or -1 (no answer).

        Raises Fault for lengths that do not fit, and for rows after the result was taken; BadInput for a row without a cluster id.
        """
        if self._finished:
            raise Fault("rows were added to a counter after its result was taken")
        rows = len(labels)
        lengths = [len(incumbent), len(challenger), *(len(groups[name]) for name in self._slices.attributes)]
        if any(length != rows for length in lengths):
            raise Fault("labels, decisions and groups have different numbers of rows")
        names = self._cluster_names(clusters, rows)
        outcomes = paired_outcomes(labels, incumbent, challenger)
        for start in range(0, rows, _CHUNK):
            part = slice(start, min(start + _CHUNK, rows))
            own = {name: groups[name][part] for name in self._slices.attributes}
            self._add_chunk(labels[part] >= 0, outcomes[part], own, None if names is None else names.slice(start, part.stop - start))

    def result(self) -> PairedTally:
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
        labelled: npt.NDArray[np.bool_],
        outcomes: npt.NDArray[np.uint8],
        groups: dict[str, npt.NDArray[np.int32]],
        names: pa.Array | None,
    ) -> None:
        if not labelled.all():
            outcomes, groups = outcomes[labelled], {name: codes[labelled] for name, codes in groups.items()}
            names = None if names is None else names.filter(pa.array(labelled))
        if not len(outcomes):
            return
        if names is None:
            for table in self._tables:
                table.count(table.codes(groups, len(outcomes)), outcomes.astype(np.int64))
            return
        runs = self._reader.read(names)
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

    def _tally(self) -> PairedTally:
        counts = np.zeros((len(self._slices), _LAYOUT.outcomes), dtype=np.int64)
        moments = np.zeros((_LAYOUT.rows, len(self._slices)), dtype=np.int64)
        for table in self._tables:
            _sum_up(table, self._slices, counts, moments)
        if not self._clustered:
            return PairedTally.of_independent(self._slices, counts)
        second, clusters = unpacked(moments, _LAYOUT)
        return PairedTally(slices=self._slices, counts=counts, second=second, clusters=clusters, clustered=True)


def paired_outcomes(
    labels: npt.NDArray[np.int8], incumbent: npt.NDArray[np.int8], challenger: npt.NDArray[np.int8]
) -> npt.NDArray[np.uint8]:
    """[rows] place of each item among `PAIRED_OUTCOMES`; meaningless where there is no label."""
    wrong = 2 * (incumbent != labels).astype(np.uint8) + (challenger != labels).astype(np.uint8)  # the place in KINDS
    codes: npt.NDArray[np.uint8] = wrong + np.where(labels == 1, np.uint8(0), np.uint8(len(KINDS)))
    return codes


def _sum_up(table: CellTable, slices: Slices, counts: Integers, moments: Integers) -> None:
    for subset in table.subsets:
        positions = slices.positions(subset)
        counts[positions] = table.counts_of(subset)
        moments[:, positions] = table.moments_of(subset)
