"""A coded sample to estimates: limits of every pile, exact for the pile as it is, at the level of the draw.

Draw K under a policy is judged at 6 alpha / (pi^2 K^2), so that drawing until a sample pleases does not help (`records.attempt`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evalharness.catalogue import Metric
from evalharness.metrics import methods
from evalharness.metrics.shares import none_of
from evalharness.records import Estimate, Prospect, Question
from evalharness.records.attempt import attempt_level
from evalharness.records.oversight_sample import ELUSION_ONLY, FOUND, PRECISION, RECALL, Sampled, SampledPile
from evalharness.records.share import RESTS_ON
from evalharness.stats.rounding import outward
from evalharness.stats.sampled import Limits, Pile, least_in_pile, most_in_pile, share_found_limits
from evalharness.tally import ConfusionTally

SOURCE = "sample"
NOT_BY_GROUP = "a sample is drawn of all items together, so nothing is known of one group"
NOT_ALL = "the limits follow from how many items were drawn; `evalharness sample draw` says how many a further draw needs"


def sampled_estimates(tally: ConfusionTally, level: float) -> Iterator[Estimate]:
    """The estimates of the coded sample, in the catalogue's order; none without one."""
    for metric in tally.of.metrics.values() if tally.sampled is not None else ():
        if metric.source == SOURCE and tally.sampled is not None:
            yield sampled_estimate(tally.sampled, metric, level)


def sampled_answer(tally: ConfusionTally, question: Question, metric: Metric, level: float) -> Estimate | None:
    """The estimate that answers a question; None without a sample, and for a group."""
    return None if tally.sampled is None or question.group else sampled_estimate(tally.sampled, metric, level)


def sampled_estimate(sampled: Sampled, metric: Metric, level: float) -> Estimate:
    """Raises nothing: a pile that nothing was drawn from has no value, and says why."""
    reason = _nothing(sampled, metric)
    lower, upper = (None, None) if reason else _limits(sampled, metric.name, level)
    value = None if reason else sampled.value(metric.name)
    n = sampled.n(metric.name)
    return Estimate(
        metric=metric.name,
        value=None if value is None else outward(value),
        lower=None if lower is None else outward(lower, direction="down"),
        upper=None if upper is None else outward(upper, direction="up"),
        level=level,
        method=_method(sampled, metric.name, level),
        n=n,
        clusters=n,
        n_eff=float(n),
        reason=reason or ("" if value is not None else "nothing that was coded says so"),
        decides=metric.decides,
        rests_on=() if metric.name == PRECISION else RESTS_ON[:1],
    )


def sampled_prospect(tally: ConfusionTally, question: Question, metric: Metric, level: float, not_supplied: str) -> Prospect:
    """Attainable: with every item drawn coded, and as the goal would have it, the limits would have cleared it."""
    sampled = tally.sampled
    if sampled is None or question.group:
        return Prospect(attainable=False, needed=None, reason=not_supplied if sampled is None else NOT_BY_GROUP)
    if _nothing(sampled, metric):
        return Prospect(attainable=False, needed=None, reason="")
    best = sampled_estimate(replace(sampled, piles=tuple(_best(pile) for pile in sampled.piles)), metric, level)
    now = sampled_estimate(sampled, metric, level)
    return Prospect(attainable=_clears(best, question), needed=None, reason="" if _clears(now, question) else NOT_ALL)


def _nothing(sampled: Sampled, metric: Metric) -> str:
    piles = sampled.of(metric.name)
    if metric.name == RECALL and sampled.elusion_only:
        return ELUSION_ONLY
    return "" if any(pile.drawn for pile in piles) else none_of(metric.denominator_name, ())


def _limits(sampled: Sampled, metric: str, level: float) -> Limits:
    alpha = methods.alpha_of(attempt_level(level, sampled.draw))
    if metric == RECALL:
        return share_found_limits([_pile(pile) for pile in sampled.piles], alpha, sensitivity=sampled.sensitivity)
    (told,) = sampled.of(metric)
    pile = _pile(told)
    most = most_in_pile(pile.most, pile.population, pile.drawn, alpha, sensitivity=sampled.sensitivity)
    return least_in_pile(pile.least, pile.population, pile.drawn, alpha) / pile.population, most / pile.population


def _pile(told: SampledPile) -> Pile:
    return Pile(
        population=told.population, drawn=told.drawn, least=told.relevant, most=told.relevant + told.uncoded, found=told.name in FOUND
    )  # fmt: skip


def _best(told: SampledPile) -> SampledPile:
    relevant = told.drawn if told.name in FOUND else 0
    return replace(told, relevant=relevant, not_relevant=told.drawn - relevant)


def _clears(estimate: Estimate, question: Question) -> bool:
    if question.comparison == "at_least":
        return estimate.lower is not None and estimate.lower >= question.bound
    return estimate.upper is not None and estimate.upper <= question.bound


def _method(sampled: Sampled, metric: str, level: float) -> str:
    alpha = methods.alpha_of(attempt_level(level, sampled.draw))
    piles = len(sampled.of(metric))
    shared = f"/{piles}, piles={piles}" if metric == RECALL and piles else ""
    return f"hypergeometric(one-sided, alpha={alpha!r}{shared}, draw={sampled.draw}, coders see {sampled.sensitivity!r})"
