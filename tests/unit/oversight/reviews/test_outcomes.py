"""Shares of readings against a loop over rows in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from review_rows import ITEMS, LABELS, ROW, Row, known_of, readings_of

from evalharness.catalogue.oversight.reviews import IN_GROUPS, REVIEW_SHARES
from evalharness.oversight.reviews.outcomes import Counting, share_rows
from evalharness.oversight.reviews.summary import SECOND_EDGES, summary_of
from evalharness.records.share import ShareRow
from evalharness.tally import Slices


def plain(rows: list[Row], labels: list[int], slowest: float) -> dict[str, list[tuple[Row, bool]]]:
    """By share: the rows in it, and whether each counts."""
    found: dict[str, list[tuple[Row, bool]]] = {metric.name: [] for metric in REVIEW_SHARES}
    for row in rows:
        for name, counts in _shares(row, labels[row.item], slowest) if row.reading == 1 else ():
            found[name].append((row, counts))
    return found


def _shares(row: Row, label: int, slowest: float) -> Iterator[tuple[str, bool]]:
    relevant, right = label >= 1, row.said >= 0 and (row.said >= 1) == (label >= 1)
    if row.seeded:
        if label >= 0:
            yield "seeded_detection", right
        return
    if row.read:
        yield "slow_readings", row.seconds > slowest
    if not row.blind and row.shown >= 0 and row.said >= 0:
        yield "agreement_with_model", row.said == row.shown
        yield "override_rate", row.said != row.shown
    if label < 0:
        return
    yield ("blind_" if row.blind else "") + ("reader_recall" if relevant else "reader_specificity"), right
    if not row.blind:
        model = row.shown >= 0 and (row.shown >= 1) == relevant
        yield "read_model_recall" if relevant else "read_model_specificity", model
    if row.shown < 0:
        return
    selected = row.shown >= 1
    if row.blind:
        if selected != relevant:
            yield "blind_wrong_when_model_wrong", not right
        return
    yield "wrong_when_model_right" if selected == relevant else "wrong_when_model_wrong", not right
    if selected:
        yield "dismissal_rate" if relevant else "commission_rate", not right
    elif relevant:
        yield "omission_rate", not right


@settings(max_examples=150, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=40), LABELS, st.one_of(st.none(), st.just([0, 0, 1, 1, 2, 2])))
def test_every_share_of_first_readings_is_what_a_loop_over_rows_counts(rows: list[Row], labels: list[int], cases: list[int] | None):
    rows = [row for row in rows if row.reading == 1]
    groups = {"sex": np.array([0, 1, 0, 1, 0, 1], dtype=np.int32)}
    how = Counting(
        rests_on=("synthetic reviewers",),
        slowest=5.0,
        slices=Slices(attributes=("sex",), levels={"sex": ("F", "M")}, depth=1),
        groups=groups,
    )
    found = share_rows(readings_of(rows), known_of(labels, cases), how) if rows else ()
    expected = plain(rows, labels, 5.0)
    who = {at: {row.reviewer for row in rows if row.read and row.shift == at} for at in range(3)}
    assert {row.metric for row in found if row.group} <= set(IN_GROUPS)
    for share in found:
        inside = [pair for pair in expected[share.metric] if not share.group or "FM"[pair[0].item % 2] == share.group[0][1]]
        assert (share.total, share.part) == (len(inside), sum(counts for _, counts in inside)), share.metric
        assert share.rests_on == ("synthetic reviewers",)
        codes = {
            "case": lambda r: r.item if cases is None else cases[r.item], "reviewer": lambda r: r.reviewer,
            "shift": lambda r: r.shift if not r.read or len(who[r.shift]) > 1 else "of one reviewer, that day",
        }  # fmt: skip
        assert [way.name for way in share.ways if "second" not in way.name] == list(codes)
        for way in share.ways if inside else ():
            sizes, hits = Counter(codes[way.name](r) for r, _ in inside), Counter(codes[way.name](r) for r, c in inside if c)
            squares = [sum(n * n for n in sizes.values()), sum(n * n for n in hits.values()),
                       sum((n - hits[key]) ** 2 for key, n in sizes.items())]  # fmt: skip
            assert [way.clusters, way.total2, way.part2, way.rest2] == [len(sizes), *squares]


def rows_for(metric: str, rows: list[Row], labels: list[int], **how: object) -> ShareRow:
    counting = Counting(rests_on=(), **how)  # type: ignore[arg-type]
    return next(row for row in share_rows(readings_of(rows), known_of(labels, None), counting) if row.metric == metric)


def reading(item: int, reviewer: int, number: int, said: int) -> Row:
    return Row(item, reviewer, number, False, False, 0, said, True, 0, 1.0)


def test_two_readings_disagree_where_one_is_missing_and_a_third_one_counts_once():
    labels = [1, 1, 1, 0, 0, -1]
    rows = [
        reading(0, 0, 1, 1), reading(0, 1, 2, 1),
        reading(1, 0, 1, 0), reading(1, 2, 2, 0),
        reading(2, 1, 1, -1), reading(2, 2, 2, -1), reading(2, 3, 3, 1),
        reading(3, 0, 1, 0), reading(3, 1, 2, 1), reading(3, 2, 3, 0),
        reading(4, 0, 1, 1), reading(5, 0, 1, 1),
    ]  # fmt: skip
    disagree, third, joint = (rows_for(name, rows, labels) for name in ("double_reading_disagreement", "third_reading_rate", "joint_miss"))
    assert (disagree.part, disagree.total) == (2, 4)
    assert (third.part, third.total) == (2, 4)
    assert (joint.part, joint.total) == (2, 3)
    assert [way.name for way in joint.ways] == ["case", "reviewer", "second reviewer", "shift"]
    busiest = next(way for way in disagree.ways if way.name == "reviewer")
    assert (busiest.clusters, busiest.total2) == (2, 3**2 + 1)  # reader 0 has three of the pairs, whoever read first
    assert [way.name for way in rows_for("joint_miss", rows, labels, these=True).ways] == ["case", "shift"]


def test_of_several_first_readings_the_earliest_or_one_that_nobody_made_is_the_first():
    labels = [1] * ITEMS
    rows = [reading(0, 0, 1, 1), reading(0, 1, 1, 0), reading(0, 2, 2, 0)]
    for times, missed in (([5, 4, 9], 1), ([4, 5, 9], 0), ([5, 0, 9], 1)):
        log = replace(readings_of(rows), time=np.array(times, dtype=np.int64))
        (joint,) = (row for row in share_rows(log, known_of(labels, None), Counting(rests_on=())) if row.metric == "joint_miss")
        assert (joint.part, joint.total) == (missed, 1)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=60), LABELS)
def test_the_summary_has_no_name_and_adds_up(rows: list[Row], labels: list[int]):
    summary = summary_of(readings_of(rows), known_of(labels, None))
    assert summary["unread"] == sum(row.said < 0 for row in rows)
    assert summary["items"] == len({row.item for row in rows})
    assert [edge for edge, _ in summary["seconds"]] == list(SECOND_EDGES)
    assert sum(count for _, count in summary["seconds"]) == sum(row.read for row in rows)
    plain_first = [row for row in rows if row.reading == 1 and not row.seeded]
    assert summary["labelled"] == sum(labels[row.item] >= 0 for row in plain_first)
    assert sum(reader["read"] for reader in summary["readers"]) == sum(row.said >= 0 for row in plain_first)
    alone = [reader["read"] for reader in summary["readers"] if reader["read"] >= 10 and reader["reviewers"] == 1]
    assert alone == sorted(alone, reverse=True)
    for reader in summary["readers"]:
        assert reader["right_when_right"] <= reader["model_right"] <= reader["shown"] <= reader["read"]
        assert reader["override"] <= reader["shown"]
