"""A coded sample to estimates, at the level of the draw and of the look.

Draw K under a policy is judged at 6 alpha / (pi^2 K^2), so that drawing until a sample pleases does not help (`records.attempt`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evalharness.catalogue import Metric
from evalharness.metrics import methods
from evalharness.metrics.oversight_sample_limits import limits_needed, sampled_limits
from evalharness.metrics.shares import none_of
from evalharness.records import Estimate, Prospect, Question
from evalharness.records.attempt import attempt_level
from evalharness.records.oversight_sample import ELUSION_ONLY, FOUND, RECALL, RECOGNITION, Sampled, SampledPile
from evalharness.records.share import RESTS_ON, Way
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

SOURCE = "sample"
NOT_BY_GROUP = "a sample is drawn of all items together, so nothing is known of one group"
NOT_ALL = "the limits follow from how many items were drawn; `evalharness sample draw` says how many a further draw needs"


def sampled_estimates(tally: ConfusionTally, level: float) -> Iterator[Estimate]:
    """The estimates of the coded sample, in the catalogue's order; none without one."""
    for metric in tally.of.metrics.values() if tally.sampled is not None else ():
        if metric.source == SOURCE and tally.sampled is not None and (metric.name != RECOGNITION or tally.sampled.seeded is not None):
            yield sampled_estimate(tally.sampled, metric, level)


def sampled_answer(tally: ConfusionTally, question: Question, metric: Metric, level: float) -> Estimate | None:
    """The estimate that answers a question; None without a sample, without seeds that it is about, and for a group."""
    without = tally.sampled is None or (metric.name == RECOGNITION and tally.sampled.seeded is None)
    return None if tally.sampled is None or without or question.group else sampled_estimate(tally.sampled, metric, level)


def sampled_estimate(sampled: Sampled, metric: Metric, level: float) -> Estimate:
    """Raises nothing: a pile that nothing was drawn from has no value, and says why."""
    reason = _nothing(sampled, metric)
    lower, upper = (None, None) if reason else sampled_limits(sampled, metric.name, level)
    value = None if reason else sampled.value(metric.name)
    n, (clusters, n_eff) = sampled.n(metric.name), _independent(sampled, metric.name)
    return Estimate(
        metric=metric.name,
        value=None if value is None else outward(value),
        lower=None if lower is None else outward(lower, direction="down"),
        upper=None if upper is None else outward(upper, direction="up"),
        level=level,
        method=_method(sampled, metric.name, level),
        n=n,
        clusters=clusters,
        n_eff=outward(n_eff),
        reason=reason or ("" if value is not None else "nothing that was coded says so"),
        decides=metric.decides,
        rests_on=RESTS_ON[:1] if metric.name in sampled.declared else (),
    )


def sampled_prospect(tally: ConfusionTally, question: Question, metric: Metric, level: float, not_supplied: str) -> Prospect:
    """Attainable: with every item drawn coded, and as the goal would have it, the limits would have cleared it."""
    sampled = tally.sampled
    if sampled is None or question.group:
        return Prospect(attainable=False, needed=None, reason=not_supplied if sampled is None else NOT_BY_GROUP)
    if _nothing(sampled, metric):
        return Prospect(attainable=False, needed=None, reason="")
    best = sampled_estimate(_best(sampled), metric, level)
    now = sampled_estimate(sampled, metric, level)
    return Prospect(attainable=_clears(best, question), needed=None, reason="" if _clears(now, question) else NOT_ALL)


def _nothing(sampled: Sampled, metric: Metric) -> str:
    if metric.name == RECALL and sampled.elusion_only:
        return ELUSION_ONLY
    return "" if sampled.n(metric.name) else none_of(metric.denominator_name, ())


def _independent(sampled: Sampled, metric: str) -> tuple[int, float]:
    """Clusters and effective number: of a pile as it is every item by itself; otherwise those of the pile, or of the seeds, with fewest."""
    n = sampled.n(metric)
    seeds = sampled.seeded.cases if sampled.seeded is not None and metric == RECOGNITION else None
    ways = [seeds] if seeds is not None else [pile.cases.most for pile in sampled.of(metric) if pile.cases is not None and pile.drawn]
    drawn = [n] if seeds is not None else [pile.drawn for pile in sampled.of(metric) if pile.cases is not None and pile.drawn]
    if not ways:
        return n, float(n)
    return min(way.clusters for way in ways), min(size**2 / way.total2 for size, way in zip(drawn, ways, strict=True))


def _best(sampled: Sampled) -> Sampled:
    """Had everything that was drawn been as one would wish."""
    seeded = sampled.seeded
    if seeded is not None:
        seeded = replace(seeded, recognised=seeded.drawn, cases=_alike(seeded.cases, hits=True))
    return replace(sampled, piles=tuple(_best_pile(pile) for pile in sampled.piles), seeded=seeded)


def _best_pile(told: SampledPile) -> SampledPile:
    hits, cases = told.name in FOUND, told.cases
    if cases is not None:
        cases = replace(cases, least=_alike(cases.least, hits=hits), most=_alike(cases.most, hits=hits))
    relevant = told.drawn * hits
    return replace(told, relevant=relevant, not_relevant=told.drawn - relevant, cases=cases)


def _alike(way: Way, *, hits: bool) -> Way:
    return replace(way, part2=way.total2 * hits, rest2=way.total2 * (not hits))


def _clears(estimate: Estimate, question: Question) -> bool:
    if question.comparison == "at_least":
        return estimate.lower is not None and estimate.lower >= question.bound
    return estimate.upper is not None and estimate.upper <= question.bound


def _method(sampled: Sampled, metric: str, level: float) -> str:
    alpha = methods.alpha_of(attempt_level(level, sampled.draw))
    needed, piles = limits_needed(sampled, metric), len(sampled.of(metric))
    looks = f"/{sampled.looks}" if sampled.looks > 1 else ""
    shared = f"/{needed}" if needed > 1 or (metric == RECALL and piles) else ""
    told = f", piles={piles}" if metric == RECALL and piles else ""
    stream = sampled.about == "the_stream" or metric == RECOGNITION
    name, kish = ("clopper-pearson", methods.KISH) if stream else ("hypergeometric", "")
    look = f", looks={sampled.looks}" if sampled.looks > 1 else ""
    sees = "as seeds show" if sampled.seeded is not None else repr(sampled.sensitivity)
    coders = "" if metric == RECOGNITION else f", coders see {sees}"
    return f"{name}(one-sided, alpha={alpha!r}{looks}{shared}{kish}{told}, draw={sampled.draw}{look}{coders})"
