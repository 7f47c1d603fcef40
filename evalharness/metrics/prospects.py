"""What more data could show: whether this sample size could ever have met a requirement, and how large a new sample would have to be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import Fault
from evalharness.metrics import methods
from evalharness.metrics.answers import Bounds, answer, clears
from evalharness.metrics.arrays import costs_by_size, limits, rates
from evalharness.metrics.beside import relative_prospect
from evalharness.metrics.best_rates import best_rates
from evalharness.metrics.conditions import counted_under
from evalharness.metrics.correction import surviving
from evalharness.metrics.costs import EXPECTED_COST, cost_of_outcome, unit_of
from evalharness.metrics.counted import clusters_of, one_more_of_all, second_of
from evalharness.metrics.counted import everything as every_outcome
from evalharness.metrics.gap_prospects import gap_prospect
from evalharness.metrics.oversight import oversight_prospect
from evalharness.metrics.oversight_differences import difference_prospect
from evalharness.metrics.oversight_odds import odds_prospect
from evalharness.metrics.oversight_rater_cost import rater_cost_prospect
from evalharness.metrics.oversight_team_cost import team_cost_prospect
from evalharness.metrics.oversight_team_prospects import team_prospect
from evalharness.metrics.oversight_work import work_prospect
from evalharness.metrics.prevalence_prospects import prevalence_prospect
from evalharness.metrics.quantities import quantity_of
from evalharness.metrics.rules import TODAY, Rules
from evalharness.metrics.shares import bounds_of, none_of
from evalharness.metrics.weighted_prospects import weighted_prospect
from evalharness.records import CostUnit, Estimate, Policy, Prospect, Question
from evalharness.stats.ladder import cost_ladder, steps
from evalharness.stats.planning import LIMIT, needed_for_proportion
from evalharness.stats.planning_clusters import Clusters, observed
from evalharness.stats.planning_means import needed_for_cost
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WRONG_SIDE = "the observed value is on the wrong side of the goal: more data of this kind would not show it"
AT_THE_GOAL = "the observed value equals the goal: no amount of data of this kind would show it"
REFUSED = "the items without an answer decide: a larger sample with as many of them would not show it"
NO_SUCH_METRIC = "the benchmark's task, with its levels, has no such metric"
TOO_MANY = f"more than {LIMIT:,} items would be needed"


def prospects(
    tally: ConfusionTally, questions: Iterable[Question], policy: Policy, level: float, *, rules: Rules = TODAY
) -> dict[Question, Prospect]:
    """For each question, whether zero errors at this n_eff would have met it, by both pairs of bounds; the size of a new sample of the
    denominator, of clusters such as these, that would show it with probability .8 if the observed rate were true (times the observed
    design effect n / n_eff; all compared groups together for a gap); and whether a failure stands up to Holm's correction over all these
    questions. Raises KeyError for a group or unit that the tally or the policy does not have.
    """
    answers = {question: answer(tally, question, policy, level, rules) for question in questions}
    corrected = surviving(tally, answers, policy, level, rules)
    return {
        question: replace(
            _prospect(tally, question, estimate, policy, level, rules), corrected=question in corrected or question.comparison == "equals"
        )
        for question, estimate in answers.items()
    }


def _prospect(  # noqa: PLR0911, PLR0917  what a question is answered from, and how
    of_run: ConfusionTally, question: Question, estimate: Estimate | None, policy: Policy, level: float, rules: Rules
) -> Prospect:
    tally = counted_under(of_run, question)
    if tally is None:
        return Prospect(attainable=False, needed=None, reason=f"nothing was counted {question.condition}")
    people = oversight_prospect(tally, question, level) or difference_prospect(tally, question, level)
    people = people or odds_prospect(tally, question, level)
    if people is not None:
        return people
    together = team_prospect(tally, question, policy, level) or work_prospect(tally, question, policy, level)
    together = together or team_cost_prospect(tally, question, policy, level) or rater_cost_prospect(tally, question, policy, level)
    if together is not None:
        return together
    if question.comparison == "equals":
        return Prospect(attainable=True, needed=None)  # no sample, so there is nothing that more data could show
    if question.on.relative_to:
        return relative_prospect(tally, question, level, rules)
    if estimate is None:
        metric = tally.of.metrics.get(question.metric)
        why = NO_SUCH_METRIC if metric is None else metric.why_not or "the policy does not declare human_in_the_loop"
        return Prospect(attainable=False, needed=None, reason=why)
    if tally.weighted:
        found = weighted_prospect(tally, question, estimate, policy, level, rules)
    elif question.between:
        found = gap_prospect(tally, question, estimate, level, rules)
    elif question.on.prevalence is not None:
        found = prevalence_prospect(tally, question, estimate, level, rules)
    elif question.metric == EXPECTED_COST.name:
        found = _of_cost(tally, question, unit_of(question, policy), level, rules)
    else:
        found = _of_share(tally, question, policy, level, rules)
    pairs = ((estimate.lower, estimate.upper), estimate.by_size or (estimate.lower, estimate.upper))
    if estimate.worst_case is not None and all(clears(question, p) for p in pairs) and not clears(question, estimate.worst_case):
        return Prospect(attainable=found.attainable, needed=None, reason=REFUSED)
    return found


def _of_share(tally: ConfusionTally, question: Question, policy: Policy, level: float, rules: Rules) -> Prospect:
    quantity = quantity_of(tally.of.metrics[question.metric], policy.human_in_the_loop)
    if quantity is None:
        raise Fault(f"{question.metric} was answered without its quantity")
    at = [tally.slices.position(question.group)]
    clusters = clusters_of(tally, [quantity.denominator])[at] if rules.by_size else None
    more = one_more_of_all(tally, [quantity.denominator], at) if rules.by_size else None
    weights = np.array([quantity.numerator]), np.array([quantity.denominator])
    of = rates(tally.counts[at], second_of(tally, at), *weights, clusters, more).take(0).take(0)
    if not of.defined:
        return Prospect(attainable=False, needed=None, reason=none_of(quantity.denominator_name, question.group))
    goal = quantity.share_goal(question.bound)
    high = (question.comparison == "at_least") != quantity.reciprocal
    alpha, n_eff, rate = methods.alpha_of(level), float(of.n_eff), float(of.value)
    lower, upper = limits(best_rates(of, hits=high), alpha)
    attainable = clears(question, bounds_of(quantity, float(lower), float(upper)))
    reason = _wrong_side(rate, goal, high=high)
    if reason and not _vacuous(goal, high=high):
        return Prospect(attainable=attainable, needed=None, reason=reason)
    (alike,) = observed(of.successes, of.n_eff, of.uneven, by_chance=rules.by_chance)
    units = needed_for_proportion(rate, goal, alpha, direction="at_least" if high else "at_most", clusters=alike)
    return _plan(attainable, units, float(of.total) / n_eff)


def _of_cost(tally: ConfusionTally, question: Question, unit: CostUnit, level: float, rules: Rules) -> Prospect:
    """An upper goal on the mean; a lower one is the same question of the negated costs."""
    at = tally.slices.position(question.group)
    counts = tally.counts[at]
    if not counts.sum():
        return Prospect(attainable=False, needed=None, reason=none_of(EXPECTED_COST.denominator_name, question.group))
    sign = 1.0 if question.comparison == "at_most" else -1.0
    stated, alpha = cost_of_outcome(unit, tally.of), methods.alpha_of(level)
    costs, goal = sign * stated, sign * question.bound
    everything = every_outcome(tally.of)
    second = second_of(tally, [at])
    n_eff = float(rates(counts[None], second, [everything], [everything]).n_eff[0, 0])
    clusters = clusters_of(tally, [everything])[[at], 0] if rules.by_size and second is not None else None
    attainable = all(clears(question, bounds) for bounds in _best_costs(counts, second, stated, costs, clusters, n_eff, alpha))
    shares = counts / counts.sum()
    if not len(steps(costs)[1]):
        reason = "" if attainable else "every outcome costs the same, so no sample would change the value"
        return Prospect(attainable=attainable, needed=1 if attainable else None, reason=reason)
    reason = _wrong_side(float(costs @ shares), goal, high=False)
    if reason and goal < costs.max():
        return Prospect(attainable=attainable, needed=None, reason=reason)
    alike = _of_rises(counts, second, costs, clusters, by_chance=rules.by_chance)
    units = 1 if goal >= costs.max() else needed_for_cost(costs, shares, goal, alpha, clusters=alike)
    return _plan(attainable, units, float(counts.sum()) / n_eff)


def _best_costs(  # noqa: PLR0917  counts and what they cost
    counts: Ints, second: Ints | None, stated: Floats, costs: Floats, clusters: Ints | None, n_eff: float, alpha: float
) -> Iterator[Bounds]:
    """Both pairs of bounds had every item the best outcome by `costs`, the second where it is asked for."""
    best = np.zeros(len(counts))
    best[costs.argmin()] = counts.sum()
    _, lower, upper = cost_ladder(stated, best, n_eff, alpha)
    yield outward(float(lower), direction="down"), outward(float(upper), direction="up")
    if second is not None and clusters is not None:
        low, high = costs_by_size(best[None], second.sum() * np.outer(best > 0, best > 0)[None], stated, alpha, clusters)
        yield outward(float(low[0]), direction="down"), outward(float(high[0]), direction="up")


def _of_rises(
    counts: Ints, second: Ints | None, costs: Floats, clusters: Ints | None, *, by_chance: bool
) -> tuple[Clusters | None, ...]:  # fmt: skip
    """What the clusters of the tail above each rise are like."""
    if clusters is None:
        return ()
    _, _, reached = steps(costs)
    of = rates(counts[None], second, reached.astype(np.float64), np.ones(reached.shape), np.repeat(clusters[:, None], len(reached), axis=1))
    return observed(of.take(0).successes, of.take(0).n_eff, of.take(0).uneven, by_chance=by_chance)


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
