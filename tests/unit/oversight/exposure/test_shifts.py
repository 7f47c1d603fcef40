"""Shifts of a reviewer, from times and names, against going through the readings one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.oversight.exposure.shifts import HOUR, shifts_of

ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 80)), max_size=25)


def by_hand(rows: list[tuple[int, int, int]]) -> set[frozenset[int]]:
    """The shifts as sets of rows: who, name and hour."""
    found: list[set[int]] = []
    for who in {row[0] for row in rows}:
        mine = sorted((row[2], at) for at, row in enumerate(rows) if row[0] == who)
        for place, (hour, at) in enumerate(mine):
            before = mine[place - 1] if place else None
            goes_on = before is not None and (
                hour - before[0] < 8 or (hour - before[0] < 24 and rows[before[1]][1] == rows[at][1])
            )  # fmt: skip
            if goes_on:
                found[-1].add(at)
            else:
                found.append({at})
    return {frozenset(one) for one in found}


@settings(deadline=None, max_examples=300)
@given(ROWS)
def test_shifts_are_those_of_going_through_the_readings(rows: list[tuple[int, int, int]]):
    who, name, hour = (np.array([row[at] for row in rows], dtype=np.int32) for at in range(3))
    codes = shifts_of(who, name, hour.astype(np.int64) * HOUR)
    found = {frozenset(np.flatnonzero(codes == code).tolist()) for code in set(codes.tolist())}
    assert found == by_hand(rows)
    assert sorted(set(codes.tolist())) == list(range(len(found)))


def test_many_names_make_no_more_shifts_while_nobody_rests():
    hours = np.arange(9, dtype=np.int64) * HOUR
    codes = shifts_of(np.zeros(9, dtype=np.int32), np.arange(9, dtype=np.int32), hours)
    assert codes.tolist() == [0] * 9


def test_a_name_that_comes_back_another_day_is_another_shift():
    codes = shifts_of(np.zeros(2, dtype=np.int32), np.zeros(2, dtype=np.int32), np.array([0, 24 * HOUR]))
    assert codes.tolist() == [0, 1]


def test_times_that_are_ages_apart_are_ordered_too():
    time = np.array([2**62, 0, 2**62 + HOUR, 5], dtype=np.int64)
    codes = shifts_of(np.array([1, 1, 1, 0], dtype=np.int32), np.zeros(4, dtype=np.int32), time)
    assert codes.tolist() == [2, 1, 2, 0]
