"""The classifier beside a person who labelled the same items without it, both against the clean label.

Only where the benchmark knows all three: its table `annotators`, the clean label of every item, and items that are decided one by one. The
person is the first of those who labelled (`rater_1`): one person, as a reviewer would be, and not what most of them say.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from evalharness.adapters import columns_of
from evalharness.benchmarks import Benchmark
from evalharness.benchmarks.agreement import TABLE
from evalharness.benchmarks.batch import Column
from evalharness.catalogue import PairedMetric, paired_metrics, task_metrics
from evalharness.errors import Fault
from evalharness.predictions import decide
from evalharness.records import BenchmarkInfo
from evalharness.records.progress import Progress
from evalharness.records.reference import HUMAN, MeasuredReference
from evalharness.tally import Slices
from evalharness.tally.paired import PairedCounter, PairedTally
from evalharness.workflows.answering import for_classifier, opened
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.judged_labels import ROWS_A_BATCH

CLEAN, PERSON = "clean", "rater_1"
ONE_BY_ONE = frozenset({"binary", "ordinal"})


def people_known(benchmark: Benchmark) -> bool:
    """Whether a person's labels stand beside clean ones."""
    known = benchmark.info.task in ONE_BY_ONE and CLEAN in benchmark.truth_columns and TABLE in benchmark.tables
    return known and PERSON in benchmark.table_columns(TABLE)


def count_person(
    inputs: Inputs, progress: Progress, *, metrics: tuple[PairedMetric, ...] | None = None, depth: int | None = None
) -> PairedTally | None:
    """Counts of every item that the person labelled; null where the benchmark knows no such person, or nobody in this split.

    metrics: what is counted; default: on what models of the task are compared. depth: of intersections; default: the policy's.
    Memory: some 100 bytes an item that the person labelled.
    """
    policy, benchmark = inputs.policy, inputs.benchmark
    if not people_known(benchmark):
        return None
    info = benchmark.info
    classifier, _ = opened(inputs)
    slices = Slices(
        attributes=info.attributes, levels=benchmark.levels(policy.split), depth=policy.intersections if depth is None else depth
    )
    of = task_metrics(info.task, info.levels)
    counter = PairedCounter(
        slices, clustered=info.clustered, of=paired_metrics(of) if metrics is None else metrics, contiguous=benchmark.contiguous_clusters
    )
    said, seen = dict(_said(benchmark, policy.split)), 0
    clean = benchmark.truth(policy.split, CLEAN, ROWS_A_BATCH)
    columns: frozenset[Column] = columns_of(classifier) | frozenset({"ids", "groups", "clusters"})
    for batch in benchmark.batches(policy.split, columns=columns, batch_rows=ROWS_A_BATCH):
        if batch.groups is None or batch.ids is None:
            raise Fault("the benchmark gave a batch without ids or groups")
        decided = decide(classifier.answer(for_classifier(batch)), policy.operating_point, info.levels)
        truth = _codes(next(clean), info)
        by_person = np.array([said.get(item, -2) for item in batch.ids.to_pylist()], dtype=np.int8)
        labelled = by_person >= 0
        seen += int(labelled.sum())
        labels, human = (np.where(labelled, codes, np.int8(-1)) for codes in (truth, by_person))
        counter.add(labels, human, decided, batch.groups, batch.clusters)
        progress("beside a person", batch.start + batch.rows, benchmark.rows_in(policy.split))
    return counter.result() if seen else None


def person_of(info: BenchmarkInfo) -> MeasuredReference:
    """What the evidence says of the person."""
    return MeasuredReference(name=HUMAN, model=f"{PERSON} of {TABLE}", version=str(info.version), digest=info.digest, card="")


def _said(benchmark: Benchmark, split: str) -> Iterator[tuple[str, int]]:
    """(item, place of what the person said)."""
    for rows in benchmark.table(TABLE, split, ("item_id", PERSON)):
        yield from zip(rows["item_id"].to_pylist(), _codes(rows[PERSON], benchmark.info).tolist(), strict=True)


def _codes(texts: pa.Array, info: BenchmarkInfo) -> NDArray[np.int8]:
    """1 relevant, 0 not, or the place among the levels; -1 for nothing."""
    known = pa.array(list(info.levels) or [info.negative, info.positive], pa.string())
    plain = texts.dictionary_decode() if pa.types.is_dictionary(texts.type) else texts
    return np.asarray(pc.fill_null(pc.index_in(plain, value_set=known), -1)).astype(np.int8)
