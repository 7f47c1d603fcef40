"""`evalharness compare` on shipped benchmarks whose items are not just relevant or not: each in its own metrics and words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import evalharness
from shipped_workspace import shipped

from evalharness.catalogue import COMPARED


@pytest.mark.parametrize(
    ("benchmark", "models", "task", "words"),
    [
        ("severity-grading", ("severity-reference", "severity-narrow"), "ordinal", "graded too low"),
        ("lead-priority", ("lead-reference", "lead-blanks"), "ranking", "relevant leads found within the budget"),
    ],
)
def test_the_reference_models_are_compared(tmp_path: Path, benchmark: str, models: tuple[str, str], task: str, words: str):
    root = shipped(tmp_path / "space", benchmark, *models)
    named = [part for model in models for part in ("--model", model)]
    out = tmp_path / "out"
    where = ("--workspace", root, "--out", out, "--json")
    answer = evalharness("compare", "--policy", benchmark, *named, "--rows", "6000", "--margin", "0.1", *where)
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    compared = COMPARED[task]
    assert [finding["metric"] for finding in found["paired"]] == list(compared.paired)
    assert found["together"]["metrics"] == list(compared.together)
    for model in found["models"]:
        values = {e["metric"]: e["value"] for e in model["estimates"]}
        assert set(compared.drawn) <= set(values)
    metric = compared.paired[0]
    first = next(f for f in found["paired"] if f["metric"] == metric)
    values = [next(e for e in model["estimates"] if e["metric"] == metric) for model in found["models"]]
    change = (first["counts"]["only_challenger"] - first["counts"]["only_incumbent"]) / first["counts"]["both"]
    assert (values[1]["value"] - values[0]["value"]) * change >= 0
    assert words in (out / "compare.html").read_text(encoding="utf-8")
    assert words in (out / "compare.md").read_text(encoding="utf-8")
