"""Counts of a table of people against counting it by hand, row by row."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.oversight.people.outcomes import DAY, HOUR, count_people
from evalharness.oversight.people.table import NEVER, People
from evalharness.oversight.reviews.readings import Known
from evalharness.records.oversight_people import PeopleLimits
from evalharness.records.share import SYNTHETIC, THE_REST
from evalharness.tally import Slices

LIMITS = PeopleLimits(delete_within_days=2, contact_within_hours=24, second_look_days=1)
LEVELS = ("A", "B")
Row = dict[str, Any]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    """Items, and rows of a table that `checked_people` would take: times in hours."""
    number = draw(st.integers(1, 8))
    items = [
        {
            "label": draw(st.sampled_from([-1, 0, 0, 1])), "decision": draw(st.sampled_from([-1, 0, 1, 1])),
            "case": draw(st.integers(0, 3)), "group": draw(st.integers(0, 1)), "arrived": draw(st.integers(0, 140)),
        }
        for _ in range(number)
    ]  # fmt: skip
    rows: list[Row] = []
    for _ in range(draw(st.integers(1, 14))):
        item, person = draw(st.integers(0, number - 1)), draw(st.integers(0, 4))
        arrived = items[item]["arrived"]
        before = next((row for row in rows if (row["item"], row["person"]) == (item, person)), None)
        identified = draw(st.none() | st.integers(0, 100))
        rows.append({
            "item": item, "person": person, "involved": before["involved"] if before else draw(st.booleans()), "arrived": arrived,
            "opened": draw(st.none() | st.integers(arrived, arrived + 50)), "identified": identified,
            "contacted": None if identified is None else draw(st.none() | st.integers(identified, identified + 60)),
            "deleted": draw(st.none() | st.integers(arrived + 50, arrived + 90)),
        })  # fmt: skip
    return items, rows


def as_people(rows: list[Row]) -> People:
    def when(name: str) -> np.ndarray[Any, Any]:
        return np.array([NEVER if row[name] is None else row[name] * HOUR for row in rows], dtype=np.int64)

    return People(
        item=np.array([row["item"] for row in rows], dtype=np.int32), person=np.array([row["person"] for row in rows], dtype=np.int32),
        involved=np.array([row["involved"] for row in rows]), arrived=when("arrived"), opened=when("opened"),
        identified=when("identified"), contacted=when("contacted"), deleted=when("deleted"),
    )  # fmt: skip


def as_known(items: list[Row]) -> Known:
    return Known(
        ids=pa.array([f"i{n}" for n in range(len(items))]), labels=np.array([i["label"] for i in items], dtype=np.int8),
        decisions=np.array([i["decision"] for i in items], dtype=np.int8), words={"0": 0, "1": 1},
        cases=np.array([i["case"] for i in items], dtype=np.int32),
    )  # fmt: skip


def sums(pairs: list[tuple[object, bool]]) -> tuple[int, int, int, int]:
    """Clusters, and squares of all, of what counts and of the rest."""
    cells: dict[object, list[bool]] = defaultdict(list)
    for cluster, hit in pairs:
        cells[cluster].append(hit)
    parts = [(len(c), sum(c), len(c) - sum(c)) for c in cells.values()]
    return (len(cells), *(sum(p[at] ** 2 for p in parts) for at in range(3)))


def by_hand(items: list[Row], rows: list[Row], inside: set[int]) -> dict[str, list[tuple[object, object, bool]]]:  # noqa: PLR0912  one loop for each metric
    """By metric: the case, the person and whether it counts, of every unit."""
    involved = {row["person"] for row in rows if row["involved"]}
    wrong = {n for n, item in enumerate(items) if item["decision"] == 1 and item["label"] == 0}
    seen = [row for row in rows if row["opened"] is not None and row["item"] in inside]
    told: dict[str, list[tuple[object, object, bool]]] = defaultdict(list)
    first: dict[int, Row] = {}
    for row in seen:
        if row["person"] not in involved and (row["person"] not in first or row["opened"] < first[row["person"]]["opened"]):
            first[row["person"]] = row
    for person, row in first.items():
        case = items[row["item"]]["case"]
        told["uninvolved_opened_share"].append((case, person, True))
        flagged = {r["item"] for r in rows if r["person"] == person} & wrong
        told["repeat_wrong_flag_rate"].append((case, person, len(flagged) > 1))
    for n in sorted({row["item"] for row in seen if items[row["item"]]["label"] == 1}):
        who = min((row["person"] for row in rows if row["item"] == n and row["involved"]), default=None)
        told["uninvolved_opened_share"].append((items[n]["case"], ("item", n) if who is None else who, False))
    latest = max(row[name] for row in rows for name in ("arrived", "opened", "identified", "contacted", "deleted") if row[name] is not None)
    listed = {row["item"] for row in rows}
    for n in sorted(wrong & listed):
        if items[n]["arrived"] + 48 <= latest:
            own = [row["deleted"] for row in rows if row["item"] == n]
            told["kept_too_long_rate"].append((n, n, any(d is None or d > items[n]["arrived"] + 48 for d in own)))
    for n, item in enumerate(items):
        if item["decision"] == 0 and (n not in listed or item["arrived"] + 24 <= latest):
            openings = [row["opened"] for row in rows if row["item"] == n and row["opened"] is not None]
            told["second_look_rate"].append((item["case"], n, any(o <= item["arrived"] + 24 for o in openings)))
    identified = {}
    for row in rows:
        if row["identified"] is not None and (
            row["person"] not in identified or row["identified"] < identified[row["person"]]["identified"]
        ):
            identified[row["person"]] = row
    for person, row in identified.items():
        if row["identified"] + 24 <= latest:
            contacts = [r["contacted"] for r in rows if r["person"] == person and r["contacted"] is not None]
            in_time = any(c <= row["identified"] + 24 for c in contacts)
            told["contact_in_time_rate"].append((items[row["item"]]["case"], person, in_time))
    for row in rows:
        if row["opened"] is not None and row["person"] in identified:
            after = row["opened"] > identified[row["person"]]["identified"]
            told["views_after_identification_rate"].append((items[row["item"]]["case"], row["person"], after))
    return told


def week_of(metric: str, unit: object, items: list[Row], rows: list[Row]) -> object:
    """Of 1970, by its Monday: that of an item's arrival, or in which a person was first identified; of what has none the unit itself."""
    if metric == "second_look_rate":
        hours = [items[unit]["arrived"]] if any(row["item"] == unit for row in rows) else []
    else:
        hours = [row["identified"] for row in rows if row["person"] == unit and row["identified"] is not None]
    if not hours:
        return "alone", unit
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=min(hours))
    return (when - timedelta(days=when.weekday())).date()


