"""Requirements that look strict and are not: page one says which, and a run from which that was taken does not verify."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from command import evalharness
from small_workspace import SmallWorkspace, policy, table

from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.workflows.verify import _measured_again

NO_ANSWER = {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.5, "why": "w"}
ASKED: dict[str, tuple[dict[str, Any], str]] = {
    "rare": ({"metric": "precision", "prevalence": 0.99, "at_least": 0.9}, "no more than drawing lots would give where 99 % are relevant"),
    "left": ({"metric": "elusion", "prevalence": 0.01, "at_most": 0.02}, "no more than drawing lots would give where 1 % are relevant"),
    "itself": ({"metric": "recall", "relative_to": "incumbent", "margin": 0.02}, "it holds the classifier against itself"),
    "worst": ({"metric": "recall", "relative_to": "baseline", "margin": 0.3}, "there is no more to lose"),
    "none": ({"metric": "recall", "at_least": 0}, "whatever is measured meets it"),
    "strict": ({"metric": "precision", "prevalence": 0.01, "at_least": 0.1}, ""),
    "wide": ({"metric": "false_positive_rate", "relative_to": "baseline", "margin": 0.3}, "asks for little: against that model 30 % of"),
    "beside": ({"metric": "false_positive_rate", "relative_to": "baseline", "margin": 0.09}, ""),
}


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    space = SmallWorkspace(tmp_path_factory.mktemp("lax"), rows=table(1_500)).write()
    space.write_benchmark()
    space.write_card()
    worst = space.root / "model_cards" / "worst.csv"
    scores = [0.9 if n % 5 == 0 else 0.1 for n in range(len(space.rows))]
    space.rows[["item_id"]].assign(score=scores).to_csv(worst, index=False)
    digest = "sha256:" + hashlib.sha256(worst.read_bytes()).hexdigest()
    space.write_card("worst", artifact="worst.csv", sha256=digest)
    asked = [{"id": name, **asked, "why": "w"} for name, (asked, _) in ASKED.items()]
    references = {"incumbent": {"model": "vendor"}, "baseline": {"model": "worst"}}
    space.write_policy(policy(requirements=[*asked, NO_ANSWER], references=references))
    out = space.root / "run"
    answer = evalharness("evaluate", "--policy", "small", "--model", "vendor", "--workspace", space.root, "--out", out)
    assert answer.code == 0, answer.err
    assert evalharness("verify", out, "--workspace", space.root).code == 0
    return json.loads((out / "evidence.json").read_text())


@pytest.mark.parametrize("name", ASKED)
def test_what_asks_for_nothing_is_told(evidence: dict[str, Any], name: str):
    told = [n["text"].replace("\u00a0", " ") for n in evidence["notices"] if n["kind"] == "cannot_fail" and f"'{name}'" in n["text"]]
    assert len(told) == bool(ASKED[name][1])
    assert all(ASKED[name][1] in text for text in told)


@pytest.mark.parametrize("name", [name for name, (_, words) in ASKED.items() if words])
def test_a_warning_that_was_taken_away_is_missed(evidence: dict[str, Any], name: str):
    evidence = {**evidence, "created": "2026-11-25T00:00:00Z"}  # what is older may be silent on wide margins
    kept = [n for n in evidence["notices"] if f"'{name}'" not in n["text"]]
    assert list(_measured_again(read_evidence(evidence_bytes(evidence)))) == []
    problems = list(_measured_again(read_evidence(evidence_bytes({**evidence, "notices": kept}))))
    assert problems == ["notices: which requirements nothing can fail, or drawing lots would meet, does not follow from policy and tallies"]


def test_a_comparison_shows_what_was_measured_and_warns_too(tmp_path: Path):
    """Not the figure at a prevalence in its place."""
    space = SmallWorkspace(tmp_path, rows=table(600)).write()
    other = tmp_path / "other.csv"
    space.rows[["item_id", "score"]].assign(score=space.rows["score"].clip(0.2, 1)).to_csv(other, index=False)
    asked = {"id": "rare", "metric": "precision", "prevalence": 0.99, "at_least": 0.9, "why": "w"}
    space.write_policy(policy(requirements=[asked, NO_ANSWER]))
    models = [part for file in (space.predictions, other) for part in ("--model", f"predictions:{file}")]
    answer = evalharness("compare", "--policy", "small", *models, "--workspace", tmp_path, "--out", tmp_path / "run")
    assert answer.code == 0, answer.err
    document = json.loads((tmp_path / "run" / "compare.json").read_text())
    assert "drawing lots" in json.dumps(document)
    for model in document["models"]:
        (precision,) = [e for e in model["estimates"] if e["metric"] == "precision"]
        assert precision["value"] < 0.9
