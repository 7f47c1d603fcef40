"""Minutes, backlog and officers of a week, and back from a goal."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.stats.workload import Week

WEEKS = st.builds(Week, most=st.floats(1, 1e7), capacity=st.floats(1, 1e7), each=st.floats(1, 1e4))
SHARES = st.floats(0, 1)


@given(WEEKS, SHARES)
def test_a_week_is_what_it_says(week: Week, q: float):
    minutes = week.most * q
    assert week.minutes(q) == minutes
    assert week.backlog(q) == max(0.0, minutes - week.capacity)
    needed = week.officers(q)
    assert needed * week.each >= minutes * (1 - 1e-9)
    assert (needed - 1) * week.each <= minutes
    assert needed == int(needed)


@given(WEEKS, SHARES, SHARES)
def test_nothing_falls_as_more_is_read(week: Week, one: float, other: float):
    low, high = sorted((one, other))
    for of in (week.minutes, week.backlog, week.officers):
        assert of(low) <= of(high)


@given(WEEKS, st.floats(0, 1e6))
def test_the_share_of_a_goal_is_the_largest_that_meets_it(week: Week, goal: float):
    for of, back in (
        (week.minutes, week.share_for_minutes), (week.backlog, week.share_for_backlog), (week.officers, week.share_for_officers),
    ):  # fmt: skip
        share = back(goal)
        allowed = math.floor(goal) if of == week.officers else goal
        assert 0 <= share <= 1
        assert of(share * (1 - 1e-9)) <= allowed + 1e-6 * max(1.0, allowed)
        if share < 1:
            assert of(min(share * (1 + 1e-6) + 1e-9, 1.0)) >= allowed - 1e-9


def test_a_full_week_needs_no_further_officer():
    week = Week(most=6000, capacity=6000, each=1500)
    assert week.officers(1.0) == 4
    assert week.backlog(1.0) == 0
    assert week.share_for_officers(3) == pytest.approx(0.75)
