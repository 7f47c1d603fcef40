"""Waits of a table of people against counting them item by item."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.oversight.people.table import NEVER, People
from evalharness.oversight.people.waits import HOUR, Fated, late_rows
from evalharness.oversight.reviews.readings import Known
from evalharness.records.oversight_bands import Band, Bands
from evalharness.records.oversight_people import PeopleLimits, Waits, waits_of
from evalharness.tally import Slices

NUMBER = 6
FIRST_MONDAY = 96
"""Hours of 1970 before it."""
ITEM = st.fixed_dictionaries({
    "label": st.sampled_from([-1, 0, 1, 1]), "decision": st.sampled_from([-1, 0, 1]), "fate": st.integers(0, 3),
    "arrived": st.integers(80, 110), "opened": st.none() | st.integers(0, 40), "persons": st.sets(st.integers(0, 2), max_size=2),
    "listed": st.sampled_from([True, True, False]), "case": st.integers(0, 2), "group": st.integers(0, 1),
})  # fmt: skip
HOURS = st.tuples(*(st.none() | st.integers(1, 12) for _ in range(4)))
READ = (True, True, False, True)


def table(items: list[dict]) -> People:
    """A row for each person of each listed item, or one without; the opening is in the last."""
    rows = [(at, item, who) for at, item in enumerate(items) if item["listed"] for who in (sorted(item["persons"]) or [-1])]
    last = {at: place for place, (at, _, _) in enumerate(rows)}

    def when(values: list[int | None]) -> np.ndarray:
        return np.array([NEVER if value is None else value * HOUR for value in values], dtype=np.int64)

    opened = [
        None if item["opened"] is None or last[at] != place else item["arrived"] + item["opened"]
        for place, (at, item, _) in enumerate(rows)
    ]
    never = when([None] * len(rows))
    return People(
        item=np.array([at for at, _, _ in rows], dtype=np.int32), person=np.array([who for _, _, who in rows], dtype=np.int32),
        involved=np.ones(len(rows), dtype=bool), arrived=when([item["arrived"] for _, item, _ in rows]), opened=when(opened),
        identified=never, contacted=never, deleted=never,
    )  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(ITEM, min_size=1, max_size=NUMBER).filter(lambda items: any(item["listed"] for item in items)), HOURS)
def test_late_is_what_was_not_opened_in_time(items: list[dict], hours: tuple[int | None, ...]):
    people = table(items)
    known = Known(
        ids=pa.array([str(at) for at in range(len(items))]), labels=np.array([item["label"] for item in items], dtype=np.int8),
        decisions=np.array([item["decision"] for item in items], dtype=np.int8), words={"0": 0, "1": 1},
        cases=np.array([item["case"] for item in items], dtype=np.int32),
    )  # fmt: skip
    fated = Fated(
        fates=np.array([item["fate"] for item in items], dtype=np.int8), waits=Waits(hours=hours, read=READ),
        in_groups=frozenset({"late_rate_relevant"}),
    )  # fmt: skip
    slices = Slices(attributes=("sex",), levels={"sex": ("A", "B")}, depth=1)
    rows = list(late_rows(people, known, fated, slices, {"sex": np.array([item["group"] for item in items], dtype=np.int32)}))
    latest = people.latest // HOUR
    expected: dict[str, list[tuple[dict, bool]]] = defaultdict(list)
    for item in items:
        limit = hours[item["fate"]]
        if not item["listed"]:
            old, late = True, True
        elif limit is None:
            old, late = True, item["opened"] is None
        else:
            old, late = latest - item["arrived"] >= limit, item["opened"] is None or item["opened"] > limit
        for metric, inside in (
            ("late_rate", READ[item["fate"]]),
            ("late_rate_relevant", READ[item["fate"]] and item["label"] == 1),
            ("late_rate_low_ranked", item["label"] == 1 and item["decision"] == 0 and item["fate"] < 3),
        ):
            if old and inside:
                expected[metric].append((item, late))
    assert [row.metric for row in rows if not row.group] == ["late_rate", "late_rate_relevant", "late_rate_low_ranked"]
    for row in rows:
        mine = [pair for pair in expected[row.metric] if not row.group or row.group[0][1] == "AB"[pair[0]["group"]]]
        assert (row.part, row.total) == (sum(late for _, late in mine), len(mine))
        if row.group:
            assert row.metric == "late_rate_relevant"
            continue
        for name in ("case", "person", "week"):
            cells: dict[object, int] = defaultdict(int)
            for item, _ in mine:
                alone = not item["listed"] or (name == "person" and not item["persons"])
                of = {"case": item["case"], "person": min(item["persons"], default=0), "week": item["arrived"] >= FIRST_MONDAY}[name]
                cells[("item", id(item)) if alone and name != "case" else of] += 1
            (own,) = [one for one in row.ways if one.name == name]
            assert (own.clusters, own.total2) == (len(cells), sum(number**2 for number in cells.values()))


def test_hours_of_each_fate():
    bands = Bands(
        bands=(
            Band(name="first", at_least=0.9, readers=2), Band(name="read", selected=True, readers=1),
            Band(name="later", at_least=0.2, opened_within_days=3), Band(name="rest", rest=True),
        )
    )  # fmt: skip
    assert waits_of(bands, PeopleLimits()) is None
    found = waits_of(bands, PeopleLimits(open_within_hours=(("first", 4.0), ("read", 2.0))))
    assert found is not None
    assert found.hours == (4.0, 2.0, 72.0, None, 2.0)
    assert found.read == (True, True, False, False, True)
    stated = waits_of(bands, PeopleLimits(open_within_hours=(("first", 4.0), ("later", 5.0), ("read", 2.0), ("to_a_person", 1.0))))
    assert stated is not None
    assert stated.hours == pytest.approx((4.0, 2.0, 5.0, None, 1.0), nan_ok=False)
