"""Expected cost an item, in one declared unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import METRICS, TaskMetrics
from evalharness.metrics import arrays, methods
from evalharness.metrics.counted import clusters_of, second_of
from evalharness.metrics.counted import everything as every_outcome
from evalharness.metrics.rules import TODAY, Rules
from evalharness.metrics.shares import none_of
from evalharness.metrics.weighted import weighted_costs
from evalharness.records import CostUnit, Estimate, Policy, Question
from evalharness.stats.ladder import steps
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

EXPECTED_COST = METRICS["expected_cost"]
NOT_OF_GROUPS = "of a weighted sample the cost is computed for everybody together"


def unit_of(question: Question, policy: Policy) -> CostUnit:
    """The unit of a question of cost. Raises KeyError when the policy does not have it."""
    units = {unit.name: unit for unit in policy.costs.units} if policy.costs else {}
    return units[question.unit]


def cost_of_outcome(unit: CostUnit, of: TaskMetrics) -> NDArray[np.float64]:
    """(O,) cost of each outcome; an item without an answer takes the dearest of what could have become of it, given its true class."""
    if of.ordinal:
        stated = {(true, given): cost for true, costs in unit.by_level for given, cost in costs}
        graded = [[stated.get((true, given), 0.0) for given in of.levels] for true in of.levels]
        return np.array([*(cost for row in graded for cost in row), *(max(row) for row in graded)])
    return np.array(
        [
            unit.relevant_review,
            unit.not_relevant_review,
            unit.relevant_set_aside,
            unit.not_relevant_set_aside,
            max(unit.relevant_review, unit.relevant_set_aside),
            max(unit.not_relevant_review, unit.not_relevant_set_aside),
        ]
    )


def cost_estimates(
    tally: ConfusionTally, unit: CostUnit, level: float, at: Sequence[int] | None = None, *, rules: Rules = TODAY
) -> Iterator[Estimate]:
    """For each slice (or those `at` these positions), in order, the expected cost in `unit` with its ladder bounds."""
    chosen = range(len(tally.counts)) if at is None else at
    counts, second = tally.counts[chosen], second_of(tally, chosen)
    of_outcome = cost_of_outcome(unit, tally.of)
    everything = every_outcome(tally.of)
    if tally.weighted:
        yield from _weighted(tally, unit, of_outcome, level, chosen, rules)
        return
    value, lower, upper = arrays.costs(counts, second, of_outcome, methods.alpha_of(level))
    n_eff = arrays.rates(counts, second, np.array([everything]), np.array([everything])).n_eff[:, 0]
    clusters = clusters_of(tally, [everything])[chosen, 0]
    by_size = None
    if second is not None and rules.by_size:
        by_size = arrays.costs_by_size(counts, second, of_outcome, methods.alpha_of(level), clusters)
    method = methods.ladder(level, tally.clustered, len(steps(of_outcome)[1]), by_size=rules.by_size)
    for s, position in enumerate(chosen):
        group = tally.slices.groups[position]
        n = int(counts[s].sum())
        bounds = _outward(lower[s], upper[s]) if n else (None, None)
        wider = bounds if by_size is None or not n else _outward(by_size[0][s], by_size[1][s])
        yield Estimate(
            metric=EXPECTED_COST.name,
            group=group,
            value=outward(float(value[s])) if n else None,
            lower=bounds[0],
            upper=bounds[1],
            by_size=None if wider == bounds else wider,
            level=level,
            method=method,
            n=n,
            clusters=int(clusters[s]),
            n_eff=outward(float(n_eff[s])),
            reason="" if n else none_of(EXPECTED_COST.denominator_name, group),
            unit=unit.name,
        )


def _outward(lower: float, upper: float) -> tuple[float, float]:
    return outward(float(lower), direction="down"), outward(float(upper), direction="up")


def _weighted(  # noqa: PLR0917  as above
    tally: ConfusionTally, unit: CostUnit, of_outcome: NDArray[np.float64], level: float, at: Sequence[int], rules: Rules
) -> Iterator[Estimate]:
    """Of a sample whose items were drawn with different chances."""
    strata, rises = len(tally.strata), len(steps(of_outcome)[1])
    value, lower, upper, *by_size = weighted_costs(tally, at, of_outcome, methods.alpha_of(level), by_size=rules.by_size)
    clusters = clusters_of(tally, [every_outcome(tally.of)])[at, 0]
    for s, position in enumerate(at):
        group, n = tally.slices.groups[position], int(tally.counts[position].sum())
        known = bool(n) and not group
        bounds, wider = (_outward(*pair) if known else (None, None) for pair in ((lower[s], upper[s]), (by_size[0][s], by_size[1][s])))
        yield Estimate(
            metric=EXPECTED_COST.name,
            group=group,
            value=outward(float(value[s])) if known else None,
            lower=bounds[0],
            upper=bounds[1],
            by_size=None if wider == bounds else wider,
            level=level,
            method=f"stratified {methods.ladder(level, tally.clustered, rises * 3 * strata, by_size=rules.by_size)}, strata={strata}",
            n=n,
            clusters=int(clusters[s]),
            n_eff=float(n),
            reason="" if known else none_of(EXPECTED_COST.denominator_name, group) if not n else NOT_OF_GROUPS,
            unit=unit.name,
        )
