"""Rows of a review log that cannot be meant, each told with its row; and logs beside what was assigned."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evalharness.errors import BadInput
from evalharness.oversight.reviews.align import aligned
from evalharness.oversight.reviews.check import checked_assigned, checked_log
from evalharness.oversight.reviews.columns import ASSIGNED, LOG
from evalharness.oversight.reviews.read import read_assigned, read_log
from evalharness.oversight.reviews.readings import Known, Readings

KNOWN = Known(
    ids=pa.array(["a", "b", "c"]), labels=np.array([1, 0, -1], dtype=np.int8), decisions=np.array([1, 1, -1], dtype=np.int8),
    words={"no": 0, "yes": 1}, not_readers=frozenset({"dev-1"}),
)  # fmt: skip
GOOD = {
    "item_id": "a", "reviewer": "ann", "shown": "yes", "label": "yes", "seconds": "3.5", "time": "2026-10-01T08:00:00Z", "seeded": "false",
    "adjudicated": "false", "shift": "s1",
}  # fmt: skip
OTHER = {**GOOD, "item_id": "b", "reviewer": "bob", "label": "no"}
LISTED = {"item_id": "a", "reviewer": "ann", "reading": "1", "shown_or_blind": "shown", "seeded": "false"}


def table(rows: Iterable[dict[str, str]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows))


def log(*rows: dict[str, str], listed: bool = False) -> Readings:
    return checked_log(table(rows), KNOWN, "log.csv", listed=listed)[0]


def beside(rows: list[dict[str, str]], assigned: list[dict[str, str]]) -> Readings:
    readings, reviewers = checked_log(table(rows), KNOWN, "log.csv", listed=True)
    return aligned(readings, reviewers, checked_assigned(table(assigned), KNOWN, "assigned.csv"), KNOWN, "log.csv")


def test_a_good_log_is_read_as_it_stands():
    found = log(GOOD, {**OTHER, "shown": "blind", "label": ""}, {**OTHER, "item_id": "c", "shown": "no answer"})
    assert found.item.tolist() == [0, 1, 2]
    assert found.blind.tolist() == [False, True, False]
    assert found.shown.tolist() == [1, 1, -1]  # where blind, what the classifier decides
    assert found.said.tolist() == [1, -1, 0]
    assert found.reading.tolist() == [1, 1, 1]
    assert found.seconds.tolist() == [3.5] * 3
    assert found.time.tolist() == [1_790_841_600_000_000] * 3


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"item_id": "z"}, "there is no such item in the judged split"),
        ({"reviewer": ""}, "the reviewer is not named"),
        ({"reviewer": "rater_1"}, "the reviewer is one of those who labelled the items"),
        ({"reviewer": "dev-1"}, "the reviewer is one of those who made the classifier"),
        ({"reviewer": " \u200b"}, "the reviewer is not named"),
        ({"reviewer": "Rater_\uff11 "}, "the reviewer is one of those who labelled the items"),
        ({"reviewer": "\uff24ev-1"}, "the reviewer is one of those who made the classifier"),
        ({"shown": "perhaps"}, "shown is no decision"),
        ({"shown": "no"}, "shown is not what this classifier decides on the item"),
        ({"label": "perhaps"}, "label is no decision"),
        ({"seconds": "-1"}, "seconds is no number in its range"),
        ({"seconds": "1e3"}, "seconds is no number in its range"),
        ({"seconds": "86400.5"}, "seconds is no number in its range"),
        ({"seconds": "nan"}, "seconds is no number in its range"),
        ({"time": "2026-10-01T08:00:00"}, "time is no time"),
        ({"time": "2026-13-01T08:00:00Z"}, "time is no time"),
        ({"time": "2026-02-30T08:00:00Z"}, "time is no time"),
        ({"seeded": "yes"}, "seeded is neither true nor false"),
        ({"seeded": "true"}, "a seeded row shows no error"),
        ({"seeded": "true", "shown": "blind"}, "a seeded row is blind"),
        ({"adjudicated": "true"}, "a first reading is adjudicated"),
        ({"shift": ""}, "shift is empty"),
    ],
)
def test_each_mistake_of_a_row_is_told_with_the_row(change: dict[str, str], told: str):
    with pytest.raises(BadInput) as caught:
        log(OTHER, {**GOOD, **change})
    assert [str(problem).split("\n")[0] for problem in caught.value.problems] == [f"log.csv: row 3: {told}"]


def test_a_log_of_another_model_is_told_what_it_says_and_what_was_to_be_there():
    with pytest.raises(BadInput) as caught:
        log(OTHER, {**GOOD, "shown": "no"})
    (problem,) = caught.value.problems
    assert (problem.got, problem.expected) == ("no", "the decision of the model and policy of this run")


def test_all_problems_are_listed_in_the_order_of_rows_and_many_are_counted():
    rows = [{**GOOD, "label": "perhaps", "reviewer": f"p{i}", "seconds": "x"} for i in range(900)]
    with pytest.raises(BadInput) as caught:
        log(*rows)
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == 1_001
    assert told[0].startswith("log.csv: row 2: label is no decision")
    assert told[1].startswith("log.csv: row 2: seconds is no number")
    assert told[-1].startswith("log.csv: and 800 more problems of rows")


def test_readings_that_cannot_stand_beside_each_other():
    second = {"reading": "2"}
    one = {**GOOD, "reading": "1"}
    for rows, told in (
        ([one, one], "the same reading stands there twice"),
        ([one, {**one, **second}, {**one, **second, "reviewer": "bob"}], "one person reads an item a second time"),
        ([one, {**OTHER, **second}], "a reading without the ones before it"),
        ([one, {**one, "reviewer": "bob", "reading": "3"}], "a reading without the ones before it"),
        ([one], "there is one reviewer only"),
        ([one, {**OTHER, "reading": "4"}], "reading is none of 1, 2, 3"),
        (
            [{**one, "opened": "2026-10-01T09:00:00Z"}, {**OTHER, "reading": "1", "opened": "2026-10-01T07:00:00Z"}],
            "opened lies after time",
        ),
        ([{**one, "views": "1.5"}, {**OTHER, "reading": "1", "views": "2"}], "views is no whole number"),
    ):
        with pytest.raises(BadInput, match=told):
            log(*rows)
    assert log(one, {**OTHER, "reading": "2"}, listed=True).reading.tolist() == [1, 2]  # the first may have been left out


@pytest.mark.parametrize("name", ["Ann", " ann", "an\u200bn", "\uff41nn", "ann\u00a0"])
def test_one_person_or_shift_under_two_names_is_refused(name: str):
    with pytest.raises(BadInput, match="two reviewers have the same name"):
        log(GOOD, {**OTHER, "reviewer": name})
    with pytest.raises(BadInput, match="two reviewers have the same name"):
        beside([GOOD, OTHER], [LISTED, {**LISTED, "item_id": "b", "reviewer": name}])
    with pytest.raises(BadInput, match="two shifts have the same name"):
        log({**GOOD, "shift": "ann"}, {**OTHER, "shift": name})


def test_columns_are_exactly_those_that_are_known(tmp_path: Path):
    with pytest.raises(BadInput) as caught:
        log({**{name: value for name, value in GOOD.items() if name != "shift"}, "remarks": "free text"}, OTHER)
    told = "\n".join(map(str, caught.value.problems))
    assert "the column shift is missing" in told
    assert "no such column" in told
    assert "remarks" in told
    for name, content in (("log.txt", ""), ("log.csv", ",".join(LOG) + "\n"), ("log.parquet", "none")):
        (tmp_path / name).write_text(content)
        with pytest.raises(BadInput):
            read_log(tmp_path / name)
    with pytest.raises(BadInput):
        read_log(tmp_path / "nowhere.csv")


def test_csv_and_parquet_of_text_or_of_types_say_the_same(tmp_path: Path):
    text = table([GOOD, OTHER])
    (tmp_path / "log.csv").write_text(
        "\n".join(",".join(row[name] for name in LOG) for row in [dict(zip(LOG, LOG, strict=True)), GOOD, OTHER])
    )
    pq.write_table(text, tmp_path / "text.parquet")
    typed = text.set_column(4, "seconds", pa.array([3.5, 3.5])).set_column(6, "seeded", pa.array([False, False]))
    moment = np.array(["2026-10-01T08:00:00"] * 2, dtype="datetime64[ms]")
    typed = typed.set_column(5, "time", pa.array(moment, pa.timestamp("ms", tz="UTC"))).append_column("reading", pa.array([1, 1]))
    pq.write_table(typed, tmp_path / "typed.parquet")
    found = [checked_log(read_log(tmp_path / name), KNOWN, name, listed=False)[0] for name in ("log.csv", "text.parquet", "typed.parquet")]
    for name in ("item", "reviewer", "reading", "blind", "seeded", "shown", "said", "shift", "seconds", "time"):
        assert getattr(found[0], name).tolist() == getattr(found[1], name).tolist() == getattr(found[2], name).tolist()
    pq.write_table(table([LISTED]), tmp_path / "assigned.parquet")
    assert read_assigned(tmp_path / "assigned.parquet").names == ASSIGNED


def test_what_was_assigned_and_left_out_stands_there_without_a_decision():
    assigned = [LISTED, {**LISTED, "item_id": "b", "reviewer": "bob"}, {**LISTED, "item_id": "c", "shown_or_blind": "blind"},
                {**LISTED, "item_id": "b", "seeded": "true"}]  # fmt: skip
    found = beside([OTHER, GOOD], assigned)
    rows = sorted(
        zip(found.item.tolist(), found.said.tolist(), found.read.tolist(), found.blind.tolist(), found.seeded.tolist(), strict=True)
    )
    assert rows == [(0, 1, True, False, False), (1, -1, False, False, True), (1, 0, True, False, False), (2, -1, False, True, False)]
    unread = found.shift[~found.read]
    assert len(set(unread.tolist())) == 1  # ann's: one shift a reviewer, and none of the log's
    assert not set(unread.tolist()) & set(found.shift[found.read].tolist())


@pytest.mark.parametrize(
    ("assigned", "told"),
    [
        ([LISTED, {**LISTED, "item_id": "b"}], "nobody assigned this reading"),
        ([LISTED, {**LISTED, "item_id": "b", "reviewer": "bob", "shown_or_blind": "blind"}], "it was not assigned so"),
        ([LISTED, {**LISTED, "item_id": "b", "reviewer": "bob", "seeded": "true"}], "it was not assigned so"),
        (
            [LISTED, {**LISTED, "item_id": "b", "reviewer": "bob", "reading": "2"}, {**LISTED, "item_id": "b"}],
            "nobody assigned this reading",
        ),
    ],
)
def test_a_row_that_was_not_assigned_is_told(assigned: list[dict[str, str]], told: str):
    rows = [*assigned, {**LISTED, "item_id": "c", "reviewer": "eve"}]
    with pytest.raises(BadInput) as caught:
        beside([GOOD, OTHER], rows)
    assert [str(problem).split("\n")[0] for problem in caught.value.problems] == [f"log.csv: row 3: {told}"]


def test_mistakes_of_the_list_are_told():
    for change, told in (
        ({"shown_or_blind": "yes"}, "shown_or_blind is neither"),
        ({"shown_or_blind": "blind", "seeded": "true"}, "a seeded row is blind"),
        ({"reviewer": "rater_2"}, "one of those who labelled"),
        ({"reading": ""}, "reading is none of 1, 2, 3"),
    ):
        with pytest.raises(BadInput, match=told):
            checked_assigned(table([LISTED, {**LISTED, "item_id": "b", "reviewer": "bob", **change}]), KNOWN, "assigned.csv")
