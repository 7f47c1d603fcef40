"""A classifier whose every failure becomes *no answer*, which goes to a person. Only injected faults are put to it: a measured run fails
loudly instead."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from evalharness.adapters.promises import Asked, PromiseBroken, check_answers
from evalharness.benchmarks.batch import Batch
from evalharness.predictions.answers import INVALID, NO_LABEL, Answers

if TYPE_CHECKING:
    from collections.abc import Iterator

_Made = TypeVar("_Made")
_TOLERANCE = 1e-9
"""Linear algebra may add up in another order when batches have another size."""


class Answering(Protocol):
    """The one call that may fail."""

    def answer(self, batch: Batch) -> object:
        """Whatever comes back; nothing is promised of it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Passed:
    """What came of one batch."""

    answers: Answers
    """One for each item; none at all where something was wrong with any of them."""
    why: str = ""
    """What was wrong; empty where the answers are the classifier's."""


class Routed:
    """Answers, or no answer for a whole batch when the classifier raises, is late, breaks a promise of the protocol, or answers an item
    otherwise when it is asked about it alone (which is how answers in another order show: answers carry no id)."""

    def __init__(self, classifier: Answering, asked: Asked, *, seconds: float, alone: bool = True) -> None:
        """seconds: how long one batch may take. alone: whether every item is asked about once more by itself, which takes a call each."""
        self._classifier, self._asked, self._seconds, self._alone = classifier, asked, seconds, alone

    def answer(self, batch: Batch) -> Passed:
        """Raises nothing that the classifier raises."""
        done = _within(self._seconds, lambda: self._checked(batch))
        if isinstance(done, Answers):
            return Passed(answers=done)
        return Passed(answers=no_answers(batch.rows, self._asked), why=done)

    def _checked(self, batch: Batch) -> Answers:
        whole = check_answers(self._classifier.answer(batch), batch, self._asked)
        for at, one in enumerate(_one_by_one(batch) if self._alone else ()):
            alone = check_answers(self._classifier.answer(one), one, self._asked)
            if not _same(whole, at, alone):
                raise PromiseBroken("not kept: an item that is asked about alone gets the answer that it got among others")
        return whole


def no_answers(rows: int, asked: Asked) -> Answers:
    """No usable answer to any of so many items, of the kind that the operating point asks for."""
    by_label = asked.rule in {"label", "top_band"}
    return Answers(
        scores=None if by_label else np.full(rows, np.nan),
        labels=np.full(rows, NO_LABEL, dtype=np.int8) if by_label else None,
        status=np.full(rows, INVALID, dtype=np.uint8),
    )


def rows_of(batch: Batch, start: int, stop: int) -> Batch:
    """Rows of a batch, by their place in it: ids and features alone."""
    return Batch(
        start=batch.start + start,
        rows=stop - start,
        ids=None if batch.ids is None else batch.ids.slice(start, stop - start),
        features=None if batch.features is None else batch.features.slice(start, stop - start),
    )


def _one_by_one(batch: Batch) -> Iterator[Batch]:
    return (rows_of(batch, at, at + 1) for at in range(batch.rows))


def _same(whole: Answers, at: int, alone: Answers) -> bool:
    return bool(
        whole.status[at] == alone.status[0]
        and _close(whole.scores, at, alone.scores)
        and (whole.labels is None or alone.labels is None or whole.labels[at] == alone.labels[0])
    )


def _close(whole: NDArray[np.float64] | None, at: int, alone: NDArray[np.float64] | None) -> bool:
    if whole is None or alone is None:
        return whole is alone
    return bool(np.isclose(whole[at], alone[0], rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True))


def _within(seconds: float, make: Callable[[], _Made]) -> _Made | str:
    """What was made, or why not. A call that is late goes on in its own thread, and nobody listens to it any more."""
    made: list[_Made] = []
    failed: list[str] = []

    def run() -> None:
        try:
            made.append(make())
        except BaseException as error:  # noqa: BLE001  whatever it is, a person gets the items
            failed.append(f"{type(error).__name__}: {error}")

    thread = threading.Thread(target=run, name="answering", daemon=True)
    thread.start()
    thread.join(seconds)
    if made:
        return made[0]
    return failed[0] if failed else f"no answer within {seconds:g} seconds"
