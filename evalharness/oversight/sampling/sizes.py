"""How many items of each pile must be drawn, so that each requirement on the sample is likely to be shown if what is believed is true."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy import stats

from evalharness.errors import bad_input
from evalharness.records.oversight_sample import ELUSION, FOUND, RECALL, SET_ASIDE
from evalharness.stats.sampled import Pile, least_in_pile, most_in_pile, share_found_limits

FEWEST = 59
"""Drawn from every pile that is sampled: with none of 59 relevant, at most 5 in 100 are (one-sided, 95 %)."""
_GROWTH = 1.2
_MOST_STEPS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One requirement on the sample."""

    metric: str
    at_least: bool
    bound: float


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
    and the pile whose items help most grows until every requirement is shown. Raises BadInput where a whole pile would not be enough.
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
    names = piles_of(asked.metric, plan.populations)
    for _ in range(_MOST_STEPS):
        now = _short(plan, asked, drawn)
        if now <= 0:
            return
        larger = {name: min(plan.populations[name], math.ceil(drawn[name] * _GROWTH)) for name in names}
        larger = {name: n for name, n in larger.items() if n > drawn[name]}
        if not larger:
            break
        gains = {name: (now - _short(plan, asked, {**drawn, name: n})) / (n - drawn[name]) for name, n in larger.items()}
        best = max(gains, key=lambda name: gains[name])
        drawn.update({best: larger[best]} if gains[best] > 0 else larger)
    raise bad_input(
        f"no sample is likely to show what is required of {asked.metric}, if what is believed is true",
        where="human_in_the_loop.sampling.expected", got=", ".join(f"{name}: {value:g}" for name, value in sorted(plan.expected.items())),
        hint="require less, or say better what is believed; with coders who overlook much even whole piles can be too few",
    )  # fmt: skip


def _short(plan: Plan, asked: Asked, drawn: Mapping[str, int]) -> float:
    """How far the deciding limit stays behind the goal; 0 or less: shown."""
    names = piles_of(asked.metric, plan.populations)
    if not names:
        return 0.0
    power = plan.power ** (1.0 / len(names))
    piles = [_believed(plan, name, drawn[name], power) for name in names]
    if asked.metric == RECALL:
        lower, upper = share_found_limits(piles, plan.alpha, sensitivity=plan.sensitivity)
    else:
        (pile,) = piles
        lower = least_in_pile(pile.least, pile.population, pile.drawn, plan.alpha) / pile.population
        upper = most_in_pile(pile.most, pile.population, pile.drawn, plan.alpha, sensitivity=plan.sensitivity) / pile.population
    if asked.at_least:
        return asked.bound - (0.0 if lower is None else lower)
    return (1.0 if upper is None else upper) - asked.bound


def _believed(plan: Plan, name: str, drawn: int, power: float) -> Pile:
    """The pile with a count that only 1 - `power` of samples would make worse."""
    found, share = name in FOUND, plan.expected[name]
    seen = int(stats.binom.ppf(1.0 - power, drawn, share * plan.sensitivity) if found else stats.binom.ppf(power, drawn, share))
    seen = min(max(seen, 0), drawn)
    return Pile(population=plan.populations[name], drawn=drawn, least=seen, most=seen, found=found)
