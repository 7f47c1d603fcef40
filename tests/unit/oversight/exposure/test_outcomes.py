"""Exposure of a review log against counting it by hand, reading by reading, with ties, empty classes and single rows."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.oversight.exposure.outcomes import count_exposure, weighted_row
from evalharness.oversight.exposure.shifts import HOUR
from evalharness.oversight.reviews.readings import Known, Readings
from evalharness.records.oversight_exposure import ExposureLimits, percentile
from evalharness.records.share import ShareRow

Row = dict[str, Any]
ITEMS = 6
LEVELS = {"none": 0, "C": 1, "A": 2}


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[int], list[int], list[Row]]:
    """Labels, cases and readings; every reviewer has at most two shifts, a day apart."""
    labels = draw(st.lists(st.sampled_from([-1, 0, 0, 1, 2, 2]), min_size=ITEMS, max_size=ITEMS))
    cases = draw(st.lists(st.integers(0, 2), min_size=ITEMS, max_size=ITEMS))
    pairs = draw(st.lists(st.tuples(st.integers(0, ITEMS - 1), st.integers(0, 2)), unique=True, min_size=1, max_size=14))
    rows = []
    for item, reviewer in pairs:
        day = draw(st.integers(0, 1))
        rows.append({
            "item": item, "reviewer": reviewer, "reading": draw(st.integers(1, 3)), "seeded": draw(st.booleans()),
            "read": draw(st.sampled_from([True, True, False])), "said": draw(st.integers(-1, 2)), "day": day,
            "time": 24 * day + draw(st.integers(0, 5)), "views": draw(st.integers(1, 3)),
        })  # fmt: skip
    return labels, cases, rows


def readings_of(rows: list[Row], *, views: bool = True) -> Readings:
    def of(name: str, kind: Any) -> Any:
        return np.array([row[name] for row in rows], dtype=kind)

    read = of("read", bool)
    return Readings(
        item=of("item", np.int32), reviewer=of("reviewer", np.int32), reading=of("reading", np.int8), blind=np.zeros(len(rows), dtype=bool),
        seeded=of("seeded", bool), shown=np.zeros(len(rows), dtype=np.int8), said=np.where(read, of("said", np.int8), np.int8(-1)),
        read=read, shift=np.where(read, of("day", np.int32), 2 + of("reviewer", np.int32)).astype(np.int32),
        seconds=np.ones(len(rows)), time=np.where(read, of("time", np.int64) * HOUR, 0),
        views=np.where(read, of("views", np.int32), 0).astype(np.int32) if views else None,
    )  # fmt: skip


def known_of(labels: list[int], cases: list[int]) -> Known:
    return Known(
        ids=pa.array([str(at) for at in range(len(labels))]), labels=np.array(labels, dtype=np.int8),
        decisions=np.zeros(len(labels), dtype=np.int8), words=LEVELS, relevant_from=1, cases=np.array(cases, dtype=np.int32),
    )  # fmt: skip


def sums(units: list[tuple[object, int, int]]) -> tuple[int, int, int, int]:
    """(cluster, part, total) of several units each."""
    cells: dict[object, list[int]] = defaultdict(lambda: [0, 0])
    for cluster, part, total in units:
        cells[cluster][0] += part
        cells[cluster][1] += total
    held = [(part, total) for part, total in cells.values() if total]
    return len(held), sum(t**2 for _, t in held), sum(p**2 for p, _ in held), sum((t - p) ** 2 for p, t in held)


def way(row: ShareRow, name: str) -> tuple[int, int, int, int]:
    found = next(one for one in row.ways if one.name == name)
    return found.clusters, found.total2, found.part2, found.rest2


@settings(deadline=None, max_examples=300)
@given(logs(), st.booleans(), st.integers(0, 4), st.booleans())
def test_figures_are_those_of_counting_by_hand(made: tuple[list[int], list[int], list[Row]], graded: bool, cap: int, logged: bool):
    labels, cases, rows = made
    limits = ExposureLimits(severe_levels=("A",) if graded else (), views_per_shift_at_most=cap)
    found = count_exposure(readings_of(rows, views=logged), known_of(labels, cases), limits, ("these reviewers",))
    over, again, share = found.shares
    assert {row.rests_on for row in found.shares} == {("these reviewers",)}

    def severe(row: Row) -> bool:
        label = labels[row["item"]]
        return label == -1 or (label == 2 if graded else label >= 1)

    read = [row for row in rows if row["read"]]
    times = {id(row): row["views"] if logged else 1 for row in read}
    views = sum(times[id(row)] for row in read if severe(row))
    asked = {(row["item"], row["reading"], row["seeded"]) for row in read if severe(row)}
    assert (again.part, again.total) == (views - len(asked), views)
    finder: dict[int, Row] = {}
    for item in range(ITEMS):
        mine = [row for row in read if row["item"] == item and not row["seeded"] and labels[item] >= 1]
        settled = [row for row in mine if row["reading"] == 3] or mine
        calls = [row for row in settled if row["said"] >= 1]
        if calls:
            finder[item] = min(calls, key=lambda row: row["time"])
    assert (share.part, share.total) == (views, views + len(finder))
    assert found.finds == len(finder)
    units = [(row, times[id(row)], times[id(row)]) for row in read if severe(row)] + [(row, 0, 1) for row in finder.values()]
    for name, key in (("case", lambda row: cases[row["item"]]), ("reviewer", lambda row: row["reviewer"])):
        assert way(share, name) == sums([(key(row), part, total) for row, part, total in units])
    shifts: Counter[tuple[int, int]] = Counter({(row["reviewer"], row["day"]): 0 for row in read})
    for row in read:
        shifts[row["reviewer"], row["day"]] += times[id(row)] * severe(row)
    assert found.shifts == len(shifts)
    assert dict(found.by_shift) == Counter(shifts.values())
    assert found.over == sum(number > cap for number in shifts.values())
    lacking = Counter(row["reviewer"] for row in rows if not row["read"] and severe(row))
    assert found.unmade == lacking.total()
    assert over.part == sum(most_over([n for (who, _), n in shifts.items() if who == one], lacking[one], cap) for one in range(3))
    assert over.total - found.shifts <= over.part
    assert found.by_level == tuple(sum(times[id(row)] for row in read if labels[row["item"]] == value) for value in (0, 1, 2, -1))


def most_over(shifts: list[int], more: int, cap: int) -> int:
    """The most shifts over the cap that further views can make, tried in every way; once all are, new shifts."""
    best = 0
    for some in range(len(shifts) + 1):
        for chosen in itertools.combinations(shifts, some):
            needed = sum(max(cap + 1 - number, 0) for number in chosen)
            if needed <= more:
                best = max(best, some + ((more - needed) // (cap + 1) if some == len(shifts) else 0))
    return best


def test_what_repeats_another_item_is_seen_again():
    rows = [
        {"item": item, "reviewer": item, "reading": 1, "seeded": False, "read": True, "said": 1, "day": 0, "time": item, "views": 1}
        for item in (0, 1)
    ]
    known = known_of([1, 1], [0, 1])
    limits = ExposureLimits()
    apart = count_exposure(readings_of(rows), known, limits, ())
    alike = count_exposure(readings_of(rows), known, limits, (), contents=np.array([0, 0], dtype=np.int32))
    assert [row.metric for row in apart.shares] == ["repeat_view_rate", "severe_views_share"]
    assert (apart.shares[0].part, alike.shares[0].part) == (0, 1)


def test_these_reviewers_are_no_way():
    rows = [{"item": 0, "reviewer": 0, "reading": 1, "seeded": False, "read": True, "said": 1, "day": 0, "time": 0, "views": 1}]
    limits = ExposureLimits(views_per_shift_at_most=3)
    found = count_exposure(readings_of(rows), known_of([1], [0]), limits, (), these=True)
    assert [[one.name for one in row.ways] for row in found.shares] == [["day", "shift"], ["item"], ["case", "shift"]]


def test_shifts_of_one_day_hang_together_whatever_they_are_called():
    rows = [
        {
            "item": at,
            "reviewer": at,
            "reading": 1,
            "seeded": False,
            "read": True,
            "said": 1,
            "day": at // 3,
            "time": at // 3 * 24 + at,
            "views": 5,
        }
        for at in range(6)
    ]
    readings = replace(readings_of(rows), shift=np.arange(6, dtype=np.int32))
    found = count_exposure(readings, known_of([1] * 6, list(range(6))), ExposureLimits(views_per_shift_at_most=3), ())
    assert way(found.shares[0], "shift") == (6, 6, 6, 0)
    assert way(found.shares[0], "day") == (2, 18, 18, 0)


def test_very_many_views_do_not_overflow():
    part = np.array([3_000_000_000, 1])
    row = weighted_row("m", part, part, {"case": np.array([0, 0])})
    assert row.ways[0].total2 == 3_000_000_001**2


def test_many_different_numbers_of_views_stand_in_classes():
    rows = [
        {"item": at, "reviewer": at, "reading": 1, "seeded": False, "read": True, "said": 1, "day": 0, "time": 0, "views": 1 + at}
        for at in range(500)
    ]
    found = count_exposure(readings_of(rows), known_of([1] * 500, list(range(500))), ExposureLimits(), ())
    assert len(found.by_shift) <= 200
    assert sum(shifts for _, shifts in found.by_shift) == 500
    assert found.by_shift[-1][0] - found.step < 500 <= found.by_shift[-1][0]


@settings(max_examples=200)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=60))
def test_the_percentile_is_the_lowest_that_95_of_100_do_not_exceed(views: list[int]):
    found = percentile(sorted(Counter(views).items()))
    assert found == sorted(views)[math.ceil(0.95 * len(views) - 1e-9) - 1]


def test_no_shift_has_no_percentile():
    assert percentile(()) == pytest.approx(0)
