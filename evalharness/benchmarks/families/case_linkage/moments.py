"""How many pairs of records of a region are of one entity, and of two: exact expectations, by strata.

A region of R records is filled by entities, independent of one another: a stratum s and a number of records k, with chance w(k, s); the
last one is cut to fit. So what is to be expected of the r places that are left follows from what is to be expected of fewer: a sum over
the next entity. Nothing is simulated or approximated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfOne:
    """Ordered pairs of records of one entity, weighted; each [strata]."""

    plain: Floats
    """Expected number."""
    by_records: Floats
    """Times the records of their entity."""
    by_region: Floats
    """Times the sum over all entities of the region of their records squared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTwo:
    """Ordered pairs of records of two entities; each [strata of the first, strata of the second]."""

    plain: Floats
    by_records: Floats
    """Times the records of the second's entity."""
    by_region: Floats


def of_one(chances: Floats, size: int, pairs: Callable[[int], float]) -> OfOne:
    """Pairs inside the entities of a region of `size` records.

    chances: [most records, strata] of the next entity. pairs: how many ordered pairs an entity of k records counts for.
    """
    strata = chances.shape[1]
    squares = _sums(chances, size, 2)
    plain, by_records, by_region = (np.zeros((size + 1, strata)) for _ in range(3))
    for left, k, rest, chance, total in _steps(chances, size):
        counted = pairs(k)
        plain[left] += chance * counted + total * plain[rest]
        by_records[left] += chance * (counted * k) + total * by_records[rest]
        others = added(squares[rest].tolist())
        by_region[left] += chance * (counted * (k * k + others)) + total * (k * k * plain[rest] + by_region[rest])
    return OfOne(plain=plain[size], by_records=by_records[size], by_region=by_region[size])


def of_two(chances: Floats, size: int) -> OfTwo:
    """Pairs of records of two entities of a region of `size` records."""
    strata = chances.shape[1]
    records, squares = _sums(chances, size, 1), _sums(chances, size, 2)
    weighted = np.zeros((size + 1, strata))  # records of a stratum times the sum of squares
    plain, by_records, by_region = (np.zeros((size + 1, strata, strata)) for _ in range(3))
    for left, k, rest, chance, total in _steps(chances, size):
        first, second = chance[:, None], chance[None, :]
        others = added(squares[rest].tolist())
        weighted[left] += chance * (k * (k * k + others)) + total * (k * k * records[rest] + weighted[rest])
        plain[left] += first * (k * records[rest][None, :]) + second * (k * records[rest][:, None]) + total * plain[rest]
        by_records[left] += first * (k * squares[rest][None, :]) + second * (k * k * records[rest][:, None]) + total * by_records[rest]
        later = k * (k * k * records[rest] + weighted[rest])
        by_region[left] += first * later[None, :] + second * later[:, None] + total * (k * k * plain[rest] + by_region[rest])
    return OfTwo(plain=plain[size], by_records=by_records[size], by_region=by_region[size])


def _sums(chances: Floats, size: int, power: int) -> Floats:
    """[size + 1, strata]: expected sum of records ** power over the entities of a stratum, in so many places."""
    found = np.zeros((size + 1, chances.shape[1]))
    for left, k, rest, chance, total in _steps(chances, size):
        found[left] += chance * k**power + total * found[rest]
    return found


def _steps(chances: Floats, size: int) -> Sequence[tuple[int, int, int, Floats, float]]:
    """(places left, records of the next entity, places left after it, its chance by stratum, its chance), places ascending."""
    totals = [added(row.tolist()) for row in chances]
    return [
        (left, min(k, left), max(left - k, 0), chances[k - 1], totals[k - 1])
        for left in range(1, size + 1)
        for k in range(1, len(chances) + 1)
        if totals[k - 1] > 0
    ]


def added(values: Sequence[float]) -> float:
    """The sum from first to last."""
    total = 0.0
    for value in values:
        total += value
    return total
