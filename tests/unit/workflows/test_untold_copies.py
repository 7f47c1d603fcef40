"""Copies of a committed benchmark cannot be left out of evidence in silence, nor be called something else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import evalharness

from evalharness.evidence import evidence_as_written, evidence_bytes
from evalharness.files.workspace import Workspace, find_workspace
from evalharness.workflows.counting_copies import UNANSWERED
from evalharness.workflows.untold_copies import untold_copies


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("w") / "w"
    assert evalharness("init", root).code == 0
    return find_workspace(root)


@pytest.fixture(scope="module")
def evidence(space: Workspace) -> dict[str, Any]:
    out: Path = space.root / "run"
    arguments = ("--policy", "risk-level", "--model", "risk-reference", "--rows", 8_000, "--workspace", space.root, "--out", out)
    assert evalharness("evaluate", *arguments).code == 0
    return json.loads((out / "evidence.json").read_text())


def told(document: dict[str, Any], space: Workspace, *, whole: bool = True) -> list[str]:
    return list(untold_copies(evidence_as_written(evidence_bytes(document)), space, whole=whole))


def test_a_kind_that_was_taken_out_is_missed_unless_limits_say_why(evidence: dict[str, Any], space: Workspace) -> None:
    assert told(evidence, space) == []
    copies = evidence["tallies"]["copies"]
    without = {**evidence, "tallies": {**evidence["tallies"], "copies": copies[1:]}}
    (text,) = told(without, space)
    assert copies[0]["kind"] in text
    assert "nothing says why" in text
    assert told(without, space, whole=False) == []
    why = "Not measured: whether something else is decided of copies."
    assert told({**without, "limits": [*evidence["limits"], why]}, space) == []


def test_a_kind_that_nobody_answered_is_said_for_that_kind_alone(evidence: dict[str, Any], space: Workspace) -> None:
    first, second, *rest = evidence["tallies"]["copies"]
    said = {**evidence, "limits": [*evidence["limits"], UNANSWERED.format(first["kind"])]}
    assert told({**said, "tallies": {**evidence["tallies"], "copies": [second, *rest]}}, space) == []
    (text,) = told({**said, "tallies": {**evidence["tallies"], "copies": rest}}, space)
    assert second["kind"] in text


def test_a_kind_is_called_what_the_recipe_calls_it(evidence: dict[str, Any], space: Workspace) -> None:
    altered = json.loads(json.dumps(evidence))
    altered["tallies"]["copies"][0]["changed"] = "nothing much changed"
    (text,) = told(altered, space)
    assert "not what the committed recipe says" in text


def test_another_manifest_is_not_judged_by(evidence: dict[str, Any], space: Workspace) -> None:
    other = {**evidence, "digests": {**evidence["digests"], "manifest": "sha256:" + "0" * 64}}
    assert told({**other, "tallies": {**evidence["tallies"], "copies": evidence["tallies"]["copies"][1:]}}, space) == []
