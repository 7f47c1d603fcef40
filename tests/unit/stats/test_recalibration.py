"""Calibration in the large and slope."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from evalharness.stats.recalibration import recalibrate


def test_scores_that_are_right_need_no_move() -> None:
    found = recalibrate([0.2, 0.5, 0.8], [20, 50, 80], [80, 50, 20])
    assert found.intercept == pytest.approx(0, abs=1e-9)
    assert found.slope == pytest.approx(1, abs=1e-9)
    assert found.reason == ""


def test_a_known_move_of_the_log_odds_is_found() -> None:
    odds = np.array([-2.0, 0.0, 1.5])
    items = 1e6
    chance = special.expit(0.4 + 0.7 * odds)
    found = recalibrate(special.expit(odds), items * chance, items * (1 - chance))
    assert found.slope == pytest.approx(0.7, abs=1e-9)
    moved = recalibrate(special.expit(odds), items * special.expit(0.4 + odds), items * special.expit(-0.4 - odds))
    assert moved.intercept == pytest.approx(0.4, abs=1e-9)


def test_extreme_log_odds_far_from_the_outcomes_still_converge() -> None:
    scores = [1e-300, 1e-12, 1 - 1e-12]
    found = recalibrate(scores, [500, 3, 400], [1, 500, 500])
    assert found.reason == ""
    assert found.intercept is not None
    assert found.slope is not None
    fitted = special.expit(found.intercept + special.logit(np.array(scores)))
    assert float(fitted @ [501, 503, 900]) == pytest.approx(903)


@pytest.mark.parametrize(
    ("scores", "positive", "negative"),
    [([1e-300, 2e-300], [500, 400], [1, 2]), ([1 - 1e-16, 1e-300], [1, 1], [500, 400]), ([1e-310, 0.5, 1 - 1e-15], [9, 5, 2], [1, 5, 8])],
)
def test_scores_as_wrong_as_can_be_are_moved_back(scores: list[float], positive: list[int], negative: list[int]) -> None:
    found = recalibrate(scores, positive, negative)
    assert found.reason == ""
    assert found.intercept is not None
    fitted = special.expit(found.intercept + special.logit(np.array(scores)))
    assert float(fitted @ np.add(positive, negative)) == pytest.approx(sum(positive), rel=1e-9)


def test_a_thousand_million_items_converge_too() -> None:
    odds = np.linspace(-6, 3, 50)
    chance = special.expit(0.3 + 0.8 * odds)
    found = recalibrate(special.expit(odds), 1e9 * chance, 1e9 * (1 - chance))
    assert found.slope == pytest.approx(0.8, abs=1e-9)
    assert found.reason == ""


def test_errors_are_those_of_the_information_and_shrink_with_the_root_of_the_items() -> None:
    small, large = (recalibrate([0.5], [10 * k], [10 * k]) for k in (1, 100))
    assert small.intercept_error == pytest.approx(1 / math.sqrt(20 * 0.25))
    assert large.intercept_error == pytest.approx(small.intercept_error / 10)


@pytest.mark.parametrize(
    ("scores", "positive", "negative", "words"),
    [
        ([0.2, 0.8], [0, 5], [5, 0], "separate"),
        ([0.2, 0.8], [5, 0], [0, 5], "separate"),
        ([0.2, 0.5, 0.8], [0, 3, 5], [5, 3, 0], "separate"),
        ([0.5, 0.5], [5, 1], [5, 1], "equal"),
    ],
)
def test_a_slope_without_limit_is_null_with_the_reason(scores: list[float], positive: list[int], negative: list[int], words: str) -> None:
    found = recalibrate(scores, positive, negative)
    assert found.slope is None
    assert found.slope_error is None
    assert found.intercept is not None
    assert words in found.reason


@pytest.mark.parametrize(
    ("scores", "positive", "negative", "words"),
    [
        ([0.2, 0.8], [0, 0], [5, 5], "one class"),
        ([0.0, 0.8], [1, 2], [5, 5], "exactly 0 or 1"),
        ([0.2, 1.0], [1, 2], [5, 5], "exactly 0 or 1"),
        ([0.2], [0], [0], "no items"),
        ([], [], [], "no items"),
    ],
)
def test_what_has_no_log_odds_or_no_second_class_is_null(scores: list[float], positive: list[int], negative: list[int], words: str) -> None:
    found = recalibrate(scores, positive, negative)
    assert (found.intercept, found.intercept_error, found.slope, found.slope_error) == (None, None, None, None)
    assert words in found.reason


def test_a_score_that_no_item_has_is_not_looked_at() -> None:
    assert recalibrate([0.0, 0.3, 0.6], [0, 4, 5], [0, 6, 5]) == recalibrate([0.3, 0.6], [4, 5], [6, 5])


def test_what_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="probabilities"):
        recalibrate([1.2], [1], [1])
