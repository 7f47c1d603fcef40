"""What a comparison could show at all, against simulation and exact enumeration."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evalharness.stats.gap_sizes import LEAST_P, detectable_gap, least_p, noise_floor
from evalharness.stats.gaps import difference_of_limits, mover_difference
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

LAYOUTS = [(0.95, (10, 20, 400)), (0.95, (400,) * 5), (0.5, (3, 3)), (0.02, (1000, 3000, 50)), (0.9, (30,) * 40), (0.3, (1, 1))]


@pytest.mark.parametrize(("rate", "sizes"), LAYOUTS)
def test_the_noise_floor_is_what_simulated_equal_groups_show(rate: float, sizes: tuple[int, ...]):
    drawn = np.random.default_rng(11).binomial(sizes, rate, size=(40_000, len(sizes))) / np.array(sizes)
    simulated = (drawn.max(axis=1) - drawn.min(axis=1)).mean()
    assert float(noise_floor([rate], [sizes])[0]) == pytest.approx(simulated, rel=0.03)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.floats(0.01, 0.99), st.integers(1, 40), st.integers(1, 40))
def test_the_noise_floor_of_two_groups_is_the_exact_expectation(rate: float, first: int, second: int):
    k, m = np.arange(first + 1), np.arange(second + 1)
    chances = stats.binom.pmf(k, first, rate)[:, None] * stats.binom.pmf(m, second, rate)[None]
    exact = float((chances * np.abs(k[:, None] / first - m[None] / second)).sum())
    assert float(noise_floor([rate], [[first, second, 0]])[0]) == pytest.approx(exact, rel=0.06, abs=2e-3)


def test_where_nothing_varied_the_floor_is_not_known_and_without_two_groups_there_is_none():
    assert np.isnan(noise_floor([0.0, 1.0, 0.5, np.nan, 0.5], [[5, 5], [5, 5], [5, 0], [5, 5], [0, 0]])).all()


def enumerated(high: tuple[float, int], low: tuple[float, int], alpha: float, spanned: bool) -> float:
    """Exact probability that the lower bound of the difference is above 0."""
    parts = []
    for rate, n in (high, low):
        k = np.arange(n + 1)
        parts.append((k / n, clopper_pearson_lower(k, n, alpha), clopper_pearson_upper(k, n, alpha), stats.binom.pmf(k, n, rate)))
    (p1, l1, u1, w1), (p2, l2, u2, w2) = ([v[:, None] for v in parts[0]], [v[None] for v in parts[1]])
    lower = (difference_of_limits(l1, u1, l2, u2) if spanned else mover_difference(p1, l1, u1, p2, l2, u2))[0]
    return float((w1 * w2 * (lower > 0)).sum())


@pytest.mark.parametrize("spanned", [False, True])
@pytest.mark.parametrize("alpha", [0.025, 0.05 / 20])
@pytest.mark.parametrize("rate", [0.95, 0.5, 0.1])
@pytest.mark.parametrize(("first", "second"), [(100, 100), (400, 400), (40, 400), (30, 1000)])
def test_a_gap_that_is_said_to_be_seen_is_seen_eight_times_in_ten(first: int, second: int, rate: float, alpha: float, spanned: bool):
    gap = float(detectable_gap(rate, first, second, alpha, spanned=spanned))
    apart, other = (rate - gap, first), (rate, second)
    high, low = (other, apart) if rate >= 0.5 else ((rate + gap, first), other)
    assert 0.75 <= enumerated(high, low, alpha, spanned) <= 0.96


def test_groups_too_small_see_nothing():
    assert np.isnan(detectable_gap(0.5, 5, 5, 0.001))
    assert np.isnan(detectable_gap(0.9, 0, 500, 0.05))
    assert np.isnan(detectable_gap(np.nan, 500, 500, 0.05))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(1, 60), st.integers(1, 60), st.booleans())
def test_the_least_p_is_where_the_most_telling_outcome_begins_to_tell(first: int, second: int, spanned: bool):
    p = float(least_p(first, second, spanned=spanned))

    def lower(alpha: float) -> float:
        one = (1.0, float(clopper_pearson_lower(first, first, alpha)), 1.0)
        none = (0.0, 0.0, float(clopper_pearson_upper(0, second, alpha)))
        return float((difference_of_limits(*one[1:], *none[1:]) if spanned else mover_difference(*one, *none))[0])

    if p > 2 * LEAST_P:
        assert lower(p * 0.999) <= 1e-9
    assert lower(min(p * 1.001, 0.999)) >= -1e-9


def test_an_empty_group_has_no_p_and_large_groups_no_smaller_one_than_is_told():
    assert np.isnan(least_p(0, 10))
    assert float(least_p(10**6, 10**6)) == pytest.approx(LEAST_P, rel=1e-6)
