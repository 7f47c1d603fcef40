"""The promises of the adapter protocol, checked. For authors of adapters: call `check_adapter` in a test, on a small benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evalharness.adapters.promises import check_accounting, check_answers, columns_of, promise, values_of
from evalharness.predictions.answers import Accounting
from evalharness.records import OperatingPoint

if TYPE_CHECKING:
    from evalharness.adapters.protocol import Adapter
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
    promise(np.array_equal(first.values, again.values, equal_nan=True), "the same batches get the same answers, bit by bit")
    promise(np.array_equal(first.status, again.status), "the same batches get the same status codes")
    for rows in batch_rows[1:]:
        other = trial.run(rows)
        promise(np.array_equal(first.status, other.status), f"status codes do not depend on the batch size (batches of {rows})")
        close = np.allclose(first.values, other.values, rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True)
        promise(close, f"answers do not depend on the batch size (batches of {rows})")
        promise(first.accounting == other.accounting, f"the accounting does not depend on the batch size (batches of {rows})")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Trial:
    adapter: Adapter
    card: Card
    benchmark: Benchmark
    split: str
    operating_point: OperatingPoint

    @property
    def unit_range(self) -> bool:
        """Whether scores must lie in [0, 1]."""
        return "any" not in (self.card.score_range, self.benchmark.info.score_range)

    def run(self, batch_rows: int) -> _Run:
        """Opens the classifier and puts the whole split to it."""
        classifier = self.adapter.open(self.card, self.benchmark, self.split, self.operating_point)
        batches = self.benchmark.batches(self.split, columns=columns_of(classifier), batch_rows=batch_rows)
        answers = [check_answers(classifier.answer(batch), batch, self.operating_point, unit_range=self.unit_range) for batch in batches]
        promise(bool(answers), "the split has rows")
        values = np.concatenate([values_of(one) for one in answers])
        status = np.concatenate([one.status for one in answers])
        accounting = check_accounting(classifier.accounting(), status)
        return _Run(values=values, status=status, accounting=accounting)
