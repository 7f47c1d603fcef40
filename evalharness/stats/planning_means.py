"""How much larger a sample must be before a gap between two proportions, or a mean of few values, would clear its goal."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from evalharness.stats.gaps import mover_difference, mover_ratio
from evalharness.stats.ladder import cost_ladder, steps
from evalharness.stats.planning import LIMIT, POWER, needed_for_proportion
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

Floats = NDArray[np.float64]
Gap = Literal["difference", "ratio"]

_QUANTILES = (np.arange(31) + 0.5) / 31
_DRAWS = 200
_PRECISION = 1.01


def power_of_gap(rates: tuple[float, float], sizes: tuple[float, float], goal: float, alpha: float, kind: Gap) -> float:
    """Probability that both ordered pairs' bounds clear `goal` for two groups of `sizes` independent units (rounded) with true `rates`.

    Over a grid of 31 x 31 equally likely quantiles of the two binomials. Differences clear from below, ratios from above.
    """
    limits = []
    for rate, size in zip(rates, sizes, strict=True):
        n = max(1.0, round(size))
        k = _quantiles(n, rate)
        limits.append((k / n, clopper_pearson_lower(k, n, alpha), clopper_pearson_upper(k, n, alpha)))
    first = [a[:, None] for a in limits[0]]
    second = [a[None, :] for a in limits[1]]
    if kind == "difference":
        lower, upper = mover_difference(first[0], first[1], first[2], second[0], second[1], second[2])
        clear = np.maximum(upper, -lower) <= goal
    else:
        lower, upper = mover_ratio(first[0], first[1], first[2], second[0], second[1], second[2])
        clear = (lower >= goal) & (goal * upper <= 1.0)
    return float(clear.mean())


def needed_for_gap(
    rates: tuple[float, float], sizes: tuple[float, float], goal: float, alpha: float, *, power: float = POWER, kind: Gap = "difference"
) -> float | None:
    """Factor by which both groups' effective `sizes` must be multiplied so that the gap clears `goal` with probability `power`.

    To one per cent, from above. None where the true gap does not clear the goal, or a group would need more than LIMIT units.
    """
    if not _gap_clears(rates, goal, kind):
        return None

    def enough(factor: float) -> bool:
        return power_of_gap(rates, (sizes[0] * factor, sizes[1] * factor), goal, alpha, kind) >= power

    return _smallest(enough, 1.0, 1.0 / max(sizes), LIMIT / max(sizes))


def needed_for_cost(costs: ArrayLike, shares: ArrayLike, goal: float, alpha: float, *, power: float = POWER, seed: int = 0) -> int | None:
    """Independent units whose ladder bound of the mean of `costs` (K,) is at most `goal` with probability `power` under `shares` (K,).

    One rise reduces to a proportion, exactly. Otherwise by 200 multinomial draws from a fixed seed, to one per cent.
    None where the true mean is not below the goal, or more than LIMIT units would be needed.
    """
    values, parts = np.asarray(costs, dtype=np.float64), np.asarray(shares, dtype=np.float64)
    base, rises, reached = steps(values)
    if not len(rises):
        return 1 if base <= goal else None
    if len(rises) == 1:
        allowed = float((goal - base) / rises[0])
        return needed_for_proportion(float(parts @ reached[0]), allowed, alpha, power, "at_most") if allowed > 0 else None
    if float(values @ parts) >= goal:
        return None

    def enough(size: float) -> bool:
        units = math.ceil(size)
        draws = np.random.Generator(np.random.Philox(seed)).multinomial(units, parts / parts.sum(), size=_DRAWS)
        different, times = np.unique(draws, axis=0, return_counts=True)
        upper = cost_ladder(values, different, np.full(len(different), float(units)), alpha)[2]
        return bool(times[upper <= goal].sum() >= power * _DRAWS)

    size = _smallest(enough, 64.0, 1.0, float(LIMIT))
    return None if size is None else math.ceil(size)


def _gap_clears(rates: tuple[float, float], goal: float, kind: Gap) -> bool:
    low, high = min(rates), max(rates)
    return high - low < goal if kind == "difference" else high > 0 and low / high > goal


def _quantiles(n: float, rate: float) -> Floats:
    if rate <= 0 or rate >= 1:
        return np.array([n * min(max(rate, 0.0), 1.0)])
    quantiles: Floats = np.clip(np.ceil(special.bdtrik(_QUANTILES, n, rate)), 0.0, n)
    return quantiles


def _smallest(holds: Callable[[float], bool], start: float, least: float, most: float) -> float | None:
    """Smallest positive number, to one per cent from above, at which a test that stays true once true holds."""
    high = start
    while not holds(high):
        high *= 2
        if high > most:
            return None
    low = high / 2
    while low > least and holds(low):
        high, low = low, low / 2
    low = max(low, min(least, high))
    while high / low > _PRECISION:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
