"""How much larger a sample must be before the gaps between all groups would clear their goal together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evalharness.stats.gap_rules import ADMISSIBLE, GapRule, Three, greatest_difference, least_ratio
from evalharness.stats.planning import LIMIT, POWER
from evalharness.stats.planning_clusters import Clusters, lower_limit, upper_limit
from evalharness.stats.search import at_counts, at_spread_counts, quantiles, smallest_drawn, within

Floats = NDArray[np.float64]
Gap = Literal["difference", "ratio"]

MOST_GROUPS = 30
"""More groups are not planned for: every ordered pair would be simulated."""

DRAWS, FEW_DRAWS = 2000, 250


def power_of_gap(
    rates: Sequence[float],
    sizes: Sequence[float],
    goal: float,
    alpha: float,
    kind: Gap,
    *,
    spanned: bool = False,
    draws: int = DRAWS,
    rule: GapRule = ADMISSIBLE,
    clusters: Sequence[Clusters | None] | None = None,
) -> float:
    """Probability that the bounds of every ordered pair clear `goal` for groups of `sizes` independent units (rounded) with true `rates`.

    By a Latin hypercube of `draws` from a fixed seed: every group has each of so many equally likely quantiles of its binomial once.
    Groups are drawn independently; `spanned` takes the bounds that need no independence. Differences clear from below, ratios from above.
    clusters: of each group, where they are of unequal size; `sizes` are then effective units.
    """
    alike = (None,) * len(rates) if clusters is None else tuple(clusters)
    alphas = rule.alphas(alpha, spanned=spanned)
    groups = [
        drawn_limits(rate, size, alphas, order(at, draws), of) for at, (rate, size, of) in enumerate(zip(rates, sizes, alike, strict=True))
    ]
    drawn = [_together(at_alpha) for at_alpha in zip(*groups, strict=True)]
    deciding = greatest_difference if kind == "difference" else least_ratio
    clear = np.ones(draws, dtype=bool)
    for first in range(len(rates)):
        second = [other for other in range(len(rates)) if other != first]
        one, other = ([(value[at], lower[at], upper[at]) for value, lower, upper in drawn] for at in ([first], second))
        bound = deciding(one, other, spanned=spanned)
        clear &= (bound <= goal if kind == "difference" else bound >= goal).all(axis=0)
    return float(clear.mean())


def needed_for_gap(
    rates: Sequence[float],
    sizes: Sequence[float],
    goal: float,
    alpha: float,
    *,
    power: float = POWER,
    kind: Gap = "difference",
    spanned: bool = False,
    rule: GapRule = ADMISSIBLE,
    clusters: Sequence[Clusters | None] | None = None,
) -> float | None:
    """Factor by which the effective `sizes` of all groups must be multiplied so that all their gaps clear `goal` with probability `power`.

    To one per cent, from above; fewer draws find the neighbourhood. None where the true gap does not clear the goal, or a group would
    need more than LIMIT units. Raises ValueError for more than MOST_GROUPS groups.
    """
    if len(rates) > MOST_GROUPS:
        raise ValueError(f"no plan is made for more than {MOST_GROUPS} groups, got {len(rates)}")
    if not _gap_clears(rates, goal, kind):
        return None

    def enough(factor: float, draws: int) -> bool:
        larger = [size * factor for size in sizes]
        return power_of_gap(rates, larger, goal, alpha, kind, spanned=spanned, draws=draws, rule=rule, clusters=clusters) >= power

    return smallest_drawn(enough, 1.0, 1.0 / max(sizes), LIMIT / max(sizes), FEW_DRAWS, DRAWS)


def _gap_clears(rates: Sequence[float], goal: float, kind: Gap) -> bool:
    low, high = min(rates), max(rates)
    return high - low < goal if kind == "difference" else high > 0 and low / high > goal


def _together(groups: Iterable[Three]) -> Three:
    """(G, draws) values, lower and upper limits of several groups."""
    values, lower, upper = (np.stack(column) for column in zip(*groups, strict=True))
    return values, lower, upper


def drawn_limits(
    rate: float, size: float, alphas: Sequence[float], places: NDArray[np.int64], clusters: Clusters | None = None
) -> tuple[Three, ...]:
    """At each alpha, value, lower and upper limit of one group in every draw, its quantiles in the order of `places`."""
    n, chance = max(1.0, round(size)), min(max(rate, 0.0), 1.0)
    counts, at = quantiles((np.arange(len(places)) + 0.5) / len(places), n, chance), at_counts
    if clusters is not None:
        counts, at = np.clip(counts + within(counts) * (0 < chance < 1), 0.0, n), partial(at_spread_counts, n=n)
    ways = [[partial(limit, n=n, alpha=alpha, clusters=clusters) for limit in (lower_limit, upper_limit)] for alpha in alphas]
    return tuple((counts[places] / n, at(low, counts)[places], at(high, counts)[places]) for low, high in ways)


@cache
def order(at: int, draws: int) -> NDArray[np.int64]:
    """A permutation of each group's own, from a fixed seed."""
    return np.random.Generator(np.random.Philox(at)).permutation(draws)
