"""Thirds of shifts, and what is counted in them, against a loop over readings in plain Python."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from review_rows import LABELS, ROW, Row, known_of, readings_of

from evalharness.catalogue.oversight.reviews import ORDER_SHARES
from evalharness.oversight.reviews import order
from evalharness.oversight.reviews.kinds import kinds_of
from evalharness.oversight.reviews.order import FIRST, LAST, MIDDLE, order_of, thirds
from evalharness.oversight.reviews.outcomes import Counting
from evalharness.oversight.reviews.readings import Readings
from evalharness.oversight.reviews.seconds import classes_of, half_within
from evalharness.records.oversight_reviews import SECOND_EDGES

HOW = Counting(rests_on=("x",))
TIMED = st.lists(st.tuples(ROW, st.integers(0, 6)), min_size=1, max_size=40)
LONG_AGO = 1_700_000_000_000_000


def timed(rows: list[tuple[Row, int]]) -> Readings:
    time = np.array([LONG_AGO + 1_000 * at for _, at in rows], dtype=np.int64)
    return replace(readings_of([row for row, _ in rows]), time=np.where([row.read for row, _ in rows], time, 0))


def third_of(value: int, all_of_it: list[int]) -> int:
    """By definition: earlier than the first of the middle, or later than its last."""
    told, k = sorted(all_of_it), len(all_of_it) // 3
    return FIRST if value < told[k] else LAST if value > told[len(told) - 1 - k] else MIDDLE


def by_hand(rows: list[tuple[Row, int]]) -> list[tuple[int, int]]:
    within: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row, at in rows:
        if row.read:
            within[row.reviewer, row.shift].append(at)
    begins: dict[int, list[int]] = defaultdict(list)
    for (reviewer, _), times in within.items():
        begins[reviewer].append(min(times))
    return [
        (third_of(at, within[row.reviewer, row.shift]), third_of(min(within[row.reviewer, row.shift]), begins[row.reviewer]))
        if row.read else (MIDDLE, MIDDLE)
        for row, at in rows
    ]  # fmt: skip


@pytest.mark.parametrize("sparse", [False, True])
@given(rows=TIMED)
def test_thirds_are_those_of_each_reviewer_in_each_shift(sparse: bool, rows: list[tuple[Row, int]]):
    before = order._FEW
    order._FEW = 0 if sparse else before
    try:
        found = thirds(timed(rows))
    finally:
        order._FEW = before
    assert list(zip(*(each.tolist() for each in found), strict=True)) == by_hand(rows)


@given(TIMED, LABELS)
def test_counts_are_those_of_a_loop(rows: list[tuple[Row, int]], labels: list[int]):
    readings, known = timed(rows), known_of(labels, None)
    seconds = classes_of(readings.seconds)
    found, parts = order_of(readings, known, HOW, kinds_of(readings, known, 1_800.0), seconds)
    places = by_hand(rows)
    assert [(one["by"], one["third"]) for one in parts] == [(by, third) for by in (order.IN_SHIFT, order.OF_SHIFTS) for third in (1, 2, 3)]
    for part in parts:
        which = 0 if part["by"] == order.IN_SHIFT else 1
        made = [row for (row, _), place in zip(rows, places, strict=True) if row.read and place[which] == part["third"] - 1]
        some = [row for row in made if row.reading == 1 and not row.seeded and labels[row.item] != -1]
        right = [row for row in some if row.said != -1 and (row.said >= 1) == (labels[row.item] >= 1)]
        shown = [row for row in some if not row.blind and row.shown != -1 and row.said != -1]
        assert (part["readings"], part["right"], part["shown"]) == (len(some), len(right), len(shown))
        assert part["override"] == sum(row.said != row.shown for row in shown)
        edges = sorted(next(edge for edge in SECOND_EDGES if row.seconds <= edge) for row in made)
        assert part["half_within_seconds"] == (edges[(len(edges) - 1) // 2] if edges else 0)
    assert [row.metric for row in found] == [metric.name for metric in ORDER_SHARES]
    told = {(part["by"], part["third"]): (part["readings"] - part["right"], part["readings"]) for part in parts}
    for row, place in zip(found, [(by, third) for by in (order.IN_SHIFT, order.OF_SHIFTS) for third in (1, 3)], strict=True):
        assert ((row.part, row.total), row.rests_on) == (told[place], ("x",))
        assert [way.name for way in row.ways] == ["case", "reviewer", "shift"]


def test_times_too_long_for_the_bits_that_are_left_still_have_an_order():
    """A reading a day for 90 years, by a thousand reviewers: reviewers take 10 bits, microseconds 52."""
    number = 3_000
    time = np.arange(number, dtype=np.int64) * 1_000_000 * 86_400 * 11
    of = np.arange(number, dtype=np.int64) % 1_000
    before = order._BITS
    order._BITS = 40
    try:
        place, least = order.thirds_within(of, time, 1_000)
    finally:
        order._BITS = before
    assert place.tolist() == [FIRST] * 1_000 + [MIDDLE] * 1_000 + [LAST] * 1_000
    assert (np.abs(least - time[:1_000]) <= time.max() / 2**29).all()


@given(st.lists(st.floats(0, 86_400), max_size=20))
def test_seconds_are_in_the_class_of_the_least_edge_that_holds_them(seconds: list[float]):
    found = classes_of(np.array([*seconds, np.nan]))
    assert found.tolist() == [*np.searchsorted(np.array(SECOND_EDGES), seconds).tolist(), 0]


def test_half_of_the_readings_lie_within_an_edge():
    assert half_within([0] * len(SECOND_EDGES)) == 0
    assert half_within([1, 1, *[0] * 18]) == 1
    assert half_within([1, 2, *[0] * 18]) == 2
