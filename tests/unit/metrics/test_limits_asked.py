"""Limits that are asked for again are those of the first time, to the last bit, and nobody can write to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.metrics import limits_asked as module
from evalharness.metrics.limits_asked import limits_asked
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.stats.uneven import Uneven, limits_by_size

SIZES = st.just(0.0) | st.floats(1e-6, 500)
"""Effective numbers: none, or as small as the weights of a sample make them."""
PAIRS = st.lists(st.tuples(st.floats(0, 1), SIZES), min_size=1, max_size=6)


@given(PAIRS, st.sampled_from([0.05, 0.01, np.array([[0.05], [0.025]])]), st.booleans())
def test_every_time_they_are_those_of_the_rule_itself(pairs: list[tuple[float, float]], alpha: float | np.ndarray, by_size: bool):
    n = np.array([size for _, size in pairs])
    k = n * np.array([share for share, _ in pairs])
    uneven = Uneven(hits=k * 1.3, misses=(n - k) * 0.9, one_more=np.full_like(n, 2.5)) if by_size else None
    rule = limits_by_size(k, n, uneven, alpha) if uneven else (clopper_pearson_lower(k, n, alpha), clopper_pearson_upper(k, n, alpha))
    for _ in range(2):
        for found, expected in zip(limits_asked(k, n, uneven, alpha), rule, strict=True):
            assert np.asarray(found).tobytes() == np.asarray(expected).tobytes()
            assert found.shape == np.shape(expected)


def test_what_differs_in_one_number_is_another_question():
    k, n, sizes = np.array([9.0, 8.0]), np.array([10.0, 10.0]), np.array([2.0, 2.0])
    uneven = Uneven(hits=k, misses=n - k, one_more=sizes)
    same = [limits_asked(k, n, uneven, 0.05)[0] for _ in range(2)]
    assert same[0] is same[1]
    others = [
        limits_asked(k, n, uneven, 0.04),
        limits_asked(k, n, None, 0.05),
        limits_asked(k - 1, n, uneven, 0.05),
        limits_asked(k, n + 1, uneven, 0.05),
        limits_asked(k, n, Uneven(hits=k, misses=n - k, one_more=sizes + 1), 0.05),
    ]
    assert all(not np.array_equal(lower, same[0]) for lower, _ in others)


def test_nobody_can_change_what_is_kept():
    lower, upper = limits_asked(np.array([1.0]), np.array([2.0]), None, 0.05)
    for kept in (lower, upper):
        with pytest.raises(ValueError, match="read-only"):
            kept[0] = 0.0


def test_many_numbers_are_not_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_LARGEST", 1)
    first, again = (limits_asked(np.array([1.0, 2.0]), np.array([3.0, 3.0]), None, 0.05)[0] for _ in range(2))
    assert first is not again
    assert np.array_equal(first, again)
