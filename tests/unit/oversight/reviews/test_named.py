"""Items by their names in a table: by an id, or by the ids of two records in either order."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.errors import BadInput
from evalharness.oversight.reviews.cells import RowProblems
from evalharness.oversight.reviews.check import checked_assigned, checked_log
from evalharness.oversight.reviews.named import item_columns, names_of, one_name, places_of
from evalharness.oversight.reviews.readings import Known, Pairs

NAMES = ["r1", "r11", "1", "", "a b", "zoë"]


def known_of(pairs: list[tuple[int, int]], labels: list[int] | None = None) -> Known:
    lower, higher = (np.array([side(pair) for pair in pairs], dtype=np.int32) for side in (min, max))
    truth = np.array(labels or [0] * len(pairs), dtype=np.int8)
    return Known(
        ids=pa.array(NAMES), labels=truth, decisions=truth, words={"no link": 0, "link": 1}, pairs=Pairs(lower=lower, higher=higher)
    )  # fmt: skip


@given(
    st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda p: p[0] < p[1])).map(sorted).flatmap(st.permutations),
    st.lists(st.tuples(st.sampled_from([*NAMES, "who"]), st.sampled_from([*NAMES, "who"])), max_size=20),
)
def test_pairs_are_found_whichever_record_stands_first(pairs: list[tuple[int, int]], asked: list[tuple[str, str]]) -> None:
    problems = RowProblems("log.csv")
    columns = [pa.chunked_array([pa.array([pair[side] for pair in asked], pa.string())]) for side in (0, 1)]
    found = places_of(columns, known_of(pairs), problems)
    by_names = {frozenset((NAMES[a], NAMES[b])): place for place, (a, b) in enumerate(pairs)}
    expected = [by_names.get(frozenset(pair), -1) if pair[0] != pair[1] else -1 for pair in asked]
    assert found.tolist() == expected
    assert problems.count == expected.count(-1)
    unknown = [row for row, pair in enumerate(asked) if "who" in pair]
    assert {row for row, problem in problems.found if "no such record" in problem.what} == set(unknown)


@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda p: p[0] < p[1]), min_size=1).map(sorted))
def test_each_pair_has_a_name_of_its_own_that_does_not_hang_on_the_order_of_records(pairs: list[tuple[int, int]]) -> None:
    known, places = known_of(pairs), np.arange(len(pairs))
    assert len(set(one_name(places, known))) == len(pairs)
    assert names_of(places, known)["left_id"].to_pylist() == [NAMES[a] for a, _ in pairs]
    turned = Known(
        ids=pa.array(NAMES[::-1]), labels=known.labels, decisions=known.decisions, words=known.words,
        pairs=Pairs(lower=np.array([5 - b for _, b in pairs], dtype=np.int32), higher=np.array([5 - a for a, _ in pairs], dtype=np.int32)),
    )  # fmt: skip
    assert one_name(places, turned) == one_name(places, known)


ROW = {"reviewer": "ann", "shown": "link", "label": "link", "seconds": "3.5", "time": "2026-10-01T08:00:00Z", "seeded": "false",
       "adjudicated": "false", "shift": "s1"}  # fmt: skip
PAIR = {"left_id": "r1", "right_id": "1"}


def log(*rows: dict[str, str], known: Known) -> list[int]:
    other = {**ROW, "reviewer": "bob", "shown": "blind"}
    table = pa.Table.from_pylist([*rows, {**PAIR, **other, "left_id": "r11"}])
    return checked_log(table, known, "log.csv", listed=False)[0].item.tolist()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{**PAIR, **ROW, "right_id": "who"}], "there is no such record in the judged split"),
        ([{**PAIR, **ROW, "right_id": "r11"}], "the two records are no candidate pair of the judged split"),
        ([{**PAIR, **ROW, "right_id": "r1"}], "the two records are no candidate pair of the judged split"),
        ([{**PAIR, **ROW}, {**ROW, "left_id": "1", "right_id": "r1"}], "the same reading stands there twice"),
        ([{**PAIR, **ROW, "shown": "within"}], "shown is no decision"),
        ([{**PAIR, **ROW, "label": "1"}], "label is no decision"),
        ([{**PAIR, **ROW, "shown": "no link"}], "shown is not what this classifier decides on the item"),
        ([{"item_id": "r1", **ROW}], "the column left_id is missing"),
    ],
)
def test_what_a_log_of_pairs_may_not_say(rows: list[dict[str, str]], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        log(*rows, known=known_of([(0, 2), (1, 2)], [1, 0]))


def test_a_log_of_pairs_names_both_records_and_so_does_what_was_assigned() -> None:
    known = known_of([(0, 2), (1, 2)], [1, 0])
    assert item_columns(known) == ("left_id", "right_id")
    assert log({"left_id": "1", "right_id": "r1", **ROW}, known=known) == [0, 1]
    lines = [{"left_id": "r1", "right_id": "1", "reviewer": who, "reading": str(at), "shown_or_blind": "shown", "seeded": "false"}
             for at, who in enumerate(("ann", "bob"), 1)]  # fmt: skip
    assert checked_assigned(pa.Table.from_pylist(lines), known, "assigned.csv").item.tolist() == [0, 0]


def test_what_was_shown_may_have_other_words_than_what_is_said() -> None:
    known = Known(
        ids=pa.array(["a", "b"]), labels=np.array([1, 0], dtype=np.int8), decisions=np.array([1, 1], dtype=np.int8),
        words={"no": 0, "yes": 1}, shown_words={"beyond": 0, "within": 1},
    )  # fmt: skip
    one = {**ROW, "item_id": "a", "shown": "within", "label": "yes"}
    found = checked_log(
        pa.Table.from_pylist([one, {**one, "item_id": "b", "reviewer": "bob", "label": "no"}]), known, "log.csv", listed=False
    )[0]  # fmt: skip
    assert (found.shown.tolist(), found.said.tolist()) == ([1, 1], [1, 0])
    with pytest.raises(BadInput, match="beyond, within, no answer or blind"):
        checked_log(pa.Table.from_pylist([{**one, "shown": "yes"}]), known, "log.csv", listed=False)
    with pytest.raises(BadInput, match="label is no decision"):
        checked_log(pa.Table.from_pylist([{**one, "label": "within"}]), known, "log.csv", listed=False)
