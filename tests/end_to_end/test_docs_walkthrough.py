"""docs/data-scientist.md, followed to the letter: its files are written as shown and its commands run."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command import evalharness

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "data-scientist.md").read_text(encoding="utf-8")


def shown(first_line: str) -> str:
    """The fenced block of the page that begins with a line."""
    return next(block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if block.startswith(first_line))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert evalharness("init", tmp_path).code == 0
    folder = tmp_path / "datasets_synthetic" / "my-labelled-items"
    folder.mkdir()
    (folder / "benchmark.yaml").write_text(shown("schema: evalharness/benchmark/v1"))
    rng = np.random.default_rng(2)
    positive = rng.random(4_000) < 0.4
    rows = pd.DataFrame(
        {
            "item_id": [f"i-{n:06d}" for n in range(4_000)], "y_true": positive.astype(int),
            "case_id": [f"c-{n // 2:05d}" for n in range(4_000)],
            "sex": np.where(rng.random(4_000) < 0.5, "F", "M"), "region": np.where(rng.random(4_000) < 0.4, "north", "south"),
        }
    )  # fmt: skip
    rows.to_csv(folder / "items.csv", index=False)
    score = np.where(positive, rng.random(4_000) < 0.97, rng.random(4_000) < 0.1) * 0.8 + 0.1
    pd.DataFrame({"item_id": rows["item_id"], "score": score}).to_csv(tmp_path / "predictions.csv", index=False)
    (tmp_path / "policies" / "my-policy.yaml").write_text(shown("schema: evalharness/policy/v1"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_leads_from_a_table_to_a_gate_that_waits_for_signatures(workspace: Path) -> None:
    for command in ("generate", "verify", "describe"):
        answer = evalharness("benchmark", command, "my-labelled-items")
        assert answer.code == 0, answer.err + answer.out
    first = evalharness("evaluate", "--policy", "my-policy", "--model", "predictions:predictions.csv", "--json")
    assert first.code == 0, first.err
    assert json.loads(first.out)["claim"] == "local"
    artefact = workspace / "model_cards" / "predictions.csv"
    artefact.write_bytes((workspace / "predictions.csv").read_bytes())
    digest = hashlib.sha256(artefact.read_bytes()).hexdigest()
    (workspace / "model_cards" / "my-model.md").write_text(shown("---\nlicense").replace("<64 hex digits of the file>", digest))
    run = evalharness("evaluate", "--policy", "my-policy", "--model", "my-model", "--json")
    assert run.code == 0, run.err
    assert json.loads(run.out)["verdict"]["outcome"] == "met", json.loads(run.out)["verdict"]
    assert evalharness("verify", json.loads(run.out)["run"], "--replay").code == 0
    assert evalharness("gate", "--policy", "my-policy", "--model", "my-model").code == 12


def test_a_run_without_a_card_cannot_be_replayed_and_that_is_no_alteration(workspace: Path) -> None:
    run = json.loads(evalharness("evaluate", "--policy", "my-policy", "--model", "predictions:predictions.csv", "--json").out)["run"]
    assert evalharness("verify", run).code == 0
    answer = evalharness("verify", run, "--replay")
    assert answer.code == 2
    assert "card" in answer.err


def commands(program: str) -> list[list[str]]:
    """The command lines of the page that begin with a word, as a shell would split them."""
    return [shlex.split(line) for line in re.findall(rf"^\$ ({program} .*)$", PAGE, re.MULTILINE)]


def write_card(workspace: Path) -> None:
    artefact = workspace / "model_cards" / "predictions.csv"
    artefact.write_bytes((workspace / "predictions.csv").read_bytes())
    digest = hashlib.sha256(artefact.read_bytes()).hexdigest()
    (workspace / "model_cards" / "my-model.md").write_text(shown("---\nlicense").replace("<64 hex digits of the file>", digest))


def test_the_page_s_pytest_commands_and_tests_work(workspace: Path) -> None:
    write_card(workspace)
    (block,) = re.findall(r"```python\n(def test_.*?)```", PAGE, re.DOTALL)
    (workspace / "test_own.py").write_text(block)
    shown_commands = commands("pytest")
    assert len(shown_commands) == 3
    for command in shown_commands:
        done = subprocess.run([sys.executable, "-m", *command], cwd=workspace, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        assert "this is not a sign-off; the gate decides" in done.stdout
    assert (workspace / "findings.xml").is_file()
    assert evalharness("verify", workspace / "findings-run").code == 0
    assert list((workspace / "reports").glob("*/evidence.json")) == []


def test_the_page_s_diff_commands_say_what_changed(workspace: Path) -> None:
    policy = (workspace / "policies" / "my-policy.yaml").read_text()
    (workspace / "policies" / "my-policy-2.yaml").write_text(policy.replace("at_least: 0.90", "at_least: 0.85"))
    for name in ("first-run", "second-run"):
        write_card(workspace)
        assert evalharness("evaluate", "--policy", "my-policy", "--model", "my-model", "--out", name).code == 0
        predictions = workspace / "predictions.csv"
        predictions.write_text(predictions.read_text().replace("0.9\n", "0.91\n"))
    policies, runs, mixed = (evalharness(*command[1:]) for command in commands("evalharness diff"))
    assert (policies.code, runs.code, mixed.code) == (0, 0, 0)
    assert "WEAKER: requirement recall is looser: recall at least 0.9 → at least 0.85" in policies.out
    assert "model: another artefact" in runs.out
    assert mixed.out.startswith("no difference\n")
