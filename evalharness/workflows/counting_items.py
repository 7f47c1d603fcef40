"""Binary, ordinal and risk: items are decided one by one, in one pass over the rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from evalharness.adapters import columns_of
from evalharness.benchmarks import Benchmark
from evalharness.benchmarks.batch import Batch
from evalharness.benchmarks.columns import BAND
from evalharness.catalogue import TaskMetrics, task_metrics
from evalharness.errors import Fault
from evalharness.predictions import decide
from evalharness.records.progress import Progress
from evalharness.tally import Attainable, AttainableCounter, BestGradingCounter, BestShare, Counter, Foreseen, ScoreCounter, Slices
from evalharness.tally.strata import StrataCounter
from evalharness.workflows.answering import for_classifier, opened
from evalharness.workflows.counted import Counted, nothing_more
from evalharness.workflows.counting_copies import copied_rows
from evalharness.workflows.counting_outcomes import OutcomeCounter
from evalharness.workflows.counting_rows import RowMetricRows
from evalharness.workflows.describing_items import ItemDescriber
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.judged_labels import ROWS_A_BATCH, counted_columns, judged_labels
from evalharness.workflows.oversight.bands import BandRows

Chances = NDArray[np.float64]
Groups = dict[str, NDArray[np.int32]]
_MOST_ROUNDING = 1e-4
"""How far the stored chances of the levels of an item, each of them rounded, may be from adding up to 1."""


class _Best(Protocol):
    """What holds a classifier against the best that is attainable."""

    def add(
        self, posterior: Chances, labels: NDArray[np.int8], decisions: NDArray[np.int8], groups: Groups, within: dict[str, Chances] | None
    ) -> None: ...

    def result(self) -> tuple[Attainable, ...] | tuple[BestShare, ...]: ...

    def foreseen(self) -> Foreseen: ...


def count_items(inputs: Inputs, progress: Progress) -> Counted:
    """Batch by batch."""
    policy, benchmark = inputs.policy, inputs.benchmark
    classifier, remarks = opened(inputs)
    info, levels = benchmark.info, benchmark.levels(policy.split)
    slices = Slices(attributes=info.attributes, levels=levels, depth=policy.intersections)
    of = task_metrics(info.task, info.levels)
    counter = _counter(benchmark, slices, of)
    scores, scored = ScoreCounter(policy.operating_point.threshold), False
    fated = BandRows(inputs)
    rows = RowMetricRows(inputs.customs, info.attributes, levels)
    best = _best(benchmark, levels)
    outcomes = _outcomes(benchmark, policy.split, of)
    describer = None if info.task == "ordinal" or info.weighted else ItemDescriber(inputs, levels)
    truth = _chances(benchmark, policy.split)
    copied = copied_rows(inputs)
    columns = columns_of(classifier) | counted_columns(info) | (frozenset() if copied is None else copied.columns)
    total = benchmark.rows_in(policy.split)
    done = 0
    for batch in benchmark.batches(policy.split, columns=columns, batch_rows=ROWS_A_BATCH):
        labels, groups = judged_labels(batch, info), batch.groups
        if groups is None:
            raise Fault("the benchmark gave a batch without groups")
        answers = classifier.answer(for_classifier(batch))
        decisions = decide(answers, policy.operating_point, info.levels)
        if isinstance(counter, StrataCounter):
            counter.add(labels, decisions, groups, batch.clusters, _chances_of_rows(batch))
        else:
            counter.add(labels, decisions, groups, batch.clusters)
        rows.add(batch, labels, decisions, answers.scores)
        fated.add(batch, labels, decisions, answers)
        if copied is not None:
            copied.add(batch, labels, decisions)
        if answers.scores is not None:
            scored = True
            scores.add(answers.scores, labels)
        if describer is not None:
            describer.add(batch, labels, answers)
        if best is not None:
            posterior, within = next(truth)
            best.add(posterior, labels, decisions, groups, within)
        if outcomes is not None:
            outcomes.add(batch, decisions)
        done += len(decisions)
        progress("scoring", done, total)
    foreseen_of, foreseen = (None, None) if outcomes is None else outcomes.result()
    if best is not None and info.task != "risk":
        foreseen = best.foreseen()
    tally = counter.result()
    counted = Counted(
        tally=tally,
        rows=total,
        unlabelled=counter.unlabelled,
        accounting=classifier.accounting(),
        scores=scores.result() if scored else None,
        attainable=best.result() if best is not None else None,
        foreseen=foreseen,
        foreseen_of=foreseen_of,
        of_rows=rows.result(),
        describe=nothing_more if describer is None else describer.result(tally),
        oversight=fated.result(),
        remarks=remarks,
    )
    if copied is None:
        return counted
    return copied.into(counted, progress, lambda answers: decide(answers, policy.operating_point, info.levels))


def _counter(benchmark: Benchmark, slices: Slices, of: TaskMetrics) -> Counter | StrataCounter:
    clustered = benchmark.info.clustered
    if benchmark.info.weighted:
        return StrataCounter(lambda: Counter(slices, clustered=clustered, of=of))
    return Counter(slices, clustered=clustered, of=of, contiguous=benchmark.contiguous_clusters)


def _chances_of_rows(batch: Batch) -> NDArray[np.float64]:
    if batch.inclusion is None:
        raise Fault("the benchmark gave a batch without the chances of its rows")
    return batch.inclusion


def _best(benchmark: Benchmark, levels: dict[str, tuple[str, ...]]) -> _Best | None:
    """Null where the true chances are not known."""
    if not set(_columns_of_chances(benchmark)) <= set(benchmark.truth_columns):
        return None
    return BestGradingCounter(levels, len(benchmark.info.levels)) if benchmark.info.task == "ordinal" else AttainableCounter(levels)


def _outcomes(benchmark: Benchmark, split: str, of: TaskMetrics) -> OutcomeCounter | None:
    """Null for other tasks than risk, and where the true chances of the outcomes are not known."""
    known = benchmark.info.task == "risk" and "posterior" in benchmark.truth_columns
    return OutcomeCounter(benchmark, split, of, ROWS_A_BATCH) if known else None


def _columns_of_chances(benchmark: Benchmark) -> tuple[str, ...]:
    info = benchmark.info
    named = {"ordinal": tuple(f"posterior_{level}" for level in info.levels), "risk": (BAND,)}
    return named.get(info.task, ("posterior",))


def _chances(benchmark: Benchmark, split: str) -> Iterator[tuple[Chances, dict[str, Chances]]]:
    """The true chance of each row; for attributes that shape the features also the chance given the row's own level.

    Ordinal: the chance of every level. Risk: the true band follows from what a model receives, so the chance of the top band is 1 or 0.
    """
    info = benchmark.info
    if info.task == "risk":
        for bands in benchmark.truth(split, BAND, ROWS_A_BATCH):
            yield pc.equal(bands, info.levels[-1]).fill_null(False).to_numpy(zero_copy_only=False).astype(np.float64), {}
        return
    own = {name: _stored(benchmark, split, name) for name in benchmark.within}
    for posterior in _stored(benchmark, split, None):
        yield posterior, {name: next(chances) for name, chances in own.items()}


def _stored(benchmark: Benchmark, split: str, within: str | None) -> Iterator[Chances]:
    """[rows] chances of the positive label, or [rows, levels] of each level."""
    if benchmark.info.task != "ordinal":
        yield from benchmark.posterior(split, ROWS_A_BATCH, within=within)
        return
    parts = [benchmark.posterior(split, ROWS_A_BATCH, within=within, level=level) for level in benchmark.info.levels]
    for columns in zip(*parts, strict=True):
        chances = np.stack(columns, axis=1)
        total = chances.sum(axis=1, keepdims=True)
        if not np.all(np.abs(total - 1) <= _MOST_ROUNDING):
            raise Fault("the true chances of the levels of an item do not add up to 1")
        yield chances / total
