"""What more data could show of a weighted sample: whether it could ever have met a requirement. How many more depends on the strata."""

from __future__ import annotations

import numpy as np

from evalharness.metrics import methods
from evalharness.metrics.answers import Bounds, clears
from evalharness.metrics.costs import EXPECTED_COST, cost_of_outcome, unit_of
from evalharness.metrics.quantities import quantity_of
from evalharness.metrics.rules import TODAY, Rules
from evalharness.metrics.shares import bounds_of
from evalharness.metrics.weighted import mean_cost, mean_cost_by_size, weighted_shares
from evalharness.metrics.weighted_clusters import strata_of
from evalharness.records import Estimate, Policy, Prospect, Question
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

SPREAD = "how many more items it takes depends on how they are spread over the strata"
NO_GAPS = "of a weighted sample no gap between groups has a bound yet"


def weighted_prospect(  # noqa: PLR0917  what a question is answered from, and how
    tally: ConfusionTally, question: Question, estimate: Estimate, policy: Policy, level: float, rules: Rules = TODAY
) -> Prospect:
    """Whether this sample, without any error, would have met it by every pair of bounds; the size of another is not computed."""
    if question.between or estimate.value is None:
        return Prospect(attainable=False, needed=None, reason=NO_GAPS if question.between else estimate.reason)
    of_cost = question.metric == EXPECTED_COST.name
    pairs = _of_cost(tally, question, policy, level, rules) if of_cost else _of_share(tally, question, policy, level, rules)
    return Prospect(attainable=all(clears(question, bounds) for bounds in pairs), needed=None, reason=SPREAD)


def _of_cost(tally: ConfusionTally, question: Question, policy: Policy, level: float, rules: Rules) -> list[Bounds]:
    """Had every item the outcome that is best for the goal."""
    costs, alpha = cost_of_outcome(unit_of(question, policy), tally.of), methods.alpha_of(level)
    best = np.zeros(len(costs), dtype=np.int64)
    best[costs.argmin() if question.comparison == "at_most" else costs.argmax()] = 1
    counts = [best * part.counts[0].sum() for _, part in tally.strata]
    pairs = [mean_cost(counts, costs, strata_of(tally), alpha)[1:]]
    if rules.by_size and tally.clustered:
        seconds = [np.outer(best, best) * part.second[0].sum() for _, part in tally.strata]
        pairs.append(mean_cost_by_size(tally, counts, seconds, costs, alpha))
    return [(outward(low, direction="down"), outward(high, direction="up")) for low, high in pairs]


def _of_share(tally: ConfusionTally, question: Question, policy: Policy, level: float, rules: Rules) -> list[Bounds]:
    """Had every item of the denominator counted, or none, whichever is best for the goal."""
    quantity = quantity_of(tally.of.metrics[question.metric], policy.human_in_the_loop)
    assert quantity is not None  # noqa: S101 - it has an estimate
    whole = np.array([quantity.denominator])
    high_is_best = (question.comparison == "at_least") != quantity.reciprocal
    at = [tally.slices.position(question.group)]
    of = weighted_shares(tally, at, whole if high_is_best else np.zeros_like(whole), whole, methods.alpha_of(level), by_size=rules.by_size)
    return [
        bounds_of(quantity, float(lower[0, 0]), float(upper[0, 0]))
        for lower, upper in ((of.lower, of.upper), (of.size_lower, of.size_upper))
    ]
