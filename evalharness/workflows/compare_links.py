"""Linkage: each model's links over the whole split, then the pairs that it and the incumbent decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from evalharness.catalogue import paired_metrics, task_metrics
from evalharness.predictions.links import Links
from evalharness.predictions.links_together import LinksTogether
from evalharness.predictions.pair_answers import LinkAnswers
from evalharness.records.progress import Progress
from evalharness.tally import Counter, ScoreCounter, Slices
from evalharness.tally.paired import PairedCounter, PairedTally
from evalharness.workflows.answering import linked
from evalharness.workflows.compare_counted import CountedModel, CountedTogether, each_opened
from evalharness.workflows.counting_links import link_remarks, pair_accounting
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.linked_records import Records, records_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Linked:
    answers: LinkAnswers
    links: Links
    remarks: tuple[str, ...]


def compare_links(every: Sequence[Inputs], progress: Progress) -> CountedTogether:
    """Memory: for each model what `evaluate` takes, some 100 bytes a record and 30 a candidate pair."""
    first = every[0]
    records = records_of(first.benchmark, first.policy.split)
    levels = first.benchmark.levels(first.policy.split)
    slices = Slices(attributes=first.benchmark.info.attributes, levels=levels, depth=first.policy.intersections)
    models = each_opened(every, lambda inputs: _linked(inputs, records))
    counted = []
    for done, own in enumerate(models):
        progress("counting", done, 2 * len(models) - 1)
        counted.append(_counted(first, own, records, slices))
    paired = []
    for done, own in enumerate(models[1:], start=len(models)):
        progress("counting", done, 2 * len(models) - 1)
        paired.append(_paired(models[0], own, records, slices))
    progress("counting", 1, 1)
    return CountedTogether(models=tuple(counted), paired=tuple(paired), unlabelled=0)


def _linked(inputs: Inputs, records: Records) -> _Linked:
    policy = inputs.policy
    answers, remarks = linked(inputs)
    threshold = policy.operating_point.threshold
    links = Links(
        inputs.benchmark, policy.split, answers, threshold=threshold, entities=records.entities, clusters=records.clusters
    )  # fmt: skip
    return _Linked(answers=answers, links=links, remarks=remarks)


def _counted(inputs: Inputs, own: _Linked, records: Records, slices: Slices) -> CountedModel:
    """As `evaluate` counts it, in clusters of its own links."""
    counter = Counter(slices, clustered=True, of=task_metrics("linkage"))
    scores = ScoreCounter(inputs.policy.operating_point.threshold)
    for some in own.links.rows():
        counter.add(
            some.labels, some.decisions, {name: codes[some.records] for name, codes in records.groups.items()}, pa.array(some.clusters)
        )
        if some.scores is not None:
            scores.add(some.scores, some.labels)
    return CountedModel(
        tally=counter.result(),
        accounting=pair_accounting(own.answers, own.links.counts),
        scores=None if own.answers.scores is None else scores.result(),
        remarks=(*own.remarks, *link_remarks(own.links.counts, own.answers)),
    )


def _paired(incumbent: _Linked, challenger: _Linked, records: Records, slices: Slices) -> PairedTally:
    """In clusters of the links of both."""
    counter = PairedCounter(slices, clustered=True, of=paired_metrics(task_metrics("linkage")))
    together = LinksTogether(
        (incumbent.links, challenger.links), (incumbent.answers, challenger.answers), entities=records.entities, clusters=records.clusters
    )
    for some in together.rows():
        groups = {name: codes[some.records] for name, codes in records.groups.items()}
        counter.add(some.labels, some.first, some.second, groups, pa.array(some.clusters))
    return counter.result()
