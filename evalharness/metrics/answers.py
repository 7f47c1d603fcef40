"""The estimate that answers one question, at any level, and how its bounds stand to the goal."""

from __future__ import annotations

from dataclasses import replace

from evalharness.catalogue.oversight.people import ODDS
from evalharness.catalogue.oversight.raters import COST_AGAINST_HUMAN
from evalharness.catalogue.oversight.team import COST as TEAM_COST
from evalharness.catalogue.oversight.team import KIND as TEAM
from evalharness.catalogue.oversight.work import KIND as WORK
from evalharness.catalogue.prevalence import shift_of
from evalharness.metrics.beside import relative_estimate
from evalharness.metrics.conditions import counted_under
from evalharness.metrics.costs import EXPECTED_COST, cost_estimates, unit_of
from evalharness.metrics.gaps import asked_comparison, gap_estimates
from evalharness.metrics.oversight import KIND, share_answer
from evalharness.metrics.oversight_differences import KIND as DIFFERENCE
from evalharness.metrics.oversight_differences import difference_answer
from evalharness.metrics.oversight_odds import odds_answer
from evalharness.metrics.oversight_rater_cost import rater_cost_answer
from evalharness.metrics.oversight_team import team_answer
from evalharness.metrics.oversight_team_cost import team_cost_answer
from evalharness.metrics.oversight_work import work_answer
from evalharness.metrics.prevalence import at_prevalence
from evalharness.metrics.quantities import quantity_of
from evalharness.metrics.rules import TODAY, Rules
from evalharness.metrics.shares import share_estimates
from evalharness.records import Estimate, Policy, Question
from evalharness.tally import ConfusionTally

_WANTS_MORE = frozenset({"at_least", "min_ratio"})

Bounds = tuple[float | None, float | None]


def answer(tally: ConfusionTally, question: Question, policy: Policy, level: float, rules: Rules = TODAY) -> Estimate | None:
    """As `measure` makes it; None for a metric that the task lacks, that may not decide, or for which the policy does not say enough, and
    under a condition that nobody counted.

    Raises KeyError for a group or unit that the tally or the policy does not have.
    """
    counted = counted_under(tally, question)
    estimate = None if counted is None else _answer(counted, question, policy, level, rules)
    return estimate if estimate is None or not question.condition else replace(estimate, condition=question.condition)


def _answer(tally: ConfusionTally, question: Question, policy: Policy, level: float, rules: Rules) -> Estimate | None:  # noqa: PLR0911  one for each form
    metric = tally.of.metrics.get(question.metric)
    if metric is not None and metric.kind == KIND:
        return share_answer(tally, question, metric, level)
    if metric is not None and metric.kind == DIFFERENCE:
        return difference_answer(tally, question, metric, policy, level)
    if metric is not None and metric.kind == ODDS:
        return odds_answer(tally, question, metric, level)
    if metric is not None and metric.kind == WORK:
        return work_answer(tally, metric, policy, level) if not question.group else None
    if metric is not None and metric.kind == TEAM:
        return team_answer(tally, question, metric, policy, level)
    if metric is not None and metric.name == TEAM_COST:
        return team_cost_answer(tally, question, policy, level)
    if metric is not None and metric.name == COST_AGAINST_HUMAN:
        return rater_cost_answer(tally, question, policy, level)
    if metric is None or not metric.decides or metric.complete:
        return None
    if question.on.relative_to:
        return relative_estimate(tally, question, level, rules)
    if question.between:
        estimates = gap_estimates(asked_comparison(tally, question, level, rules))
        return next(e for e in estimates if e.metric == question.estimate_metric)
    if question.on.prevalence is not None:
        return at_prevalence(tally, question, level, rules) if shift_of(metric) else None
    at = [tally.slices.position(question.group)]
    if metric.name == EXPECTED_COST.name:
        return next(cost_estimates(tally, unit_of(question, policy), level, at, rules=rules))
    quantity = quantity_of(metric, policy.human_in_the_loop)
    return None if quantity is None else next(share_estimates(tally, (quantity,), level, at, rules=rules))[0]


def clears(question: Question, bounds: Bounds) -> bool:
    """Whether the deciding one of (lower, upper), rounded outward as it is judged, reaches the goal."""
    lower, upper = bounds
    if question.comparison in _WANTS_MORE:
        return lower is not None and lower >= question.bound
    return upper is not None and upper <= question.bound


def fails(question: Question, bounds: Bounds) -> bool:
    """Whether the opposite one of (lower, upper) lies strictly beyond the goal."""
    lower, upper = bounds
    if question.comparison in _WANTS_MORE:
        return upper is not None and upper < question.bound
    return lower is not None and lower > question.bound
