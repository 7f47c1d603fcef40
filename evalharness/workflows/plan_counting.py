"""The tally of a model that makes no error: what a benchmark has of every denominator in every group, before any model is run."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evalharness.benchmarks import Benchmark
from evalharness.benchmarks.text import coded
from evalharness.catalogue import task_metrics
from evalharness.errors import Fault
from evalharness.predictions import Accounting
from evalharness.predictions.links import Links
from evalharness.predictions.pair_answers import LinkAnswers
from evalharness.predictions.queues import work
from evalharness.records import Policy
from evalharness.records.progress import Progress
from evalharness.tally import ConfusionTally, Counter, Slices
from evalharness.workflows.judged_labels import ROWS_A_BATCH, counted_columns, judged_labels
from evalharness.workflows.other_budgets import OtherBudgets


def count_without_error(policy: Policy, benchmark: Benchmark, progress: Progress) -> ConfusionTally:
    """Every item decided as its label says; for ranking the daily budget spent on relevant leads first."""
    if policy.task == "linkage":
        return _links(policy, benchmark)
    info, levels = benchmark.info, benchmark.levels(policy.split)
    slices = Slices(attributes=info.attributes, levels=levels, depth=policy.intersections)
    of = task_metrics(info.task, info.levels)
    counter = Counter(slices, clustered=info.clustered, of=of, contiguous=benchmark.contiguous_clusters)
    waiting = _waiting(policy, benchmark) if policy.task == "ranking" else None
    worked = None if waiting is None else work(*waiting, None, _budget(policy)).decisions
    others = None if waiting is None else OtherBudgets(policy, benchmark, *waiting, None)
    total = benchmark.rows_in(policy.split)
    for batch in benchmark.batches(policy.split, columns=counted_columns(info), batch_rows=ROWS_A_BATCH):
        labels, rows = judged_labels(batch, info), slice(batch.start, batch.start + batch.rows)
        if batch.groups is None:
            raise Fault("the benchmark gave a batch without groups")
        counter.add(labels, labels if worked is None else worked[rows], batch.groups, batch.clusters)
        if others is not None:
            others.add(rows, labels, batch.groups, batch.clusters)
        progress("counting", rows.stop, total)
    return counter.result() if others is None else others.into(counter.result())


def _budget(policy: Policy) -> int:
    budget = policy.operating_point.budget_per_day
    if budget is None:
        raise Fault("ranking needs a daily budget")
    return budget


def _waiting(policy: Policy, benchmark: Benchmark) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """[leads] scores by which relevant ones come first, and the queue of each."""
    total = benchmark.rows_in(policy.split)
    scores, queues = np.zeros(total), np.zeros(total, dtype=np.int64)
    for batch in benchmark.batches(policy.split, columns=frozenset({"labels", "queues"}), batch_rows=ROWS_A_BATCH):
        if batch.labels is None or batch.queues is None:
            raise Fault("the benchmark gave a batch without labels or queues")
        rows = slice(batch.start, batch.start + batch.rows)
        scores[rows], queues[rows] = batch.labels, batch.queues
    return scores, queues


def _links(policy: Policy, benchmark: Benchmark) -> ConfusionTally:
    """Records put together as they truly belong; clusters are those of the truth alone."""
    names: list[pa.Array] = []
    declared: list[pa.Array] = []
    groups: dict[str, list[NDArray[np.int32]]] = {attribute: [] for attribute in benchmark.info.attributes}
    for batch in benchmark.batches(policy.split, columns=frozenset({"entities", "groups", "clusters"})):
        if batch.entities is None or batch.groups is None:
            raise Fault("the benchmark gave a batch without entities or groups")
        names.append(batch.entities)
        declared += [] if batch.clusters is None else [batch.clusters]
        for attribute, parts in groups.items():
            parts.append(batch.groups[attribute])
    entities = _numbers(names)
    status = np.zeros(len(entities), dtype=np.uint8)
    account = Accounting(rows=len(entities), answered=len(entities), missing=0, duplicate=0, invalid=0)
    answers = LinkAnswers(scores=None, entities=entities, status=status, accounting=account)
    clusters = _numbers(declared) if declared else None
    links = Links(benchmark, policy.split, answers, threshold=None, entities=entities, clusters=clusters)
    slices = Slices(attributes=benchmark.info.attributes, levels=benchmark.levels(policy.split), depth=policy.intersections)
    counter = Counter(slices, clustered=True, of=task_metrics("linkage"))
    codes = {name: np.concatenate(parts) for name, parts in groups.items()}
    for some in links.rows():
        counter.add(some.labels, some.decisions, {name: of[some.records] for name, of in codes.items()}, pa.array(some.clusters))
    return counter.result()


def _numbers(texts: list[pa.Array]) -> NDArray[np.int64]:
    """A number for each distinct text."""
    return coded(pa.concat_arrays(texts))[0].astype(np.int64)
