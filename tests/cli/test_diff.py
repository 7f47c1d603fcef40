"""`evalharness diff`: what changed, in words; inside the plan or not; void either way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml_text
from command import Answer, evalharness
from small_workspace import SmallWorkspace, policy, table

PLAN = [
    {"what": "model", "retest": "the whole benchmark again", "why": "w"},
    {"what": "threshold", "within": [0.4, 0.6], "retest": "the whole benchmark again", "why": "w"},
]


@pytest.fixture
def space(tmp_path: Path) -> SmallWorkspace:
    made = SmallWorkspace(tmp_path, rows=table(3_000), document=policy(change_plan=PLAN)).write()
    made.write_card()
    return made


@pytest.fixture
def run(space: SmallWorkspace) -> Path:
    return evaluated(space, "old")


def evaluated(space: SmallWorkspace, name: str, policy_name: str = "small", model: str = "vendor") -> Path:
    folder = space.root / name
    answer = evalharness("evaluate", "--policy", policy_name, "--model", model, "--workspace", space.root, "--out", folder)
    assert answer.code == 0, answer.err
    return folder


def diff(space: SmallWorkspace, old: object, new: object, *more: object) -> Answer:
    return evalharness("diff", old, new, "--workspace", space.root, *more)


def other_policy(space: SmallWorkspace, **changes: Any) -> Path:
    path = space.root / "policies" / "other.yaml"
    path.write_text(yaml_text.dump(policy(change_plan=PLAN, **changes)))
    return path


def test_the_same_policy_has_no_difference(space: SmallWorkspace):
    answer = diff(space, "small", space.policy_file)
    assert answer.code == 0
    assert answer.out.splitlines()[0] == "no difference"


def test_changes_of_a_policy_are_counted_classed_and_void_the_approval(space: SmallWorkspace):
    sign_off = {"roles": {"senior_responsible_owner": 1}, "developers_may_not_sign": True, "valid_for_days": 60}
    answer = diff(space, "small", other_policy(space, operating_point={"threshold": 0.45}, sign_off=sign_off))
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert lines[0] == "2 changes: 1 inside the agreed plan, 1 outside it; the approval is void"
    assert "  - WEAKER: days that an approval can last: 30 → 60 (higher by 30)" in lines
    at = lines.index("  - threshold: 0.5 → 0.45 (more items are selected)")
    assert lines[at + 1] == "      agreed beforehand: re-test by: the whole benchmark again"
    outside = next(i for i, line in enumerate(lines) if line.startswith("Outside the plan"))
    inside = next(i for i, line in enumerate(lines) if line.startswith("Inside the plan"))
    assert outside < inside < at
    assert any("both texts of the policy call themselves version 1" in line for line in lines)


def test_a_comment_alone_voids_the_approval_and_is_told_as_no_change_of_meaning(space: SmallWorkspace):
    path = space.root / "commented.yaml"
    path.write_text(space.policy_file.read_text() + "# a remark\n")
    answer = diff(space, "small", path)
    assert answer.out.startswith("1 change: 0 inside the agreed plan, 1 outside it; the approval is void\n")
    assert "the text changed, the meaning did not" in answer.out


def test_a_policy_without_a_plan_agreed_nothing_beforehand(space: SmallWorkspace):
    space.write_policy(policy())
    path = other_policy(space, operating_point={"threshold": 0.45})
    answer = diff(space, "small", path)
    assert "3 changes: 0 inside the agreed plan, 3 outside it" in answer.out
    assert "the old policy agreed no change beforehand" in answer.out


def test_another_model_is_told_with_what_became_of_each_finding(space: SmallWorkspace, run: Path):
    space.write_predictions(table(3_000, recall=0.7)[["item_id", "score"]])
    space.write_card(version="2")
    answer = diff(space, run, evaluated(space, "new"))
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert lines[0] == "1 change: 1 inside the agreed plan, 0 outside it; the approval is void"
    assert any("model: another artefact" in line and "version 1 → 2" in line and "its card" in line for line in lines)
    assert "  - verdict: met → not met" in lines
    worse = next(line for line in lines if line.startswith("  - WORSE: recall:"))
    assert "met (at least 9" in worse
    assert "→ not met (at most 7" in worse
    assert "asked 90\u00a0%; n " in worse


def test_json_carries_everything(space: SmallWorkspace, run: Path):
    space.write_predictions(table(3_000, recall=0.7)[["item_id", "score"]])
    space.write_card()
    found = json.loads(diff(space, run, evaluated(space, "new"), "--json").out)
    assert found["summary"].startswith("1 change: 1 inside")
    assert found["approval_void"] is True
    assert (found["inside_plan"], found["outside_plan"]) == (1, 0)
    assert found["changes"][0]["plan"]["retest"] == "the whole benchmark again"
    assert found["verdict"] == {"old": "met", "new": "not_met"}
    recall = next(f for f in found["findings"] if f["finding"] == "recall")
    assert recall["worse"] is True
    assert recall["old"]["outcome"] == "met"
    assert recall["new"]["outcome"] == "not_met"
    assert found["old"]["kind"] == found["new"]["kind"] == "run"


def test_a_run_against_a_policy_compares_the_policy_that_the_run_was_judged_by(space: SmallWorkspace, run: Path):
    assert diff(space, run, "small").out.splitlines()[0] == "no difference"
    answer = diff(space, run / "evidence.json", other_policy(space, confidence=0.9))
    assert answer.out.startswith("1 change: 0 inside the agreed plan, 1 outside it")
    assert "WEAKER: confidence of each bound: 0.95 → 0.9" in answer.out
    assert "only policies were compared" in answer.out
    assert "What was found" not in answer.out


def test_two_runs_of_the_same_are_still_two_runs(space: SmallWorkspace, run: Path):
    again = space.root / "again"
    arguments = ["evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--out", again]
    assert evalharness(*arguments, "--at", "2031-01-01T00:00:00Z").code == 0
    answer = diff(space, run, again)
    assert answer.out.startswith("no difference in what is approved, but these are two runs")
    assert "judged on: " in answer.out
    assert diff(space, run, run).out.startswith("no difference\n")


def altered(run: Path, change: Callable[[bytes], bytes]) -> None:
    path = run / "evidence.json"
    path.write_bytes(change(path.read_bytes()))


def test_altered_evidence_is_not_compared(space: SmallWorkspace, run: Path):
    altered(run, lambda data: data.replace(b'"outcome":"met"', b'"outcome":"not_met"', 1))
    for old in (run, run / "evidence.json"):
        answer = diff(space, old, "small")
        assert answer.code == 13
        assert "OLD" in answer.err
        assert "Traceback" not in answer.err
    answer = diff(space, "small", run, "--json")
    assert answer.code == 13
    assert json.loads(answer.out)["exit_code"] == 13


def test_a_run_that_lost_its_evidence_is_altered_and_not_absent(space: SmallWorkspace, run: Path):
    (run / "evidence.json").unlink()
    answer = diff(space, "small", run)
    assert answer.code == 13
    assert "NEW" in answer.err


def test_a_run_whose_policy_names_the_file_and_says_something_else_is_altered(space: SmallWorkspace, run: Path):
    altered(run, lambda data: data.replace(b'"title":"Small policy"', b'"title":"Smart policy"', 1))
    answer = diff(space, run / "evidence.json", "small")
    assert answer.code == 13
    assert "say different things" in answer.err


@pytest.mark.parametrize(
    ("old", "words"),
    [
        ("nope", "there is nothing to compare"),
        ("nope.yaml", "nope.yaml"),
        ("", "there is nothing to compare"),
        ("policies", "there is nothing to compare"),
        ("a\nb", "there is nothing to compare"),
    ],
)
def test_what_cannot_be_read_is_bad_input(space: SmallWorkspace, old: str, words: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(space.root)
    answer = diff(space, old, "small")
    assert answer.code == 2, (answer.code, answer.out, answer.err)
    assert words in answer.err
    assert "Traceback" not in answer.err


def test_a_policy_that_does_not_parse_is_bad_input_with_its_place(space: SmallWorkspace):
    path = space.root / "broken.yaml"
    path.write_text(space.policy_file.read_text() + "unknown: 1\n")
    answer = diff(space, "small", path)
    assert answer.code == 2
    assert "broken.yaml:" in answer.err
