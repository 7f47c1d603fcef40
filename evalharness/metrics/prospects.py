"""What more data could show: whether this sample size could ever have met a requirement, and how large a new sample would have to be."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from evalharness.catalogue import METRICS
from evalharness.metrics import methods
from evalharness.metrics.arrays import rates
from evalharness.metrics.costs import EXPECTED_COST, cost_of_outcome
from evalharness.metrics.counted import second_of
from evalharness.metrics.gap_prospects import gap_prospect
from evalharness.metrics.quantities import Quantity, quantity_of
from evalharness.metrics.shares import none_of
from evalharness.records import CostUnit, Policy, Prospect, Question
from evalharness.stats.ladder import cost_ladder, steps
from evalharness.stats.planning import LIMIT, needed_for_proportion
from evalharness.stats.planning_means import needed_for_cost
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.tally import ConfusionTally

WRONG_SIDE = "the observed value is on the wrong side of the goal: more data of this kind would not show it"
AT_THE_GOAL = "the observed value equals the goal: no amount of data of this kind would show it"
TOO_MANY = f"more than {LIMIT:,} items would be needed"


def prospects(tally: ConfusionTally, questions: Iterable[Question], policy: Policy, level: float) -> dict[Question, Prospect]:
    """For each question, whether zero errors at this n_eff would have met it, and the size of a new sample of the denominator that
    would show it with probability .8 if the observed rate were true (times the observed design effect n / n_eff; both groups together
    for a gap). Raises KeyError for a group or unit that the tally or the policy does not have.
    """
    return {question: _prospect(tally, question, policy, level) for question in questions}


def _prospect(tally: ConfusionTally, question: Question, policy: Policy, level: float) -> Prospect:
    metric = METRICS[question.metric]
    if not metric.decides:
        return Prospect(attainable=False, needed=None, reason=metric.why_not)
    if question.between:
        return gap_prospect(tally, question, level)
    if metric.name == EXPECTED_COST.name:
        units = {unit.name: unit for unit in policy.costs.units} if policy.costs else {}
        return _of_cost(tally, question, units[question.unit], level)
    quantity = quantity_of(metric, policy.human_in_the_loop)
    if quantity is None:
        return Prospect(attainable=False, needed=None, reason="the policy does not declare human_in_the_loop")
    return _of_share(tally, question, quantity, level)


def _of_share(tally: ConfusionTally, question: Question, quantity: Quantity, level: float) -> Prospect:
    at = tally.slices.position(question.group)
    second = second_of(tally)
    of = rates(
        tally.counts[at], None if second is None else second[at], np.array([quantity.numerator]), np.array([quantity.denominator])
    ).take(0)
    if not of.defined:
        return Prospect(attainable=False, needed=None, reason=none_of(quantity.denominator_name, question.group))
    goal = quantity.share_goal(question.bound)
    high = (question.comparison == "at_least") != quantity.reciprocal
    alpha, n_eff, rate = methods.alpha_of(level), float(of.n_eff), float(of.value)
    if high:
        attainable = float(clopper_pearson_lower(n_eff, n_eff, alpha)) >= goal
    else:
        attainable = float(clopper_pearson_upper(0.0, n_eff, alpha)) <= goal
    reason = _wrong_side(rate, goal, high=high)
    if reason and not _vacuous(goal, high=high):
        return Prospect(attainable=attainable, needed=None, reason=reason)
    units = needed_for_proportion(rate, goal, alpha, direction="at_least" if high else "at_most")
    return _plan(attainable, units, float(of.total) / n_eff)


def _of_cost(tally: ConfusionTally, question: Question, unit: CostUnit, level: float) -> Prospect:
    """An upper goal on the mean; a lower one is the same question of the negated costs."""
    at = tally.slices.position(question.group)
    counts = tally.counts[at]
    if not counts.sum():
        return Prospect(attainable=False, needed=None, reason=none_of(EXPECTED_COST.denominator_name, question.group))
    sign = 1.0 if question.comparison == "at_most" else -1.0
    costs, goal, alpha = sign * cost_of_outcome(unit), sign * question.bound, methods.alpha_of(level)
    second = second_of(tally)
    everything = np.array([EXPECTED_COST.denominator])
    n_eff = float(rates(counts, None if second is None else second[at], everything, everything).n_eff[0])
    cheapest = np.where(costs == costs.min(), 1.0, 0.0)
    attainable = float(cost_ladder(costs, cheapest, n_eff, alpha)[2]) <= goal
    shares = counts / counts.sum()
    if not len(steps(costs)[1]):
        reason = "" if attainable else "every outcome costs the same, so no sample would change the value"
        return Prospect(attainable=attainable, needed=1 if attainable else None, reason=reason)
    reason = _wrong_side(float(costs @ shares), goal, high=False)
    if reason and goal < costs.max():
        return Prospect(attainable=attainable, needed=None, reason=reason)
    units = 1 if goal >= costs.max() else needed_for_cost(costs, shares, goal, alpha)
    return _plan(attainable, units, float(counts.sum()) / n_eff)


def _wrong_side(value: float, goal: float, *, high: bool) -> str:
    if value == goal:
        return AT_THE_GOAL
    return "" if (value > goal) == high else WRONG_SIDE


def _vacuous(goal: float, *, high: bool) -> bool:
    """A goal that every sample meets, whatever it shows."""
    return goal <= 0 if high else goal >= 1


def _plan(attainable: bool, units: int | None, design_effect: float) -> Prospect:
    needed = None if units is None else math.ceil(units * design_effect * (1 - 1e-12))
    if needed is None or needed > LIMIT:
        return Prospect(attainable=attainable, needed=None, reason=TOO_MANY)
    return Prospect(attainable=attainable, needed=needed)
