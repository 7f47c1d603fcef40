"""Rows of a simulated queue: every recorded number, in words that say what null means."""

from __future__ import annotations

from typing import Any

from evalharness.evidence.oversight.queue_parts import QueuePart
from evalharness.report.oversight import queue_rows


def in_order(left: int, p95: list[float | None]) -> dict[str, Any]:
    return {"not_reached": (left, left, left), "median": (1.0, 1.0, 1.0), "p95": tuple(p95)}


def waits(what: str, *, band: bool = False, items: int = 100, p95: tuple[float | None, ...] = (4.0, 5.5, None)) -> dict[str, Any]:
    return {
        "what": what, "band": band, "items": (items, items, items), "unread": (10, 10, 10) if items else (0, 0, 0),
        "by_bands": in_order(20 if items else 0, list(p95)), "by_arrival": in_order(0, [7.0, 7.0, 7.0]),
    }  # fmt: skip


def part(**changes: Any) -> QueuePart:
    rows = ("everything", "relevant", "relevant_ranked_low")
    row = {"minutes": (1.0, 2.0, 3.0), "pile_minutes": (0.0, 0.0, 0.0)}
    late = dict.fromkeys(rows, (4.0, 5.5, None))
    told: dict[str, Any] = {
        "engine": "fast", "seed": 0, "days": 28, "followed_days": 21, "items_per_week": 2_000, "arrivals": "office_hours", "officers": 3,
        "minutes_per_review": 2.5, "arrived": (400, 410, 420), "readings": (9, 9, 9), "begun": (9, 9, 9),
        "waits": (*(waits(name) for name in rows), waits("review_first", band=True), waits("rest", band=True, items=0)),
        "first_find": (0.5, 1.5, None), "first_find_by_arrival": (2.0, 2.0, 2.0),
        "backlog": ({"day": 1, **row, "relevant": (1.0, 2.0, 2.0), "relevant_by_arrival": (4.0, 4.0, 4.0)},),
        "deadlines": {"review_first": 6.0},
        "capacity": (
            {"officers": 2, **row, "classes": late, "bands": {"review_first": (5.0, None, None)}, "keeps": False},
            {"officers": 3, **row, "classes": late, "bands": {"review_first": (4.0, 5.5, 5.9)}, "keeps": True},
        ),
        "least_officers": 3, "least_reason": "", **changes,
    }  # fmt: skip
    return QueuePart.model_validate(told)


def test_a_range_is_the_middle_with_its_ends_and_null_is_longer_than_the_rest_of_the_period():
    rows = list(queue_rows.waits(part(), "reports"))
    assert rows[1] == ("relevant reports", "100", "1.0 h", "5.5 h (4.0 to over 7 days)", "7.0 h", "30.0\u00a0%", "10.0\u00a0%")
    assert [row[0] for row in rows] == [
        "all reports",
        "relevant reports",
        "relevant reports that the classifier ranked low",
        "band “review first”",
    ]  # fmt: skip  - nothing is told of the band that no item was in


def test_of_a_class_that_did_not_arrive_no_wait_is_told():
    low = waits("relevant_ranked_low", items=0, p95=(None, None, None))
    told = part(waits=(waits("everything"), waits("relevant"), low, waits("review_first", band=True)))
    assert list(queue_rows.waits(told, "items"))[2][2:] == ("—", "—", "—", "—", "—")
    assert next(iter(queue_rows.capacity(told)))[2] == "—"


def test_a_row_for_each_number_of_officers():
    told = part()
    columns = queue_rows.capacity_columns(told, "reports")
    assert columns[3] == "band “review first”, within 6 h"
    few, declared = queue_rows.capacity(told)
    assert len(few) == len(declared) == len(columns)
    assert (few[0], few[3], few[-1]) == ("2", "over 7 days (5.0 to over 7 days)", "not kept")
    assert (declared[0], declared[3], declared[-1]) == ("3 (declared)", "5.5 h (4.0 to 5.9)", "kept")
    assert queue_rows.capacity_columns(part(deadlines={}), "reports")[-1] == "Piles left"


def test_what_the_deadlines_take_is_said_in_a_sentence():
    assert "within 6 hours) takes 3 officers; 3 are declared." in queue_rows.least(part())
    assert "no number of officers was found: too late." in queue_rows.least(part(least_officers=None, least_reason="too late"))
    assert queue_rows.least(part(deadlines={})) == ""


def test_what_was_simulated_is_said_with_every_number():
    said = queue_rows.how(part(), "reports")
    for text in (
        "28 days, 3 times over",
        "2,000 reports a week",
        "Monday to Friday from 08:00 to 18:00",
        "3 officers",
        "2.5 minutes",
        "first 21 days",
    ):
        assert text in said
    assert "weekend" not in said
    once = dict.fromkeys(("arrived", "readings", "begun"), (1,))
    short = queue_rows.how(part(days=7, followed_days=4, **once), "reports")
    assert "7 days, once," in short
    assert short.endswith("how long a weekend makes people wait is not in them.")
    assert next(iter(queue_rows.backlog(part()))) == ("1", "2.0 min (1.0 to 3.0)", "0.0 min", "2.0 (1.0 to 2.0)", "4.0")
    assert queue_rows.minutes(part().first_find) == "1.5 min (0.50 to never)"
