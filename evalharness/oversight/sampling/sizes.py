"""How many items of each pile must be drawn, so that each requirement on the sample is likely to be shown if what is believed is true."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy import stats

from evalharness.errors import bad_input
from evalharness.records.oversight_sample import ELUSION, FOUND, RECALL, SET_ASIDE
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.stats.sampled import Limits, Pile, least_in_pile, most_in_pile, share_found_limits

FEWEST = 59
"""Drawn from every pile that is sampled: with none of 59 relevant, at most 5 in 100 are (one-sided, 95 %)."""
_GROWTH = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One requirement on the sample."""

    metric: str
    at_least: bool
    bound: float

    def short(self, lower: float | None, upper: float | None) -> float:
        """How far the deciding limit stays behind the goal; 0 or less: shown. What has no limits asks for nothing."""
        if lower is None or upper is None:
            return 0.0
        return self.bound - lower if self.at_least else upper - self.bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What sizes are reckoned from. Piles are named as in `records.oversight_sample.PILES`."""

    populations: Mapping[str, int]
    expected: Mapping[str, float]
    power: float
    sensitivity: float
    alpha: float
    """That of the draw."""


def sizes(plan: Plan, asked: Sequence[Asked]) -> dict[str, int]:
    """Items to draw from each pile, 0 where nothing asks for it; never more than it holds.

    Every pile is taken at the count that is as bad as 1 - power would have it (a binomial quantile, shared among the piles of the metric),
    and the pile of which an item helps most grows until every requirement is shown. Raises BadInput where a whole pile would not be enough.
    """
    wanted = {name for one in asked for name in piles_of(one.metric, plan.populations)} or {SET_ASIDE}
    drawn = {name: min(FEWEST, total) if name in wanted else 0 for name, total in plan.populations.items()}
    missing = sorted(name for name in wanted if name in plan.populations and name not in plan.expected)
    if missing:
        raise bad_input(
            "the policy does not say what share of a pile is believed to be relevant", where="human_in_the_loop.sampling.expected",
            got=", ".join(missing), hint="add a number for each pile that the sample is drawn from",
        )  # fmt: skip
    for one in asked:
        _grow(plan, one, drawn)
    return drawn


def piles_of(metric: str, populations: Mapping[str, int]) -> tuple[str, ...]:
    """The piles that a metric is about."""
    if metric == RECALL:
        return tuple(populations)
    return tuple(name for name in populations if (name == SET_ASIDE) == (metric == ELUSION) and (metric == ELUSION or name in FOUND))


def _grow(plan: Plan, asked: Asked, drawn: dict[str, int]) -> None:
    """First by smooth limits, where every further item helps a little; then, by the exact ones, all piles together."""
    names = piles_of(asked.metric, plan.populations)
    while (now := asked.short(*_roughly(plan, asked.metric, drawn))) > 0:
        larger = _larger(plan, names, drawn)
        if not larger:
            break
        after = {name: asked.short(*_roughly(plan, asked.metric, {**drawn, name: n})) for name, n in larger.items()}
        best = max(larger, key=lambda name: (now - after[name]) / (larger[name] - drawn[name]))
        drawn[best] = larger[best]
    while asked.short(*_exactly(plan, asked.metric, drawn)) > 0:
        larger = _larger(plan, names, drawn)
        if not larger:
            raise bad_input(
                f"no sample is likely to show what is required of {asked.metric}, if what is believed is true",
                where="human_in_the_loop.sampling.expected",
                got=", ".join(f"{name}: {value:g}" for name, value in sorted(plan.expected.items())),
                hint="require less, or say better what is believed; with coders who overlook much even whole piles can be too few",
            )
        drawn.update(larger)


def _larger(plan: Plan, names: Sequence[str], drawn: Mapping[str, int]) -> dict[str, int]:
    """Each pile that can grow, a step larger."""
    grown = {name: min(plan.populations[name], math.ceil(drawn[name] * _GROWTH)) for name in names}
    return {name: n for name, n in grown.items() if n > drawn[name]}


def _exactly(plan: Plan, metric: str, drawn: Mapping[str, int]) -> Limits:
    """Limits with counts that only 1 - power of samples would make worse."""
    names = piles_of(metric, plan.populations)
    if not names:
        return None, None
    piles = [_believed(plan, name, drawn[name], plan.power ** (1.0 / len(names))) for name in names]
    if metric == RECALL:
        return share_found_limits(piles, plan.alpha, sensitivity=plan.sensitivity)
    (pile,) = piles
    most = most_in_pile(pile.most, pile.population, pile.drawn, plan.alpha, sensitivity=plan.sensitivity)
    return least_in_pile(pile.least, pile.population, pile.drawn, plan.alpha) / pile.population, most / pile.population


def _roughly(plan: Plan, metric: str, drawn: Mapping[str, int]) -> Limits:
    """The same by Clopper and Pearson's limits at n (N - 1) / (N - n), of counts that need not be whole."""
    names = piles_of(metric, plan.populations)
    each = plan.alpha / max(len(names), 1)
    beyond = float(stats.norm.ppf(plan.power ** (1.0 / max(len(names), 1))))
    least, most = {True: 0.0, False: 0.0}, {True: 0.0, False: 0.0}
    for name in names:
        total, found = plan.populations[name], name in FOUND
        n = drawn[name] * (total - 1) / max(total - drawn[name], 0.5) if total > 1 else 1.0
        share = plan.expected[name] * (plan.sensitivity if found else 1.0)
        seen = min(max(share * n + (-beyond if found else beyond) * math.sqrt(n * share * (1.0 - share)), 0.0), n)
        least[found] += total * float(clopper_pearson_lower(seen, n, each))
        most[found] += min(total * float(clopper_pearson_upper(seen, n, each)) / plan.sensitivity, total)
    if metric != RECALL:
        total = sum(plan.populations[name] for name in names)
        return (least[True] + least[False]) / max(total, 1), (most[True] + most[False]) / max(total, 1)
    return least[True] / max(least[True] + most[False], 1e-9), 1.0


def _believed(plan: Plan, name: str, drawn: int, power: float) -> Pile:
    """The pile with a count that only 1 - `power` of samples would make worse."""
    found, share = name in FOUND, plan.expected[name]
    seen = int(stats.binom.ppf(1.0 - power, drawn, share * plan.sensitivity) if found else stats.binom.ppf(power, drawn, share))
    seen = min(max(seen, 0), drawn)
    return Pile(population=plan.populations[name], drawn=drawn, least=seen, most=seen, found=found)
