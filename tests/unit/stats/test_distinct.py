"""Distinct scores with counts."""

from __future__ import annotations

import numpy as np
import pytest

from evalharness.stats.distinct import distinct_counts


def test_scores_of_both_signs_are_in_order_and_the_two_zeros_are_one() -> None:
    scores, counts = distinct_counts([0.5, -0.0, -3.0, 0.0, -0.25, 0.5, -3.0, 1e308, -1e308], [1, 0, 1, 1, 0, 1, 0, 1, 0])
    assert scores.tolist() == [-1e308, -3.0, -0.25, 0.0, 0.5, 1e308]
    assert not np.signbit(scores[3])
    assert counts.tolist() == [[1, 1, 1, 1, 0, 0], [0, 1, 0, 1, 2, 1]]


def test_neighbouring_floats_stay_apart() -> None:
    below = np.nextafter(0.7, 0)
    scores, counts = distinct_counts([0.7, below, 0.7, 5e-324, 0.0], [1, 1, 0, 1, 0])
    assert scores.tolist() == [0.0, 5e-324, below, 0.7]
    assert counts.tolist() == [[1, 0, 0, 1], [0, 1, 1, 1]]


def test_the_largest_floats_are_finite() -> None:
    assert distinct_counts([1.7e308, 1.7e308, -1.7e308], np.array([True, False, True]))[1].tolist() == [[0, 1], [1, 1]]


def test_any_number_of_classes_is_counted_and_strided_columns_are_read() -> None:
    scores, counts = distinct_counts([2, 1, 2, 2], [0, 3, 3, 3], 4)
    assert scores.tolist() == [1, 2]
    assert counts.tolist() == [[0, 1], [0, 0], [0, 0], [1, 2]]
    table = np.array([[0.3, 1.0], [0.1, 0.0], [0.3, 0.0]])
    assert distinct_counts(table[:, 0], table[:, 1].astype(int))[1].tolist() == [[1, 1], [0, 1]]


def test_no_rows_have_no_scores() -> None:
    for weights in (None, []):
        scores, counts = distinct_counts([], [], weights=weights)
        assert scores.shape == (0,)
        assert counts.shape == (2, 0)


@pytest.mark.parametrize(
    ("scores", "classes", "weights", "words"),
    [
        ([1.0, 2.0], [1], None, "one length"),
        ([[1.0]], [[1]], None, "one-dimensional"),
        ([1.0], [1], [1.0, 2.0], "one length"),
        ([np.nan], [1], None, "finite"),
        ([np.inf, 0.0], [1, 0], None, "finite"),
        ([0.5], [2], None, "from 0 to 1"),
        ([0.5], [0.5], None, "whole numbers"),
        ([0.5], [-1], None, "from 0 to 1"),
        ([0.5], [1], [-1.0], "weights"),
        ([0.5], [1], [np.nan], "weights"),
    ],
)
def test_rows_that_cannot_be_counted_are_refused(
    scores: list[float], classes: list[float], weights: list[float] | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        distinct_counts(scores, classes, weights=weights)
