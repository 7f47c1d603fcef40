"""Sums over clusters of products of their counts: all that cluster-aware bounds need to know of the clusters.

For a cluster c in a group s, n_cs is the vector of its counts by outcome there. Kept are the distinct entries of `sum_c outer(n_cs, n_cs)`
(21 for six outcomes) and, for each distinct denominator of the task's metrics, how many clusters have a part in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from evalharness.catalogue import TaskMetrics
from evalharness.errors import Fault

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_EXACT = 2.0**52


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """The rows of a moment table [rows, groups]: the products of outcomes, then the numbers of clusters. Made by `layout_of`."""

    outcomes: int
    pairs: tuple[tuple[int, int], ...]
    """Upper triangle of the matrix of outcomes, row by row."""
    squares: tuple[int, ...]
    """The row of each outcome's square."""
    counted: Integers
    """[D, outcomes]: 1 where an outcome is in a denominator."""

    @property
    def rows(self) -> int:
        """Rows of a moment table."""
        return len(self.pairs) + len(self.counted)


@cache
def layout_of(of: TaskMetrics) -> Layout:
    """The layout for a task. Raises Fault for an ordinal task without levels."""
    outcomes = len(of.outcomes)
    if not outcomes:
        raise Fault("an ordinal task without levels cannot be counted")
    pairs = tuple((i, j) for i in range(outcomes) for j in range(i, outcomes))
    return Layout(
        outcomes=outcomes,
        pairs=pairs,
        squares=tuple(pairs.index((outcome, outcome)) for outcome in range(outcomes)),
        counted=(np.array(of.denominators) > 0).astype(np.int64),
    )


def outcome_columns(clusters: Integers, outcomes: Integers, weights: Floats, size: int, layout: Layout) -> Floats:
    """Whole counts [outcomes, size] as float64, from the cluster, outcome and weight of each row."""
    flat = np.bincount(outcomes * size + clusters, weights=weights, minlength=layout.outcomes * size)
    return flat.astype(np.float64, copy=False).reshape(layout.outcomes, size)


def cluster_moments(codes: Integers, columns: Floats, size: int, layout: Layout) -> Integers:
    """Moments [rows, size] of clusters given as whole-number `columns` [outcomes, clusters] and the group code of each.

    Products are summed in float64 where every partial sum is below 2**52, hence exact, and in int64 elsewhere.
    """
    table = np.zeros((layout.rows, size), dtype=np.int64)
    exact = squares_are_exact(columns.sum(axis=0))
    has = columns > 0
    present: npt.NDArray[np.bool_] = np.any(has, axis=1)
    for row, (i, j) in enumerate(layout.pairs):
        if present[i] and present[j]:
            table[row] = sum_products(codes, columns[i], columns[j], size, exact=exact)
    for row, counted in enumerate(layout.counted, start=len(layout.pairs)):
        parts = np.flatnonzero(counted.astype(bool) & present)
        if len(parts):
            table[row] = np.bincount(codes, weights=has[parts].any(axis=0), minlength=size)
    return table


def unpacked(table: Integers, layout: Layout) -> tuple[Integers, Integers]:
    """`second` [size, outcomes, outcomes] and `clusters` [size, D] of a moment table."""
    second = np.zeros((table.shape[1], layout.outcomes, layout.outcomes), dtype=np.int64)
    for row, (i, j) in enumerate(layout.pairs):
        second[:, i, j] = second[:, j, i] = table[row]
    return second, np.ascontiguousarray(table[len(layout.pairs) :].T)


def squares_are_exact(totals: Floats) -> bool:
    """Whether no sum of squares of these whole numbers reaches 2**52."""
    return float(np.square(totals).sum()) < _EXACT


def sum_products(codes: Integers, one: Floats, other: Floats, size: int, *, exact: bool) -> Integers:
    """[size] sums of `one * other` by code: in float64 where that is `exact`, in int64 elsewhere."""
    if exact:
        return np.bincount(codes, weights=one * other, minlength=size).astype(np.int64)
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, codes, one.astype(np.int64) * other.astype(np.int64))
    return sums
