"""What more data could show of a weighted sample: whether it could ever have met a requirement. How many more depends on the strata."""

from __future__ import annotations

import numpy as np

from evalharness.metrics import methods
from evalharness.metrics.answers import clears, unit_of
from evalharness.metrics.costs import EXPECTED_COST, cost_of_outcome
from evalharness.metrics.quantities import quantity_of
from evalharness.metrics.shares import bounds_of
from evalharness.metrics.weighted import mean_cost, strata_of, worth_of
from evalharness.records import Estimate, Policy, Prospect, Question
from evalharness.stats.rounding import outward
from evalharness.stats.stratified import stratified_limits
from evalharness.tally import ConfusionTally

SPREAD = "how many more items it takes depends on how they are spread over the strata"
NO_GAPS = "of a weighted sample no gap between groups has a bound yet"


def weighted_prospect(tally: ConfusionTally, question: Question, estimate: Estimate, policy: Policy, level: float) -> Prospect:
    """Whether this sample, without any error, would have met it; the size of another is not computed."""
    if question.between or estimate.value is None:
        return Prospect(attainable=False, needed=None, reason=NO_GAPS if question.between else estimate.reason)
    strata, alpha = strata_of(tally), methods.alpha_of(level)
    if question.metric == EXPECTED_COST.name:
        costs = cost_of_outcome(unit_of(question, policy), tally.of)
        best = np.where(costs == (costs.min() if question.comparison == "at_most" else costs.max()), 1.0, 0.0)
        _, low, high = mean_cost([best] * len(tally.strata), costs, strata, alpha)
        bounds = outward(low, direction="down"), outward(high, direction="up")
        return Prospect(attainable=clears(question, bounds), needed=None, reason=SPREAD)
    quantity = quantity_of(tally.of.metrics[question.metric], policy.human_in_the_loop)
    assert quantity is not None  # noqa: S101 - it has an estimate
    at = tally.slices.position(question.group)
    counted = np.array([part.counts[at] @ np.array(quantity.denominator) for _, part in tally.strata], dtype=np.float64)
    high_is_best = (question.comparison == "at_least") != quantity.reciprocal
    nothing = np.zeros_like(counted)
    part, rest = (counted, nothing) if high_is_best else (nothing, counted)
    worth = worth_of(tally, [at], np.array([quantity.denominator]))[0, 0]
    lower, upper = stratified_limits(part, rest, strata, alpha, worth=worth)
    return Prospect(attainable=clears(question, bounds_of(quantity, float(lower), float(upper))), needed=None, reason=SPREAD)
