"""Some runs once more, one by one, by the very functions that `evaluate` calls: the bounds above must say what the findings say."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from assurance.drawing import Drawn
from assurance.judged import Form, judged, one, rates_of
from evalharness.catalogue import Metric, TaskMetrics
from evalharness.metrics.quantities import quantity_of
from evalharness.metrics.shares import share_estimates
from evalharness.records import Claim, Outcome, Prospect, Question
from evalharness.requirements import judge
from evalharness.tally import ConfusionTally, Slices

NOBODY = Slices((), {}, 0)


def agreeing(drawn: Drawn, of: TaskMetrics, metric: Metric, asked: tuple[float, Form], *, runs: Iterable[int], at: int = 0) -> int:
    """How many findings agreed. Raises AssertionError for one that does not: then the simulation is about other code than decides."""
    goal, form = asked
    said = judged(one(rates_of(drawn, [metric]), 0), goal, form)
    question = Question(requirement="r", metric=metric.name, comparison=form, bound=goal)
    quantity = quantity_of(metric, None)
    if quantity is None:
        raise ValueError(f"{metric.name} is not a proportion")
    done = 0
    for run in runs:
        (estimates,) = share_estimates(tally_of(drawn, of, run, metric, at), (quantity,), 0.95)
        (finding,) = judge(
            [question], estimates, {question: Prospect(attainable=True, needed=None)}, policy=_Policy(), claim=Claim.REHEARSAL
        )
        expected = Outcome.MET if said.met[run] else Outcome.NOT_MET if said.not_met[run] else Outcome.NOT_DEMONSTRATED
        if finding.outcome is Outcome.NOT_EVALUABLE:
            continue
        if finding.outcome is not expected:
            raise AssertionError(f"{metric.name}, run {run}: {finding.outcome} instead of {expected}")
        done += 1
    return done


class _Policy:
    """All that judging reads of a policy."""

    confidence = 0.95


def tally_of(drawn: Drawn, of: TaskMetrics, run: int, metric: Metric, at: int = 0) -> ConfusionTally:
    """One run as the tally of a whole evaluation."""
    counts = drawn.counts[[run]].astype(np.int64)
    if drawn.second is None or drawn.clusters is None:
        return ConfusionTally.of_independent(NOBODY, counts, of)
    clusters = np.zeros((1, len(of.denominators)), dtype=np.int64)
    clusters[0, of.denominators.index(metric.denominator)] = drawn.clusters[run, at]
    return ConfusionTally(
        slices=NOBODY, counts=counts, second=drawn.second[[run]].astype(np.int64), clusters=clusters, clustered=True, of=of
    )
