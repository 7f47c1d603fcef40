"""Axes: values go to their place and nowhere outside, round values are round, words stay inside the edges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.report.axis import Axis, beside, label, round_values, ticks
from evalharness.report.fitting import cut


@given(st.floats(0, 1), st.floats(0.001, 1), st.floats(-3, 3))
def test_a_value_lies_inside_and_more_is_further_along(low: float, span: float, value: float):
    axis = Axis(low, low + span, 10.0, 110.0)
    assert 10.0 <= axis.place(value) <= 110.0
    assert axis.place(value) <= axis.place(value + 0.1)
    assert axis.at(None) is None
    upward = Axis(low, low + span, 110.0, 10.0)
    assert upward.place(value) == pytest.approx(120.0 - axis.place(value), abs=0.11)


@given(st.floats(0, 0.9), st.floats(0.002, 1), st.integers(2, 8))
def test_round_values_lie_on_the_axis_and_are_as_many_as_asked_for_or_fewer(low: float, span: float, parts: int):
    found = round_values(Axis(low, low + span, 0.0, 100.0), parts, percentage=True)
    values = [value for value, _ in found]
    assert all(low - 1e-6 <= value <= low + span + 1e-6 for value in values)
    assert values == sorted(values)
    assert len(values) <= parts + 1
    assert len({text for _, text in found}) == len(found)
    for value, text in found:
        assert float(text.removesuffix("\u00a0%").replace(",", "")) == pytest.approx(100 * value, abs=1e-6)


def test_round_values_by_hand():
    shares = [text for _, text in round_values(Axis(0.0, 1.0, 0, 1), 4, percentage=True)]
    assert shares == [f"{share}\u00a0%" for share in (0, 25, 50, 75, 100)]
    assert [text for _, text in round_values(Axis(0.0, 4000.0, 0, 1), 4, percentage=False)] == ["0", "1,000", "2,000", "3,000", "4,000"]


@given(st.floats(0, 300), st.text("abcdef ", min_size=1, max_size=20))
def test_a_word_is_flush_with_the_edge_that_it_would_cross(x: float, text: str):
    found, half = label(x, text, 0.0, 300.0), 3.2 * len(text)
    begin = {"start": found.x, "middle": found.x - half, "end": found.x - 2 * half}[found.anchor]
    assert begin >= -1e-9
    assert begin + 2 * half <= 300.0 + 1e-9


@given(st.floats(20, 320), st.text("abcdef ", min_size=1, max_size=40))
def test_a_name_beside_a_point_stays_inside_where_there_is_room(x: float, text: str):
    found, width = beside(x, text, (20.0, 320.0), off=9.0, letter=6.8), 6.8 * len(text)
    begin = found.x if found.anchor == "start" else found.x - width
    assert begin >= 20.0 - 0.1
    assert begin + width <= 320.1


def test_the_ends_of_an_axis_keep_their_words():
    found = ticks(Axis(0.0, 1.0, 40.0, 300.0), 2, percentage=True)
    assert [(each.x, each.anchor) for each in found] == [(40.0, "start"), (170.0, "middle"), (300.0, "end")]


def test_a_name_is_cut_and_hides_nothing():
    assert cut("a" * 40, 10) == "a" * 9 + "…"
    assert cut("short", 10) == "short"
    assert "\u202e" not in cut("a\u202eb", 20)
