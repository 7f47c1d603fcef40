"""Bounds of one proportion, of two, and of a mean of few values."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evalharness.stats.clusters import kish_n_eff, linearised_variance
from evalharness.stats.gaps import mover_difference, mover_ratio
from evalharness.stats.ladder import cost_ladder
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper, wilson
from evalharness.stats.rounding import outward


def test_four_perfect_rows_show_no_more_than_473():
    assert float(clopper_pearson_lower(4, 4, 0.05)) == pytest.approx(0.05**0.25)
    assert 0.472 < float(clopper_pearson_lower(4, 4, 0.05)) < 0.473


def test_no_successes_have_lower_bound_0_and_no_failures_upper_bound_1():
    assert clopper_pearson_lower([0, 0], [5, 1e7], 0.05).tolist() == [0, 0]
    assert clopper_pearson_upper([5, 1e7], [5, 1e7], 0.05).tolist() == [1, 1]


def test_nothing_counted_has_no_bound():
    for bound in (clopper_pearson_lower, clopper_pearson_upper):
        assert np.isnan(bound([0.0, 0.0], [0.0, -1.0], 0.05)).all()
    assert np.isnan(wilson(0, 0, 0.05)).all()


def test_real_valued_counts_lie_between_their_whole_neighbours():
    low, middle, high = clopper_pearson_lower([7, 7.5, 8], 10, 0.05)
    assert low < middle < high


def test_upper_bounds_mirror_lower_bounds_even_for_tiny_rates():
    k = np.array([1.0, 3.0, 50.0])
    n = 1e8
    mirrored = 1 - clopper_pearson_lower(n - k, n, 0.01)
    assert clopper_pearson_upper(k, n, 0.01) == pytest.approx(mirrored, abs=1e-13)
    assert float(clopper_pearson_upper(0, n, 0.05)) == pytest.approx(-math.expm1(math.log(0.05) / n), rel=1e-9)


def test_effective_size_is_the_number_of_equal_clusters_and_the_items_when_independent():
    assert float(kish_n_eff(120, 12 * 10**2)) == 12
    assert float(kish_n_eff(120, 120)) == 120
    assert float(kish_n_eff(0, 0)) == 0


def test_linearised_variance_is_the_sum_over_clusters_written_out():
    parts = np.array([[3, 1], [5, 0], [2, 2], [7, 1]], dtype=float)
    gradient = np.array([0.3, -0.7])
    scores = parts @ gradient
    expected = 4 / 3 * ((scores - scores.mean()) ** 2).sum()
    assert float(linearised_variance(gradient, parts.sum(axis=0), parts.T @ parts, 4)) == pytest.approx(expected)
    assert math.isnan(linearised_variance(gradient, parts[0], np.outer(parts[0], parts[0]), 1))


def test_difference_limits_of_reversed_groups_are_reversed():
    first, second = (0.9, 0.8, 0.95), (0.7, 0.5, 0.85)
    lower, upper = mover_difference(*first, *second)
    back = mover_difference(*second, *first)
    assert (float(lower), float(upper)) == (-float(back[1]), -float(back[0]))


def test_ratio_limits_of_reversed_groups_are_inverted():
    lower, upper = mover_ratio(0.9, 0.8, 0.95, 0.7, 0.5, 0.85)
    back = mover_ratio(0.7, 0.5, 0.85, 0.9, 0.8, 0.95)
    assert float(lower) == pytest.approx(1 / float(back[1]))
    assert float(upper) == pytest.approx(1 / float(back[0]))
    assert float(lower) < 0.9 / 0.7 < float(upper)


def test_a_ratio_has_no_upper_bound_over_a_rate_that_may_be_0_and_no_lower_bound_under_one():
    lower, upper = mover_ratio(0.5, 0.4, 0.6, 0.1, 0.0, 0.3)
    assert math.isnan(upper)
    assert lower > 0
    lower, upper = mover_ratio(0.1, 0.0, 0.3, 0.5, 0.4, 0.6)
    assert math.isnan(lower)
    assert upper > 0


def test_perfect_rates_have_the_ratio_bound_of_the_single_rate():
    limit = float(clopper_pearson_lower(20, 20, 0.05))
    assert float(mover_ratio(1.0, limit, 1.0, 1.0, limit, 1.0)[0]) == pytest.approx(limit)


def test_a_ladder_of_one_rise_is_a_scaled_proportion():
    value, lower, upper = cost_ladder([0, 3, 3], [90, 4, 6], 100.0, 0.05)
    assert float(value) == pytest.approx(0.3)
    assert float(lower) == pytest.approx(3 * float(clopper_pearson_lower(10, 100, 0.05)))
    assert float(upper) == pytest.approx(3 * float(clopper_pearson_upper(10, 100, 0.05)))


def test_a_ladder_spends_alpha_over_its_rises():
    value, lower, upper = cost_ladder([1, 2, 10], [70, 20, 10], 100.0, 0.05)
    assert float(value) == pytest.approx(0.7 + 0.4 + 1.0)
    assert float(upper) == pytest.approx(
        1 + float(clopper_pearson_upper(30, 100, 0.025)) + 8 * float(clopper_pearson_upper(10, 100, 0.025))
    )
    assert float(lower) == pytest.approx(
        1 + float(clopper_pearson_lower(30, 100, 0.025)) + 8 * float(clopper_pearson_lower(10, 100, 0.025))
    )


def test_equal_costs_are_known_exactly_and_no_items_have_no_cost():
    assert [float(x) for x in cost_ladder([0.7, 0.7], [3, 4], 7.0, 0.05)] == [0.7, 0.7, 0.7]
    assert np.isnan(cost_ladder([0.7, 0.7], [0, 0], 0.0, 0.05)).all()
    assert np.isnan(cost_ladder([0.0, 1.0], [0, 0], 0.0, 0.05)).all()


@pytest.mark.parametrize("value", [0.1 + 0.2, 1 / 3, 2 / 3, -1 / 7, 1e-300 / 3, 123456789.123456789, 5e-324])
def test_rounding_goes_outward_at_ten_significant_digits(value: float):
    down, nearest, up = (outward(value, direction=d) for d in ("down", "nearest", "up"))
    assert down <= value <= up
    assert down <= nearest <= up
    assert up - down <= abs(value) * 1e-9
    assert float(f"{nearest:.9e}") == nearest


def test_decimals_that_need_no_rounding_stay():
    for value in (0.0, -0.0, 0.7, 0.05, 1.0, 300_000.0, -0.25):
        assert {outward(value, direction=d) for d in ("down", "nearest", "up")} == {value}
    assert math.copysign(1.0, outward(-0.0)) == 1.0
    assert outward(0.123456, digits=3, direction="up") == 0.124


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_not_rounded(value: float):
    with pytest.raises(ValueError, match="cannot round"):
        outward(value)
