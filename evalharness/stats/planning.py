"""How many units a new sample of one proportion needs before its exact bound would clear a goal."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from evalharness.stats.planning_clusters import Clusters, needed_for_misses, power_of_misses
from evalharness.stats.planning_settled import earlier_needed_for_misses

Floats = NDArray[np.float64]
Direction = Literal["at_least", "at_most"]

POWER = 0.8
"""Probability with which the planned sample shall clear the goal."""

LIMIT = 1_000_000_000
"""A plan for more units than this is no plan: it is refused."""


def fewest_with_misses(goal: float, misses: ArrayLike, alpha: float) -> NDArray[np.int64]:
    """Fewest units whose one-sided Clopper-Pearson lower bound reaches `goal` with `misses` (...) misses among them.

    Raises ValueError unless 0 < goal < 1: every sample reaches 0 and none reaches 1.
    """
    if not 0 < goal < 1:
        raise ValueError(f"the goal must lie strictly between 0 and 1, got {goal!r}")
    return _fewest(1.0 - goal, np.asarray(misses, dtype=np.float64), alpha).astype(np.int64)


def power_of_proportion(  # noqa: PLR0917  a truth, a goal, a size, a level, and what they are of
    rate: float, goal: float, n: int, alpha: float, direction: Direction = "at_least", clusters: Clusters | None = None
) -> float:
    """Probability that the bound of `n` independent units clears `goal` when the true proportion is `rate`.

    clusters: of unequal size, of which so many effective units are drawn; both pairs of bounds clear the goal.
    """
    missed, allowed = _as_misses(rate, goal, direction)
    if allowed <= 0:
        return 0.0
    if allowed >= 1:
        return 1.0
    if clusters is not None:
        return power_of_misses(missed, allowed, n, alpha, _of_misses(clusters, direction))
    if _misses_rate_bound_fails(0, n, allowed, alpha):
        return 0.0
    most = math.floor(float(special.bdtrik(alpha, n, allowed)))
    while _misses_rate_bound_fails(most, n, allowed, alpha):
        most -= 1
    while most < n and not _misses_rate_bound_fails(most + 1, n, allowed, alpha):
        most += 1
    return float(_at_most(most, n, missed))


def needed_for_proportion(  # noqa: PLR0917  as above
    rate: float, goal: float, alpha: float, power: float = POWER, direction: Direction = "at_least", clusters: Clusters | None = None
) -> int | None:
    """Smallest number of independent units that clears `goal` with probability `power` if the true proportion is `rate`.

    Exact: for each number of misses the fewest units whose bound clears, and the first of these with enough power (between two of them
    power only falls). None where `rate` is not on the right side of the goal, or more than LIMIT units would be needed.
    clusters: effective units of clusters of unequal size, so that both pairs of bounds clear the goal.
    """
    missed, allowed = _as_misses(rate, goal, direction)
    if allowed >= 1:
        return 1
    if missed >= allowed:
        return None
    if clusters is not None:
        needed_for = needed_for_misses if clusters.by_chance else earlier_needed_for_misses
        units = needed_for(missed, allowed, alpha, power, _of_misses(clusters, direction), most=LIMIT)
        return None if units is None or units > LIMIT else math.ceil(units)

    def optimistic(misses: int) -> bool:
        return bool(_at_most(misses, _fewest_real(allowed, misses, alpha), missed) >= power)

    def pessimistic(misses: int) -> bool:
        return bool(_at_most(misses, _fewest_real(allowed, misses, alpha) + 1, missed) >= power)

    most = math.ceil(LIMIT * allowed)
    first = _first_true(optimistic, 0, most)
    last = None if first is None else _first_true(pessimistic, first, most)
    if first is None or last is None:
        return None
    misses = np.arange(first, last + 1, dtype=np.float64)
    sizes = _fewest(allowed, misses, alpha)
    enough = _at_most(misses, sizes, missed) >= power
    size = int(sizes[np.argmax(enough)]) if enough.any() else int(sizes[-1])
    return size if size <= LIMIT else None


def _as_misses(rate: float, goal: float, direction: Direction) -> tuple[float, float]:
    """The rate of misses and how many the goal allows: both questions become `few enough misses`."""
    return (1.0 - rate, 1.0 - goal) if direction == "at_least" else (rate, goal)


def _of_misses(clusters: Clusters, direction: Direction) -> Clusters:
    """Clusters whose hits are what is missed."""
    return clusters.turned if direction == "at_least" else clusters


def _at_most(misses: ArrayLike, n: ArrayLike, rate: float) -> Floats:
    """P(Binomial(n, rate) <= misses), continued to real n."""
    k, size = np.asarray(misses, dtype=np.float64), np.asarray(n, dtype=np.float64)
    inside = k < size
    return np.where(inside, special.betainc(np.where(inside, size - k, 1.0), k + 1.0, 1.0 - rate), 1.0)


def _misses_rate_bound_fails(misses: int, n: int, allowed: float, alpha: float) -> bool:
    return bool(_at_most(misses, n, allowed) > alpha)


def _fewest_real(allowed: float, misses: ArrayLike, alpha: float) -> Floats:
    """Real n at which `misses` misses are just few enough: P(Binomial(n, allowed) <= misses) = alpha."""
    k = np.asarray(misses, dtype=np.float64)
    return np.asarray(special.btdtria(alpha, k + 1.0, 1.0 - allowed)) + k


def _fewest(allowed: float, misses: Floats, alpha: float) -> Floats:
    sizes = np.maximum(np.ceil(_fewest_real(allowed, misses, alpha)), misses + 1)
    sizes = sizes - (_at_most(misses, sizes - 1, allowed) <= alpha)
    return sizes + (_at_most(misses, sizes, allowed) > alpha)


def _first_true(holds: Callable[[int], bool], low: int, high: int) -> int | None:
    """First integer from `low` at which a test that stays true once true holds; None when it does not by `high`."""
    if holds(low):
        return low
    step = 1
    while not holds(low + step):
        low, step = low + step, step * 2
        if low > high:
            return None
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
