"""What deferring more or less would change, where a policy defers what is near the threshold: beside a count by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import evalharness
from small_workspace import SmallWorkspace, policy, table

from evalharness.workflows import verify

HUMAN: dict[str, Any] = {
    "minutes_per_review": 3,
    "items_per_week": 5000,
    "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"},
    "bands": [
        {"name": "read", "from": "operating_point", "readers": 1},
        {"name": "aside", "rest": True, "readers": 0, "opened_within_days": 30},
    ],
}


def run_of(root: Path, human: dict[str, Any]) -> tuple[SmallWorkspace, Path]:
    space = SmallWorkspace(root, rows=table(2_000), document=policy(human_in_the_loop=human)).write()
    space.write_card()
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", root, "--json")
    assert answer.code == 0, answer.err
    return space, Path(json.loads(answer.out)["run"])


def test_the_curve_is_a_count_of_what_lies_far_enough_from_the_threshold(tmp_path: Path) -> None:
    space, run = run_of(tmp_path, {**HUMAN, "defer": {"within": 0.05}})
    evidence = json.loads((run / "evidence.json").read_bytes())
    curves = {curve["name"]: curve for curve in evidence["curves"]}
    rows = space.rows
    wrong = (rows["score"] >= 0.5) != (rows["y_true"] == "1")
    for cut, coverage, risk, lower, upper in curves["risk_coverage"]["rows"]:
        kept = (rows["score"] - 0.5).abs() >= cut
        assert coverage == pytest.approx(kept.mean())
        assert risk == pytest.approx(wrong[kept].mean())
        assert lower <= risk <= upper
    assert curves["risk_coverage"]["rows"][-1][1] == 1
    assert 0 < curves["risk_coverage_area"]["rows"][0][0] < 0.2
    assert "## If more, or less, were left to people" in (run / "report.md").read_text()
    assert verify.verify_run(run, workspace=tmp_path, replay=True).code == 0


def test_without_deferral_there_is_none(tmp_path: Path) -> None:
    _, run = run_of(tmp_path, HUMAN)
    assert "risk_coverage" not in {curve["name"] for curve in json.loads((run / "evidence.json").read_bytes())["curves"]}
