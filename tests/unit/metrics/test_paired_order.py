"""The difference of two areas: limits and p value are DeLong's, and few units or no variance give none."""

from __future__ import annotations

import numpy as np
import pytest

from evalharness.metrics.paired_order import order_pair
from evalharness.stats.roc import paired_delong
from evalharness.tally.orders import OrdersCounter, OrdersTogether


def counted(labels: np.ndarray, scores: list[np.ndarray]) -> OrdersTogether:
    counter = OrdersCounter(2, clustered=False)
    counter.add(labels, scores, None)
    (found,) = counter.result()
    assert found is not None
    return found


def test_limits_and_p_value_are_those_of_delong():
    draw = np.random.default_rng(5)
    labels = draw.integers(-1, 2, 900).astype(np.int8)
    scores = [(draw.integers(0, 12, 900) + 2 * labels) / 12.0 for _ in range(2)]
    scores[0][draw.random(900) < 0.1] = np.nan
    found = counted(labels, scores)
    told = order_pair("b", found, 0.95)
    kept = (labels >= 0) & ~np.isnan(scores[0]) & ~np.isnan(scores[1])
    expected = paired_delong(labels[kept], scores[1][kept], scores[0][kept])
    assert expected.variance is not None
    assert expected.difference is not None
    reach = 1.6448536269514722 * expected.variance**0.5
    assert (told.lower, told.upper) == pytest.approx((expected.difference - reach, expected.difference + reach), rel=1e-9)
    assert told.p == pytest.approx(expected.p, rel=1e-9)


def test_few_units_and_equal_scores_have_no_limits():
    labels = np.array([1, 0] * 5, dtype=np.int8)
    scores = np.arange(10) / 10
    few = counted(labels, [scores, scores[::-1].copy()])
    assert "need 20 on each" in order_pair("b", few, 0.95).reason
    many = np.tile(labels, 10), np.random.default_rng(1).random(100)
    same = counted(many[0], [many[1], many[1]])
    told = order_pair("b", same, 0.95)
    assert (told.difference, told.lower, told.upper, told.p) == (0.0, None, None, None)
    assert "variance of the difference is 0" in told.reason


def test_one_class_has_no_area():
    told = order_pair("b", counted(np.ones(50, dtype=np.int8), [np.arange(50.0), np.arange(50.0)]), 0.95)
    assert (told.difference, told.lower, told.p, told.items) == (None, None, None, 50)
    assert "one class" in told.reason
