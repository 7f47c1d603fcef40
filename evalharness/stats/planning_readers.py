"""How many independent people, each with several readings, show a share by the bound that counts every person as one unit.

The deciding bound takes all readings of one person as one (n_eff = number of people, loads equal), whatever they have in common. How far
the share that is found lies from the truth depends on what they really have in common: with correlation r between readings of one person,
m readings each of R people vary as R m / (1 + (m - 1) r) independent ones (Kish's design effect). So with less in common fewer people do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from evalharness.stats.planning import POWER, Direction
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

MOST_PEOPLE = 100_000
"""A study with more is no plan."""
_WINDOW = 8
"""Chances have teeth, as whole readings are counted: so many larger numbers must do as well."""
_DRAWS, _SEED = 2_000, 20261123
Floats = NDArray[np.float64]


def independent_readings(people: int, each: int, correlation: float) -> float:
    """What `each` readings by so many people are worth, as readings that have nothing in common."""
    return people * each / (1 + (each - 1) * correlation)


def power_of_people(  # noqa: PLR0917  a truth, a goal, a size, a level
    rate: float, goal: float, people: int, each: int, correlation: float, alpha: float, direction: Direction
) -> float:
    """Chance that the bound of a share shows a goal. rate: the true share."""
    missed, allowed = (1 - rate, 1 - goal) if direction == "at_least" else (rate, goal)
    most = _most_missed(people, allowed, alpha)
    if most < 0:
        return 0.0
    drawn = math.floor(independent_readings(people, each, correlation) + 1e-9)
    return float(special.bdtr(math.floor(most / people * drawn + 1e-9), drawn, missed)) if missed < 1 else 0.0


def needed_people(  # noqa: PLR0917  as above
    rate: float, goal: float, each: int, correlation: float, alpha: float, direction: Direction, power: float = POWER
) -> int | None:
    """Fewest people of whom, and of the next larger numbers, the bound shows the goal with chance `power`.

    None on the wrong side of the goal, or where more than `MOST_PEOPLE` would be needed.
    """
    if (rate <= goal) if direction == "at_least" else (rate >= goal):
        return None
    return _fewest(lambda people: power_of_people(rate, goal, people, each, correlation, alpha, direction) >= power)


def fewest_without_error(allowed: float, alpha: float) -> int | None:
    """Units without a single error that show that at most `allowed` err: the least n with (1 - allowed)^n <= alpha."""
    if not 0 < allowed < 1:
        return 1 if allowed >= 1 else None
    return math.ceil(math.log(alpha) / math.log1p(-allowed) - 1e-9)


def needed_for_difference(  # noqa: PLR0917  as above
    sums: Sequence[Sequence[tuple[float, float]]], goal: float, each: int, correlation: float, alpha: float, direction: Direction,
    power: float = POWER,
) -> int | None:  # fmt: skip
    """Fewest people of whom every sum of (weight, true share) clears a goal by limits at alpha over their number; by draws, fixed seed."""
    truths = [sum(weight * share for weight, share in terms) for terms in sums]
    if any((truth <= goal) if direction == "at_least" else (truth >= goal) for truth in truths):
        return None

    def enough(people: int) -> bool:
        rng = np.random.default_rng(_SEED)
        drawn = max(math.floor(independent_readings(people, each, correlation) + 1e-9), 1)
        clear = np.ones(_DRAWS, dtype=np.bool_)
        for terms in sums:
            clear &= _clears(terms, people, drawn, goal, alpha / len(terms), direction, rng)
        return float(clear.mean()) >= power

    return _fewest(enough)


def _clears(  # noqa: PLR0917  one sum of shares
    terms: Sequence[tuple[float, float]], people: int, drawn: int, goal: float, alpha: float, direction: Direction, rng: np.random.Generator
) -> NDArray[np.bool_]:
    bound = np.zeros(_DRAWS)
    for weight, share in terms:
        found = rng.binomial(drawn, share, _DRAWS) / drawn
        low = (weight > 0) == (direction == "at_least")
        different, places = np.unique(found, return_inverse=True)
        limit = (clopper_pearson_lower if low else clopper_pearson_upper)(different * people, float(people), alpha)
        bound += weight * np.asarray(limit)[places]
    return np.asarray(bound >= goal if direction == "at_least" else bound <= goal)


def _most_missed(people: int, allowed: float, alpha: float) -> float:
    """Largest real number of `people` that may be missed; below 0 where not even none may."""
    if allowed >= 1:
        return float(people)
    if allowed <= 0 or clopper_pearson_upper(0.0, float(people), alpha) > allowed:
        return -1.0
    low, high = 0.0, float(people)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if clopper_pearson_upper(middle, float(people), alpha) <= allowed else (low, middle)
    return low


def _fewest(enough: Callable[[int], bool]) -> int | None:
    """Smallest number from which on the window holds too, found by doubling and halving."""
    high = 2
    while not enough(high):
        high *= 2
        if high > MOST_PEOPLE:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    failing = [people for people in range(high, high + _WINDOW) if not enough(people)]
    return failing[-1] + 1 if failing else high
