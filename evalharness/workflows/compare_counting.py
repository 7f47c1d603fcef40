"""One pass over the items for several models: each model's own counts, and those of each challenger beside the incumbent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evalharness.adapters import Classifier, columns_of
from evalharness.benchmarks.batch import Column
from evalharness.catalogue import task_metrics
from evalharness.errors import BadInput, Fault, Problems
from evalharness.files.unchanged import check_unchanged
from evalharness.predictions import Accounting, decide
from evalharness.records.progress import Progress
from evalharness.tally import ConfusionTally, Counter, Slices
from evalharness.tally.paired import PairedCounter, PairedTally
from evalharness.workflows.answering import for_classifier, opened
from evalharness.workflows.blind_answers import check_export
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.judged_labels import ROWS_A_BATCH, counted_columns, judged_labels


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedTogether:
    """What is left of the rows. The incumbent is the first model."""

    own: tuple[ConfusionTally, ...]
    """Of each model."""
    paired: tuple[PairedTally, ...]
    """Of each challenger, the incumbent beside it."""
    accounting: tuple[Accounting, ...]
    remarks: tuple[tuple[str, ...], ...]
    """What each adapter says of its artefact."""
    unlabelled: int


def count_together(every: Sequence[Inputs], progress: Progress) -> CountedTogether:
    """Runs all models over the judged split, batch by batch.

    Memory is bounded by the batch, by 9 bytes an item and model where predictions are stored, and where clusters come in pieces by a few
    bytes a row for each model and each challenger. Raises BadInput for anything wrong with the answers of any model, all at once.
    """
    first = every[0]
    benchmark, policy = first.benchmark, first.policy
    classifiers, remarks = _opened(every)
    info = benchmark.info
    slices = Slices(attributes=info.attributes, levels=benchmark.levels(policy.split), depth=policy.intersections)
    of = task_metrics(info.task, info.levels)
    contiguous = benchmark.contiguous_clusters
    counters = [Counter(slices, clustered=info.clustered, of=of, contiguous=contiguous) for _ in every]
    pairs = [PairedCounter(slices, clustered=info.clustered, contiguous=contiguous) for _ in every[1:]]
    wanted = frozenset[Column]().union(*(columns_of(classifier) for classifier in classifiers))
    columns = wanted | counted_columns(info)
    total, done = benchmark.rows_in(policy.split), 0
    for batch in benchmark.batches(policy.split, columns=columns, batch_rows=ROWS_A_BATCH):
        if batch.groups is None:
            raise Fault("the benchmark gave a batch without groups")
        labels = judged_labels(batch, info)
        shown = for_classifier(batch)
        decisions = [decide(classifier.answer(shown), policy.operating_point, info.levels) for classifier in classifiers]
        for counter, decided in zip(counters, decisions, strict=True):
            counter.add(labels, decided, batch.groups, batch.clusters)
        for pair, decided in zip(pairs, decisions[1:], strict=True):
            pair.add(labels, decisions[0], decided, batch.groups, batch.clusters)
        done += len(labels)
        progress("scoring", done, total)
    check_unchanged(tuple(dict.fromkeys(state for one in every for state in one.states)))
    return CountedTogether(
        own=tuple(counter.result() for counter in counters),
        paired=tuple(pair.result() for pair in pairs),
        accounting=tuple(classifier.accounting() for classifier in classifiers),
        remarks=remarks,
        unlabelled=counters[0].unlabelled,
    )


def _opened(every: Sequence[Inputs]) -> tuple[list[Classifier], tuple[tuple[str, ...], ...]]:
    """Every classifier and what its adapter remarks. Raises BadInput with the problems of all that cannot be opened."""
    problems = Problems()
    classifiers, remarks = [], []
    for inputs in every:
        try:
            check_export(inputs.card, None)
            classifier, said = opened(inputs)
        except BadInput as error:
            problems.extend(error)
            continue
        classifiers.append(classifier)
        remarks.append(said)
    problems.raise_if_any()
    return classifiers, tuple(remarks)
