"""How large a sample must be before the bound of a mean of few values would clear its goal."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from evalharness.stats.ladder import steps
from evalharness.stats.planning import LIMIT, POWER, needed_for_proportion
from evalharness.stats.proportion import clopper_pearson_upper
from evalharness.stats.search import at_counts, smallest

_DRAWS = 4000
_FEW_DRAWS = 500


def needed_for_cost(costs: ArrayLike, shares: ArrayLike, goal: float, alpha: float, *, power: float = POWER, seed: int = 0) -> int | None:
    """Independent units whose ladder bound of the mean of `costs` (K,) is at most `goal` with probability `power` under `shares` (K,).

    One rise reduces to a proportion, exactly. Otherwise by 4,000 multinomial draws from a fixed seed (500 to find the neighbourhood), to
    one per cent.
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

    def enough(size: float, draws: int) -> bool:
        units = math.ceil(size)
        drawn = np.random.Generator(np.random.Philox(seed)).multinomial(units, parts / parts.sum(), size=draws)
        bound = partial(clopper_pearson_upper, n=float(units), alpha=alpha / len(rises))
        tails = (at_counts(bound, drawn @ reach.astype(np.float64)) for reach in reached)
        upper = base + sum(rise * tail for rise, tail in zip(rises, tails, strict=True))
        return bool((upper <= goal).sum() >= power * draws)

    near = smallest(lambda size: enough(size, _FEW_DRAWS), 64.0, 1.0, float(LIMIT))
    size = None if near is None else smallest(lambda size: enough(size, _DRAWS), near, 1.0, float(LIMIT), step=1.1)
    return None if size is None else math.ceil(size)
