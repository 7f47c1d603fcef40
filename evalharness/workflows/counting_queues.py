"""Ranking: all scores of the split come first, because a lead is worked or not by what else waits in its queue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.adapters import columns_of
from evalharness.benchmarks import Benchmark
from evalharness.benchmarks.batch import Column
from evalharness.catalogue import task_metrics
from evalharness.errors import Fault
from evalharness.predictions import Accounting
from evalharness.predictions.queues import Worked, work
from evalharness.records.progress import Progress
from evalharness.tally import BestRankingCounter, Counter, ScoreCounter, Slices
from evalharness.workflows.answering import for_classifier, opened
from evalharness.workflows.counted import Counted
from evalharness.workflows.inputs import Inputs

_ROWS_A_BATCH = 65_536

Chances = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leads:
    """What is held of every lead of the split: 24 bytes."""

    scores: NDArray[np.float64]
    queues: NDArray[np.int64]
    arrived: NDArray[np.float64] | None
    accounting: Accounting
    remarks: tuple[str, ...]


def count_queues(inputs: Inputs, progress: Progress) -> Counted:
    """Scores every lead, applies the daily budget to each queue, then counts."""
    policy, benchmark = inputs.policy, inputs.benchmark
    budget = policy.operating_point.budget_per_day
    if budget is None:
        raise Fault("ranking needs a daily budget")
    leads = scored_leads(inputs, progress)
    worked = work(leads.scores, leads.queues, leads.arrived, budget)
    info, levels = benchmark.info, benchmark.levels(policy.split)
    slices = Slices(attributes=info.attributes, levels=levels, depth=policy.intersections)
    counter = Counter(slices, clustered=info.clustered, of=task_metrics("ranking"), contiguous=benchmark.contiguous_clusters)
    scores = ScoreCounter(None)
    best = BestRankingCounter(levels) if "posterior" in benchmark.truth_columns else None
    best_worked = None if best is None else _best_worked(benchmark, policy.split, leads, budget)
    truth = _chances(benchmark, policy.split)
    total = benchmark.rows_in(policy.split)
    for batch in benchmark.batches(policy.split, columns=frozenset({"labels", "groups", "clusters"}), batch_rows=_ROWS_A_BATCH):
        if batch.labels is None or batch.groups is None:
            raise Fault("the benchmark gave a batch without labels or groups")
        rows = slice(batch.start, batch.start + batch.rows)
        counter.add(batch.labels, worked.decisions[rows], batch.groups, batch.clusters)
        scores.add(leads.scores[rows], batch.labels)
        if best is not None and best_worked is not None:
            posterior, within = next(truth)
            best.add(posterior, batch.labels, worked.decisions[rows], batch.groups, within, best=best_worked[rows])
        progress("counting", rows.stop, total)
    return Counted(
        tally=counter.result(),
        rows=total,
        unlabelled=counter.unlabelled,
        accounting=leads.accounting,
        scores=scores.result(),
        attainable=None if best is None else best.result(),
        foreseen=None if best is None else best.foreseen(),
        queues=worked.queues or None,
        remarks=(*leads.remarks, *queue_remarks(worked, budget, counter.unlabelled)),
    )


def scored_leads(inputs: Inputs, progress: Progress) -> Leads:
    """Every lead of the judged split with its score. Raises BadInput for anything wrong with the answers."""
    benchmark, split = inputs.benchmark, inputs.policy.split
    classifier, remarks = opened(inputs)
    total = benchmark.rows_in(split)
    scores, arrived = np.full(total, np.nan), np.full(total, np.nan)
    queues = np.zeros(total, dtype=np.int64)
    known = True
    columns: frozenset[Column] = columns_of(classifier) | frozenset({"queues", "arrived"})
    for batch in benchmark.batches(split, columns=columns, batch_rows=_ROWS_A_BATCH):
        answers = classifier.answer(for_classifier(batch))
        if answers.scores is None or batch.queues is None:
            raise Fault("ranking needs a score and a queue for every lead")
        rows = slice(batch.start, batch.start + batch.rows)
        scores[rows], queues[rows] = answers.scores, batch.queues
        known = known and batch.arrived is not None
        if batch.arrived is not None:
            arrived[rows] = batch.arrived
        progress("scoring", rows.stop, total)
    return Leads(
        scores=scores, queues=queues, arrived=arrived if known else None, accounting=classifier.accounting(), remarks=remarks
    )  # fmt: skip


def _best_worked(benchmark: Benchmark, split: str, leads: Leads, budget: int) -> NDArray[np.int8]:
    """[leads] 1 where the lead is worked by whoever goes by the true chances."""
    chances = np.concatenate([*benchmark.posterior(split, _ROWS_A_BATCH), np.zeros(0)])
    return work(chances, leads.queues, leads.arrived, budget).decisions


def _chances(benchmark: Benchmark, split: str) -> Iterator[tuple[Chances, dict[str, Chances]]]:
    own = {name: benchmark.posterior(split, _ROWS_A_BATCH, within=name) for name in benchmark.within}
    for posterior in benchmark.posterior(split, _ROWS_A_BATCH):
        yield posterior, {name: next(chances) for name, chances in own.items()}


def queue_remarks(worked: Worked, budget: int, unlabelled: int) -> Iterator[str]:
    """What the budget left to the order of arrival, and what else is to be known of the queues."""
    ties = worked.ties
    if ties.leads:
        text = (
            f"In {ties.queues:,} of {worked.queues:,} daily queues several leads have the score at the edge of the budget of {budget:,}: "
            f"for {ties.leads:,} leads the earlier arrival decided, not the model."
        )
        stored = f" {ties.stored_order:,} of them had arrived at the same moment; there their place in the file decided."
        yield text + (stored if ties.stored_order else "")
    if worked.short:
        yield (
            f"In {worked.short:,} of {worked.queues:,} daily queues fewer leads have a score than the budget of {budget:,} allows: "
            "all of them count as looked at."
        )
    if unlabelled:
        yield "Leads without a label wait in the queues and take places of the budget like any other."
