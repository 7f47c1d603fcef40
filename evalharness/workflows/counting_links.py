"""Linkage: what is counted are pairs of records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import pyarrow as pa

from evalharness.benchmarks import Benchmark
from evalharness.benchmarks.columns import PAIR_TRUTH
from evalharness.catalogue import task_metrics
from evalharness.metrics.linked import describe_linking
from evalharness.predictions.answers import ANSWERED, DUPLICATE, INVALID, MISSING, Accounting
from evalharness.predictions.links import LinkCounts, Links
from evalharness.predictions.pair_answers import LinkAnswers
from evalharness.records import Description
from evalharness.records.progress import Progress
from evalharness.tally import BestLinkingCounter, Counter, ScoreCounter, Slices
from evalharness.tally.group_sums import Groups
from evalharness.tally.linked import LinkedCounter
from evalharness.workflows.answering import linked
from evalharness.workflows.counted import Counted
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.linked_records import Records, records_of


def count_links(inputs: Inputs, progress: Progress) -> Counted:
    """Asks for all links, then counts every true link, every predicted link that is false, and every other candidate pair."""
    policy, benchmark = inputs.policy, inputs.benchmark
    answers, remarks = linked(inputs)
    records = records_of(benchmark, policy.split)
    links = Links(
        benchmark,
        policy.split,
        answers,
        threshold=policy.operating_point.threshold,
        entities=records.entities,
        clusters=records.clusters,
    )
    levels = benchmark.levels(policy.split)
    slices = Slices(attributes=benchmark.info.attributes, levels=levels, depth=policy.intersections)
    counter = Counter(slices, clustered=True, of=task_metrics("linkage"))
    scores = ScoreCounter(policy.operating_point.threshold)
    best = BestLinkingCounter(levels) if PAIR_TRUTH in benchmark.tables else None
    done = 0
    for some in links.rows():
        groups = {name: codes[some.records] for name, codes in records.groups.items()}
        counter.add(some.labels, some.decisions, groups, pa.array(some.clusters))
        if some.scores is not None:
            scores.add(some.scores, some.labels)
        if best is not None:
            best.add_judged(some.labels, some.decisions, groups)
        done += len(some.labels)
        progress("counting", done, links.counts.judged)
    if best is not None:
        _add_truth(best, benchmark, policy.split, links, records.groups)
    return Counted(
        tally=counter.result(),
        rows=links.counts.judged + answers.self_pairs,
        unlabelled=counter.unlabelled,
        accounting=pair_accounting(answers, links.counts),
        scores=None if answers.scores is None else scores.result(),
        attainable=None if best is None else best.result(),
        describe=partial(_described, links, records, answers, levels),
        remarks=(*remarks, *link_remarks(links.counts, answers)),
    )


def _described(links: Links, records: Records, answers: LinkAnswers, levels: Mapping[str, tuple[str, ...]], level: float) -> Description:
    """Of whole entities, from another look at the candidate pairs."""
    predicted = None if answers.entities is None else np.where(answers.status == ANSWERED, answers.entities, -1)
    counter = LinkedCounter(records.entities, predicted, records.groups)
    for some in links.candidates():
        counter.add(some.lower, some.higher, some.labels, some.decisions)
    return describe_linking(counter.result(), levels, level)


def pair_accounting(answers: LinkAnswers, counts: LinkCounts) -> Accounting:
    """By judged pair, as the tally has them."""
    told = counts.by_status.tolist()
    return replace(
        answers.accounting,
        answered=told[ANSWERED],
        missing=told[MISSING],
        duplicate=told[DUPLICATE],
        invalid=told[INVALID] + answers.self_pairs,
    )


def _add_truth(best: BestLinkingCounter, benchmark: Benchmark, split: str, links: Links, groups: Groups) -> None:
    """Adds the true chances of the candidate pairs, and the true links that none of them holds."""
    for some, chances in zip(links.candidates(), benchmark.pair_posterior(split), strict=True):
        best.add_candidates(chances, some.labels, some.decisions, {name: codes[some.lower] for name, codes in groups.items()})
    records, pairs = links.outside()
    best.add_outside(pairs, {name: codes[records] for name, codes in groups.items()})


def link_remarks(counts: LinkCounts, answers: LinkAnswers) -> Iterator[str]:
    """What pairs were counted, and what no candidate pair holds."""
    yield (
        f"What is counted are pairs of records: {counts.true_links:,} true links and {counts.judged - counts.true_links:,} others. "
        f"Of the {counts.candidates:,} candidate pairs {counts.candidates_false:,} hold no true link."
    )
    if counts.true_links_outside:
        how = "they count as missed, whatever the model" if answers.entities is None else "only the model's own entities can join them"
        yield f"{counts.true_links_outside:,} of the {counts.true_links:,} true links are held by no candidate pair: {how}."
    if counts.predicted_outside:
        yield f"{counts.predicted_outside:,} of the {counts.predicted:,} predicted links are held by no candidate pair."
    if answers.entities is not None and (without := int(np.count_nonzero(answers.status != ANSWERED))):
        yield f"{without:,} of {len(answers.status):,} records have no usable entity: every pair with one of them has no answer."
    if counts.clusters:
        yield (
            f"Records that true or predicted links join in a chain count as one cluster: {counts.clusters:,} of them, "
            f"the largest of {counts.largest_cluster:,} records. Wrong links make clusters larger, and the limits wider."
        )
