"""Sums over clusters of products of their counts: all that cluster-aware bounds need to know of the clusters.

For a cluster c in a group s, n_cs is the vector of its six outcome counts there. Kept are the 21 distinct entries of
`sum_c outer(n_cs, n_cs)` and, for each distinct denominator of the catalogue, how many clusters have a part in it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evalharness.catalogue import METRICS, OUTCOMES, Weights

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_NAMED: dict[Weights, str] = {}
for _metric in METRICS.values():
    if any(_metric.denominator):
        _NAMED.setdefault(_metric.denominator, _metric.denominator_name)

DENOMINATORS: tuple[Weights, ...] = tuple(_NAMED)
"""Distinct denominators of the catalogue's metrics, in order of first appearance there."""
DENOMINATOR_NAMES: tuple[str, ...] = tuple(_NAMED.values())
"""What one unit of each denominator is, in words; distinct."""

PAIRS = tuple((i, j) for i in range(len(OUTCOMES)) for j in range(i, len(OUTCOMES)))
"""Upper triangle of the 6 x 6 matrix, row by row."""
ROWS = len(PAIRS) + len(DENOMINATORS)
"""Rows of a moment table: the products, then the numbers of clusters."""

_EXACT = 2.0**52


def outcome_columns(clusters: Integers, outcomes: Integers, weights: Floats, size: int) -> Floats:
    """Whole counts [6, size] as float64, from the cluster, outcome and weight of each row."""
    flat = np.bincount(outcomes * size + clusters, weights=weights, minlength=len(OUTCOMES) * size)
    return flat.astype(np.float64, copy=False).reshape(len(OUTCOMES), size)


def cluster_moments(codes: Integers, columns: Floats, size: int) -> Integers:
    """Moments [ROWS, size] of clusters given as whole-number `columns` [6, clusters] and the group code of each.

    Products are summed in float64 where every partial sum is below 2**52, hence exact, and in int64 elsewhere.
    """
    table = np.zeros((ROWS, size), dtype=np.int64)
    exact = squares_are_exact(columns.sum(axis=0))
    has = columns > 0
    present: npt.NDArray[np.bool_] = np.any(has, axis=1)
    for row, (i, j) in enumerate(PAIRS):
        if present[i] and present[j]:
            table[row] = sum_products(codes, columns[i], columns[j], size, exact=exact)
    for row, weights in enumerate(DENOMINATORS, start=len(PAIRS)):
        parts = [k for k, weight in enumerate(weights) if weight and present[k]]
        if parts:
            table[row] = np.bincount(codes, weights=has[parts].any(axis=0), minlength=size)
    return table


def unpacked(table: Integers) -> tuple[Integers, Integers]:
    """`second` [size, 6, 6] and `clusters` [size, D] of a moment table."""
    second = np.zeros((table.shape[1], len(OUTCOMES), len(OUTCOMES)), dtype=np.int64)
    for row, (i, j) in enumerate(PAIRS):
        second[:, i, j] = second[:, j, i] = table[row]
    return second, np.ascontiguousarray(table[len(PAIRS) :].T)


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
