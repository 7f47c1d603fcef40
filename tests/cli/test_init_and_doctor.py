"""A workspace from nothing, and a look at an installation."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from command import evalharness


def test_init_makes_a_workspace_in_which_the_main_job_runs(tmp_path: Path) -> None:
    answer = evalharness("init", tmp_path / "w")
    assert answer.code == 0, answer.err
    assert (tmp_path / "w" / "policies" / "message-triage.yaml").is_file()
    run = evalharness(
        "evaluate", "--policy", "message-triage", "--model", "triage-narrow", "--rows", 20_000, "--workspace", tmp_path / "w", "--json"
    )
    assert run.code == 0, run.err
    assert json.loads(run.out)["claim"] == "rehearsal"
    gate = evalharness("gate", "--policy", "message-triage", "--model", "triage-narrow", "--workspace", tmp_path / "w")
    assert gate.code == 13  # other rows than those of the committed manifest
    assert "other benchmark items" in gate.out


def test_what_init_copies_of_the_benchmarks_is_what_their_checksums_list(tmp_path: Path) -> None:
    assert evalharness("init", tmp_path).code == 0
    folders = sorted((tmp_path / "datasets_synthetic").iterdir())
    assert len(folders) == 5
    for folder in folders:
        answer = subprocess.run(["sha256sum", "--strict", "-c", "CHECKSUMS"], cwd=folder, capture_output=True, text=True, check=False)
        assert answer.returncode == 0, answer.stdout + answer.stderr
        listed = {line.split("  ")[1] for line in (folder / "CHECKSUMS").read_text().splitlines()}
        there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert there == {*listed, "CHECKSUMS"}


def test_a_second_init_overwrites_nothing(tmp_path: Path) -> None:
    evalharness("init", tmp_path)
    policy = tmp_path / "policies" / "message-triage.yaml"
    policy.write_text("mine")
    answer = evalharness("init", tmp_path)
    assert answer.code == 2
    assert "nothing is overwritten" in answer.err
    assert policy.read_text() == "mine"


def test_init_refuses_a_file_as_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert evalharness("init", tmp_path / "file").code == 2


def test_doctor_looks_at_packages_adapters_and_workspace(tmp_path: Path) -> None:
    evalharness("init", tmp_path)
    answer = evalharness("doctor", "--workspace", tmp_path, "--json")
    assert answer.code == 0
    checks = {check["name"]: check for check in json.loads(answer.out)["checks"]}
    assert checks["adapters"]["found"] == "predictions, sklearn"
    assert "message-triage" in checks["benchmarks"]["found"]
    assert all(check["ok"] for check in checks.values() if check["needed"])


@pytest.mark.parametrize("command", [[], ["benchmark"]])
def test_without_arguments_the_help_is_shown(command: list[str]) -> None:
    answer = evalharness(*command)
    assert "Usage" in answer.out + answer.err


def test_a_generated_folder_of_its_own_evaluates_and_can_be_gated(tmp_path: Path) -> None:
    evalharness("init", tmp_path / "w")
    made = evalharness(
        "benchmark", "generate", "message-triage", "--rows", 20_000, "--seed", 5, "--out", tmp_path / "own", "--workspace", tmp_path / "w"
    )
    assert made.code == 0, made.err
    assert evalharness("benchmark", "verify", tmp_path / "own").code == 0
    again = evalharness(
        "benchmark", "generate", "message-triage", "--rows", 20_000, "--out", tmp_path / "own", "--workspace", tmp_path / "w"
    )
    assert again.code == 2
    common = ("--policy", "message-triage", "--model", "triage-narrow", "--benchmark", tmp_path / "own", "--workspace", tmp_path / "w")
    assert evalharness("evaluate", *common).code == 0
    assert evalharness("gate", *common).code in (10, 11)


def test_benchmarks_are_listed_and_described(tmp_path: Path) -> None:
    evalharness("init", tmp_path)
    listed = json.loads(evalharness("benchmark", "list", "--workspace", tmp_path, "--json").out)
    assert "message-triage" in [entry["name"] for entry in listed["benchmarks"]]
    described = json.loads(evalharness("benchmark", "describe", "message-triage", "--workspace", tmp_path, "--json").out)
    assert described["splits"] == [
        {"name": "train", "rows": 99_000},
        {"name": "calibration", "rows": 77_000},
        {"name": "test", "rows": 308_000},
        {"name": "shifted", "rows": 66_000},
    ]
