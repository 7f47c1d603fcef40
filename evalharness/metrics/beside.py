"""A metric relative to another model on the same items: what the classifier loses against it, bounded exactly.

The value is the difference of the shares decided wrongly: positive where the classifier is wrong more often than the reference. Met is
judged by the exact bound of the share lost (`stats.paired.lost_at_most`), where items that the reference did not answer and the classifier
gets wrong count as lost: a reference that refuses makes no classifier good. Not met is judged without them.
"""

from __future__ import annotations

import math

import numpy as np

from evalharness.metrics import methods
from evalharness.metrics.arrays import Rates, limits, rates
from evalharness.metrics.best_rates import best_rates
from evalharness.metrics.paired_describing import is_kind
from evalharness.metrics.rules import TODAY, Rules
from evalharness.metrics.shares import none_of
from evalharness.records import Estimate, Prospect, Question
from evalharness.records.reference import HUMAN
from evalharness.stats.paired import difference_at_least, lost_at_most
from evalharness.stats.planning import LIMIT, needed_for_proportion
from evalharness.stats.planning_clusters import observed
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally
from evalharness.tally.paired import KINDS, PairedTally

_EVERYTHING = np.ones((3, len(KINDS)))
_LOST = np.array([is_kind("only_incumbent", "unknown"), is_kind("only_incumbent"), is_kind("only_challenger")])
NOBODY = "the benchmark has no person's labels beside clean ones of items that are decided one by one"
NO_PLAN = "what may be lost here is the margin or more: more data of this kind would not show less"


def relative_estimate(tally: ConfusionTally, question: Question, level: float, rules: Rules = TODAY) -> Estimate | None:
    """The estimate that answers a question relative to another model, without its condition; null where nobody counted the two together.

    Raises KeyError for a group that was not counted.
    """
    beside = _beside(tally, question)
    if beside is None:
        return _nobody(question, level) if question.on.relative_to == HUMAN else None
    paired, place = beside
    at = paired.slices.position(question.group)
    of = _shares(paired, at, place, rules)
    total, some = int(of.total[0]), bool(of.total[0] > 0)
    alpha = methods.alpha_of(level)
    value = lower = upper = wider = None
    if some:
        lost, gained = (int(paired.counts[at, place] @ weights) for weights in _LOST[1:])
        value = outward((lost - gained) / total)
        upper = outward(float(lost_at_most(of.successes[0], of.n_eff[0], alpha)), direction="up")
        found = difference_at_least(of.successes[1], of.successes[2], of.n_eff[1], alpha)
        lower = outward(float(found), direction="down")
        wider = _by_size(of, alpha)
    metric = tally.of.metrics[question.metric]
    return Estimate(
        metric=question.estimate_metric,
        group=question.group,
        value=value,
        lower=lower,
        upper=upper,
        by_size=None if wider == (lower, upper) else wider,
        level=level,
        method=methods.discordant(level, paired.clustered, by_size=rules.by_size),
        n=total,
        clusters=int(paired.clusters[at, place]),
        n_eff=outward(float(of.n_eff[0])),
        reason="" if some else none_of(metric.denominator_name, question.group),
    )


def _nobody(question: Question, level: float) -> Estimate:
    """Where the benchmark has no person to be held against."""
    return Estimate(
        metric=question.estimate_metric,
        group=question.group,
        value=None,
        lower=None,
        upper=None,
        level=level,
        method="none",
        n=0,
        clusters=0,
        n_eff=0.0,
        reason=NOBODY,
    )


def relative_prospect(tally: ConfusionTally, question: Question, level: float, rules: Rules = TODAY) -> Prospect:
    """Attainable: losing nothing on so many items would have been enough. Needed: items of the denominator, if as much may be lost."""
    beside = _beside(tally, question)
    if beside is None:
        return Prospect(attainable=False, needed=None, reason=f"nothing was counted {question.condition}")
    paired, place = beside
    of = _shares(paired, paired.slices.position(question.group), place, rules).take([0])
    if not of.total[0] > 0:
        name = tally.of.metrics[question.metric].denominator_name
        return Prospect(attainable=False, needed=None, reason=none_of(name, question.group))
    alpha, n_eff, margin = methods.alpha_of(level), float(of.n_eff[0]), question.bound
    attainable = outward(float(limits(best_rates(of, hits=False), alpha)[1][0]), direction="up") <= margin
    if float(of.value[0]) >= margin:
        return Prospect(attainable=attainable, needed=None, reason=NO_PLAN)
    (alike,) = observed(of.successes, of.n_eff, of.uneven, by_chance=rules.by_chance)
    units = needed_for_proportion(float(of.value[0]), margin, alpha, direction="at_most", clusters=alike)
    needed = None if units is None else math.ceil(units * float(of.total[0]) / n_eff * (1 - 1e-12))
    if needed is None or needed > LIMIT:
        return Prospect(attainable=attainable, needed=None, reason=f"more than {LIMIT:,} items would be needed")
    return Prospect(attainable=attainable, needed=needed)


def _beside(tally: ConfusionTally, question: Question) -> tuple[PairedTally, int] | None:
    paired = tally.beside.get(question.condition)
    if paired is None or question.metric not in paired.metrics:
        return None
    return paired, paired.metrics.index(question.metric)


def _by_size(of: Rates, alpha: float) -> tuple[float, float] | None:
    """Both bounds if large clusters are lost more often than small ones."""
    if of.uneven is None:
        return None
    _, upper = limits(of, alpha)
    least, most = limits(of, alpha / 2)
    return outward(float(least[1] - most[2]), direction="down"), outward(float(upper[0]), direction="up")


def _shares(paired: PairedTally, at: int, place: int, rules: Rules = TODAY) -> Rates:
    """Shares [3]: what may be lost, what is lost, what is gained."""
    second = paired.second[at, place] if paired.clustered else None
    clusters = np.full(3, paired.clusters[at, place]) if rules.by_size else None
    return rates(paired.counts[at, place], second, _LOST, _EVERYTHING, clusters)
