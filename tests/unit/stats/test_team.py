"""Limits of sums of products against a search over their corners, draws against what they are drawn around."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.stats.team import DRAWS, Measured, Pair, drawn, drawn_shares, hull, limits_of_sum, sum_of_products

SHARE = st.floats(0, 1, allow_nan=False)
PAIR = st.tuples(SHARE, SHARE).map(lambda p: (min(p), max(p)))


@given(PAIR, PAIR, PAIR, PAIR)
def test_limits_are_the_least_and_the_most_over_a_fine_search(opened: Pair, handed: Pair, kept: Pair, found: Pair):
    if handed[0] > opened[1]:
        return
    grid = [np.unique(np.concatenate([np.linspace(*pair, 5), np.clip(opened + handed, *pair)])) for pair in (opened, handed)]
    values = [sum_of_products(o, h, k, f) for o, h, k, f in product(*grid, kept, found) if h <= o]
    low, high = limits_of_sum(opened, handed, kept, found)
    assert low == pytest.approx(min(values), abs=1e-12)
    assert high == pytest.approx(max(values), abs=1e-12)


def test_a_single_point_has_itself_for_limits():
    one = [(value, value) for value in (0.8, 0.1, 0.9, 0.5)]
    assert limits_of_sum(*one) == pytest.approx((0.68, 0.68))


def test_draws_lie_around_what_was_counted_and_inside_what_is_declared():
    rng = np.random.Generator(np.random.Philox(key=1))
    counted, declared = drawn(Measured(part=90, total=100), rng), drawn((0.2, 0.4), rng)
    assert counted.shape == (DRAWS,)
    assert float(counted.mean()) == pytest.approx(90.5 / 101, abs=0.002)
    assert float(counted.std()) == pytest.approx(np.sqrt(90.5 * 10.5 / 101**2 / 102), rel=0.05)
    assert (declared.min(), declared.max()) == pytest.approx((0.2, 0.4), abs=0.001)


def test_drawn_shares_of_items_add_up_to_one():
    shares = drawn_shares([30.0, 0.0, 70.0], np.random.Generator(np.random.Philox(key=1)))
    assert shares.sum(axis=1) == pytest.approx(np.ones(DRAWS))
    assert shares.mean(axis=0) == pytest.approx(np.array([30.5, 0.5, 70.5]) / 101.5, abs=0.003)


@given(PAIR, PAIR)
def test_the_hull_of_two_pairs_of_limits_holds_both_and_ends_where_they_do(one: Pair, other: Pair):
    low, high = hull(one, other)
    assert all(low <= end <= high for end in (*one, *other))
    assert {low, high} <= {*one, *other}
