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


def cluster_moments(codes: Integers, columns: Floats, size: int) -> Integers:
    """Moments [ROWS, size] of clusters given as whole-number `columns` [6, clusters] and the group code of each.

    Products are summed in float64 where every partial sum is below 2**52, hence exact, and in int64 elsewhere.
    """
    table = np.zeros((ROWS, size), dtype=np.int64)
    totals = columns.sum(axis=0)
    exact = float(np.square(totals).sum()) < _EXACT
    present: npt.NDArray[np.bool_] = np.any(columns, axis=1)
    whole = columns if exact else columns.astype(np.int64)
    for row, (i, j) in enumerate(PAIRS):
        if present[i] and present[j]:
            products = whole[i] * whole[j]
            table[row] = np.bincount(codes, weights=products, minlength=size) if exact else _sum_integers(codes, products, size)
    for row, weights in enumerate(DENOMINATORS, start=len(PAIRS)):
        parts = [columns[k] for k, weight in enumerate(weights) if weight and present[k]]
        if parts:
            table[row] = np.bincount(codes, weights=np.sum(parts, axis=0) > 0, minlength=size)
    return table


def unpacked(table: Integers) -> tuple[Integers, Integers]:
    """`second` [size, 6, 6] and `clusters` [size, D] of a moment table."""
    second = np.zeros((table.shape[1], len(OUTCOMES), len(OUTCOMES)), dtype=np.int64)
    for row, (i, j) in enumerate(PAIRS):
        second[:, i, j] = second[:, j, i] = table[row]
    return second, np.ascontiguousarray(table[len(PAIRS) :].T)


def _sum_integers(codes: Integers, values: npt.NDArray[np.int64], size: int) -> Integers:
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, codes, values)
    return sums
