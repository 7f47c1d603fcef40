"""Average precision."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evalharness.stats.average_precision import average_precision


def test_it_is_the_step_sum_and_not_the_trapezoid() -> None:
    assert float(average_precision([1, 1], [2, 0])) == pytest.approx(0.5 * 1 + 0.5 * 2 / 4)


def test_scores_that_all_tie_give_the_prevalence_and_no_negatives_give_one() -> None:
    assert float(average_precision([3], [9])) == 0.25
    assert float(average_precision([3, 1], [0, 0])) == 1.0


def test_there_is_none_without_positives() -> None:
    assert math.isnan(average_precision([0, 0], [1, 2]))
    assert math.isnan(average_precision([], []))


def test_many_replicates_are_counted_at_once() -> None:
    rng = np.random.default_rng(4)
    positive, negative = rng.integers(0, 4, (2, 5, 9))
    each = [float(average_precision(p, n)) for p, n in zip(positive, negative, strict=True)]
    assert average_precision(positive, negative).tolist() == pytest.approx(each)


def test_scores_that_no_item_has_change_nothing() -> None:
    assert float(average_precision([0, 2, 0, 1, 0], [0, 1, 0, 4, 0])) == float(average_precision([2, 1], [1, 4]))
