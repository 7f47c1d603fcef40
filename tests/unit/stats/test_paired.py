"""Bounds of paired differences against brute force, statsmodels and published numbers."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from evalharness.stats.paired import difference_at_least, holm_levels, lost_at_most, mcnemar, not_worse_p, tango
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

TABLES = st.tuples(st.integers(0, 25), st.integers(0, 25), st.integers(0, 60))


def binomial_cdf(k: int, n: int, p: float) -> float:
    return sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


@given(n=st.integers(1, 60), share=st.floats(0, 1), margin=st.floats(0.005, 0.5))
def test_the_p_value_is_the_chance_of_losing_so_few_at_the_margin(n: int, share: float, margin: float):
    b = min(int(share * (n + 1)), n)
    assert float(not_worse_p(b, n, margin)) == pytest.approx(binomial_cdf(b, n, margin), abs=1e-10)


@given(n=st.integers(1, 200), share=st.floats(0, 1), alpha=st.floats(0.001, 0.2))
def test_the_p_value_at_the_bound_is_alpha(n: int, share: float, alpha: float):
    b = min(int(share * n), n - 1)
    assert float(not_worse_p(b, n, lost_at_most(b, n, alpha))) == pytest.approx(alpha, rel=1e-7)


def test_four_items_without_a_loss_show_no_more_than_the_exact_bound():
    assert float(lost_at_most(0, 4, 0.05)) == pytest.approx(1 - 0.05**0.25)
    assert float(not_worse_p(0, 4, 0.5)) == pytest.approx(0.0625)


def test_nothing_to_compare_has_no_bound_and_all_lost_shows_nothing():
    assert np.isnan(lost_at_most(0, 0, 0.05))
    assert np.isnan(not_worse_p(0, 0, 0.01))
    assert np.isnan(difference_at_least(0, 0, 0, 0.05))
    assert float(not_worse_p(5, 5, 0.99)) == 1.0


@given(table=TABLES)
def test_the_opposite_bound_takes_half_of_alpha_for_each_part(table: tuple[int, int, int]):
    b, c, agreed = table
    n = b + c + agreed
    if n:
        expected = clopper_pearson_lower(b, n, 0.025) - clopper_pearson_upper(c, n, 0.025)
        assert float(difference_at_least(b, c, n, 0.05)) == pytest.approx(float(expected))
        assert difference_at_least(b, c, n, 0.05) <= (b - c) / n <= lost_at_most(b, n, 0.05)


def test_the_opposite_bound_holds_by_enumeration():
    """All tables of 30 items: the bound lies above the true difference in at most 5 % of them."""
    n, lost, gained = 30, 0.2, 0.05
    wrong = 0.0
    for b in range(n + 1):
        for c in range(n + 1 - b):
            chance = math.comb(n, b) * math.comb(n - b, c) * lost**b * gained**c * (1 - lost - gained) ** (n - b - c)
            wrong += chance * bool(difference_at_least(b, c, n, 0.05) > lost - gained)
    assert wrong <= 0.05


def profile_statistic(b: int, c: int, n: int, difference: float) -> float:
    """Tango's statistic with the likelihood maximised numerically under p_b - p_c = difference."""

    def unlikely(gained: float) -> float:
        lost = gained + difference
        rest = 1 - lost - gained
        if min(lost, gained, rest) < 0 or (b and lost <= 0) or (c and gained <= 0) or (n - b - c and rest <= 0):
            return 1e9
        return -sum(k * math.log(p) for k, p in ((b, lost), (c, gained), (n - b - c, rest)) if k)

    low, high = max(0.0, -difference), (1 - difference) / 2
    gained = optimize.minimize_scalar(unlikely, bounds=(low, high), method="bounded", options={"xatol": 1e-13}).x
    variance = (2 * gained + difference - difference**2) / n
    return ((b - c) / n - difference) / math.sqrt(variance)


@pytest.mark.parametrize(("b", "c", "n"), [(12, 2, 50), (1, 9, 44), (5, 5, 30), (86, 150, 1600), (3, 1, 12)])
def test_tango_s_limits_are_where_the_statistic_of_the_numerical_likelihood_is_the_quantile(b: int, c: int, n: int):
    low, high = (float(x) for x in tango(b, c, n, 0.025))
    assert profile_statistic(b, c, n, low) == pytest.approx(1.959964, abs=2e-3)
    assert profile_statistic(b, c, n, high) == pytest.approx(-1.959964, abs=2e-3)


@given(table=TABLES)
def test_tango_of_swapped_models_is_reversed_and_holds_the_value(table: tuple[int, int, int]):
    b, c, agreed = table
    n = b + c + agreed
    if n:
        low, high = tango(b, c, n, 0.05)
        other_low, other_high = tango(c, b, n, 0.05)
        assert float(low) == pytest.approx(-float(other_high), abs=1e-9)
        assert float(high) == pytest.approx(-float(other_low), abs=1e-9)
        assert low - 1e-9 <= (b - c) / n <= high + 1e-9


def test_tango_of_nothing_is_undefined():
    assert all(np.isnan(x) for x in tango(0, 0, 0, 0.05))


@settings(deadline=None)
@given(b=st.integers(0, 60), c=st.integers(0, 60))
def test_mcnemar_s_exact_p_value_is_that_of_statsmodels(b: int, c: int):
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    if b + c:
        expected = tables.mcnemar([[10, b], [c, 10]], exact=True).pvalue
        assert float(mcnemar(b, c)[0]) == pytest.approx(expected, rel=1e-9)


@given(b=st.integers(0, 40), c=st.integers(0, 40))
def test_mid_p_counts_what_is_as_extreme_by_half(b: int, c: int):
    n = b + c
    pmf = [math.comb(n, i) / 2**n for i in range(n + 1)]
    expected = sum(p * (1.0 if abs(2 * i - n) > abs(b - c) else 0.5 if abs(2 * i - n) == abs(b - c) else 0.0) for i, p in enumerate(pmf))
    assert float(mcnemar(b, c)[1]) == pytest.approx(expected if n else 1.0, abs=1e-9)


def test_mcnemar_agrees_with_r():
    """R 4.2.2 binom.test(86, 236)."""
    assert float(mcnemar(86, 150)[0]) == pytest.approx(3.71593614e-05, abs=1e-9)


@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_holm_is_the_closed_test_of_bonferroni(p: list[float]):
    """A hypothesis is rejected where every set that holds it has a p value of at most alpha over the set's size."""
    sets = [chosen for size in range(1, len(p) + 1) for chosen in combinations(range(len(p)), size)]
    rejected_sets = {chosen for chosen in sets if min(p[i] for i in chosen) <= 0.05 / len(chosen)}
    expected = [all(chosen in rejected_sets for chosen in sets if i in chosen) for i in range(len(p))]
    assert holm_levels(p, 0.05)[0].tolist() == expected


def test_holm_holds_all_that_follow_the_first_that_stays_above_against_the_same_alpha():
    rejected, against = holm_levels([0.2, 0.001, 0.03, math.nan], 0.05)
    assert rejected.tolist() == [False, True, False, False]
    assert against.tolist() == pytest.approx([0.05 / 3, 0.05 / 4, 0.05 / 3, 0.05 / 3])
    assert holm_levels([], 0.05)[0].tolist() == []
