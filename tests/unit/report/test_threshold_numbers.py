"""Other thresholds in plain numbers: those of the test, for 1,000 items and for a week."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.evidence import Evidence, read_evidence
from evalharness.report import numbers
from evalharness.report.by_task import task_words
from evalharness.report.describing import Row, curve_rows
from evalharness.report.threshold_numbers import in_plain_numbers
from evalharness.report.view import Table

EXAMPLE = Path(__file__).resolve().parents[3] / "reports" / "examples" / "triage-narrow-60000" / "evidence.json"


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return read_evidence(EXAMPLE.read_bytes())


@pytest.fixture(scope="module")
def rows(evidence: Evidence) -> list[Row]:
    return list(curve_rows(next(curve for curve in evidence.curves if curve.name == "operating_points")))


def used(rows: list[Row]) -> Row:
    return next(row for row in rows if row["in_use"] == 1)


def table(evidence: Evidence, rows: list[Row]) -> Table:
    (found,) = in_plain_numbers(rows, used(rows), evidence, task_words(evidence))
    return found


def test_the_threshold_in_use_has_the_figures_of_daily_work(evidence: Evidence, rows: list[Row]) -> None:
    told = {e.metric: e.value for e in evidence.translation if not e.group}
    (row,) = (row for row in table(evidence, rows).rows if row[0] == "0.5 (in use)")
    for place, stem in ((1, "reviewed"), (3, "missed"), (4, "wrongly_flagged")):
        assert row[place] == numbers.plain(told[f"{stem}_per_1000"])
        assert row[place + 4] == numbers.plain(told[f"{stem}_per_week"])


def test_more_reading_finds_more_and_found_and_missed_are_all_the_relevant(evidence: Evidence, rows: list[Row]) -> None:
    found = table(evidence, rows)
    assert len(found.rows) == 5
    assert len(found.columns) == 9
    opened, kept, missed, wrong = ([float(row[k].replace(",", "")) for row in found.rows] for k in range(1, 5))
    assert opened == sorted(opened)
    assert kept == sorted(kept)
    for k in range(5):
        assert kept[k] + missed[k] == pytest.approx(kept[-1] + missed[-1], abs=0.2)
        assert opened[k] == pytest.approx(kept[k] + wrong[k], abs=1.1)
    here = used(rows)["workload"] or 0.0
    assert [share / 1000 / here for share in opened] == pytest.approx([0.25, 0.5, 1, 2, 4], rel=0.15)


def test_nothing_without_a_threshold_in_use_and_no_week_without_a_volume(evidence: Evidence, rows: list[Row]) -> None:
    assert list(in_plain_numbers(rows, None, evidence, task_words(evidence))) == []
    document = {**evidence.policy.document, "human_in_the_loop": {}}
    silent = evidence.model_copy(update={"policy": evidence.policy.model_copy(update={"document": document})})
    assert len(table(silent, rows).columns) == 5
    drawn = evidence.model_copy(update={"benchmark": evidence.benchmark.model_copy(update={"sampling": "stratified"})})
    assert list(in_plain_numbers(rows, used(rows), drawn, task_words(evidence))) == []
