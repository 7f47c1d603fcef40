"""docs/data-scientist.md, followed to the letter: its files are written as shown and its commands run."""

from __future__ import annotations

import hashlib
import json
import re
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
