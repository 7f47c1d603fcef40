"""The promises of the adapter protocol, checked. For authors of adapters: call `check_adapter` in a test, on a small benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evalharness.adapters.promises import PromiseBroken, asked_of, check_accounting, check_answers, check_links, columns_of, promise
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
    scores: NDArray[np.float64] | None
    labels: NDArray[np.int8] | None
    status: NDArray[np.uint8]
    accounting: Accounting

    def close_to(self, other: _Run, tolerance: float) -> bool:
        """Whether both answered the same: labels exactly, scores up to the tolerance."""
        if (self.scores is None) != (other.scores is None) or (self.labels is None) != (other.labels is None):
            return False
        labels = self.labels is None or other.labels is None or np.array_equal(self.labels, other.labels)
        scores = (
            self.scores is None
            or other.scores is None
            or np.allclose(self.scores, other.scores, rtol=tolerance, atol=tolerance, equal_nan=True)
        )
        return bool(labels and scores)


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
    items the same way. The accounting agrees with the status codes. The operating point must be one of the benchmark's task; for linkage
    it is the method `link` that is asked, twice.
    """
    trial = _Trial(adapter=adapter, card=card, benchmark=benchmark, split=split, operating_point=operating_point)
    if benchmark.info.task == "linkage":
        trial.check_links()
        return
    first, again = trial.run(batch_rows[0]), trial.run(batch_rows[0])
    promise(first.close_to(again, 0.0), "the same batches get the same answers, bit by bit")
    promise(np.array_equal(first.status, again.status), "the same batches get the same status codes")
    for rows in batch_rows[1:]:
        other = trial.run(rows)
        promise(np.array_equal(first.status, other.status), f"status codes do not depend on the batch size (batches of {rows})")
        promise(first.close_to(other, _TOLERANCE), f"answers do not depend on the batch size (batches of {rows})")
        promise(first.accounting == other.accounting, f"the accounting does not depend on the batch size (batches of {rows})")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Trial:
    adapter: Adapter
    card: Card
    benchmark: Benchmark
    split: str
    operating_point: OperatingPoint

    def check_links(self) -> None:
        """Asks for the links twice."""
        link = getattr(self.adapter, "link", None)
        if not callable(link):
            raise PromiseBroken("not kept: an adapter for the task linkage has a method `link`")
        asked = asked_of(self.card, self.benchmark.info, self.operating_point)
        candidates, records = sum(len(left) for left, _ in self.benchmark.pairs(self.split)), self.benchmark.rows_in(self.split)
        one, other = (
            check_links(
                link(self.card, self.benchmark, self.split, self.operating_point), candidates=candidates, records=records, asked=asked
            )
            for _ in range(2)
        )
        values = [(answers.scores if answers.entities is None else answers.entities) for answers in (one, other)]
        same = np.array_equal(np.asarray(values[0]), np.asarray(values[1]), equal_nan=True) and np.array_equal(one.status, other.status)
        promise(same, "the same pairs and records get the same answers, bit by bit")

    def run(self, batch_rows: int) -> _Run:
        """Opens the classifier and puts the whole split to it."""
        classifier = self.adapter.open(self.card, self.benchmark, self.split, self.operating_point)
        batches = self.benchmark.batches(self.split, columns=columns_of(classifier), batch_rows=batch_rows)
        asked = asked_of(self.card, self.benchmark.info, self.operating_point)
        answers = [check_answers(classifier.answer(batch), batch, asked) for batch in batches]
        promise(bool(answers), "the split has rows")
        status = np.concatenate([one.status for one in answers])
        accounting = check_accounting(classifier.accounting(), status)
        return _Run(
            scores=_joined([one.scores for one in answers], "scores"),
            labels=_joined([one.labels for one in answers], "labels"),
            status=status,
            accounting=accounting,
        )


def _joined(parts: Sequence[NDArray[Any] | None], what: str) -> NDArray[Any] | None:
    given = [part for part in parts if part is not None]
    promise(len(given) in {0, len(parts)}, f"every batch gets {what}, or none does")
    return np.concatenate(given) if given else None
