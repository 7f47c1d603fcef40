"""The shell parts that CI systems run: scripts/gate.sh, the steps of action.yml, the entry of the pre-commit hook."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import signed_workspace
from ruamel.yaml import YAML

from evalharness.workflows import status
from evalharness.workflows.status_desk import Issuer

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the scripts are for bash, which is not here")


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> signed_workspace.SignedWorkspace:
    return signed_workspace.signed(tmp_path_factory.mktemp("signed"))


def run(script: list[str] | str, space: signed_workspace.SignedWorkspace, out: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("EVALHARNESS_", "GITHUB_"))},
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "EVALHARNESS_POLICY": signed_workspace.POLICY,
        "EVALHARNESS_MODEL": signed_workspace.MODEL, "EVALHARNESS_WORKSPACE": str(space.root), "EVALHARNESS_OUT": str(out), **changes,
    }  # fmt: skip
    environment = {name: value for name, value in environment.items() if value != "ABSENT"}
    command = script if isinstance(script, list) else ["bash", "-c", script]
    return subprocess.run(command, cwd=space.root, env=environment, capture_output=True, text=True, check=False, timeout=120)


GATE = ["bash", str(ROOT / "scripts" / "gate.sh")]


def test_the_script_answers_what_the_gate_answers_and_writes_its_files(space: signed_workspace.SignedWorkspace, tmp_path: Path):
    root = (space.root / "sign-off" / "root.txt").read_text().strip()
    outputs, summary = tmp_path / "outputs", tmp_path / "summary.md"
    done = run(GATE, space, tmp_path / "out", EVALHARNESS_ROOT=root, EVALHARNESS_VERIFY_RUNS="1",
               GITHUB_OUTPUT=str(outputs), GITHUB_STEP_SUMMARY=str(summary))  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "approved for: rehearsal" in done.stdout
    assert outputs.read_text() == "exit-code=0\napproved=true\n"
    assert all(line.startswith("    ") for line in summary.read_text().splitlines()[2:])
    assert json.loads((tmp_path / "out" / "gate.sarif").read_text())["version"] == "2.1.0"
    assert (tmp_path / "out" / "gate.junit.xml").read_text().startswith("<?xml")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"EVALHARNESS_ROOT": "sha256:" + "0" * 64}, 12),
        ({"EVALHARNESS_ROOT": ""}, 2),
        ({"EVALHARNESS_FOR": "pilot"}, 11),
        ({"EVALHARNESS_STATUS_VERSION": "99"}, 12),
        ({"EVALHARNESS_STATUS_VERSION": "1@sha256:" + "0" * 64}, 12),
        ({"EVALHARNESS_STATUS_VERSION": "1@sha256"}, 2),
        ({"EVALHARNESS_MODEL": "nobody"}, 2),
        ({"EVALHARNESS_DEPLOYMENT": "absent.yaml"}, 2),
        ({"EVALHARNESS_MODEL": "vendor; exit 0"}, 2),
        ({"EVALHARNESS_FOR": "$(exit 0)"}, 2),
    ],
)
def test_whatever_is_not_right_fails_the_job(space: signed_workspace.SignedWorkspace, tmp_path: Path, changes: dict[str, str], code: int):
    outputs = tmp_path / "outputs"
    done = run(GATE, space, tmp_path / "out", GITHUB_OUTPUT=str(outputs), **changes)
    assert done.returncode == code, done.stdout + done.stderr
    assert "approved=false" in outputs.read_text()


@pytest.mark.parametrize("missing", ["EVALHARNESS_POLICY", "EVALHARNESS_MODEL"])
def test_a_setting_that_is_missing_or_empty_fails_the_job(space: signed_workspace.SignedWorkspace, tmp_path: Path, missing: str):
    for value in ("", "ABSENT"):
        assert run(GATE, space, tmp_path / "out", **{missing: value}).returncode != 0


def test_without_the_program_the_job_fails(space: signed_workspace.SignedWorkspace, tmp_path: Path):
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "mkdir", "cat", "sed", "basename"):
        (tools / name).symlink_to(str(shutil.which(name)))
    assert run(GATE, space, tmp_path / "out", PATH=str(tools)).returncode == 2


def test_an_altered_run_fails_before_the_gate_is_asked(space: signed_workspace.SignedWorkspace, tmp_path: Path):
    report = space.run / "report.html"
    before = report.read_bytes()
    report.write_bytes(before.replace(b"MET", b"met", 1))
    try:
        done = run(GATE, space, tmp_path / "out", EVALHARNESS_VERIFY_RUNS="1")
    finally:
        report.write_bytes(before)
    assert done.returncode == 13
    assert not (tmp_path / "out" / "gate.txt").exists()


def test_verification_that_was_asked_for_and_found_nothing_fails_the_job(space: signed_workspace.SignedWorkspace, tmp_path: Path):
    done = run(
        f"cd model_cards && {shlex.join(GATE)}", space, tmp_path / "out", EVALHARNESS_VERIFY_RUNS="1", EVALHARNESS_WORKSPACE="ABSENT"
    )
    assert done.returncode == 3
    assert "no run" in done.stderr


def action() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return loaded


def test_no_step_of_the_action_reads_an_input_as_shell_text():
    for step in action()["runs"]["steps"]:
        assert "${{" not in step["run"]


def test_every_input_of_the_action_reaches_the_script_and_every_output_comes_from_it():
    loaded = action()
    (gate,) = (step for step in loaded["runs"]["steps"] if step.get("id") == "gate")
    given = {value.split("inputs.")[1].split()[0].rstrip("}") for value in gate["env"].values() if "inputs." in value}
    assert given | {"python"} == set(loaded["inputs"])
    script = (ROOT / "scripts" / "gate.sh").read_text(encoding="utf-8")
    assert all(name in script for name in gate["env"])
    assert loaded["inputs"]["root"]["required"] is True
    for output in loaded["outputs"].values():
        assert f"{output['value'].split('outputs.')[1].rstrip(' }')}=" in script


def test_the_gate_step_of_the_action_runs(space: signed_workspace.SignedWorkspace, tmp_path: Path):
    (gate,) = (step for step in action()["runs"]["steps"] if step.get("id") == "gate")
    (tmp_path / "evalharness").mkdir()
    (tmp_path / "evalharness" / "bin").symlink_to(BIN)
    done = run(gate["run"], space, tmp_path / "out", RUNNER_TEMP=str(tmp_path), GITHUB_ACTION_PATH=str(ROOT))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_pre_commit_hook_names_a_command_that_runs(space: signed_workspace.SignedWorkspace, tmp_path: Path):
    (hook,) = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["pass_filenames"] is False
    assert hook["always_run"] is True
    command = [*shlex.split(hook["entry"]), "--policy", signed_workspace.POLICY, "--model", signed_workspace.MODEL]
    assert run(command, space, tmp_path).returncode == 0
    assert run([*command, "--for", "pilot"], space, tmp_path).returncode == 11


def test_after_a_revocation_the_job_fails(tmp_path: Path):
    space = signed_workspace.signed(tmp_path / "signed")
    status.revoke(Issuer(key=signed_workspace.key(space.office, "ben"), workspace=space.root), str(space.run), why="a test")
    assert run(GATE, space, tmp_path / "out").returncode == 12
