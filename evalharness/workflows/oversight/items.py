"""Every item of the judged split with what the classifier decided, for sources that must know items one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.adapters import columns_of
from evalharness.benchmarks.batch import Column
from evalharness.errors import Fault
from evalharness.predictions import decide
from evalharness.records.progress import Progress
from evalharness.tally import Slices
from evalharness.workflows.answering import for_classifier, opened
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.judged_labels import ROWS_A_BATCH, counted_columns, judged_labels

ONE_BY_ONE = ("binary", "ordinal", "risk")
"""Tasks whose items are decided one by one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DecidedItems:
    """N items in the order of the benchmark. Some 40 bytes an item, and its id."""

    ids: pa.Array
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


def decided_items(inputs: Inputs, progress: Progress) -> DecidedItems:
    """The classifier answers once more. Raises BadInput for anything wrong with its answers, Fault for a task of other decisions."""
    benchmark, policy, info = inputs.benchmark, inputs.policy, inputs.benchmark.info
    if info.task not in ONE_BY_ONE:
        raise Fault(f"the items of the task {info.task} are not decided one by one")
    classifier, _ = opened(inputs)
    columns = columns_of(classifier) | counted_columns(info) | frozenset[Column]({"ids"})
    ids: list[pa.Array] = []
    clusters: list[pa.Array] = []
    labels, decisions, scores = [], [], []
    groups: dict[str, list[npt.NDArray[np.int32]]] = {attribute: [] for attribute in info.attributes}
    total, done = benchmark.rows_in(policy.split), 0
    for batch in benchmark.batches(policy.split, columns=columns, batch_rows=ROWS_A_BATCH):
        answers = classifier.answer(for_classifier(batch))
        labels.append(judged_labels(batch, info))
        decisions.append(decide(answers, policy.operating_point, info.levels))
        scores.append(answers.scores)
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
    )


def _array(column: pa.Array | pa.ChunkedArray | None) -> pa.Array:
    if column is None:
        raise Fault("the benchmark gave a batch without a column that was asked for")
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole.cast(pa.string())


def _codes(names: pa.Array) -> npt.NDArray[np.int32]:
    return np.asarray(pc.dictionary_encode(names).indices, dtype=np.int32)
