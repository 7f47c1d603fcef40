"""`evalharness plan`: printed for people, as JSON, and as a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import evalharness
from small_workspace import SmallWorkspace, policy, table


@pytest.fixture
def space(tmp_path: Path) -> SmallWorkspace:
    return SmallWorkspace(tmp_path, rows=table(1_000)).write()


def test_it_prints_what_it_takes_and_where_values_come_from(space: SmallWorkspace):
    answer = evalharness("plan", "--policy", "small", "--expect", "recall=0.97", "--workspace", space.root)
    assert answer.code == 0, answer.err
    told = answer.out.replace("\u00a0", " ")
    assert "chance of at least 80 %" in told
    assert "97 % (stated)" in told
    assert "Nobody stated how good the model is believed to be for everyone, no-answer" in told


def test_json_is_one_document_and_the_folder_holds_the_same(space: SmallWorkspace, tmp_path: Path):
    at = ("--at", "2026-11-22T09:30:00Z")
    answer = evalharness("plan", "--policy", "small", "--attempt", 2, "--workspace", space.root, "--out", tmp_path / "p", "--json", *at)
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert told == json.loads((tmp_path / "p" / "plan.json").read_text())
    assert told["attempt"] == 2
    assert told["level"] > 0.99
    assert "<svg" in (tmp_path / "p" / "plan.html").read_text()


def test_wrong_values_are_told_together(space: SmallWorkspace):
    answer = evalharness("plan", "--policy", "small", "--expect", "recall", "--expect", "everyone=nan", "--workspace", space.root)
    assert answer.code == 2
    assert answer.err.count("not a requirement and its value") == 2
    twice = evalharness("plan", "--policy", "small", "--expect", "recall=.9", "--expect", "recall=.8", "--workspace", space.root)
    assert twice.code == 2
    assert "two values" in twice.err


def test_nothing_is_written_over(space: SmallWorkspace, tmp_path: Path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "x").write_text("x")
    answer = evalharness("plan", "--policy", "small", "--workspace", space.root, "--out", tmp_path / "taken")
    assert answer.code == 2
    assert (tmp_path / "taken" / "x").read_text() == "x"


def test_what_is_stated_for_planning_changes_no_finding_and_the_run_verifies(space: SmallWorkspace, tmp_path: Path):
    space.write_card()
    found = {}
    for name, more in (("without", {}), ("with", {"planning": {"expected": {"recall": 0.93}, "prevalence": 0.01}})):
        space.write_policy(policy(**more))
        common = ("--workspace", space.root, "--at", "2026-11-22T09:30:00Z")
        answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--out", tmp_path / name, *common)
        assert answer.code == 0, answer.err
        found[name] = json.loads((tmp_path / name / "evidence.json").read_text())["findings"]
        assert evalharness("verify", tmp_path / name, "--workspace", space.root).code == 0
    assert found["with"] == found["without"]
