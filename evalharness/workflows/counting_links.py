"""Linkage: what is counted are pairs of records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evalharness.benchmarks import Benchmark
from evalharness.benchmarks.columns import PAIR_TRUTH
from evalharness.benchmarks.text import coded
from evalharness.catalogue import task_metrics
from evalharness.errors import Fault
from evalharness.predictions.answers import ANSWERED, DUPLICATE, INVALID, MISSING, Accounting
from evalharness.predictions.decide import SELECTED
from evalharness.predictions.links import JudgedPairs, LinkCounts, Links
from evalharness.predictions.pair_answers import LinkAnswers
from evalharness.records import Group
from evalharness.records.progress import Progress
from evalharness.stats.best_rule import most_gained
from evalharness.tally import BestShare, Counter, ScoreCounter, Slices
from evalharness.tally.group_sums import UNIT, Groups, GroupSums, units_of
from evalharness.workflows.answering import linked
from evalharness.workflows.counted import Counted
from evalharness.workflows.inputs import Inputs

_GRID = 10_000
_FOUND, _MISSED, _FALSE_OUTSIDE, _FALSE_EXPECTED = range(4)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Records:
    """What is held of every record of the split."""

    entities: NDArray[np.int64]
    groups: Groups
    clusters: NDArray[np.int64] | None


def count_links(inputs: Inputs, progress: Progress) -> Counted:
    """Asks for all links, then counts every true link, every predicted link that is false, and every other candidate pair."""
    policy, benchmark = inputs.policy, inputs.benchmark
    answers, remarks = linked(inputs)
    records = _records(benchmark, policy.split)
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
    best = _Best(levels) if PAIR_TRUTH in benchmark.tables else None
    done = 0
    for some in links.rows():
        groups = {name: codes[some.records] for name, codes in records.groups.items()}
        counter.add(some.labels, some.decisions, groups, pa.array(some.clusters))
        if some.scores is not None:
            scores.add(some.scores, some.labels)
        if best is not None:
            best.add_judged(some, groups)
        done += len(some.labels)
        progress("counting", done, links.counts.judged)
    if best is not None:
        best.add_truth(benchmark, policy.split, links, records.groups)
    return Counted(
        tally=counter.result(),
        rows=links.counts.judged + answers.self_pairs,
        unlabelled=counter.unlabelled,
        accounting=_accounting(answers, links.counts),
        scores=None if answers.scores is None else scores.result(),
        attainable=None if best is None else best.result(),
        remarks=(*remarks, *_remarks(links.counts, answers)),
    )


def _records(benchmark: Benchmark, split: str) -> _Records:
    entities: list[pa.Array] = []
    clusters: list[pa.Array] = []
    groups: dict[str, list[NDArray[np.int32]]] = {attribute: [] for attribute in benchmark.info.attributes}
    for batch in benchmark.batches(split, columns=frozenset({"entities", "groups", "clusters"})):
        if batch.entities is None or batch.groups is None:
            raise Fault("the benchmark gave a batch without entities or groups")
        entities.append(batch.entities)
        for attribute, parts in groups.items():
            parts.append(batch.groups[attribute])
        if batch.clusters is not None:
            clusters.append(batch.clusters)
    return _Records(
        entities=_numbers(entities),
        groups={attribute: np.concatenate(parts) for attribute, parts in groups.items()},
        clusters=_numbers(clusters) if clusters else None,
    )


def _numbers(texts: list[pa.Array]) -> NDArray[np.int64]:
    """A number for each distinct text."""
    return coded(pa.concat_arrays(texts))[0].astype(np.int64)


def _accounting(answers: LinkAnswers, counts: LinkCounts) -> Accounting:
    """By judged pair, as the tally has them."""
    told = counts.by_status.tolist()
    return replace(
        answers.accounting,
        answered=told[ANSWERED],
        missing=told[MISSING],
        duplicate=told[DUPLICATE],
        invalid=told[INVALID] + answers.self_pairs,
    )


class _Best:
    """Recall over all true links against what is expected of linking the likeliest candidates, until as many are false as the model's.

    Both numbers of false links are expectations: the model's is the sum of (1 - chance) over the candidates that it links, and what else it
    links falsely. By Neyman and Pearson (1933) no choice among the candidates finds more true links, in expectation, at that number.
    Chances are binned on equal steps of [0, 1]; inside a bin the best choice draws lots. A pair is in the group of its first record.
    """

    def __init__(self, levels: Mapping[str, tuple[str, ...]]) -> None:
        self._sums = GroupSums(levels, 4)
        self._outside = GroupSums(levels, 1)
        self._pairs, self._chances = GroupSums(levels, _GRID), GroupSums(levels, _GRID)

    def add_judged(self, some: JudgedPairs, groups: Groups) -> None:
        """Adds judged pairs."""
        selected = some.decisions == SELECTED
        counted = np.flatnonzero((some.labels == 1) | selected)
        places = np.where(some.labels == 1, np.where(selected, _FOUND, _MISSED), _FALSE_OUTSIDE)[counted]
        self._sums.add({name: codes[counted] for name, codes in groups.items()}, places, np.ones(len(counted)))

    def add_truth(self, benchmark: Benchmark, split: str, links: Links, groups: Groups) -> None:
        """Adds the true chances of the candidate pairs, and the true links that none of them holds."""
        for some, chances in zip(links.candidates(), benchmark.pair_posterior(split), strict=True):
            own = {name: codes[some.lower] for name, codes in groups.items()}
            steps = np.minimum((chances * _GRID).astype(np.int64), _GRID - 1)
            self._pairs.add(own, steps, np.ones(len(steps)))
            self._chances.add(own, steps, units_of(chances))
            linked = (some.decisions == SELECTED).astype(np.float64)
            self._sums.add(own, np.full(len(steps), _FALSE_EXPECTED), units_of(1 - chances) * linked)
            self._sums.add(own, np.full(len(steps), _FALSE_OUTSIDE), -linked * (some.labels == 0))
        records, pairs = links.outside()
        own = {name: codes[records] for name, codes in groups.items()}
        self._outside.add(own, np.zeros(len(records), dtype=np.int64), pairs.astype(np.float64))

    def result(self) -> tuple[BestShare, ...]:
        """Everybody first, then each level in declared order."""
        return tuple(self._share(k, group) for k, group in enumerate(self._sums.groups))

    def _share(self, k: int, group: Group) -> BestShare:
        found, missed, false_outside, false_expected = self._sums.sums[k].tolist()
        true_links = found + missed
        best = _expected(self._pairs.sums[k], self._chances.sums[k], false_outside + false_expected / UNIT, int(self._outside.sums[k, 0]))
        reasons = [
            *(["no true link, so the model's recall is undefined"] if not true_links else []),
            *(["by the true chances no pair can be a link"] if best is None else []),
        ]
        return BestShare(
            group=group,
            metric="pairwise_recall",
            value=found / true_links if true_links else None,
            best=best,
            n=true_links,
            reason="; ".join(reasons),
        )


def _expected(pairs: NDArray[np.int64], chances: NDArray[np.int64], false: float, outside: int) -> float | None:
    """Expected recall of linking from the greatest chance downwards until `false` false links are expected."""
    true = chances[::-1] / UNIT
    wrong = pairs[::-1] - true
    everything = float(true.sum()) + outside
    if not everything:
        return None
    return min(1.0, most_gained(true, wrong, false) / everything)


def _remarks(counts: LinkCounts, answers: LinkAnswers) -> Iterator[str]:
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
