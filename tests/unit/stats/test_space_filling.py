"""Points that fill a space: even in every dimension, a beginning of more, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import qmc

from evalharness.stats.space_filling import MOST_DIMENSIONS, MOST_POINTS, space_filling


@given(st.integers(0, 8), st.integers(1, 20), st.integers(0, 2**53 - 1))
@settings(max_examples=40, deadline=None)
def test_each_equal_part_of_every_dimension_holds_exactly_one_of_a_power_of_two_points(power, dimensions, seed):
    points = 2**power
    found = space_filling(points, dimensions, seed)
    assert found.shape == (points, dimensions)
    assert ((found >= 0) & (found < 1)).all()
    for column in np.floor(found * points).astype(int).T:
        assert sorted(column) == list(range(points))


@given(st.integers(1, 70), st.integers(1, 70), st.integers(0, 1_000))
@settings(max_examples=30, deadline=None)
def test_fewer_points_are_a_beginning_of_more(one, other, seed):
    few, many = sorted((one, other))
    assert np.array_equal(space_filling(few, 5, seed), space_filling(many, 5, seed)[:few])


def test_another_seed_gives_other_points_and_they_fill_better_than_chance():
    first, second = space_filling(64, 8, 1), space_filling(64, 8, 2)
    assert not np.array_equal(first, second)
    by_chance = min(qmc.discrepancy(np.random.default_rng(seed).random((64, 8))) for seed in range(20))
    assert qmc.discrepancy(first) < by_chance


@pytest.mark.parametrize(("points", "dimensions"), [(0, 1), (1, 0), (MOST_POINTS + 1, 1), (1, MOST_DIMENSIONS + 1)])
def test_no_point_no_dimension_and_too_many_are_refused(points, dimensions):
    with pytest.raises(ValueError, match="points"):
        space_filling(points, dimensions, 0)
