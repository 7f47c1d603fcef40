"""Brier's score and its decomposition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression

from evalharness.stats.calibration import _pooled, brier_score, corp

COUNTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12)


@given(COUNTS, st.integers(0, 2**31))
def test_the_three_parts_add_up_and_are_not_below_0(counts: list[tuple[int, int]], seed: int) -> None:
    positive, negative = np.array(counts).T
    scores = np.sort(np.random.default_rng(seed).random(len(counts)))
    found = corp(scores, positive, negative)
    if found is None:
        assert positive.sum() + negative.sum() == 0
        return
    assert found.brier == pytest.approx(found.miscalibration - found.discrimination + found.uncertainty, abs=1e-12)
    assert found.brier == pytest.approx(float(brier_score(scores, positive, negative)))
    assert min(found.miscalibration, found.discrimination, found.uncertainty) >= 0
    assert (np.diff(found.recalibrated) >= 0).all()
    assert found.recalibrated @ found.items == pytest.approx(positive.sum())


def test_adjacent_violators_are_pooled() -> None:
    found = corp([0.1, 0.2, 0.3, 0.9], [0, 2, 1, 3], [4, 2, 3, 0])
    assert found is not None
    assert found.recalibrated == pytest.approx([0, 3 / 8, 3 / 8, 1])


def test_a_calibrated_score_has_no_miscalibration_and_a_constant_one_no_discrimination() -> None:
    right = corp([0.25, 0.5], [1, 2], [3, 2])
    constant = corp([0.9], [1], [3])
    assert right is not None
    assert constant is not None
    assert right.miscalibration == 0
    assert constant.discrimination == 0
    assert constant.miscalibration == pytest.approx((0.9 - 0.25) ** 2)


def test_nothing_counted_has_no_score() -> None:
    assert math.isnan(brier_score([0.5], [0], [0]))
    assert corp([0.5], [0], [0]) is None
    assert corp([], [], []) is None


def test_many_replicates_are_counted_at_once() -> None:
    positive, negative = np.random.default_rng(5).integers(0, 4, (2, 6, 3))
    found = brier_score([0.1, 0.5, 1.0], positive, negative)
    assert float(found[4]) == pytest.approx(float(brier_score([0.1, 0.5, 1.0], positive[4], negative[4])))


@pytest.mark.parametrize("score", [-0.1, 1.1, math.nan])
def test_what_is_no_probability_is_refused(score: float) -> None:
    for function in (brier_score, corp):
        with pytest.raises(ValueError, match="probabilities"):
            function([score], [1], [1])


def test_scores_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="rising"):
        corp([0.5, 0.4], [1, 1], [1, 1])


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 9)), min_size=1, max_size=60))
def test_few_scores_are_pooled_as_scipy_pools_them(blocks: list[tuple[float, int]]) -> None:
    shares, weights = (np.array(column, dtype=float) for column in zip(*blocks, strict=True))
    assert _pooled(shares, weights) == pytest.approx(isotonic_regression(shares, weights=weights).x, abs=1e-12)
