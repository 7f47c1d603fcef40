"""Where a rising function crosses 0, against scipy."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special

from evalharness.stats.search import crossing


@given(st.floats(0.01, 50), st.floats(0.5, 20), st.sampled_from([1e-2, 1e-6]))
def test_a_function_is_followed_to_its_root(root: float, bend: float, near: float):
    def rising(x: float) -> float:
        return float(special.ndtr(bend * (x - root)) - 0.5 + 0.1 * (x - root))

    found = crossing(rising, (0.0, rising(0.0)), (60.0, rising(60.0)), 1e-9, near)
    assert abs(rising(found)) <= near
    assert abs(found - optimize.brentq(rising, 0, 60)) <= 10 * near + 1e-9


@given(st.floats(0.01, 59), st.floats(0.001, 0.999))
def test_a_step_is_found_from_above(step: float, height: float):
    found = crossing(lambda x: -height if x < step else 1 - height, (0.0, -height), (60.0, 1 - height), 1e-3, 1e-6)
    assert step <= found <= step + 1e-3
