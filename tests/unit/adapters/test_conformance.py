"""Adapters that each break one promise must be caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from item_benchmark import ItemBenchmark, card_of

from evalharness.adapters.conformance import check_adapter
from evalharness.benchmarks.batch import Batch
from evalharness.predictions import ANSWERED, INVALID, MISSING, Accounting, Answers, account
from evalharness.records import OperatingPoint

CARD = card_of(Path("absent.csv"))
ITEMS = ItemBenchmark([str(n) for n in range(200)])


class Half:
    """Answers one half to everything; `twist` spoils an answer, `fudge` the account."""

    needs_ids = True
    needs_features = False

    def __init__(self, twist: Callable[[Batch, Answers], Any], fudge: Callable[[Accounting], Accounting]) -> None:
        self._twist, self._fudge, self._status = twist, fudge, np.full(200, MISSING, np.uint8)

    def open(self, *_: object) -> Half:
        return Half(self._twist, self._fudge)

    def answer(self, batch: Batch) -> Any:
        assert len(batch.ids) == batch.rows
        status = np.full(batch.rows, ANSWERED, np.uint8)
        answers = self._twist(batch, Answers(scores=np.full(batch.rows, 0.5), labels=None, status=status))
        if isinstance(answers, Answers):
            self._status[batch.start : batch.start + len(answers)] = answers.status
        return answers

    def accounting(self) -> Accounting:
        return self._fudge(account(self._status, rows=200))


def honest(value: Any) -> Any:
    return value


def moody(batch: Batch, answers: Answers, state: list[int] = []) -> Answers:  # noqa: B006  # what this adapter does wrong
    state.append(1)
    return replace(answers, scores=answers.scores + len(state) / 1000)


BREACHES: dict[str, tuple[Callable[[Batch, Answers], Any], Callable[[Accounting], Accounting], str]] = {
    "not an Answers": (lambda _, a: a.scores, honest, "not ndarray"),
    "too few": (lambda _, a: replace(a, scores=a.scores[1:], status=a.status[1:]), honest, "not 199"),
    "status type": (lambda _, a: replace(a, status=a.status.astype(np.int64)), honest, "uint8"),
    "status code": (lambda _, a: replace(a, status=a.status + np.uint8(9)), honest, "status codes are"),
    "labels for a threshold": (lambda _, a: Answers(scores=None, labels=a.status.view(np.int8), status=a.status), honest, "float64"),
    "float32": (lambda _, a: replace(a, scores=a.scores.astype(np.float32)), honest, "float64 scores"),
    "answered without value": (lambda _, a: replace(a, scores=a.scores * np.nan), honest, "exactly where"),
    "value without answer": (lambda _, a: replace(a, status=a.status + np.uint8(INVALID)), honest, "exactly where"),
    "not deterministic": (moody, honest, "bit by bit"),
    "batch size": (lambda b, a: replace(a, scores=a.scores + b.rows / 1000), honest, "answers do not depend"),
    "account": (lambda _, a: a, lambda c: replace(c, answered=c.answered + 1), "the accounting agrees"),
    "negative account": (lambda _, a: a, lambda c: replace(c, extra=-1), "no count is negative"),
}


@pytest.mark.parametrize(("twist", "fudge", "said"), BREACHES.values(), ids=BREACHES.keys())
def test_an_adapter_that_breaks_a_promise_is_caught(twist: Any, fudge: Any, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check_adapter(Half(twist, fudge), CARD, ITEMS)


def test_an_adapter_that_keeps_them_passes() -> None:
    check_adapter(Half(lambda _, a: a, honest), CARD, ITEMS)


def test_scores_do_not_pass_for_labels() -> None:
    with pytest.raises(AssertionError, match="int8 labels"):
        check_adapter(Half(lambda _, a: a, honest), CARD, ITEMS, operating_point=OperatingPoint(rule="label", threshold=None))


def test_a_split_without_rows_proves_nothing() -> None:
    with pytest.raises(AssertionError, match="has rows"):
        check_adapter(Half(lambda _, a: a, honest), CARD, ItemBenchmark([]))
