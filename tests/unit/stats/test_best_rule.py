from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from evalharness.stats.best_rule import least_spent, most_gained

BINS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8)


def ordered(bins: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Gains and costs, by falling chance."""
    best = sorted(bins, key=lambda pair: -pair[0] / sum(pair) if sum(pair) else 1.0)
    return np.array([float(gain) for gain, _ in best]), np.array([float(cost) for _, cost in best])


@settings(max_examples=150, deadline=None)
@given(BINS, st.floats(0, 1))
def test_no_choice_of_shares_gains_more_for_the_budget(bins: list[tuple[int, int]], share: float) -> None:
    gains, costs = ordered(bins)
    budget = share * float(costs.sum())
    best = -linprog(-gains, A_ub=[costs], b_ub=[budget], bounds=[(0, 1)] * len(gains)).fun
    assert most_gained(gains, costs, budget) == pytest.approx(best, abs=1e-7)


@settings(max_examples=150, deadline=None)
@given(BINS, st.floats(0, 1))
def test_no_choice_of_shares_gains_enough_for_less(bins: list[tuple[int, int]], share: float) -> None:
    gains, costs = ordered(bins)
    wanted = share * float(gains.sum())
    least = linprog(costs, A_ub=[-gains], b_ub=[-wanted], bounds=[(0, 1)] * len(gains)).fun
    assert least_spent(gains, costs, wanted) == pytest.approx(least, abs=1e-7)


def test_half_a_bin_gives_half_of_it() -> None:
    gains, costs = np.array([4.0, 2.0, 0.0]), np.array([1.0, 2.0, 5.0])
    assert [most_gained(gains, costs, budget) for budget in (0, 1, 2, 3, 8, 99)] == [0, 4, 5, 6, 6, 6]
    assert [least_spent(gains, costs, wanted) for wanted in (0, 2, 4, 5, 6)] == [0, 0.5, 1, 2, 3]
    assert most_gained(np.array([3.0, 1.0]), np.array([0.0, 1.0]), 0.0) == 3.0
