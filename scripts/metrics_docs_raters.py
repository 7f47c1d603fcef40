"""The example of docs/metrics.md for people who labelled: a few items, counted as a run counts them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
from metrics_docs_examples import LEVEL, Measured, evidence_of

from evalharness.catalogue import EVERY_METRIC, PairedMetric, TaskMetrics, task_metrics
from evalharness.catalogue.compared import right_of
from evalharness.catalogue.oversight.raters import OF_RATERS, RATER_AGREEMENT
from evalharness.evidence.assemble import estimate_as_json
from evalharness.metrics.oversight import share_row_estimate
from evalharness.metrics.oversight_rater_cost import rater_cost_estimates
from evalharness.records.share import ShareRow
from evalharness.requirements import policy_from_document
from evalharness.tally import ConfusionTally, Slices
from evalharness.tally.paired import PairedCounter
from evalharness.tally.shares import count_shares
from evalharness.workflows.oversight.raters import PARTS, person_rows

WORDS = """\
From the benchmark's table `annotators`, where the policy asks for it (`human_in_the_loop: label_quality`, or a requirement on
`rater_agreement`): people who labelled the items one by one and without the classifier. Shares of a person are of `rater_1`, against the
clean label, for the tasks binary (`rater_recall`, `rater_false_positive_rate`, `rater_accuracy`) and ordinal (the others); agreement is
that of the first two who labelled an item. **The example** is of ten items. Binary: four are relevant, of which `rater_1` finds three; of
the six others one is called relevant. Ordinal, of the levels none, C, B, A: truth none ×4, C ×3, B ×1, A ×2; said none ×3 and C, none, C
and A, A, A and none. On nine of ten two people say the same. In the binary example the classifier finds all four, selects two others, one
of them that of `rater_1`, and gives no answer to one; a review costs 3 `minutes`, and a relevant item that is set aside 30.
"""
_BINARY = ((1, 1, 1, 1, 0, 0, 0, 0, 0, 0), (1, 1, 1, 0, 1, 0, 0, 0, 0, 0))
_ORDINAL = ((0, 0, 0, 0, 1, 1, 1, 2, 3, 3), (0, 0, 0, 1, 0, 1, 3, 3, 3, 0))
"""The clean labels, and what a person said."""
_CLASSIFIER = (1, 1, 1, 1, 1, 1, 0, 0, 0, -1)
UNIT = "minutes"


@cache
def measured() -> Mapping[str, tuple[str, Measured]]:
    """By metric: the counts behind it as text, and its estimate."""
    agree = np.arange(10) < 9
    (agreement,) = count_shares({RATER_AGREEMENT: (agree, np.ones(10, dtype=np.bool_))}, {})
    rows: tuple[ShareRow, ...] = (
        agreement,
        *_of(task_metrics("binary"), *_BINARY),
        *_of(task_metrics("ordinal", ("none", "C", "B", "A")), *_ORDINAL),
    )
    found = {row.metric: estimate_as_json(share_row_estimate(row, EVERY_METRIC[row.metric], LEVEL)) for row in rows}
    told = {row.metric: (f"{row.part} / {row.total} = ", found[row.metric]) for row in rows}
    by = policy_from_document(evidence_of("binary")["policy"]["document"], "sha256:" + "0" * 64)
    nothing = ConfusionTally.of_independent(Slices(attributes=(), levels={}, depth=0), np.zeros((1, 6), dtype=np.int64))
    (cost,) = (one for one in rater_cost_estimates(replace(nothing, shares=rows), by, LEVEL) if one.unit == UNIT)
    return {**told, cost.metric: (f"{UNIT}: ", estimate_as_json(cost))}


def _of(of: TaskMetrics, truth: tuple[int, ...], said: tuple[int, ...]) -> Iterator[ShareRow]:
    known = [of.metrics[name] for name in OF_RATERS if name in of.metrics]
    paired = tuple(PairedMetric(name=one.name, items=one.denominator_name, together=False, right=right_of(one, of)) for one in known)
    every = (*paired, *(PARTS if of.task == "binary" else ()))
    counter = PairedCounter(Slices(attributes=(), levels={}, depth=0), clustered=False, of=every)
    labels, person = (np.array(values, dtype=np.int8) for values in (truth, said))
    counter.add(labels, person, np.array(_CLASSIFIER if of.task == "binary" else truth, dtype=np.int8), {}, None)
    yield from person_rows(counter.result())
