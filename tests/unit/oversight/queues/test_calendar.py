"""Open hours of the week: there and back, and shifts that hold what was declared."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.errors import Fault
from evalharness.oversight.queues.calendar import ALWAYS, DAY, HOUR, MINUTE, OFFICE_HOURS, WEEK, Calendar, shifts
from evalharness.records.oversight_work import Work


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    edges = draw(st.lists(st.integers(0, 7 * 24), min_size=2, max_size=12, unique=True))
    hours = sorted(edges)[: len(edges) // 2 * 2]
    return Calendar.of([(hours[at] * HOUR, hours[at + 1] * HOUR) for at in range(0, len(hours), 2)])


@given(calendars(), st.lists(st.integers(0, 4 * 7 * 24 * 2), max_size=40))
def test_time_that_is_open_is_counted_hour_by_hour(calendar: Calendar, half_hours: list[int]):
    times = np.array(half_hours, dtype=np.int64) * (HOUR // 2)
    open_half = [any(a <= t * (HOUR // 2) % WEEK < b for a, b in zip(calendar.opens, calendar.closes, strict=True)) for t in range(4 * 336)]
    assert calendar.worked(times).tolist() == [sum(open_half[:at]) * (HOUR // 2) for at in half_hours]


@given(calendars(), st.lists(st.integers(0, 10**10), max_size=40))
def test_back_from_open_time_is_the_last_moment_that_is_open(calendar: Calendar, worked: list[int]):
    asked = np.array(worked, dtype=np.int64)
    found = calendar.at(asked)
    assert calendar.worked(found).tolist() == worked
    assert all(any(a <= t % WEEK < b for a, b in zip(calendar.opens, calendar.closes, strict=True)) for t in found.tolist())


def shifts_of(minutes: float, per_week: float) -> Calendar:
    return shifts(Work(officers=1, minutes_per_shift=minutes, shifts_per_week=per_week))


@given(st.floats(0.5, 1440), st.floats(0.1, 21))
def test_shifts_hold_the_minutes_that_were_declared(minutes: float, per_week: float):
    work = Work(officers=1, minutes_per_shift=minutes, shifts_per_week=per_week)
    if not work.fits_the_day:
        assert minutes * -(-per_week // 7) > 24 * 60
        with pytest.raises(Fault):
            shifts(work)
    else:
        assert shifts(work).each_week == pytest.approx(minutes * per_week * MINUTE, abs=2 * math.ceil(per_week))


def test_a_week_of_five_shifts_is_monday_to_friday():
    calendar = shifts_of(300, 5)
    assert calendar.opens == tuple(day * DAY for day in range(5))
    assert calendar.closes == tuple(day * DAY + 5 * HOUR for day in range(5))
    assert shifts_of(480, 21) == Calendar.of([(at * 8 * HOUR, (at + 1) * 8 * HOUR) for at in range(21)])
    assert shifts_of(480, 4.5).closes[-1] == 4 * DAY + 4 * HOUR


def test_patterns_of_arrival():
    assert ALWAYS.each_week == WEEK
    assert OFFICE_HOURS.each_week == 50 * HOUR


@pytest.mark.parametrize("hours", [[], [(1, 1)], [(2, 3), (1, 2)], [(0, WEEK + 1)], [(-1, 5)], [(0, 5), (4, 6)]])
def test_hours_that_cannot_be_are_refused(hours: list[tuple[int, int]]):
    with pytest.raises(Fault):
        Calendar.of(hours)
