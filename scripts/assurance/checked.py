"""Some runs once more, one by one, by the very functions that `evaluate` calls: the bounds above must say what the findings say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from assurance.drawing import Drawn
from assurance.judged import Form, one, rates_of
from assurance.pairs import Ends, Pairs, pairs_of
from evalharness.catalogue import Metric, TaskMetrics, Weights, task_metrics
from evalharness.metrics.answers import answer
from evalharness.metrics.counted import everything
from evalharness.metrics.quantities import quantity_of
from evalharness.metrics.shares import share_estimates
from evalharness.records import Claim, Estimate, OperatingPoint, Outcome, Policy, Prospect, Question
from evalharness.requirements import judge
from evalharness.tally import ConfusionTally, Slices

NOBODY = Slices((), {}, 0)


def agreeing(drawn: Drawn, of: TaskMetrics, metric: Metric, asked: tuple[float, Form], *, runs: Iterable[int], at: int = 0) -> int:
    """How many findings agreed. Raises AssertionError for one that does not: then the simulation is about other code than decides."""
    goal, form = asked
    said = pairs_of(one(rates_of(_at(drawn, at), of, [metric]), 0)).said(goal, form)
    question = Question(requirement="r", metric=metric.name, comparison=form, bound=goal)
    quantity = quantity_of(metric, None)
    if quantity is None:
        raise ValueError(f"{metric.name} is not a proportion")
    done = 0
    for run in runs:
        (estimates,) = share_estimates(tally_of(drawn, of, run, metric, at), (quantity,), 0.95)
        (finding,) = judge(
            [question], estimates, {question: Prospect(attainable=True, needed=None)}, policy=cast(Policy, _Policy()), claim=Claim.REHEARSAL
        )
        expected = Outcome.MET if said.met[run] else Outcome.NOT_MET if said.not_met[run] else Outcome.NOT_DEMONSTRATED
        if finding.outcome is Outcome.NOT_EVALUABLE:
            continue
        if finding.outcome is not expected:
            raise AssertionError(f"{metric.name}, run {run}: {finding.outcome} instead of {expected}")
        done += 1
    return done


def _at(drawn: Drawn, at: int) -> Drawn:
    """With the clusters of one denominator."""
    return drawn if drawn.clusters is None else replace(drawn, clusters=drawn.clusters[:, [at]])


def agreeing_gaps(
    parts: Sequence[Drawn], metric: Metric, bounds: Sequence[Pairs], runs: Iterable[int], *, clusters: int | None = None
) -> int:
    """How many differences and ratios agreed, in both pairs of bounds. Raises AssertionError for one that does not.

    clusters: of everybody, where groups share them; None: the groups are drawn side by side.
    """
    done = 0
    for run in runs:
        tally = _of_groups(parts, run, clusters)
        for form, pairs in zip(("max_difference", "min_ratio"), bounds, strict=True):
            question = Question(requirement="r", metric=metric.name, comparison=form, bound=0.5, between=("group",))
            agree(pairs, run, answer(tally, question, cast(Policy, _Policy()), 0.95), form)
            done += 1
    return done


def agree(pairs: Pairs, run: int, estimate: Estimate | None, what: str) -> None:
    """Raises AssertionError where a bound of an estimate differs by more than its rounding."""
    kish, by_size = (None, None), (None, None)
    if estimate is not None:
        kish = estimate.lower, estimate.upper
        by_size = estimate.by_size or kish
    _ends(pairs.kish, run, kish, what)
    if pairs.by_size is not None:
        _ends(pairs.by_size, run, by_size, f"{what}, by size")


def _ends(ends: Ends, run: int, theirs: tuple[float | None, float | None], what: str) -> None:
    for mine, other in zip((ends.lower[run], ends.upper[run]), theirs, strict=True):
        if not (np.isnan(mine) and other is None) and (other is None or not abs(mine - other) < 1e-9 * max(1.0, abs(mine))):
            raise AssertionError(f"{what}, run {run}: {other} instead of {mine}")


def _of_groups(parts: Sequence[Drawn], run: int, shared: int | None) -> ConfusionTally:
    """Everybody, then each group."""
    of = task_metrics("binary")
    slices = Slices(attributes=("group",), levels={"group": tuple(f"g{place:02d}" for place in range(len(parts)))}, depth=1)
    counts = np.array([part.counts[run] for part in parts]).astype(np.int64)
    with_all = np.concatenate([counts.sum(axis=0, keepdims=True), counts])
    if parts[0].second is None:
        return ConfusionTally.of_independent(slices, with_all, of)
    second = np.array([part.second[run] for part in parts if part.second is not None]).astype(np.int64)
    held = np.array([part.clusters[run, 0] for part in parts if part.clusters is not None]).astype(np.int64)
    everybody = held.sum() if shared is None else shared
    clusters = np.repeat(np.concatenate([[everybody], held])[:, None], len(of.denominators), axis=1)
    return ConfusionTally(
        slices=slices,
        counts=with_all,
        second=np.concatenate([second.sum(axis=0, keepdims=True), second]),
        clusters=clusters,
        clustered=True,
        of=of,
    )


class _Policy:
    """All that judging and answering read of a policy."""

    confidence = 0.95
    human_in_the_loop = None
    operating_point = OperatingPoint(rule="score >= threshold", threshold=0.5)


def tally_of(drawn: Drawn, of: TaskMetrics, run: int, metric: Metric, at: int = 0) -> ConfusionTally:
    """One run as the tally of a whole evaluation."""
    return tally_with(drawn, of, run, {metric.denominator: at})


def tally_with(drawn: Drawn, of: TaskMetrics, run: int, places: Mapping[Weights, int]) -> ConfusionTally:
    """One run; places: where the clusters of each denominator stand among those that were drawn."""
    counts = drawn.counts[[run]].astype(np.int64)
    if drawn.second is None or drawn.clusters is None:
        return ConfusionTally.of_independent(NOBODY, counts, of)
    clusters = np.zeros((1, len(of.denominators)), dtype=np.int64)
    for denominator, at in places.items():
        clusters[0, of.denominators.index(denominator)] = drawn.clusters[run, at]
    if drawn.everything is not None:
        clusters[0, of.denominators.index(everything(of))] = drawn.everything[run]
    return ConfusionTally(
        slices=NOBODY, counts=counts, second=drawn.second[[run]].astype(np.int64), clusters=clusters, clustered=True, of=of
    )
