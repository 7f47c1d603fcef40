from __future__ import annotations

import numpy as np
import pytest

from evalharness.errors import Fault
from evalharness.predictions import ANSWERED, DUPLICATE, INVALID, MISSING, Accounting, Answers, account, decide
from evalharness.records import OperatingPoint

LABEL = OperatingPoint(rule="label", threshold=None)


def at(threshold: float) -> OperatingPoint:
    return OperatingPoint(rule="score >= threshold", threshold=threshold)


def scored(scores: list[float], status: list[int]) -> Answers:
    return Answers(scores=np.array(scores, np.float64), labels=None, status=np.array(status, np.uint8))


def labelled(labels: list[int], status: list[int]) -> Answers:
    return Answers(scores=None, labels=np.array(labels, np.int8), status=np.array(status, np.uint8))


def test_a_score_at_the_threshold_is_selected() -> None:
    assert decide(scored([0.49, 0.5, 0.51], [ANSWERED] * 3), at(0.5)).tolist() == [0, 1, 1]


def test_a_float32_score_is_compared_as_the_float64_it_is() -> None:
    widened = float(np.float32(0.7))
    assert widened < 0.7
    assert decide(scored([widened], [ANSWERED]), at(0.7)).tolist() == [0]


@pytest.mark.parametrize("status", [MISSING, DUPLICATE, INVALID])
def test_whatever_was_not_answered_decides_nothing(status: int) -> None:
    assert decide(scored([0.9, 0.9], [status, ANSWERED]), at(0.5)).tolist() == [-1, 1]
    assert decide(labelled([1, 1], [status, ANSWERED]), LABEL).tolist() == [-1, 1]


def test_a_nan_is_no_answer_even_if_its_status_says_otherwise() -> None:
    assert decide(scored([float("nan")], [ANSWERED]), at(-1.0)).tolist() == [-1]


def test_labels_decide_as_they_stand() -> None:
    decisions = decide(labelled([1, 0, -1], [ANSWERED, ANSWERED, INVALID]), LABEL)
    assert decisions.tolist() == [1, 0, -1]
    assert decisions.dtype == np.int8


LEVELS = ("low", "medium", "high")
TOP = OperatingPoint(rule="top_band", threshold=None, top_band="high")
BUDGET = OperatingPoint(rule="budget", threshold=None, budget_per_day=3)


def test_levels_decide_as_they_stand() -> None:
    assert decide(labelled([3, 0, 2, -1], [ANSWERED] * 3 + [INVALID]), LABEL).tolist() == [3, 0, 2, -1]


def test_only_the_top_band_is_selected() -> None:
    decisions = decide(labelled([0, 1, 2, 2, -1], [ANSWERED, ANSWERED, ANSWERED, MISSING, INVALID]), TOP, LEVELS)
    assert decisions.tolist() == [0, 0, 1, -1, -1]
    assert decisions.dtype == np.int8


def test_the_band_decides_and_not_the_score_beside_it() -> None:
    answers = Answers(scores=np.array([0.9, 0.1]), labels=np.array([0, 2], np.int8), status=np.zeros(2, np.uint8))
    assert decide(answers, TOP, LEVELS).tolist() == [0, 1]


def test_a_band_that_is_no_level_is_a_fault() -> None:
    with pytest.raises(Fault, match="none of the levels"):
        decide(labelled([0], [0]), TOP, ("low", "medium"))


def test_a_budget_does_not_decide_items_one_by_one() -> None:
    with pytest.raises(Fault, match="one by one"):
        decide(scored([1.0], [0]), BUDGET)


@pytest.mark.parametrize(("answers", "point"), [(labelled([1], [0]), at(0.5)), (scored([1.0], [0]), LABEL), (scored([1.0], [0]), TOP)])
def test_answers_of_the_other_kind_are_a_fault(answers: Answers, point: OperatingPoint) -> None:
    with pytest.raises(Fault, match="needs"):
        decide(answers, point)


@pytest.mark.parametrize(
    ("scores", "labels", "status"),
    [
        (None, None, np.zeros(1, np.uint8)),
        (np.zeros(1), np.zeros(2, np.int8), np.zeros(1, np.uint8)),
        (np.zeros(2), None, np.zeros(1, np.uint8)),
        (np.zeros((1, 1)), None, np.zeros((1, 1), np.uint8)),
    ],
)
def test_answers_that_do_not_fit_together_cannot_be_made(scores: object, labels: object, status: np.ndarray) -> None:
    with pytest.raises(Fault, match="answers"):
        Answers(scores=scores, labels=labels, status=status)


def test_an_account_counts_each_status_code() -> None:
    status = np.array([0, 0, 1, 2, 3, 3, 3], np.uint8)
    assert account(status, rows=9, extra=1, other_split=2) == Accounting(
        rows=9, answered=2, missing=1, duplicate=1, invalid=3, extra=1, other_split=2
    )
