"""How many items of each pile must be drawn, so that each requirement on the sample is likely to be shown if what is believed is true."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy import stats

from evalharness.errors import bad_input
from evalharness.records.oversight_sample import ELUSION, FOUND, PRECISION, RECALL, SET_ASIDE
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
    """That of the draw and of the look."""
    seeds: int = 0
    """Seeds that are to show the coders' sensitivity, which is then believed to be `sensitivity`."""
    together: Mapping[str, float] | None = None
    """About the stream: by pile, the chance that two of its items are of one case; and of all items, under `""`. None: about the piles."""

    def limits(self, metric: str) -> int:
        """How many limits must hold at once (`metrics.oversight_sample_limits.limits_needed`)."""
        piles = len(piles_of(metric, self.populations))
        shares = 2 * piles if self.together is not None and metric == RECALL and piles > 1 else piles
        return shares + (self.seeds > 0 and metric != PRECISION)

    def seen(self, metric: str) -> float:
        """The sensitivity to reckon with: as believed, or what seeds are likely to show at least."""
        if not self.seeds or metric == PRECISION:
            return self.sensitivity
        caught = float(stats.binom.ppf(1.0 - self.power, self.seeds, self.sensitivity))
        return float(clopper_pearson_lower(caught, self.seeds, self.alpha / max(self.limits(metric), 1))) or self.sensitivity / self.seeds

    def effective(self, name: str, n: float) -> float:
        """Independent items among n of a pile: fewer where they are of the same cases; without cases as many as in an endless pile."""
        total = self.populations[name]
        if self.together is not None:
            return n / (1.0 + max(n - 1.0, 0.0) * self.together[name])
        return n * (total - 1) / max(total - n, 0.5) if total > 1 else 1.0


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


def stretched(drawn: Mapping[str, int], populations: Mapping[str, int], total: int) -> dict[str, int]:
    """The same sizes grown to `total` items together, in proportion. Raises BadInput where they are more, or the piles hold fewer."""
    where = "human_in_the_loop.sampling.stopping.looks"
    grown, full = dict(drawn), {name: populations[name] for name, n in drawn.items() if n}
    if sum(grown.values()) > total:
        raise bad_input(
            "the last look is too small to be likely to show what is required", where=where, got=f"{total} items beside the seeds",
            expected=f"at least {sum(grown.values())}", hint="make the last look larger, or ask for less",
        )  # fmt: skip
    if sum(full.values()) < total:
        raise bad_input(
            "the piles that are sampled hold fewer items than the last look", where=where, got=f"{total} items beside the seeds",
            expected=f"at most {sum(full.values())}",
        )  # fmt: skip
    while (missing := total - sum(grown.values())) > 0:
        room = [name for name in full if grown[name] < full[name]]
        weight = sum(drawn[name] for name in room)
        for name in room:
            more = max(missing * drawn[name] // weight, 1)
            grown[name] += min(more, full[name] - grown[name], total - sum(grown.values()))
    return grown


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
    if plan.together is not None:  # of cases that were not seen yet nothing is exact
        return _roughly(plan, metric, drawn)
    piles = [_believed(plan, name, drawn[name], plan.power ** (1.0 / len(names))) for name in names]
    each, sees = plan.alpha / plan.limits(metric), plan.seen(metric)
    if metric == RECALL:
        return share_found_limits(piles, each * len(names), sensitivity=sees)
    (pile,) = piles
    most = most_in_pile(pile.most, pile.population, pile.drawn, each, sensitivity=sees)
    return least_in_pile(pile.least, pile.population, pile.drawn, each) / pile.population, most / pile.population


def _roughly(plan: Plan, metric: str, drawn: Mapping[str, int]) -> Limits:
    """The same by Clopper and Pearson's limits at the number of independent items, of counts that need not be whole."""
    names = piles_of(metric, plan.populations)
    each, sees = plan.alpha / max(plan.limits(metric), 1), plan.seen(metric)
    beyond = float(stats.norm.ppf(plan.power ** (1.0 / max(len(names), 1))))
    least, most = {True: 0.0, False: 0.0}, {True: 0.0, False: 0.0}
    for name in names:
        total, found = plan.populations[name], name in FOUND
        n = plan.effective(name, drawn[name])
        low, high = _size(plan, name, each) if metric == RECALL else (total, total)
        share = plan.expected[name] * (plan.sensitivity if found else 1.0)
        seen = min(max(share * n + (-beyond if found else beyond) * math.sqrt(n * share * (1.0 - share)), 0.0), n)
        least[found] += low * float(clopper_pearson_lower(seen, n, each))
        most[found] += min(high * float(clopper_pearson_upper(seen, n, each)) / sees, high)
    if metric != RECALL:
        total = sum(plan.populations[name] for name in names)
        return (least[True] + least[False]) / max(total, 1), (most[True] + most[False]) / max(total, 1)
    return least[True] / max(least[True] + most[False], 1e-9), 1.0


def _size(plan: Plan, name: str, alpha: float) -> tuple[float, float]:
    """Limits of a pile's size: what it holds; in the stream, its share of all items."""
    held, whole = plan.populations[name], sum(plan.populations.values())
    if plan.together is None or len(plan.populations) == 1:
        return held, held
    n = whole / (1.0 + (whole - 1.0) * plan.together[""])
    return tuple(float(f(held / whole * n, n, alpha)) * whole for f in (clopper_pearson_lower, clopper_pearson_upper))  # type: ignore[return-value]


def _believed(plan: Plan, name: str, drawn: int, power: float) -> Pile:
    """The pile with a count that only 1 - `power` of samples would make worse."""
    found, share = name in FOUND, plan.expected[name]
    seen = int(stats.binom.ppf(1.0 - power, drawn, share * plan.sensitivity) if found else stats.binom.ppf(power, drawn, share))
    seen = min(max(seen, 0), drawn)
    return Pile(population=plan.populations[name], drawn=drawn, least=seen, most=seen, found=found)
