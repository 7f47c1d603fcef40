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
from evalharness.predictions.decide import SELECTED
from evalharness.predictions.queues import Worked, work
from evalharness.records import Group
from evalharness.records.progress import Progress
from evalharness.tally import BestShare, Counter, Foreseen, ScoreCounter, Slices
from evalharness.tally.group_sums import UNIT, Groups, GroupSums, units_of
from evalharness.workflows.answering import for_classifier, opened
from evalharness.workflows.counted import Counted
from evalharness.workflows.inputs import Inputs

_ROWS_A_BATCH = 65_536
_FOUND, _MISSED, _BEST_FOUND, _BEST_MISSED = range(4)

Chances = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Leads:
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
    leads = _scored(inputs, progress)
    worked = work(leads.scores, leads.queues, leads.arrived, budget)
    info, levels = benchmark.info, benchmark.levels(policy.split)
    slices = Slices(attributes=info.attributes, levels=levels, depth=policy.intersections)
    counter = Counter(slices, clustered=info.clustered, of=task_metrics("ranking"), contiguous=benchmark.contiguous_clusters)
    scores = ScoreCounter(None)
    best = _Best(benchmark, policy.split, leads, levels, budget) if "posterior" in benchmark.truth_columns else None
    total = benchmark.rows_in(policy.split)
    for batch in benchmark.batches(policy.split, columns=frozenset({"labels", "groups", "clusters"}), batch_rows=_ROWS_A_BATCH):
        if batch.labels is None or batch.groups is None:
            raise Fault("the benchmark gave a batch without labels or groups")
        rows = slice(batch.start, batch.start + batch.rows)
        counter.add(batch.labels, worked.decisions[rows], batch.groups, batch.clusters)
        scores.add(leads.scores[rows], batch.labels)
        if best is not None:
            best.add(rows, batch.labels, worked.decisions[rows], batch.groups)
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
        remarks=(*leads.remarks, *_remarks(worked, budget, counter.unlabelled)),
    )


def _scored(inputs: Inputs, progress: Progress) -> _Leads:
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
    return _Leads(
        scores=scores, queues=queues, arrived=arrived if known else None, accounting=classifier.accounting(), remarks=remarks
    )  # fmt: skip


class _Best:
    """Recall at the budget against what is expected of working the highest true chances of every queue.

    No order of the leads finds more of them, in expectation, within all queues together. What it finds in one group is told beside the
    model's figure there; an order that favours the group would find more of it, and less of the others.
    """

    def __init__(self, benchmark: Benchmark, split: str, leads: _Leads, levels: dict[str, tuple[str, ...]], budget: int) -> None:
        chances = np.concatenate([*benchmark.posterior(split, _ROWS_A_BATCH), np.zeros(0)])
        self._best = work(chances, leads.queues, leads.arrived, budget).decisions
        self._truth = _chances(benchmark, split)
        self._sums = GroupSums(levels, 4)
        self._worked = 0
        self._promised = 0

    def add(self, rows: slice, labels: NDArray[np.int8], decisions: NDArray[np.int8], groups: Groups) -> None:
        """Adds the next rows of the split."""
        posterior, within = next(self._truth)
        labelled = np.flatnonzero(labels >= 0)
        own = {name: codes[labelled] for name, codes in groups.items()}
        relevant = np.flatnonzero(labels[labelled] == 1)
        places = np.where(decisions[labelled][relevant] == SELECTED, _FOUND, _MISSED)
        self._sums.add({name: codes[relevant] for name, codes in own.items()}, places, np.ones(len(relevant)))
        places = np.where(self._best[rows][labelled] == SELECTED, _BEST_FOUND, _BEST_MISSED)
        inside = {name: units_of(chances[labelled]) for name, chances in within.items()}
        self._sums.add(own, places, units_of(posterior[labelled]), inside)
        worked = decisions[labelled] == SELECTED
        self._worked += int(worked.sum())
        self._promised += int(units_of(posterior[labelled][worked]).sum())

    def foreseen(self) -> Foreseen:
        """How many of the leads worked are expected to be relevant."""
        possible = int(self._sums.sums[0, [_BEST_FOUND, _BEST_MISSED]].sum())
        return Foreseen(choices=self._worked, expected=self._promised / UNIT, of=possible / UNIT)

    def result(self) -> tuple[BestShare, ...]:
        """Everybody first, then each level in declared order."""
        return tuple(_share(group, *self._sums.sums[k].tolist()) for k, group in enumerate(self._sums.groups))


def _share(group: Group, found: int, missed: int, best_found: int, best_missed: int) -> BestShare:
    relevant, expected = found + missed, best_found + best_missed
    reasons = [
        *(["no relevant lead, so the model's recall is undefined"] if not relevant else []),
        *(["by the true chances no lead can be relevant"] if not expected else []),
    ]
    return BestShare(
        group=group,
        metric="recall_at_budget",
        value=found / relevant if relevant else None,
        best=best_found / expected if expected else None,
        n=relevant,
        reason="; ".join(reasons),
    )


def _chances(benchmark: Benchmark, split: str) -> Iterator[tuple[Chances, dict[str, Chances]]]:
    own = {name: benchmark.posterior(split, _ROWS_A_BATCH, within=name) for name in benchmark.within}
    for posterior in benchmark.posterior(split, _ROWS_A_BATCH):
        yield posterior, {name: next(chances) for name, chances in own.items()}


def _remarks(worked: Worked, budget: int, unlabelled: int) -> Iterator[str]:
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