@settings(max_examples=150, deadline=None)
@given(tables())
def test_every_share_is_that_counted_by_hand(made: tuple[list[Row], list[Row]]):
    items, rows = made
    slices = Slices(attributes=("g",), levels={"g": LEVELS}, depth=1)
    groups = {"g": np.array([item["group"] for item in items], dtype=np.int32)}
    counted = count_people(as_people(rows), as_known(items), LIMITS, synthetic=False, slices=slices, groups=groups)
    whole = by_hand(items, rows, set(range(len(items))))
    for row in counted.shares:
        inside = {n for n, item in enumerate(items) if all(LEVELS[item["group"]] == level for _, level in row.group)}
        units = (by_hand(items, rows, inside) if row.group else whole)[row.metric]
        assert (row.part, row.total) == (sum(hit for *_, hit in units), len(units)), row
        for way in row.ways:
            if way.name == "case":
                expected = sums([(case, hit) for case, _, hit in units])
            elif way.name == "person":
                expected = sums([(person, hit) for _, person, hit in units])
            elif way.name == "week":
                expected = sums([(week_of(row.metric, unit, items, rows), hit) for _, unit, hit in units])
            else:
                expected = (len(units), len(units), sum(hit for *_, hit in units), sum(not hit for *_, hit in units))
            assert (way.clusters, way.total2, way.part2, way.rest2) == expected, (row, way)
    listed = {row["item"] for row in rows}
    assert counted.unlisted == sum(item["decision"] != 0 and n not in listed for n, item in enumerate(items))
    assert (THE_REST in counted.rests_on) == (counted.unlisted > 0)
    assert (counted.items, counted.persons) == (len(listed), len({row["person"] for row in rows}))
    assert {row.metric for row in counted.shares if row.group} == {"uninvolved_opened_share"}


def test_without_limits_nothing_is_counted_by_them():
    rows: list[Row] = [
        {"item": 0, "person": 0, "involved": False, "arrived": 0, "opened": 1, "identified": None, "contacted": None, "deleted": None}
    ]
    items: list[Row] = [{"label": 0, "decision": 1, "case": 0}]
    counted = count_people(as_people(rows), as_known(items), PeopleLimits(), synthetic=True, slices=None, groups={})
    assert [row.metric for row in counted.shares] == [
        "uninvolved_opened_share",
        "repeat_wrong_flag_rate",
        "views_after_identification_rate",
    ]
    assert counted.rests_on == (SYNTHETIC,)
    assert counted.uninvolved_opened == 1


@pytest.mark.parametrize(("hours", "kept"), [(48, 0), (49, 1)])
def test_a_deletion_counts_to_the_hour(hours: int, kept: int):
    rows: list[Row] = [
        {"item": 0, "person": 0, "involved": False, "arrived": 0, "opened": 1, "identified": None, "contacted": None, "deleted": hours}
    ]
    items: list[Row] = [{"label": 0, "decision": 1, "case": 0}]
    limits = PeopleLimits(delete_within_days=2)
    counted = count_people(as_people(rows), as_known(items), limits, synthetic=False, slices=None, groups={})
    row = next(row for row in counted.shares if row.metric == "kept_too_long_rate")
    assert (row.part, row.total) == (kept, 1)
    assert DAY == 24 * HOUR
