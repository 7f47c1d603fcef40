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
from evalharness.predictions.pair_answers import LinkAnswers
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


LABEL = OperatingPoint(rule="label", threshold=None)
TOP = OperatingPoint(rule="top_band", threshold=None, top_band="high")
GRADED = ItemBenchmark([str(n) for n in range(200)], task="ordinal", levels=("none", "C", "B", "A"), labels=("", ""))
BANDED = ItemBenchmark([str(n) for n in range(200)], task="risk", levels=("low", "medium", "high"))
LINKED = ItemBenchmark(["a", "b", "c"], task="linkage", labels=("", ""), pairs=[(0, 1), (1, 2)])


def level(code: int) -> Callable[[Batch, Answers], Answers]:
    return lambda _, a: Answers(scores=None, labels=np.full(len(a), code, np.int8), status=a.status)


def band(code: int, score: float = 0.5) -> Callable[[Batch, Answers], Answers]:
    return lambda _, a: replace(a, labels=np.full(len(a), code, np.int8), scores=np.full(len(a), score))


GRADES: list[tuple[Any, ItemBenchmark, OperatingPoint, str]] = [
    (level(4), GRADED, LABEL, "labels are below 4"),
    (level(-1), GRADED, LABEL, "exactly where"),
    (band(1), GRADED, LABEL, "int8 labels, and no scores"),
    (band(3), BANDED, TOP, "labels are below 3"),
    (band(1, 1.5), BANDED, TOP, "outside"),
    (band(1, float("nan")), BANDED, TOP, "exactly where"),
    (band(-1), BANDED, TOP, "exactly where"),
    (lambda _, a: a, BANDED, TOP, "a top band gets int8 labels"),
    (lambda _, a: replace(band(1)(_, a), scores=a.scores.astype(np.float32)), BANDED, TOP, "float64 scores"),
    (lambda b, a: band(1)(b, a) if b.start == 0 else level(1)(b, a), BANDED, TOP, "every batch gets scores, or none does"),
    (lambda b, a: level(b.rows % 2)(b, a), GRADED, LABEL, "answers do not depend"),
    (band(1), ITEMS, OperatingPoint(rule="budget", threshold=None, budget_per_day=1), "a budget gets scores, and no labels"),
]


@pytest.mark.parametrize(("twist", "items", "point", "said"), GRADES)
def test_levels_and_bands_that_break_a_promise_are_caught(twist: Any, items: ItemBenchmark, point: OperatingPoint, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check_adapter(Half(twist, honest), CARD, items, operating_point=point, batch_rows=(150, 97))


@pytest.mark.parametrize(("twist", "items", "point"), [(level(3), GRADED, LABEL), (band(2), BANDED, TOP), (level(0), BANDED, TOP)])
def test_levels_and_bands_that_keep_them_pass(twist: Any, items: ItemBenchmark, point: OperatingPoint) -> None:
    check_adapter(Half(twist, honest), CARD, items, operating_point=point)


class Linker:
    """Answers one half to every candidate pair, or one entity to every record; `twist` spoils the answers."""

    def __init__(self, twist: Callable[[LinkAnswers], Any] = honest) -> None:
        self._twist = twist

    def link(self, *asked: Any) -> Any:
        point = asked[-1]
        status = np.zeros(3 if point.rule == "label" else 2, np.uint8)
        scores, entities = (None, np.zeros(3, np.int64)) if point.rule == "label" else (np.full(2, 0.5), None)
        told = account(status, rows=len(status))
        return self._twist(LinkAnswers(scores=scores, entities=entities, status=status, accounting=told))


def fickle(answers: LinkAnswers, state: list[int] = []) -> LinkAnswers:  # noqa: B006  # what this adapter does wrong
    state.append(1)
    return replace(answers, scores=answers.scores / len(state))


AT_HALF = OperatingPoint(rule="score >= threshold", threshold=0.5)
LINKS: list[tuple[Callable[[LinkAnswers], Any], OperatingPoint, str]] = [
    (lambda a: a.scores, AT_HALF, "a LinkAnswers, not ndarray"),
    (lambda _: Linker().link(LABEL), AT_HALF, "float64 scores"),
    (lambda _: Linker().link(AT_HALF), LABEL, "int64 entities"),
    (lambda a: replace(a, entities=a.entities[1:], status=a.status[1:]), LABEL, "3 records get 3 answers, not 2"),
    (lambda a: replace(a, scores=a.scores[1:], status=a.status[1:]), AT_HALF, "2 candidate pairs get 2 answers, not 1"),
    (lambda a: replace(a, entities=a.entities - 1), LABEL, "exactly where"),
    (lambda a: replace(a, scores=a.scores + 1), AT_HALF, "outside"),
    (lambda a: replace(a, status=a.status + np.uint8(7)), AT_HALF, "status codes are"),
    (lambda a: replace(a, status=a.status.astype(np.int64)), AT_HALF, "uint8"),
    (lambda a: replace(a, self_pairs=1), AT_HALF, "with itself are invalid"),
    (lambda a: replace(a, accounting=replace(a.accounting, answered=0)), AT_HALF, "the accounting agrees"),
    (fickle, AT_HALF, "bit by bit"),
]


@pytest.mark.parametrize(("twist", "point", "said"), LINKS)
def test_links_that_break_a_promise_are_caught(twist: Any, point: OperatingPoint, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check_adapter(Linker(twist), CARD, LINKED, operating_point=point)


@pytest.mark.parametrize("point", [AT_HALF, LABEL])
def test_links_that_keep_them_pass(point: OperatingPoint) -> None:
    check_adapter(Linker(), CARD, LINKED, operating_point=point)


def test_an_adapter_without_links_cannot_serve_linkage() -> None:
    with pytest.raises(AssertionError, match="method `link`"):
        check_adapter(Half(lambda _, a: a, honest), CARD, LINKED, operating_point=AT_HALF)
