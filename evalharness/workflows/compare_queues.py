"""Ranking: each model's daily budget is spent over the whole split first, then all models are counted in one pass."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import paired_metrics, task_metrics
from evalharness.errors import Fault
from evalharness.predictions.queues import Worked, work
from evalharness.records.progress import Progress
from evalharness.tally import ConfusionTally, Counter, ScoreCounter, Slices
from evalharness.tally.paired import PairedCounter
from evalharness.workflows.compare_counted import CountedModel, CountedTogether, each_opened
from evalharness.workflows.counting_queues import queue_remarks
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.judged_labels import ROWS_A_BATCH, counted_columns, judged_labels
from evalharness.workflows.other_budgets import OtherBudgets
from evalharness.workflows.scored_leads import Leads, scored_leads


def compare_queues(every: Sequence[Inputs], progress: Progress) -> CountedTogether:
    """Memory: some 25 bytes a lead and model."""
    first = every[0]
    benchmark, policy, budget = first.benchmark, first.policy, first.policy.operating_point.budget_per_day
    if budget is None:
        raise Fault("ranking needs a daily budget")
    leads = each_opened(every, lambda inputs: scored_leads(inputs, progress))
    worked = [work(own.scores, own.queues, own.arrived, budget) for own in leads]
    info = benchmark.info
    slices = Slices(attributes=info.attributes, levels=benchmark.levels(policy.split), depth=policy.intersections)
    of, contiguous = task_metrics(info.task), benchmark.contiguous_clusters
    counters = [Counter(slices, clustered=info.clustered, of=of, contiguous=contiguous) for _ in every]
    pairs = [PairedCounter(slices, clustered=info.clustered, of=paired_metrics(of), contiguous=contiguous) for _ in every[1:]]
    scores = [ScoreCounter(None) for _ in every]
    others = [OtherBudgets(policy, benchmark, own.scores, own.queues, own.arrived) for own in leads]
    for batch in benchmark.batches(policy.split, columns=counted_columns(info), batch_rows=ROWS_A_BATCH):
        if batch.groups is None:
            raise Fault("the benchmark gave a batch without groups")
        labels, rows = judged_labels(batch, info), slice(batch.start, batch.start + batch.rows)
        decisions: list[NDArray[np.int8]] = [own.decisions[rows] for own in worked]
        for counter, scored, own, decided in zip(counters, scores, leads, decisions, strict=True):
            counter.add(labels, decided, batch.groups, batch.clusters)
            scored.add(own.scores[rows], labels)
        for other in others:
            other.add(rows, labels, batch.groups, batch.clusters)
        for pair, decided in zip(pairs, decisions[1:], strict=True):
            pair.add(labels, decisions[0], decided, batch.groups, batch.clusters)
        progress("counting", rows.stop, benchmark.rows_in(policy.split))
    unlabelled = counters[0].unlabelled
    tallies = [other.into(counter.result()) for other, counter in zip(others, counters, strict=True)]
    models = [_model(*own, (budget, unlabelled)) for own in zip(tallies, scores, leads, worked, strict=True)]
    return CountedTogether(models=tuple(models), paired=tuple(pair.result() for pair in pairs), unlabelled=unlabelled)


def _model(tally: ConfusionTally, scored: ScoreCounter, leads: Leads, worked: Worked, told: tuple[int, int]) -> CountedModel:
    return CountedModel(
        tally=tally,
        accounting=leads.accounting,
        scores=scored.result(),
        remarks=(*leads.remarks, *queue_remarks(worked, *told)),
    )
