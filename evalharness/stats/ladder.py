"""Bounds of a mean that takes few known values, from exact bounds of its tail probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

Floats = NDArray[np.float64]


def steps(costs: ArrayLike) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """The ladder of `costs` (K,): its lowest value, its rises (J,), and which costs reach each step (J, K). J = 0 when all are equal."""
    values = np.asarray(costs, dtype=np.float64)
    distinct = np.unique(values)
    return distinct[0], np.diff(distinct), values[None, :] >= distinct[1:, None]


def cost_ladder(costs: ArrayLike, counts: ArrayLike, n_eff: ArrayLike, alpha: float) -> tuple[Floats, Floats, Floats]:
    """Mean of `costs` (K,) over `counts` (..., K) with bounds, each at confidence 1 - alpha; NaN where there is nothing to count.

    With the distinct costs c_0 < ... < c_J: bound = c_0 + sum_j (c_j - c_{j-1}) CP(P(cost >= c_j); alpha / J), each tail at `n_eff` (...).
    All costs equal (J = 0): the mean is known exactly and the bounds are that value. Source: statistics.md, expected cost.
    """
    base, rises, reached = steps(costs)
    numbers = np.asarray(counts, dtype=np.float64)
    total = numbers.sum(axis=-1)
    some = total > 0
    if not len(rises):
        exact = np.where(some, base, np.nan)
        return exact, exact, exact
    size = np.where(some, np.asarray(n_eff, dtype=np.float64), 0.0)[..., None]
    tails = numbers @ reached.T.astype(np.float64)
    whole = np.where(some, total, 1.0)[..., None]
    each = alpha / len(rises)
    lower = base + clopper_pearson_lower(tails * size / whole, size, each) @ rises
    upper = base + clopper_pearson_upper(tails * size / whole, size, each) @ rises
    return np.where(some, base + (tails / whole) @ rises, np.nan), lower, upper
