"""Expected cost an item, in one declared unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import METRICS, TaskMetrics
from evalharness.metrics import arrays, methods
from evalharness.metrics.counted import clusters_of, second_of
from evalharness.metrics.counted import everything as every_outcome
from evalharness.metrics.shares import none_of
from evalharness.records import CostUnit, Estimate
from evalharness.stats.ladder import steps
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

EXPECTED_COST = METRICS["expected_cost"]


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


def cost_estimates(tally: ConfusionTally, unit: CostUnit, level: float, at: Sequence[int] | None = None) -> Iterator[Estimate]:
    """For each slice (or those `at` these positions), in order, the expected cost in `unit` with its ladder bounds."""
    chosen = range(len(tally.counts)) if at is None else at
    counts, second = tally.counts[chosen], second_of(tally, chosen)
    of_outcome = cost_of_outcome(unit, tally.of)
    everything = every_outcome(tally.of)
    value, lower, upper = arrays.costs(counts, second, of_outcome, methods.alpha_of(level))
    n_eff = arrays.rates(counts, second, np.array([everything]), np.array([everything])).n_eff[:, 0]
    clusters = clusters_of(tally, [everything])[chosen, 0]
    method = methods.ladder(level, tally.clustered, len(steps(of_outcome)[1]))
    for s, position in enumerate(chosen):
        group = tally.slices.groups[position]
        n = int(counts[s].sum())
        yield Estimate(
            metric=EXPECTED_COST.name,
            group=group,
            value=outward(float(value[s])) if n else None,
            lower=outward(float(lower[s]), direction="down") if n else None,
            upper=outward(float(upper[s]), direction="up") if n else None,
            level=level,
            method=method,
            n=n,
            clusters=int(clusters[s]),
            n_eff=outward(float(n_eff[s])),
            reason="" if n else none_of(EXPECTED_COST.denominator_name, group),
            unit=unit.name,
        )
