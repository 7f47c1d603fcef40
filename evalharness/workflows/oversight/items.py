"""Every item of the judged split with what the classifier decided, for sources that must know items one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.adapters import columns_of
from evalharness.benchmarks.batch import Batch, Column
from evalharness.errors import Fault
from evalharness.oversight.reviews.readings import Pairs
from evalharness.predictions import decide
from evalharness.predictions.links import Links
from evalharness.predictions.queues import work
from evalharness.records.progress import Progress
from evalharness.tally import Slices
from evalharness.workflows.answering import for_classifier, linked, opened
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.judged_labels import ROWS_A_BATCH, counted_columns, judged_labels
from evalharness.workflows.linked_records import records_of
from evalharness.workflows.scored_leads import scored_leads

Decisions = npt.NDArray[np.int8]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DecidedItems:
    """N items in the order of the benchmark: those of linkage are its candidate pairs. Some 40 bytes an item, and its id."""

    ids: pa.Array
    """[N]; of linkage those of the records."""
    labels: npt.NDArray[np.int8]
    """1, 0, or the place among the rising levels; -1 without a label."""
    decisions: npt.NDArray[np.int8]
    """Likewise; -1 without an answer."""
    scores: npt.NDArray[np.float64] | None
    """NaN without an answer; None where the classifier gives labels alone."""
    groups: Mapping[str, npt.NDArray[np.int32]]
    """By attribute, places in its levels."""
    clusters: npt.NDArray[np.int32] | None
    """Codes of the cases; None where items are independent."""
    slices: Slices
    """The groups that are counted, up to the policy's intersections."""
    given: npt.NDArray[np.int8] | None = None
    """Risk: places of the levels given; -1 without an answer. None for the other tasks: `decisions` says it all."""
    pairs: Pairs | None = None
    """Linkage: the records of each pair."""
    unseen: int = 0
    """Linkage: true links that no candidate pair holds, so that they are no items."""


def decided_items(inputs: Inputs, progress: Progress) -> DecidedItems:
    """The classifier answers once more. Raises BadInput for anything wrong with its answers."""
    if inputs.benchmark.info.task == "linkage":
        return _candidate_pairs(inputs, progress)
    benchmark, policy, info = inputs.benchmark, inputs.policy, inputs.benchmark.info
    needed, decided = _in_queues(inputs, progress) if info.task == "ranking" else _one_by_one(inputs)
    columns = needed | counted_columns(info) | frozenset[Column]({"ids"})
    ids: list[pa.Array] = []
    clusters: list[pa.Array] = []
    labels, decisions, scores = [], [], []
    given: list[Decisions] = []
    groups: dict[str, list[npt.NDArray[np.int32]]] = {attribute: [] for attribute in info.attributes}
    total, done = benchmark.rows_in(policy.split), 0
    for batch in benchmark.batches(policy.split, columns=columns, batch_rows=ROWS_A_BATCH):
        labels.append(judged_labels(batch, info))
        told, score, level = decided(batch)
        decisions.append(told)
        scores.append(score)
        given += [] if level is None else [level]
        ids.append(_array(batch.ids))
        if info.clustered:
            clusters.append(_array(batch.clusters))
        for attribute, codes in (batch.groups or {}).items():
            groups[attribute].append(codes)
        done += batch.rows
        progress("deciding", done, total)
    known = [score for score in scores if score is not None]
    return DecidedItems(
        ids=pa.concat_arrays(ids) if ids else pa.array([], pa.string()),
        labels=np.concatenate(labels),
        decisions=np.concatenate(decisions),
        scores=np.concatenate(known) if known and len(known) == len(scores) else None,
        groups={attribute: np.concatenate(parts) for attribute, parts in groups.items() if parts},
        clusters=_codes(pa.concat_arrays(clusters)) if clusters else None,
        slices=Slices(attributes=info.attributes, levels=benchmark.levels(policy.split), depth=policy.intersections),
        given=np.concatenate(given) if given else None,
    )


_Decided = Callable[[Batch], tuple[Decisions, Scores | None, Decisions | None]]


def _one_by_one(inputs: Inputs) -> tuple[frozenset[Column], _Decided]:
    """The columns that it takes, and what is decided of each batch."""
    classifier, _ = opened(inputs)

    def decided(batch: Batch) -> tuple[Decisions, Scores | None, Decisions | None]:
        answers, info = classifier.answer(for_classifier(batch)), inputs.benchmark.info
        found = decide(answers, inputs.policy.operating_point, info.levels)
        return found, answers.scores, answers.labels if info.task == "risk" else None

    return columns_of(classifier), decided


def _in_queues(inputs: Inputs, progress: Progress) -> tuple[frozenset[Column], _Decided]:
    """Likewise, once all leads have their scores: 1 within the day's budget, 0 beyond it."""
    budget = inputs.policy.operating_point.budget_per_day
    if budget is None:
        raise Fault("ranking needs a daily budget")
    leads = scored_leads(inputs, progress)
    worked = work(leads.scores, leads.queues, leads.arrived, budget).decisions

    def decided(batch: Batch) -> tuple[Decisions, Scores | None, Decisions | None]:
        rows = slice(batch.start, batch.start + batch.rows)
        return worked[rows], leads.scores[rows], None

    return frozenset(), decided


def _candidate_pairs(inputs: Inputs, progress: Progress) -> DecidedItems:
    """Groups and cases of a pair are those that it is counted with."""
    benchmark, policy = inputs.benchmark, inputs.policy
    answers, _ = linked(inputs)
    records = records_of(benchmark, policy.split)
    links = Links(
        benchmark, policy.split, answers, threshold=policy.operating_point.threshold, entities=records.entities, clusters=records.clusters
    )  # fmt: skip
    parts: list[tuple[npt.NDArray[Any], ...]] = [(*(np.zeros(0, dtype=np.int32),) * 4, *(np.zeros(0, dtype=np.int8),) * 2)]
    scores: list[Scores] = []
    done = 0
    for some in links.candidates():
        places = (some.lower, some.higher, *links.place_of(some))
        parts.append((*(place.astype(np.int32) for place in places), some.labels, some.decisions))
        scores += [] if some.scores is None else [some.scores]
        done += len(some.labels)
        progress("deciding", done, links.counts.candidates)
    lower, higher, record, case, labels, decisions = (np.concatenate(column) for column in zip(*parts, strict=True))
    ids = [_array(batch.ids) for batch in benchmark.batches(policy.split, columns=frozenset[Column]({"ids"}), batch_rows=ROWS_A_BATCH)]
    return DecidedItems(
        ids=pa.concat_arrays(ids) if ids else pa.array([], pa.string()),
        labels=labels,
        decisions=decisions,
        scores=np.concatenate(scores) if scores else None,
        groups={attribute: codes[record] for attribute, codes in records.groups.items()},
        clusters=case,
        slices=Slices(attributes=benchmark.info.attributes, levels=benchmark.levels(policy.split), depth=policy.intersections),
        pairs=Pairs(lower=lower, higher=higher),
        unseen=links.counts.true_links_outside,
    )


def _array(column: pa.Array | pa.ChunkedArray | None) -> pa.Array:
    if column is None:
        raise Fault("the benchmark gave a batch without a column that was asked for")
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole.cast(pa.string())


def _codes(names: pa.Array) -> npt.NDArray[np.int32]:
    return np.asarray(pc.dictionary_encode(names).indices, dtype=np.int32)
