"""Ranking: all scores of the split come first, because a lead is worked or not by what else waits in its queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from evalharness.benchmarks import Benchmark
from evalharness.benchmarks.batch import Column
from evalharness.catalogue import task_metrics
from evalharness.errors import Fault
from evalharness.metrics.ranked import RankedLeads, describe_ranking
from evalharness.predictions.answers import Answers
from evalharness.predictions.queues import Worked, work
from evalharness.predictions.queues_changed import work_changed
from evalharness.records import AS_IT_STANDS, Description, Policy
from evalharness.records.progress import Progress
from evalharness.tally import BestRankingCounter, Counter, ScoreCounter, Slices
from evalharness.tally.group_sums import Groups
from evalharness.tally.ordered import WaitingLeads
from evalharness.workflows.counted import Counted
from evalharness.workflows.counting_copies import copied_rows
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.other_budgets import OtherBudgets
from evalharness.workflows.scored_leads import Leads, scored_leads

_ROWS_A_BATCH = 65_536
_COUNTED: frozenset[Column] = frozenset({"labels", "groups", "clusters", "minutes"})

Chances = NDArray[np.float64]


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
    others = OtherBudgets(policy, benchmark, leads.scores, leads.queues, leads.arrived)
    scores = ScoreCounter(None)
    best = BestRankingCounter(levels) if "posterior" in benchmark.truth_columns else None
    chances = None if best is None else np.concatenate([*benchmark.posterior(policy.split, _ROWS_A_BATCH), np.zeros(0)])
    best_worked = None if chances is None else work(chances, leads.queues, leads.arrived, budget).decisions
    truth = _chances(benchmark, policy.split)
    total = benchmark.rows_in(policy.split)
    waiting = _Waiting(total, info.attributes)
    copied = copied_rows(inputs)
    columns = _COUNTED | (frozenset() if copied is None else copied.columns)
    for batch in benchmark.batches(policy.split, columns=columns, batch_rows=_ROWS_A_BATCH):
        if batch.labels is None or batch.groups is None:
            raise Fault("the benchmark gave a batch without labels or groups")
        rows = slice(batch.start, batch.start + batch.rows)
        counter.add(batch.labels, worked.decisions[rows], batch.groups, batch.clusters)
        others.add(rows, batch.labels, batch.groups, batch.clusters)
        if copied is not None:
            copied.add(batch, batch.labels, worked.decisions[rows])
        scores.add(leads.scores[rows], batch.labels)
        waiting.add(rows, batch.labels, batch.minutes, batch.groups)
        if best is not None and best_worked is not None:
            posterior, within = next(truth)
            best.add(posterior, batch.labels, worked.decisions[rows], batch.groups, within, best=best_worked[rows])
        progress("counting", rows.stop, total)
    counted = Counted(
        tally=others.into(counter.result()),
        rows=total,
        unlabelled=counter.unlabelled,
        accounting=leads.accounting,
        scores=scores.result(),
        attainable=None if best is None else best.result(),
        foreseen=None if best is None else best.foreseen(),
        queues=worked.queues or None,
        describe=partial(_described, waiting.ranked(leads, chances, levels), policy),
        remarks=(*leads.remarks, *queue_remarks(worked, budget, counter.unlabelled)),
    )
    return counted if copied is None else copied.into(counted, progress, scores_of, partial(_settled, leads, budget))


def scores_of(answers: Answers) -> NDArray[np.float64]:
    """[rows] the scores. Raises Fault where the classifier gives none."""
    if answers.scores is None:
        raise Fault("ranking needs a score for every lead")
    return answers.scores


def _settled(leads: Leads, budget: int, changed: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.int8]:
    """What would be decided of each of these leads, were its own score alone another."""
    return work_changed(leads.scores, leads.queues, leads.arrived, budget, leads=rows, changed=changed)


class _Waiting:
    """What is kept of the counted leads for the measures of their order: 9 bytes a lead, and the groups of the relevant ones."""

    def __init__(self, total: int, attributes: tuple[str, ...]) -> None:
        self._labels = np.full(total, -1, dtype=np.int8)
        self._minutes = np.full(total, np.nan)
        self._timed = True
        self._groups: dict[str, list[NDArray[np.int32]]] = {attribute: [np.zeros(0, dtype=np.int32)] for attribute in attributes}

    def add(self, rows: slice, labels: NDArray[np.int8], minutes: NDArray[np.float64] | None, groups: Groups) -> None:
        """The next rows of the split."""
        self._labels[rows] = labels
        self._timed = self._timed and minutes is not None
        if minutes is not None:
            self._minutes[rows] = minutes
        for attribute, codes in self._groups.items():
            codes.append(groups[attribute][labels == 1].astype(np.int32, copy=False))

    def ranked(self, leads: Leads, chances: Chances | None, levels: Mapping[str, tuple[str, ...]]) -> RankedLeads:
        """All of it, with what was said of the leads."""
        return RankedLeads(
            leads=WaitingLeads(queues=leads.queues, labels=self._labels, minutes=self._minutes if self._timed else None),
            scores=leads.scores,
            arrived=leads.arrived,
            chances=chances,
            groups={attribute: np.concatenate(codes) for attribute, codes in self._groups.items()},
            levels=levels,
        )


def _described(ranked: RankedLeads, policy: Policy, level: float) -> Description:
    """At the policy's budget, and at the recall that it asks of everybody, if it does."""
    asked = [
        r.bound
        for r in policy.requirements
        if r.metric == "recall_at_budget" and r.comparison == "at_least" and not r.for_each and r.on == AS_IT_STANDS
    ]
    return describe_ranking(ranked, budget=policy.operating_point.budget_per_day or 0, goal=max(asked, default=None), level=level)


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
