"""Risk among what is kept, counted by hand; the area over every order of equal confidences."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evalharness.stats.selective import area_under_risk, risk_coverage

ITEM = st.tuples(st.sampled_from([0.1, 0.2, 0.2, 0.5, 0.9, float("nan")]), st.booleans(), st.integers(0, 3))


@given(st.lists(ITEM, max_size=25), st.integers(2, 9), st.booleans())
def test_each_cut_is_a_count_of_what_is_kept(items: list[tuple[float, bool, int]], points: int, clustered: bool) -> None:
    confidence, wrong = np.array([item[0] for item in items]), np.array([item[1] for item in items], dtype=bool)
    codes = np.array([item[2] for item in items], dtype=np.int32) if clustered else None
    found = risk_coverage(confidence, wrong, codes, points=points, alpha=0.05)
    assert list(found.cut) == sorted(set(found.cut), reverse=True)
    assert len(found.cut) <= points
    for cut, coverage, risk, lower, upper in zip(found.cut, found.coverage, found.risk, found.lower, found.upper, strict=True):
        kept = [item for item in items if item[0] >= cut]
        bad = sum(item[1] for item in kept)
        assert coverage == pytest.approx(len(kept) / len(items))
        assert risk == pytest.approx(bad / len(kept))
        exact = stats.binomtest(bad, len(kept)).proportion_ci(0.9, "exact")
        if clustered:
            assert lower <= risk + 1e-12
            assert upper >= risk - 1e-12
            assert upper >= exact.high - 1e-9 or bad == len(kept)
        else:
            assert (lower, upper) == pytest.approx((exact.low, exact.high), abs=1e-9)
    if len(found.cut):
        assert found.coverage[-1] == pytest.approx(np.mean(~np.isnan(confidence)))


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from([1.0, 2.0, 3.0]), st.booleans()), min_size=1, max_size=6))
def test_the_area_is_the_mean_over_every_order_of_equal_ones(items: list[tuple[float, bool]]) -> None:
    areas = []
    for order in permutations(range(len(items))):
        ranked = sorted(order, key=lambda place: -items[place][0])  # stable: keeps the order of equal ones
        bad = np.cumsum([items[place][1] for place in ranked])
        areas.append(np.mean(bad / np.arange(1, len(items) + 1)))
    confidence, wrong = np.array([item[0] for item in items]), np.array([item[1] for item in items], dtype=bool)
    assert area_under_risk(confidence, wrong) == pytest.approx(np.mean(areas))


def test_nothing_answered_gives_no_curve() -> None:
    found = risk_coverage([float("nan")] * 3, [True] * 3, None, points=5, alpha=0.05)
    assert len(found.cut) == len(found.risk) == 0
    assert np.isnan(found.area)
    with pytest.raises(ValueError, match="two points"):
        risk_coverage([0.5], [True], None, points=1, alpha=0.05)
