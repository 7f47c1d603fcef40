"""The promises of the adapter protocol, checked. For authors of adapters: call `check_adapter` in a test, on a small benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evalharness.benchmarks.batch import Column
from evalharness.predictions.answers import ANSWERED, STATUSES, Accounting, Answers, account
from evalharness.records import OperatingPoint

if TYPE_CHECKING:
    from evalharness.adapters.protocol import Adapter, Classifier
    from evalharness.benchmarks.batch import Batch
    from evalharness.benchmarks.benchmark import Benchmark
    from evalharness.records import Card

AT_ONE_HALF = OperatingPoint(rule="score >= threshold", threshold=0.5)
_TOLERANCE = 1e-9
"""Linear algebra may add up in another order when batches have another size."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Run:
    values: NDArray[Any]
    status: NDArray[np.uint8]
    accounting: Accounting


def check_adapter(
    adapter: Adapter,
    card: Card,
    benchmark: Benchmark,
    *,
    split: str = "test",
    operating_point: OperatingPoint = AT_ONE_HALF,
    batch_rows: Sequence[int] = (65_536, 97),
) -> None:
    """Raises AssertionError saying which promise `adapter` does not keep.

    Every batch gets an Answers of its length, of the kind that the operating point needs, with known status codes, and a value exactly
    where the status is ANSWERED. Opened again, the classifier repeats itself bit by bit; with batches of other sizes it answers the same
    items the same way. The accounting agrees with the status codes.
    """
    trial = _Trial(adapter=adapter, card=card, benchmark=benchmark, split=split, operating_point=operating_point)
    first, again = trial.run(batch_rows[0]), trial.run(batch_rows[0])
    _promise(np.array_equal(first.values, again.values, equal_nan=True), "the same batches get the same answers, bit by bit")
    _promise(np.array_equal(first.status, again.status), "the same batches get the same status codes")
    for rows in batch_rows[1:]:
        other = trial.run(rows)
        _promise(np.array_equal(first.status, other.status), f"status codes do not depend on the batch size (batches of {rows})")
        close = np.allclose(first.values, other.values, rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True)
        _promise(close, f"answers do not depend on the batch size (batches of {rows})")
        _promise(first.accounting == other.accounting, f"the accounting does not depend on the batch size (batches of {rows})")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Trial:
    adapter: Adapter
    card: Card
    benchmark: Benchmark
    split: str
    operating_point: OperatingPoint

    def run(self, batch_rows: int) -> _Run:
        """Opens the classifier and puts the whole split to it."""
        classifier = self.adapter.open(self.card, self.benchmark, self.split, self.operating_point)
        batches = self.benchmark.batches(self.split, columns=_columns(classifier), batch_rows=batch_rows)
        answers = [_checked(classifier.answer(batch), batch, self.operating_point) for batch in batches]
        _promise(bool(answers), "the split has rows")
        values = np.concatenate([_values(one) for one in answers])
        status = np.concatenate([one.status for one in answers])
        accounting = classifier.accounting()
        _check_accounting(accounting, status)
        return _Run(values=values, status=status, accounting=accounting)


def _check_accounting(accounting: Accounting, status: NDArray[np.uint8]) -> None:
    expected = account(status, rows=accounting.rows, extra=accounting.extra, other_split=accounting.other_split)
    _promise(accounting == expected, f"the accounting agrees with the status codes: {accounting}, expected {expected}")
    _promise(min(accounting.rows, accounting.extra, accounting.other_split) >= 0, "no count is negative")


def _values(answers: Answers) -> NDArray[Any]:
    return np.asarray(answers.labels if answers.scores is None else answers.scores)


def _columns(classifier: Classifier) -> frozenset[Column]:
    wanted: list[Column] = []
    if classifier.needs_ids:
        wanted.append("ids")
    if classifier.needs_features:
        wanted.append("features")
    return frozenset(wanted)


def _checked(answers: Answers, batch: Batch, operating_point: OperatingPoint) -> Answers:
    where = f"rows {batch.start + 1} to {batch.start + batch.rows}"
    _promise(isinstance(answers, Answers), f"{where}: answers are an Answers, not {type(answers).__name__}")
    _promise(len(answers) == batch.rows, f"{where}: {batch.rows} items get {batch.rows} answers, not {len(answers)}")
    _promise(answers.status.dtype == np.uint8, f"{where}: status codes are uint8")
    _promise(bool(np.isin(answers.status, STATUSES).all()), f"{where}: status codes are {STATUSES}")
    answered = answers.status == ANSWERED
    if operating_point.rule == "label":
        _promise(answers.labels is not None and answers.labels.dtype == np.int8, f"{where}: the rule 'label' gets int8 labels")
        present = np.isin(_values(answers), (0, 1))
    else:
        _promise(answers.scores is not None and answers.scores.dtype == np.float64, f"{where}: a threshold gets float64 scores")
        present = np.isfinite(_values(answers))
    _promise(np.array_equal(present, answered), f"{where}: there is a usable value exactly where the status is ANSWERED")
    return answers


def _promise(kept: bool, promise: str) -> None:
    if not kept:
        raise AssertionError(f"not kept: {promise}")
