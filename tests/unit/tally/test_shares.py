"""Share rows against a count row by row."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.errors import Fault
from evalharness.records.share import ShareRow
from evalharness.tally import Slices
from evalharness.tally.shares import count_shares

ROWS = st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 5), st.integers(0, 3), st.integers(0, 1)), min_size=0, max_size=60)


def counted(rows: list[tuple[bool, bool, int, int, int]], way: int | None, level: int | None) -> tuple[int, ...]:
    """part, total, then clusters and the sums of squares of total, part and rest: one row at a time."""
    inside = [(r[0], r) for r in rows if r[1] and (level is None or r[4] == level)]
    total, hits = Counter(), Counter()
    for place, (part, row) in enumerate(inside):
        key = place if way is None else row[way]
        total[key] += 1
        hits[key] += part
    return (
        sum(hits.values()), sum(total.values()), len(total),
        sum(n * n for n in total.values()), sum(n * n for n in hits.values()), sum((total[k] - hits[k]) ** 2 for k in total),
    )  # fmt: skip


def told(row: ShareRow, way: int) -> tuple[int, ...]:
    of = row.ways[way]
    return row.part, row.total, of.clusters, of.total2, of.part2, of.rest2


@given(ROWS)
def test_every_group_and_way_is_counted_as_one_would_by_hand(rows: list[tuple[bool, bool, int, int, int]]):
    columns = [np.array([row[i] for row in rows]) for i in range(5)]
    total = columns[1].astype(bool)
    part = columns[0].astype(bool) & total
    case, reader, sex = (column.astype(np.int32) for column in columns[2:])
    slices = Slices(attributes=("sex",), levels={"sex": ("F", "M")}, depth=1)
    found = count_shares({"caught": (part, total)}, {"case": case, "reviewer": reader}, slices=slices, groups={"sex": sex})
    assert [row.group for row in found] == [(), (("sex", "F"),), (("sex", "M"),)]
    for row, level in zip(found, (None, 0, 1), strict=True):
        assert [way.name for way in row.ways] == ["case", "reviewer"]
        assert told(row, 0) == counted(rows, 2, level)
        assert told(row, 1) == counted(rows, 3, level)
    (alone,) = count_shares({"caught": (part, total)}, {})
    assert alone.ways[0].name == "item"
    assert told(alone, 0) == counted(rows, None, None)


def test_what_counts_is_in_the_denominator_and_rests_on_what_is_said():
    yes, no = np.array([True, False]), np.array([False, False])
    with pytest.raises(Fault, match="not in the denominator"):
        count_shares({"caught": (yes, no)}, {})
    (row,) = count_shares({"caught": (yes, np.array([True, True]))}, {}, rests_on={"caught": ["these reviewers"]})
    assert row.rests_on == ("these reviewers",)
