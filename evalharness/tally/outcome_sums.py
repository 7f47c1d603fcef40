"""Outcomes of rows to counts of every slice, with the moments of its clusters: what all tallies of decided items have in common."""

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

_CHUNK = 2**16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sums:
    """S slices, O outcomes, D denominators."""

    counts: Integers
    """Items [S, O]."""
    moments: tuple[Integers, Integers] | None
    """Second moments [S, O, O] and clusters by denominator [S, D]; null where items are independent: then `counts` says it all."""


class OutcomeSums:
    """Streams rows into `Sums`; the result does not depend on the order of rows or on where batches are cut.

    Clusters may come in any order and in pieces: every row is then held back in a few bytes (`held.HeldRows`) until the result
    is asked for. `contiguous` is the caller's knowledge, established over these very rows, that the rows of each cluster stand
    together; then only the cluster that is still open is held. It cannot be checked here without holding every name, and
    where it is wrong the moments are too small: leave it out unless it is certain.
    """

    def __init__(self, slices: Slices, layout: Layout, *, clustered: bool, contiguous: bool = False) -> None:
        self._slices = slices
        self._layout = layout
        self._clustered = clustered
        self._tables = tables_for(slices, layout)
        self._reader = RunReader()
        self._held = HeldRows({name: len(slices.levels[name]) for name in slices.attributes}) if clustered and not contiguous else None
        self._finished = False

    def add(
        self,
        outcomes: npt.NDArray[np.uint8],
        counted: npt.NDArray[np.bool_],
        groups: Mapping[str, npt.NDArray[np.int32]],
        clusters: pa.Array | pa.ChunkedArray | None,
    ) -> None:
        """Counts the rows that are `counted`: the place of each one's outcome, its group codes, its cluster id.

        Raises Fault for lengths, codes or columns that do not fit and for rows after the result was taken, BadInput for a row without a
        cluster id.
        """
        if self._finished:
            raise Fault("rows were added to a counter after its result was taken")
        self._check(len(outcomes), groups)
        names = self._cluster_names(clusters, len(outcomes))
        for start in range(0, len(outcomes), _CHUNK):
            rows = slice(start, min(start + _CHUNK, len(outcomes)))
            own = {name: groups[name][rows] for name in self._slices.attributes}
            self._add_chunk(outcomes[rows], counted[rows], own, None if names is None else names.slice(start, rows.stop - start))

    def result(self) -> Sums:
        """Those of all rows added; afterwards no row may be added."""
        if not self._finished:
            self._finished = True
            for chunk in self._held.chunks() if self._held is not None else ():
                self._add_runs(chunk.groups, chunk.outcomes, chunk.starts, chunk.continues)
            self._held = None
            for table in self._tables:
                table.finish()
        counts = np.zeros((len(self._slices), self._layout.outcomes), dtype=np.int64)
        moments = np.zeros((self._layout.rows, len(self._slices)), dtype=np.int64)
        for table in self._tables:
            _sum_up(table, self._slices, counts, moments)
        return Sums(counts=counts, moments=unpacked(moments, self._layout) if self._clustered else None)

    def _check(self, rows: int, groups: Mapping[str, npt.NDArray[np.int32]]) -> None:
        absent = [name for name in self._slices.attributes if name not in groups]
        if absent:
            raise Fault(f"rows without the groups {', '.join(absent)}")
        if any(len(groups[name]) != rows for name in self._slices.attributes):
            raise Fault("labels, decisions and groups have different numbers of rows")
        for name in self._slices.attributes:
            check_range(f"group codes of {name}", groups[name], 0, len(self._slices.levels[name]) - 1)

    def _cluster_names(self, clusters: pa.Array | pa.ChunkedArray | None, rows: int) -> pa.Array | None:
        if not self._clustered:
            return None
        if clusters is None or len(clusters) != rows:
            raise Fault("a clustered counter needs one cluster id for each row")
        return as_strings(clusters)

    def _add_chunk(
        self,
        outcomes: npt.NDArray[np.uint8],
        counted: npt.NDArray[np.bool_],
        groups: dict[str, npt.NDArray[np.int32]],
        names: pa.Array | None,
    ) -> None:
        if not counted.all():
            outcomes, groups = outcomes[counted], {name: codes[counted] for name, codes in groups.items()}
            names = None if names is None else names.filter(pa.array(counted))
        if not len(outcomes):
            return
        if names is None:
            for table in self._tables:
                table.count(table.codes(groups, len(outcomes)), outcomes)
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


def check_range(what: str, values: npt.NDArray[np.integer], low: int, high: int) -> None:
    """Raises Fault for a value outside `low` to `high`."""
    if len(values) and (values.min() < low or values.max() > high):
        raise Fault(f"{what} outside {low} to {high}")


def _sum_up(table: CellTable, slices: Slices, counts: Integers, moments: Integers) -> None:
    for subset in table.subsets:
        positions = slices.positions(subset)
        counts[positions] = table.counts_of(subset)
        moments[:, positions] = table.moments_of(subset)
