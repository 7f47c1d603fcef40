"""Requirements that look strict and are not: page one says which, and a run from which that was taken does not verify."""

from __future__ import annotations

import hashlib
import json
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
    "beside": ({"metric": "false_positive_rate", "relative_to": "baseline", "margin": 0.3}, ""),
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
    kept = [n for n in evidence["notices"] if f"'{name}'" not in n["text"]]
    assert list(_measured_again(read_evidence(evidence_bytes(evidence)))) == []
    problems = list(_measured_again(read_evidence(evidence_bytes({**evidence, "notices": kept}))))
    assert problems == ["notices: which requirements nothing can fail, or drawing lots would meet, does not follow from policy and tallies"]
