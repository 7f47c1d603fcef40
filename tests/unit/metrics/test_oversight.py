"""Share rows to estimates, against the bounds of each way by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.catalogue import Metric
from evalharness.metrics.oversight import share_row_estimate
from evalharness.records.share import ShareRow
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.stats.uneven import Uneven, limits_by_size, one_more_of
from evalharness.tally.shares import count_shares

CAUGHT = Metric(
    name="caught", title="Caught", definition="Share that is caught.", kind="oversight", better="higher", unit="proportion", decides=True,
    denominator_name="readings", source="reviews",
)  # fmt: skip
READINGS = st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 4)), min_size=1, max_size=80)


def row_of(readings: list[tuple[bool, int, int]], ways: dict[str, int]) -> ShareRow:
    part = np.array([r[0] for r in readings])
    codes = {name: np.array([r[at] for r in readings], dtype=np.int32) for name, at in ways.items()}
    (row,) = count_shares({"caught": (part, np.ones(len(part), dtype=bool))}, codes)
    return row


def by_hand(readings: list[tuple[bool, int, int]], at: int) -> tuple[float, float, float]:
    """n_eff and the limits of one way."""
    sizes, hits = np.zeros(8), np.zeros(8)
    for part, *codes in readings:
        sizes[codes[at - 1]] += 1
        hits[codes[at - 1]] += part
    mean = (sizes**2).sum() / sizes.sum()
    n_eff, k = sizes.sum() / mean, hits.sum() / mean
    uneven = Uneven(
        hits=np.array((hits**2).sum() / mean**2), misses=np.array(((sizes - hits) ** 2).sum() / mean**2),
        one_more=one_more_of((sizes > 0).sum(), n_eff),
    )  # fmt: skip
    lower, upper = limits_by_size(k, n_eff, uneven, 0.05)
    return n_eff, float(lower), float(upper)


@given(READINGS)
def test_bounds_are_those_of_the_fewest_and_of_the_widest_way(readings: list[tuple[bool, int, int]]):
    found = share_row_estimate(row_of(readings, {"case": 1, "reviewer": 2}), CAUGHT, 0.95)
    ways = [by_hand(readings, at) for at in (1, 2)]
    n_eff = min(way[0] for way in ways)
    rate = sum(r[0] for r in readings) / len(readings)
    assert found.value == pytest.approx(rate, abs=1e-9)
    assert found.n_eff == pytest.approx(n_eff, rel=1e-9)
    assert found.lower == pytest.approx(float(clopper_pearson_lower(rate * n_eff, n_eff, 0.05)), abs=1e-6)
    assert found.upper == pytest.approx(float(clopper_pearson_upper(rate * n_eff, n_eff, 0.05)), abs=1e-6)
    assert found.bounds[0] == pytest.approx(min(found.lower, *(way[1] for way in ways)), abs=1e-6)  # type: ignore[type-var]
    assert found.bounds[1] == pytest.approx(max(found.upper, *(way[2] for way in ways)), abs=1e-6)  # type: ignore[type-var]
    assert "ways=case+reviewer" in found.method


def test_independent_units_have_the_exact_bounds_and_none_has_no_value():
    alone = share_row_estimate(row_of([(True, 0, 0)] * 58 + [(False, 0, 0)], {}), CAUGHT, 0.95)
    assert (alone.n, alone.clusters, alone.n_eff, alone.by_size) == (59, 59, 59.0, None)
    assert alone.method == "clopper-pearson(one-sided, alpha=0.05)"
    assert alone.lower == pytest.approx(float(clopper_pearson_lower(58, 59, 0.05)), abs=1e-9)
    (nothing,) = count_shares({"caught": (np.array([False]), np.array([False]))}, {})
    empty = share_row_estimate(nothing, CAUGHT, 0.95)
    assert (empty.value, empty.lower, empty.upper, empty.by_size, empty.reason) == (None, None, None, None, "no readings")


def test_one_reviewer_of_many_readings_is_worth_one():
    readings = [(True, i % 7, 0) for i in range(500)]
    found = share_row_estimate(row_of(readings, {"case": 1, "reviewer": 2}), CAUGHT, 0.95)
    assert (found.n_eff, found.clusters) == (1.0, 1)
    assert found.bounds[0] is not None
    assert found.bounds[0] <= 0.05
