"""Area under the ROC curve and its uncertainty."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from evalharness.stats.distinct import distinct_counts
from evalharness.stats.roc import delong_variance, logit_limits, no_limits, paired_delong, roc_auc

ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=25)


def psi(positive: float, negative: float) -> float:
    return 1.0 if positive > negative else 0.5 if positive == negative else 0.0


def slow(labels: np.ndarray, models: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Areas and DeLong's covariance matrix from all pairs, as in the paper."""
    kernels = np.array([[[psi(x, y) for y in m[labels == 0]] for x in m[labels == 1]] for m in models])
    v10, v01 = kernels.mean(axis=2), kernels.mean(axis=1)
    covariance = np.atleast_2d(np.cov(v10)) / v10.shape[1] + np.atleast_2d(np.cov(v01)) / v01.shape[1]
    return kernels.mean(axis=(1, 2)), covariance


@given(ROWS)
def test_area_and_variance_are_those_of_all_pairs(rows: list[tuple[int, int, int]]) -> None:
    labels, first, second = (np.array(column) for column in zip(*rows, strict=True))
    _, (negative, positive) = distinct_counts(first, labels)
    ones, zeros = int(labels.sum()), int((1 - labels).sum())
    if min(ones, zeros) < 2:
        assert math.isnan(delong_variance(positive, negative))
        assert paired_delong(labels, first, second).variance is None
        return
    areas, covariance = slow(labels, [first, second])
    assert float(roc_auc(positive, negative)) == pytest.approx(areas[0])
    assert float(delong_variance(positive, negative)) == pytest.approx(covariance[0, 0], abs=1e-12)
    found = paired_delong(labels, first, second)
    assert [found.first, found.second, found.difference] == pytest.approx([areas[0], areas[1], areas[0] - areas[1]])
    assert found.variance == pytest.approx(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1], abs=1e-12)
    assert (found.p is None) == bool(found.reason)


def test_many_replicates_are_counted_at_once() -> None:
    rng = np.random.default_rng(3)
    positive, negative = rng.integers(0, 5, (2, 3, 4, 7))
    for function in (roc_auc, delong_variance):
        together = function(positive, negative)
        assert together.shape == (3, 4)
        assert together[2, 1] == pytest.approx(function(positive[2, 1], negative[2, 1]))


def test_one_class_has_neither_area_nor_variance() -> None:
    for positive, negative in (([1, 2], [0, 0]), ([0, 0], [3, 1]), ([], [])):
        assert math.isnan(roc_auc(positive, negative))
        assert math.isnan(delong_variance(positive, negative))


def test_limits_are_symmetric_on_the_logit_scale_and_stay_inside() -> None:
    lower, upper = (float(x) for x in logit_limits(0.97, 0.03**2, 25, 400, 0.05))
    assert 0 < lower < 0.97 < upper < 1
    assert special.logit(upper) - special.logit(0.97) == pytest.approx(special.ndtri(0.95) * 0.03 / (0.97 * 0.03))
    assert special.logit(0.97) - special.logit(lower) == pytest.approx(special.logit(upper) - special.logit(0.97))
    assert no_limits(0.97, 0.03**2, 25, 400) == ""


@pytest.mark.parametrize(
    ("area", "variance", "positives", "negatives", "words"),
    [
        (0.9, 0.01, 19, 400, "19 independent units"),
        (0.9, 0.01, 400, 19, "19 independent units"),
        (1.0, 0.0, 40, 40, "variance is 0"),
        (0.0, 0.0, 40, 40, "variance is 0"),
        (0.5, 0.0, 40, 40, "variance is 0"),
        (math.nan, math.nan, 40, 0, "one class"),
    ],
)
def test_few_units_and_no_variance_give_no_limits(area: float, variance: float, positives: int, negatives: int, words: str) -> None:
    assert np.isnan(logit_limits(area, variance, positives, negatives, 0.05)).all()
    assert words in no_limits(area, variance, positives, negatives)


def test_four_perfect_rows_have_an_area_and_nothing_more() -> None:
    _, (negative, positive) = distinct_counts([0.9, 0.8, 0.2, 0.1], [1, 1, 0, 0])
    area, variance = float(roc_auc(positive, negative)), float(delong_variance(positive, negative))
    assert (area, variance) == (1.0, 0.0)
    assert np.isnan(logit_limits(area, variance, 2, 2, 0.05)).all()


def test_twenty_units_a_side_are_enough_and_most_intervals_hold_the_truth() -> None:
    rng = np.random.default_rng(8)
    truth = float(special.ndtr(1 / math.sqrt(2)))
    held = 0
    for _ in range(400):
        _, (negative, positive) = distinct_counts(rng.normal(size=60) + np.repeat([1.0, 0.0], 30), np.repeat([1, 0], 30))
        lower, upper = logit_limits(roc_auc(positive, negative), delong_variance(positive, negative), 30, 30, 0.05)
        held += int(lower < truth < upper)
    assert 0.86 < held / 400 < 0.94


def test_equal_models_have_no_test_and_say_why() -> None:
    labels, scores = np.repeat([0, 1], 30), np.linspace(0, 1, 60).round(1)
    found = paired_delong(labels, scores, 2 * scores + 1)
    assert (found.difference, found.z, found.p) == (0.0, None, None)
    assert "variance" in found.reason
    assert "20" in paired_delong([0, 0, 1, 1], [1, 2, 3, 1], [1, 2, 1, 2]).reason
    assert "one class" in paired_delong([1, 1], [1, 2], [1, 2]).reason
    assert "single" in paired_delong([1, 0], [1, 2], [1, 2]).reason


@pytest.mark.parametrize(
    ("labels", "first", "weights", "words"),
    [
        ([0, 1], [1.0], None, "one length"),
        ([0, 2], [1, 2], None, "0 or 1"),
        ([0, 1], [1, np.nan], None, "finite"),
        ([0, 1], [1, 2], [1, -1], "below 0"),
    ],
)
def test_rows_that_cannot_be_compared_are_refused(labels: list[int], first: list[float], weights: list[float] | None, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        paired_delong(labels, first, [1.0, 2.0], weights)
