"""The committed example runs are what this version makes: every number and every face is derived again, and the model runs again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import evalharness

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "reports" / "examples"
WORKSPACES = {"breast-cancer": ROOT / "examples" / "breast-cancer"}
OUTCOMES = {
    "triage-reference-20000": "not_demonstrated",
    "triage-narrow-60000": "not_met",
    "triage-people-40000": "not_met",
    "breast-cancer": "not_demonstrated",
}


def test_every_example_is_listed_here() -> None:
    assert sorted(p.name for p in EXAMPLES.iterdir() if p.is_dir()) == sorted(OUTCOMES)


@pytest.mark.parametrize("name", OUTCOMES)
def test_the_example_is_derived_again_and_its_model_runs_again(name: str) -> None:
    answer = evalharness("verify", EXAMPLES / name, "--replay", "--workspace", WORKSPACES.get(name, ROOT))
    assert answer.code == 0, answer.out


@pytest.mark.parametrize(("name", "outcome"), OUTCOMES.items())
def test_the_example_shows_what_it_is_there_to_show(name: str, outcome: str) -> None:
    evidence = json.loads((EXAMPLES / name / "evidence.json").read_bytes())
    assert evidence["verdict"]["outcome"] == outcome
    assert sum(path.stat().st_size for path in (EXAMPLES / name).iterdir()) < 1_500_000
