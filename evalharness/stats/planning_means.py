"""How large a sample must be before the bound of a mean of few values would clear its goal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.stats.ladder import steps
from evalharness.stats.planning import LIMIT, POWER, needed_for_proportion, power_of_proportion
from evalharness.stats.planning_clusters import Clusters, upper_limit
from evalharness.stats.search import at_counts, at_spread_counts, smallest_drawn

Floats = NDArray[np.float64]
OfRises = Sequence[Clusters | None]
"""Clusters of the tail above each rise of the cost, where they are of unequal size; empty: of none."""

_DRAWS = 4000
_FEW_DRAWS = 500


def needed_for_cost(
    costs: ArrayLike, shares: ArrayLike, goal: float, alpha: float, *, power: float = POWER, seed: int = 0, clusters: OfRises = ()
) -> int | None:  # fmt: skip
    """Independent units whose ladder bound of the mean of `costs` (K,) is at most `goal` with probability `power` under `shares` (K,).

    One rise reduces to a proportion, exactly. Otherwise by 4,000 multinomial draws from a fixed seed (500 to find the neighbourhood), to
    one per cent.
    None where the true mean is not below the goal, or more than LIMIT units would be needed. clusters: units are then effective ones.
    """
    values, parts = np.asarray(costs, dtype=np.float64), np.asarray(shares, dtype=np.float64)
    base, rises, reached = steps(values)
    if not len(rises):
        return 1 if base <= goal else None
    if len(rises) == 1:
        allowed = float((goal - base) / rises[0])
        rate, of = float(parts @ reached[0]), clusters[0] if clusters else None
        return needed_for_proportion(rate, allowed, alpha, power, "at_most", of) if allowed > 0 else None
    if float(values @ parts) >= goal:
        return None

    def enough(size: float, draws: int) -> bool:
        return _cleared(values, parts, goal, math.ceil(size), alpha, clusters, draws=draws, seed=seed) >= power * draws

    size = smallest_drawn(enough, 64.0, 1.0, float(LIMIT), _FEW_DRAWS, _DRAWS)
    return None if size is None else math.ceil(size)


def power_of_cost(
    costs: ArrayLike, shares: ArrayLike, goal: float, n: int, alpha: float, *, draws: int = _DRAWS, seed: int = 0, clusters: OfRises = ()
) -> float:
    """Probability that the ladder bound of the mean of `costs` (K,) over `n` independent units is at most `goal` under `shares` (K,).

    One rise reduces to a proportion, exactly. Otherwise the share of `draws` multinomial draws from a fixed seed.
    """
    values, parts = np.asarray(costs, dtype=np.float64), np.asarray(shares, dtype=np.float64)
    base, rises, reached = steps(values)
    if not len(rises):
        return float(base <= goal)
    if n < 1:
        return 0.0
    if len(rises) == 1:
        of = clusters[0] if clusters else None
        return power_of_proportion(float(parts @ reached[0]), float((goal - base) / rises[0]), n, alpha, "at_most", of)
    return _cleared(values, parts, goal, n, alpha, clusters, draws=draws, seed=seed) / draws


def _cleared(  # noqa: PLR0917  as above
    values: Floats, parts: Floats, goal: float, units: int, alpha: float, clusters: OfRises, *, draws: int, seed: int
) -> int:
    """In how many of so many draws the bound is at most the goal."""
    base, rises, reached = steps(values)
    random = np.random.Generator(np.random.Philox(seed))
    drawn = random.multinomial(units, parts / parts.sum(), size=draws)
    apart = random.random(draws) - 0.5 if any(clusters) else np.zeros(draws)
    tails = []
    for rise, reach, of in zip(rises, reached, clusters or (None,) * len(rises), strict=True):
        bound = partial(upper_limit, n=float(units), alpha=alpha / len(rises), clusters=of)
        counts = drawn @ reach.astype(np.float64)
        if of is not None:
            varies = 0 < parts[reach].sum() < parts.sum()
            tails.append(rise * at_spread_counts(bound, np.clip(counts + apart * varies, 0.0, units), units))
        else:
            tails.append(rise * at_counts(bound, counts))
    return int((base + sum(tails) <= goal).sum())
