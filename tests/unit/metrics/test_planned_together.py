"""All requirements of a plan: the largest number of items, and a floor of the chance that all are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.metrics.planned_together import all_shown, items_of_all


@dataclass
class _Lead:
    items: int | None


@dataclass
class _Planned:
    id: str
    lead: _Lead
    comparison: str = "at_least"


def planned(*items: int | None) -> list[Any]:
    return [_Planned(f"r{place}", _Lead(each)) for place, each in enumerate(items)]


def test_the_largest_number_suffices_for_each_and_one_without_a_number_leaves_none():
    assert items_of_all(planned(30, 900, 2)) == (900, "")
    assert items_of_all(planned(30, None, 2, None)) == (None, "no number of items can be told for r1, r3")


def test_a_complete_count_needs_no_items():
    assert items_of_all([*planned(30), _Planned("usable", _Lead(None), "equals")]) == (30, "")


def test_a_floor_by_hand():
    assert all_shown([0.9, 0.8]) == pytest.approx(0.7)
    assert all_shown([0.5, 0.4]) == 0.0
    assert all_shown([0.9, None]) is None


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_the_floor_lies_below_the_chance_of_independent_ones_and_of_the_least(powers: list[float]):
    floor, product = all_shown(powers), 1.0
    for power in powers:
        product *= power
    assert floor is not None
    assert floor <= product + 1e-12
    assert floor <= min(powers) + 1e-12
