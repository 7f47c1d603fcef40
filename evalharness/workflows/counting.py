"""One pass over the rows: answers, decisions, tallies."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evalharness.adapters import AdapterNotice, Classifier, columns_of, open_classifier
from evalharness.benchmarks import Benchmark
from evalharness.benchmarks.batch import Column
from evalharness.errors import Fault
from evalharness.files.unchanged import check_unchanged
from evalharness.predictions import Accounting, decide
from evalharness.records.progress import Progress
from evalharness.tally import Attainable, AttainableCounter, ConfusionTally, Counter, ScoreCounter, ScoreSummary, Slices
from evalharness.workflows.inputs import Inputs

_ROWS_A_BATCH = 65_536

COUNTED: frozenset[Column] = frozenset({"labels", "groups", "clusters"})
Chances = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What is left of the rows."""

    tally: ConfusionTally
    rows: int
    """Rows of the judged split, labelled or not."""
    unlabelled: int
    accounting: Accounting
    scores: ScoreSummary | None
    """Null when the classifier answers with labels."""
    attainable: tuple[Attainable, ...] | None
    """Null when the true posterior is not known."""
    remarks: tuple[str, ...]
    """What the adapter says of the artefact, for `limits`."""


def count(inputs: Inputs, progress: Progress) -> Counted:
    """Runs the classifier over the judged split, batch by batch. Memory is bounded by the batch (8 bytes an id where ids are joined)."""
    policy, benchmark = inputs.policy, inputs.benchmark
    classifier, remarks = _open(inputs)
    levels = benchmark.levels(policy.split)
    info = benchmark.info
    slices = Slices(attributes=info.attributes, levels=levels, depth=policy.intersections)
    counter = Counter(slices, clustered=info.clustered, contiguous=benchmark.contiguous_clusters)
    scores = ScoreCounter(policy.operating_point.threshold)
    best = AttainableCounter(levels) if benchmark.has_truth else None
    columns = columns_of(classifier) | COUNTED
    truth = _posteriors(benchmark, policy.split)
    total = benchmark.rows_in(policy.split)
    done = 0
    for batch in benchmark.batches(policy.split, columns=columns, batch_rows=_ROWS_A_BATCH):
        labels, groups = batch.labels, batch.groups
        if labels is None or groups is None:
            raise Fault("the benchmark gave a batch without labels or groups")
        answers = classifier.answer(replace(batch, labels=None, groups=None, clusters=None))
        decisions = decide(answers, policy.operating_point)
        counter.add(labels, decisions, groups, batch.clusters)
        if answers.scores is not None:
            scores.add(answers.scores, labels)
        if best is not None:
            posterior, within = next(truth)
            best.add(posterior, labels, decisions, groups, within)
        done += len(decisions)
        progress("scoring", done, total)
    check_unchanged(inputs.states)
    return Counted(
        tally=counter.result(),
        rows=total,
        unlabelled=counter.unlabelled,
        accounting=classifier.accounting(),
        scores=None if policy.operating_point.rule == "label" else scores.result(),
        attainable=best.result() if best is not None else None,
        remarks=remarks,
    )


def _open(inputs: Inputs) -> tuple[Classifier, tuple[str, ...]]:
    """The classifier, and the adapter's remarks, which it makes as `AdapterNotice` warnings; other warnings pass on."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", AdapterNotice)
        classifier = open_classifier(inputs.card, inputs.benchmark, inputs.policy.split, inputs.policy.operating_point)
    for warning in caught:
        if not issubclass(warning.category, AdapterNotice):
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    remarks = dict.fromkeys(str(warning.message) for warning in caught if issubclass(warning.category, AdapterNotice))
    return classifier, tuple(remarks)


def _posteriors(benchmark: Benchmark, split: str) -> Iterator[tuple[Chances, dict[str, Chances]]]:
    """The true chance of each row, and for the attribute that shapes the features also the chance given the row's own level."""
    if not benchmark.has_truth:
        return
    plain = benchmark.posterior(split, batch_rows=_ROWS_A_BATCH)
    if benchmark.shaped_by is None:
        yield from ((posterior, {}) for posterior in plain)
        return
    own = benchmark.posterior(split, batch_rows=_ROWS_A_BATCH, within=True)
    yield from ((posterior, {benchmark.shaped_by: within}) for posterior, within in zip(plain, own, strict=True))
