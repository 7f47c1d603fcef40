"""Accumulates counts and cluster moments by joint cell; groups are sums of cells, made once at the end."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import combinations

import numpy as np
import numpy.typing as npt

from evalharness.errors import Fault
from evalharness.tally.moments import Floats, Integers, Layout, cluster_moments, outcome_columns
from evalharness.tally.parts import ClusterRows
from evalharness.tally.slices import Slices, Subset

MOST_JOINT_NUMBERS = 2**20
"""Up to here one table over all attributes is cheapest; above, one table for each largest subset that is asked for. Moments of six outcomes
are 28 numbers a cell."""

_NO_INTEGERS = np.zeros(0, dtype=np.int64)
_NO_FLOATS = np.zeros(0)


class CellTable:
    """Counts and moments over the product of some attributes' levels, for the subsets that are summed from them.

    A cluster that keeps to one cell adds to the table of cells. So do the rows of one whose rows differ in group, as if each stood
    alone; what they share, which does not add up over cells, goes into a table of each subset. Memory: about 300 bytes a cell
    for six outcomes, growing with their square, whatever the rows.
    """

    def __init__(self, slices: Slices, attributes: Subset, subsets: tuple[Subset, ...], layout: Layout) -> None:
        self.attributes = attributes
        self.subsets = subsets
        self._sizes = {attribute: len(slices.levels[attribute]) for attribute in attributes}
        self._cells = math.prod(self._sizes.values())
        self._layout = layout
        self._counts = np.zeros(self._cells * layout.outcomes, dtype=np.int64)
        self._moments = np.zeros((layout.rows, self._cells), dtype=np.int64)
        self._mixed: dict[Subset, Integers] = {}
        self._open_cells, self._open_outcomes, self._open_weights = _NO_INTEGERS, _NO_INTEGERS, _NO_FLOATS

    def codes(self, groups: Mapping[str, npt.NDArray[np.integer]], rows: int) -> Integers:
        """Joint cell of each row from its group codes."""
        return self._cell_of(self.attributes, groups, rows)

    def count(self, cells: Integers, outcomes: npt.NDArray[np.integer]) -> None:
        """Counts rows, clusters apart."""
        self._counts += np.bincount(cells * self._layout.outcomes + outcomes, minlength=self._counts.size)

    def add_runs(self, cells: Integers, outcomes: Integers, starts: Integers, continues: bool) -> None:
        """Adds rows of whole runs of clusters. The last one stays open: the next chunk may continue it (`continues`)."""
        last = int(starts[-1])
        if continues and last == 0:
            self._open_up(cells, outcomes, keep=True)
            return
        held = self._open_cells.size
        numbers = np.zeros(held + last, dtype=np.int64)
        numbers[held + starts[(1 if continues else 0) : -1]] = 1
        np.cumsum(numbers, out=numbers)
        if numbers.size:
            self._close(
                numbers - numbers[0],
                np.concatenate([self._open_cells, cells[:last]]),
                np.concatenate([self._open_outcomes, outcomes[:last]]),
                np.concatenate([self._open_weights, np.ones(last)]),
            )
        self._open_up(cells[last:], outcomes[last:], keep=False)

    def finish(self) -> None:
        """Closes the cluster that is still open."""
        if self._open_cells.size:
            self._close(np.zeros(self._open_cells.size, dtype=np.int64), self._open_cells, self._open_outcomes, self._open_weights)
        self._open_cells, self._open_outcomes, self._open_weights = _NO_INTEGERS, _NO_INTEGERS, _NO_FLOATS

    def counts_of(self, subset: Subset) -> Integers:
        """Counts [cells of the subset, outcomes]."""
        table = self._counts.reshape(self._cells, self._layout.outcomes).T
        return np.ascontiguousarray(self._summed(table, subset).T)

    def moments_of(self, subset: Subset) -> Integers:
        """Moment table [rows, cells of the subset] of the clusters closed so far."""
        table = self._summed(self._moments, subset)
        return table + self._mixed[subset] if subset in self._mixed else table

    def _summed(self, table: Integers, subset: Subset) -> Integers:
        axes = tuple(1 + k for k, attribute in enumerate(self.attributes) if attribute not in subset)
        summed: Integers = table.reshape(len(table), *self._sizes.values()).sum(axis=axes)
        return summed.reshape(len(table), -1)

    def _open_up(self, cells: Integers, outcomes: Integers, *, keep: bool) -> None:
        """Holds the open cluster as one weighted row for each of its cells and outcomes, however long it grows."""
        kinds = self._layout.outcomes
        keys, weights = cells * kinds + outcomes, np.ones(len(cells))
        if keep:
            keys = np.concatenate([self._open_cells * kinds + self._open_outcomes, keys])
            weights = np.concatenate([self._open_weights, weights])
        distinct, inverse = np.unique(keys, return_inverse=True)
        self._open_cells, self._open_outcomes = np.divmod(distinct, kinds)
        self._open_weights = np.bincount(inverse, weights=weights).astype(np.float64, copy=False)

    def _close(self, numbers: Integers, cells: Integers, outcomes: Integers, weights: Floats) -> None:
        """Adds the moments of whole clusters, numbered 0, 1, … in `numbers`."""
        clusters = int(numbers[-1]) + 1
        firsts = cells[np.concatenate([[0], np.flatnonzero(numbers[1:] != numbers[:-1]) + 1])]
        columns = outcome_columns(numbers, outcomes, weights, clusters, self._layout)
        strays = cells != firsts[numbers]
        if strays.any():
            mixed = np.zeros(clusters, dtype=bool)
            mixed[numbers[strays]] = True
            rows = np.flatnonzero(mixed[numbers])
            apart = ClusterRows(clusters=numbers[rows], outcomes=outcomes[rows], weights=weights[rows], layout=self._layout)
            self._close_mixed(apart, cells[rows])
            firsts, columns = firsts[~mixed], columns[:, ~mixed]
        self._moments += cluster_moments(firsts, columns, self._cells, self._layout)

    def _close_mixed(self, rows: ClusterRows, cells: Integers) -> None:
        """Looks, in each subset, only at rows that share their part of the cluster in the subset it extends: others cannot share it."""
        self._moments += rows.moments_apart(cells, self._cells)
        groups = dict(zip(self.attributes, np.unravel_index(cells, tuple(self._sizes.values())), strict=True))
        candidates: list[tuple[Subset, Integers]] = [((), np.arange(len(cells)))]
        for subset in sorted(self.subsets):  # what begins with a subset follows right after it
            while subset[: len(candidates[-1][0])] != candidates[-1][0]:
                candidates.pop()
            chosen = candidates[-1][1]
            if len(chosen):
                codes = self._cell_of(subset, {attribute: groups[attribute][chosen] for attribute in subset}, len(chosen))
                shared, table = rows.shared(chosen, codes, math.prod(self._sizes[attribute] for attribute in subset))
                self._mixed[subset] = self._mixed[subset] + table if subset in self._mixed else table
                candidates.append((subset, shared))

    def _cell_of(self, subset: Subset, groups: Mapping[str, npt.NDArray[np.integer]], rows: int) -> Integers:
        """Cell of each row in the product of a subset's levels, the first attribute slowest."""
        cells = np.zeros(rows, dtype=np.int64)
        for attribute in subset:
            cells *= self._sizes[attribute]
            cells += groups[attribute]
        return cells


def tables_for(slices: Slices, layout: Layout) -> tuple[CellTable, ...]:
    """Tables from which every subset of `slices` can be summed, each subset given to one of them."""
    if slices.cells * layout.rows <= MOST_JOINT_NUMBERS:
        return (CellTable(slices, slices.attributes, slices.subsets, layout),)
    wanted = dict.fromkeys(slices.subsets)
    tables = []
    for largest in combinations(slices.attributes, min(slices.depth, len(slices.attributes))):
        own = tuple(subset for subset in wanted if set(subset) <= set(largest))
        tables.append(CellTable(slices, largest, own, layout))
        for subset in own:
            del wanted[subset]
    if wanted:
        raise Fault(f"no table for the subsets {sorted(wanted)}")
    return tuple(tables)
