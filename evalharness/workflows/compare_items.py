"""Binary, ordinal and risk: all models in one pass over the items, batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evalharness.adapters import columns_of
from evalharness.benchmarks.batch import Column
from evalharness.catalogue import COMPARED, paired_metrics, task_metrics
from evalharness.errors import Fault
from evalharness.predictions import decide
from evalharness.records.progress import Progress
from evalharness.tally import Counter, ScoreCounter, Slices
from evalharness.tally.orders import OrdersCounter
from evalharness.tally.paired import PairedCounter
from evalharness.workflows.answering import for_classifier, opened
from evalharness.workflows.compare_counted import CountedModel, CountedTogether, each_opened
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.judged_labels import ROWS_A_BATCH, counted_columns, judged_labels
from evalharness.workflows.oversight.bands import BandRows


def compare_items(every: Sequence[Inputs], progress: Progress) -> CountedTogether:
    """Memory is bounded by the batch, by 9 bytes an item and model where predictions are stored, by 8 bytes an item and model and the names
    of clusters where scores are compared, and where clusters come in pieces by a few bytes a row for each model and for each metric of
    each challenger.
    """
    first = every[0]
    benchmark, policy = first.benchmark, first.policy
    made = each_opened(every, opened)
    classifiers = [classifier for classifier, _ in made]
    info = benchmark.info
    slices = Slices(attributes=info.attributes, levels=benchmark.levels(policy.split), depth=policy.intersections)
    of = task_metrics(info.task, info.levels)
    contiguous = benchmark.contiguous_clusters
    counters = [Counter(slices, clustered=info.clustered, of=of, contiguous=contiguous) for _ in every]
    pairs = [PairedCounter(slices, clustered=info.clustered, of=paired_metrics(of), contiguous=contiguous) for _ in every[1:]]
    fated = [BandRows(inputs) for inputs in every]
    scores: list[ScoreCounter | None] = [None for _ in every]
    orders = OrdersCounter(len(every), clustered=info.clustered) if COMPARED[info.task].ordered else None
    columns = frozenset[Column]().union(*(columns_of(classifier) for classifier in classifiers)) | counted_columns(info)
    total, done = benchmark.rows_in(policy.split), 0
    for batch in benchmark.batches(policy.split, columns=columns, batch_rows=ROWS_A_BATCH):
        if batch.groups is None:
            raise Fault("the benchmark gave a batch without groups")
        labels, shown = judged_labels(batch, info), for_classifier(batch)
        decisions, told = [], []
        for place, classifier in enumerate(classifiers):
            answers = classifier.answer(shown)
            point = every[place].policy.operating_point  # of its own where it was certified
            decided = decide(answers, point, info.levels)
            counters[place].add(labels, decided, batch.groups, batch.clusters)
            fated[place].add(batch, labels, decided, answers)
            decisions.append(decided)
            told.append(answers.scores)
            if answers.scores is not None:
                counter = scores[place] = scores[place] or ScoreCounter(point.threshold)
                counter.add(answers.scores, labels)
        for pair, decided in zip(pairs, decisions[1:], strict=True):
            pair.add(labels, decisions[0], decided, batch.groups, batch.clusters)
        if orders is not None:
            orders.add(labels, told, batch.clusters)
        done += len(labels)
        progress("scoring", done, total)
    models = [
        CountedModel(
            tally=replace(counter.result(), shares=fates.result().shares),
            accounting=classifier.accounting(),
            scores=None if scored is None else scored.result(),
            remarks=remarks,
        )
        for counter, (classifier, remarks), scored, fates in zip(counters, made, scores, fated, strict=True)
    ]
    return CountedTogether(
        models=tuple(models),
        paired=tuple(pair.result() for pair in pairs),
        unlabelled=counters[0].unlabelled,
        orders=() if orders is None else orders.result(),
    )
