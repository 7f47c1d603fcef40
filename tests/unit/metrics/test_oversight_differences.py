"""Differences of shares against sums of limits by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.catalogue import EVERY_METRIC
from evalharness.metrics.oversight import share_row_estimate
from evalharness.metrics.oversight_differences import BY_CHANCE, DIFFERENCES, difference_of_rows
from evalharness.records import Estimate
from evalharness.records.share import ShareRow
from evalharness.tally.shares import count_shares

READINGS = st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=30)
NAMES = sorted({name for sums in DIFFERENCES.values() for terms in sums for _, name in terms})


def row_of(name: str, readings: list[tuple[bool, int, int]]) -> ShareRow:
    part = np.array([r[0] for r in readings], dtype=bool)
    codes = {way: np.array([r[at] for r in readings], dtype=np.int32) for way, at in (("case", 1), ("reviewer", 2))}
    (row,) = count_shares({name: (part, np.ones(len(part), dtype=bool))}, codes)
    return row


def of(rows: dict[str, ShareRow], metric: str, *, by_chance: bool = True) -> Estimate:
    wanted = {name for terms in DIFFERENCES[metric] for _, name in terms}
    own = {name: row for name, row in rows.items() if name in wanted}
    return difference_of_rows(own, EVERY_METRIC[metric], 0.95, by_chance=by_chance)


def by_hand(rows: dict[str, ShareRow], plus: list[str], minus: list[str], alpha: float, scale: float) -> tuple[float, float, float]:
    """Value and widest limits of scale x (sum of plus - sum of minus), from estimates of the shares at the level of each limit."""
    level = 1 - alpha / (len(plus) + len(minus))
    found = {name: share_row_estimate(rows[name], EVERY_METRIC[name], level) for name in (*plus, *minus)}
    value = sum(found[n].value or 0.0 for n in plus) - sum(found[n].value or 0.0 for n in minus)
    low = sum(found[n].bounds[0] or 0.0 for n in plus) - sum(found[n].bounds[1] or 0.0 for n in minus)
    high = sum(found[n].bounds[1] or 0.0 for n in plus) - sum(found[n].bounds[0] or 0.0 for n in minus)
    return value * scale, low * scale, high * scale


@settings(max_examples=25, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(NAMES, READINGS)))
def test_limits_are_sums_of_limits_that_all_hold_together(readings: dict[str, list[tuple[bool, int, int]]]):
    rows = {name: row_of(name, readings[name]) for name in NAMES}
    bias, gain, synergy = (of(rows, name) for name in ("automation_bias", "augmentation", "synergy"))
    expected = by_hand(rows, ["wrong_when_model_wrong"], ["blind_wrong_when_model_wrong"], 0.05, 1.0)
    assert (bias.value, *bias.bounds) == pytest.approx(expected, abs=1e-7)
    shown, blind = ["reader_recall", "reader_specificity"], ["blind_reader_recall", "blind_reader_specificity"]
    model = ["read_model_recall", "read_model_specificity"]
    assert (gain.value, *gain.bounds) == pytest.approx(by_hand(rows, shown, blind, 0.05, 0.5), abs=1e-7)
    lower = [by_hand(rows, shown, other, 0.05, 0.5) for other in (blind, model)]
    upper = [by_hand(rows, shown, other, 0.025, 0.5) for other in (blind, model)]
    assert synergy.value == pytest.approx(min(each[0] for each in lower), abs=1e-7)
    assert synergy.bounds == pytest.approx((min(each[1] for each in lower), min(each[2] for each in upper)), abs=1e-7)
    for estimate in (bias, gain, synergy):
        assert estimate.bounds[0] <= estimate.value <= estimate.bounds[1]  # type: ignore[operator]
        assert estimate.by_size is None or (estimate.by_size[0] <= estimate.lower and estimate.by_size[1] >= estimate.upper)  # type: ignore[operator]


def test_nothing_to_divide_by_has_no_value_and_no_chance_decides_nothing():
    some = [(True, 0, 0), (False, 1, 1)]
    rows = {name: row_of(name, some) for name in NAMES}
    (empty,) = count_shares({"blind_wrong_when_model_wrong": (np.array([False]), np.array([False]))}, {})
    nothing = of({**rows, "blind_wrong_when_model_wrong": empty}, "automation_bias")
    assert (nothing.value, nothing.lower, nothing.upper) == (None, None, None)
    assert nothing.reason == "nothing was counted in blind_wrong_when_model_wrong"
    as_it_came = of(rows, "synergy", by_chance=False)
    assert (as_it_came.decides, as_it_came.reason) == (False, BY_CHANCE)
