"""Where rising functions cross 0, against scipy."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special

from evalharness.stats.search import crossing

Floats = np.ndarray


@given(st.lists(st.floats(0.01, 50), min_size=1, max_size=5), st.floats(0.5, 20), st.sampled_from([1e-2, 1e-6]))
def test_every_function_is_met_on_both_sides_of_its_own_root(roots: list[float], bend: float, close: float):
    at = np.array(roots)

    def rising(x: Floats) -> Floats:
        return np.asarray(special.ndtr(bend * (x - at)) - 0.5 + 0.1 * (x - at))

    low, high = crossing(rising, np.zeros_like(at), np.full_like(at, 60.0), np.full_like(at, close))
    assert (high - low <= close).all()
    assert (rising(low) < 0).all()
    assert (rising(high) >= 0).all()
    for k in range(len(at)):
        root = optimize.brentq(lambda x, k=k: float(rising(np.full_like(at, x))[k]), 0, 60)
        assert low[k] - 1e-9 <= root <= high[k] + 1e-9


@given(st.floats(0.01, 59), st.floats(0.001, 0.999))
def test_a_step_is_found_too(step: float, height: float):
    low, high = crossing(lambda x: np.where(x < step, -height, 1 - height), np.zeros(1), np.full(1, 60.0), np.full(1, 1e-3))
    assert low[0] < step <= high[0]
    assert high[0] - low[0] <= 1e-3
