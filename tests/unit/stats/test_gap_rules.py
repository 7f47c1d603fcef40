"""The deciding bound of a gap: MOVER, and never closer than what three directions give."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, norm

from evalharness.stats.gap_rules import ADMISSIBLE, EARLIEST, Three, greatest_difference, least_ratio
from evalharness.stats.gaps import difference_of_limits, mover_difference, mover_ratio, ratio_of_limits
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

FEW = settings(max_examples=80, deadline=None, derandomize=True)
SIZES = st.floats(1.0, 3000.0)
SHARES = st.floats(0.0, 1.0)


def side(successes: float, n: float, alphas: tuple[float, ...]) -> list[Three]:
    return [(np.asarray(successes / n), clopper_pearson_lower(successes, n, a), clopper_pearson_upper(successes, n, a)) for a in alphas]


def pair(one: tuple[float, float], other: tuple[float, float], alpha: float = 0.05) -> tuple[list[Three], list[Three]]:
    """From (share, n) of either group."""
    first, second = (side(share * n, n, ADMISSIBLE.alphas(alpha)) for share, n in (one, other))
    return first, second


def test_the_bound_is_the_greatest_of_mover_s_and_three_directions_written_out():
    (k1, n1), (k2, n2), z = (48, 50), (6, 9), 1.01 * norm.isf(0.05)
    upper = lambda k, n, at: 1.0 if k == n else beta.isf(norm.sf(at), k + 1, n - k)  # noqa: E731
    lower = lambda k, n, at: 0.0 if k == 0 else beta.ppf(norm.sf(at), k, n - k + 1)  # noqa: E731
    p1, p2 = k1 / n1, k2 / n2
    by_mover = p1 - p2 + math.hypot(upper(k1, n1, z) - p1, p2 - lower(k2, n2, z))
    turned = [(z * math.cos(math.radians(t)), z * math.sin(math.radians(t))) for t in (22.5, 45, 67.5)]
    expected = max(by_mover, *(upper(k1, n1, a) - lower(k2, n2, b) for a, b in turned))
    assert float(greatest_difference(*pair((p1, n1), (p2, n2)))) == pytest.approx(expected, rel=1e-9)
    quotient = min(lower(k2, n2, a) / upper(k1, n1, b) for a, b in turned)
    found = float(least_ratio(*pair((p2, n2), (p1, n1))))
    plain = float(mover_ratio(*pair((p2, n2), (p1, n1))[0][0], *pair((p2, n2), (p1, n1))[1][0])[0])
    assert found == pytest.approx(min(plain, quotient), rel=1e-9)


def test_of_large_groups_far_from_0_and_1_it_is_mover_s():
    one, other = pair((0.6, 40_000), (0.5, 900))
    assert float(greatest_difference(one, other)) == pytest.approx(float(mover_difference(*one[0], *other[0])[1]), abs=1e-4)
    assert float(least_ratio(other, one)) == pytest.approx(float(mover_ratio(*other[0], *one[0])[0]), abs=1e-3)


def test_groups_that_are_not_independent_and_the_earliest_rule_take_limits_at_alpha_alone():
    assert ADMISSIBLE.alphas(0.05, spanned=True) == EARLIEST.alphas(0.05) == (0.05,)
    one, other = (side(k, 20, (0.05,)) for k in (18, 11))
    assert float(greatest_difference(one, other, spanned=True)) == float(difference_of_limits(*one[0][1:], *other[0][1:])[1])
    assert float(least_ratio(other, one, spanned=True)) == float(ratio_of_limits(*other[0][1:], *one[0][1:])[0])
    assert float(greatest_difference(one, other)) == float(mover_difference(*one[0], *other[0])[1])


def test_there_is_no_ratio_over_a_rate_that_may_be_0():
    assert math.isnan(float(least_ratio(*pair((0.0, 30), (0.9, 30)))))
    assert float(least_ratio(*pair((0.9, 30), (0.0, 30)))) > 0


@FEW
@given(SHARES, SIZES, SHARES, SIZES, st.floats(0.0, 0.2), st.sampled_from([0.1, 0.05, 0.0304, 0.002]))
def test_a_worse_second_group_and_a_stricter_level_never_bring_the_bound_closer(  # noqa: PLR0917  what Hypothesis draws
    a: float, n: float, b: float, m: float, less: float, alpha: float
):
    worse = max(0.0, b - less)
    base, farther = (float(greatest_difference(*pair((a, n), (share, m), alpha))) for share in (b, worse))
    assert farther >= base - 1e-9
    assert float(greatest_difference(*pair((a, n), (b, m), alpha / 2))) >= base - 1e-9
    near, nearer = (float(least_ratio(*pair((share, m), (a, n), alpha))) for share in (b, worse))
    assert math.isnan(nearer) or nearer <= near + 1e-9


@FEW
@given(SHARES, SIZES, SHARES, SIZES)
def test_the_bound_is_never_closer_than_mover_s_and_never_short_of_the_gap(a: float, n: float, b: float, m: float):
    one, other = pair((a, n), (b, m))
    plain = mover_difference(*side(a * n, n, (0.05,))[0], *side(b * m, m, (0.05,))[0])[1]
    assert float(greatest_difference(one, other)) >= max(float(plain), a - b) - 1e-9
