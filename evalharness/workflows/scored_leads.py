"""Every lead of the judged split with its score: a lead is worked or not by what else waits in its queue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.adapters import columns_of
from evalharness.benchmarks.batch import Column
from evalharness.errors import Fault
from evalharness.predictions import Accounting
from evalharness.records.progress import Progress
from evalharness.workflows.answering import for_classifier, opened
from evalharness.workflows.inputs import Inputs

_ROWS_A_BATCH = 65_536


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leads:
    """What is held of every lead of the split: 24 bytes."""

    scores: NDArray[np.float64]
    queues: NDArray[np.int64]
    arrived: NDArray[np.float64] | None
    accounting: Accounting
    remarks: tuple[str, ...]


def scored_leads(inputs: Inputs, progress: Progress) -> Leads:
    """Every lead of the judged split with its score. Raises BadInput for anything wrong with the answers."""
    benchmark, split = inputs.benchmark, inputs.policy.split
    classifier, remarks = opened(inputs)
    total = benchmark.rows_in(split)
    scores, arrived = np.full(total, np.nan), np.full(total, np.nan)
    queues = np.zeros(total, dtype=np.int64)
    known = True
    columns: frozenset[Column] = columns_of(classifier) | frozenset({"queues", "arrived"})
    for batch in benchmark.batches(split, columns=columns, batch_rows=_ROWS_A_BATCH):
        answers = classifier.answer(for_classifier(batch))
        if answers.scores is None or batch.queues is None:
            raise Fault("ranking needs a score and a queue for every lead")
        rows = slice(batch.start, batch.start + batch.rows)
        scores[rows], queues[rows] = answers.scores, batch.queues
        known = known and batch.arrived is not None
        if batch.arrived is not None:
            arrived[rows] = batch.arrived
        progress("scoring", rows.stop, total)
    return Leads(
        scores=scores, queues=queues, arrived=arrived if known else None, accounting=classifier.accounting(), remarks=remarks
    )  # fmt: skip
