"""The full policies of the five benchmarks: every form of requirement is asked somewhere; each goes through every command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import evalharness

from evalharness.records import Condition
from evalharness.requirements import read_policy

ROOT = Path(__file__).resolve().parents[2]
MODELS = {
    "message-triage": ("triage-reference", "triage-narrow", 12_000),
    "severity-grading": ("severity-reference", "severity-narrow", 12_000),
    "lead-priority": ("lead-reference", "lead-blanks", 60_000),
    "case-linkage": ("linkage-reference", "linkage-exact", None),  # stored answers, for these items only
    "risk-level": ("risk-reference", "risk-as-graded", 12_000),
}


def test_together_they_use_every_form() -> None:
    asked = [r for name in MODELS for r in read_policy(ROOT / "policies" / f"{name}-full.yaml").requirements]
    assert {r.comparison for r in asked} >= {"at_least", "at_most", "max_difference", "min_ratio", "equals", "margin"}
    conditions = [r.on for r in asked]
    unset = Condition()
    for part in ("prevalence", "budget_per_day", "under", "relative_to"):
        assert any(getattr(on, part) != getattr(unset, part) for on in conditions), part
    assert any(r.for_each for r in asked)
    assert any(len(attributes) > 1 for r in asked for attributes in r.for_each)
    assert any(r.unit for r in asked)
    assert all(r.why for r in asked)


@pytest.mark.parametrize("name", MODELS)
def test_each_goes_through_evaluate_verify_plan_and_compare(name: str, tmp_path: Path) -> None:
    good, flawed, rows = MODELS[name]
    space = tmp_path / "w"
    assert evalharness("init", space).code == 0
    common = ("--policy", f"{name}-full", "--workspace", space)
    size = () if rows is None else ("--rows", rows)
    answer = evalharness("evaluate", *common, "--model", good, *size, "--out", tmp_path / "run")
    assert answer.code == 0, answer.err
    evidence = json.loads((tmp_path / "run" / "evidence.json").read_text())
    policy = read_policy(space / "policies" / f"{name}-full.yaml")
    found = {f["requirement"]: f for f in evidence["findings"]}
    assert set(found) == {r.id for r in policy.requirements}
    assert [f["requirement"] for f in evidence["findings"] if f["outcome"] == "not_evaluable"] == []
    assert found["usable-answers"]["outcome"] == "met"
    assert evalharness("verify", tmp_path / "run", "--workspace", space).code == 0
    planned = evalharness("plan", *common, "--json")
    assert planned.code == 0, planned.err
    plan = json.loads(planned.out)
    assert sorted(r["id"] for r in [*plan["requirements"], *plan.get("people", [])]) == sorted(found)
    compared = evalharness("compare", *common, "--model", good, "--model", flawed, *size, "--out", tmp_path / "compare")
    assert compared.code == 0, compared.err
