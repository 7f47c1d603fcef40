"""Measures that only describe: a row a group, a column a measure, and each method once."""

from __future__ import annotations

from typing import Any

from task_evidence import build

from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.report.annex_described import described
from evalharness.report.by_task import task_words
from evalharness.report.view import Section

MEASURES = ("roc_auc", "average_precision", "brier_score", "miscalibration", "calibration_slope", "expected_calibration_error")


def estimate(metric: str, group: dict[str, str], value: float | None, **more: Any) -> dict[str, Any]:
    bounds = {"value": value, "lower": None, "upper": None, "level": 0.95, "sides": "each"}
    return {"metric": metric, "group": group, "method": "mean", "n": 100, "clusters": 100, "n_eff": 100.0, "reason": "", **bounds, **more}


def section_of(estimates: list[dict[str, Any]], task: str = "binary") -> Section:
    evidence = read_evidence(evidence_bytes(build(task) | {"described": estimates}))
    (section,) = described(evidence, task_words(evidence))
    return section


def test_a_table_by_group_has_one_row_a_group_and_a_few_measures_beside_each_other() -> None:
    groups = ({"sex": "F"}, {"sex": "M"})
    found = [estimate(m, g, 0.5, n=90 + k, lower=0.4, upper=0.6) for k, m in enumerate(MEASURES) for g in ({}, *groups)]
    everyone, one, two, methods = section_of(found).tables
    assert len(everyone.rows) == len(MEASURES)
    assert [one.caption, two.caption] == ["By sex, 1 of 2", "By sex, 2 of 2"]
    for table in (one, two):
        assert [row[0] for row in table.rows] == ["sex F", "sex M"]
        assert len(table.columns) == len(table.rows[0]) == 5
        assert table.rows[0][2] == "0.5 (0.4 to 0.6)"
    assert [one.rows[0][1], two.rows[0][1]] == ["90 to 92", "93 to 95"]
    assert [how for _, how in methods.rows] == ["mean"] * len(MEASURES)


def test_what_holds_of_some_rows_only_is_said_to() -> None:
    found = [
        estimate("brier_score", {}, 0.1, reason="no interval: clusters; spread 0.12"),
        estimate("brier_score", {"sex": "F"}, 0.1, reason="spread 0.34"),
        estimate("brier_score", {"sex": "M"}, None, method="not used", reason="too few"),
    ]
    *_, by_sex, methods = section_of(found).tables
    assert [row[2] for row in by_sex.rows] == ["0.1", "—"]
    assert methods.rows[0][1] == (
        "mean (not in every row); no interval: clusters (not in every row); spread 0.12 (another figure in other rows); "
        "too few (not in every row)"
    )


def test_counted_shares_are_in_percent_and_no_number_is_a_power_of_ten() -> None:
    found = [
        estimate("exact_agreement", {}, 0.979, method="clopper-pearson(one-sided, alpha=0.05)", lower=0.9781, upper=0.9801),
        estimate("miscalibration", {}, 8.343e-5),
        estimate("calibration_in_the_large", {}, -0.009058),
    ]
    section = section_of(found, "risk")
    assert section.tables[0].rows[0][:4] == ("Reports given their true band", "97.9\u00a0%", "97.8\u00a0%", "98.1\u00a0%")
    assert [row[1] for row in section.tables[0].rows[1:]] == ["0.00008343", "−0.009058"]
    assert "relevant" not in "".join(row[0] for row in section.tables[0].rows)
    assert len(section.terms) == 3
