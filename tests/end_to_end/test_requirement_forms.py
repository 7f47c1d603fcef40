"""Requirements at a prevalence, counted completely and relative to another model, through evaluate, verify, plan and compare."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml_text
from shipped_workspace import shipped
from small_workspace import SmallWorkspace, policy, table

from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.errors import BadInput
from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.evidence.rederive import rederive
from evalharness.files.workspace import find_workspace
from evalharness.records import Outcome
from evalharness.report.build import build_view
from evalharness.requirements import policy_from_document, read_policy
from evalharness.workflows.beside import open_references
from evalharness.workflows.compare import compare
from evalharness.workflows.evaluate import evaluate
from evalharness.workflows.plan import plan
from evalharness.workflows.verify import verify_run

REQUIREMENTS: list[dict[str, Any]] = [
    {"id": "in-use", "metric": "precision", "at_least": 0.05, "prevalence": 0.01, "for_each": ["sex"]},
    {"id": "usable", "metric": "unusable_answer_rate", "equals": 0},
    {"id": "not-worse", "metric": "recall", "relative_to": "incumbent", "margin": 0.05},
    {"id": "not-worse-everyone", "metric": "recall", "relative_to": "incumbent", "margin": 0.15, "for_each": ["sex", ["sex", "race"]]},
    {"id": "alarms", "metric": "false_positive_rate", "relative_to": "baseline", "margin": 0.05},
    {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.01},
]


@pytest.fixture
def workspace(tmp_path: Path) -> SmallWorkspace:
    """A new model that misses a little, one in use that misses a few others, and a baseline."""
    small = SmallWorkspace(
        tmp_path, rows=table(3_000),
        document=policy(requirements=REQUIREMENTS, references={"incumbent": {"model": "in-use"}, "baseline": {"model": "simple"}}),
    ).write()  # fmt: skip
    small.write_card()
    rng = np.random.default_rng(5)
    for name, flipped in (("in-use", 0.03), ("simple", 0.2)):
        scores = small.rows[["item_id", "score"]].copy()
        scores["score"] = np.where(rng.random(len(scores)) < flipped, 1 - scores["score"], scores["score"])
        path = tmp_path / "model_cards" / f"{name}.csv"
        scores.to_csv(path, index=False, lineterminator="\n")
        digest = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
        small.write_card(name, artifact=f"{name}.csv", sha256=digest)
    return small


def test_every_form_is_judged_recorded_and_derived_again(workspace: SmallWorkspace, tmp_path: Path) -> None:
    run = evaluate("small", "vendor", workspace=tmp_path, out=tmp_path / "run", at="2026-11-22T10:00:00Z")
    found = {(f.requirement, f.group): f for f in run.findings}
    assert found["usable", ()].outcome == "met"
    assert found["not-worse", ()].outcome == "met"
    assert found["alarms", ()].outcome == "met"
    assert len([f for f in run.findings if f.requirement == "not-worse-everyone"]) == 8
    assert verify_run(tmp_path / "run", workspace=tmp_path).problems == ()
    assert verify_run(tmp_path / "run", workspace=tmp_path, replay=True).problems == ()
    document = json.loads((tmp_path / "run" / "evidence.json").read_text())
    beside = {part["condition"]: part for part in document["tallies"]["beside"]}
    assert {part["model"] for part in beside.values()} == {"in-use", "simple"}
    assert len(beside["relative to incumbent"]["rows"]) == 12
    assert len(beside["relative to baseline"]["rows"]) == 1
    page = build_view(read_evidence((tmp_path / "run" / "evidence.json").read_bytes())).page_one
    for name, who in (("in-use", "the model in use"), ("simple", "the simple model that is the baseline")):
        digest = hashlib.sha256((tmp_path / "model_cards" / f"{name}.csv").read_bytes()).hexdigest()[:8]
        assert f"{who}: “{name}”, version 1 (digest {digest})" in page.best
    junit = (tmp_path / "run" / "junit.xml").read_text()
    assert 'name="not-worse relative to incumbent"' in junit
    assert 'name="in-use[sex=F] at prevalence 0.01"' in junit
    report = (tmp_path / "run" / "report.html").read_text()
    assert "more may be decided wrongly than by the model in use" in report
    assert "were decided rightly by both" in report
    assert "“in-use”, version 1" in report


def test_an_altered_count_or_another_reference_is_told(workspace: SmallWorkspace, tmp_path: Path) -> None:
    run = evaluate("small", "vendor", workspace=tmp_path, out=tmp_path / "run")
    assert rederive(read_evidence(evidence_bytes(run.evidence))) == ()
    for change, words in (
        (lambda part: part["rows"][0]["kinds"].__setitem__(0, part["rows"][0]["kinds"][0] + 1), "are counted and the tallies have"),
        (lambda part: part.__setitem__("model", "somebody"), "the policy names another model"),
    ):
        document = json.loads(evidence_bytes(run.evidence))
        change(next(p for p in document["tallies"]["beside"] if p["condition"] == "relative to incumbent"))
        assert any(words in problem for problem in rederive(read_evidence(evidence_bytes(document)))), words
    document = json.loads(evidence_bytes(run.evidence))
    true = next(e for e in document["estimates"] if e["metric"].endswith("_loss"))
    document["estimates"].append({**true, "unit": "minutes"})
    true["value"] = -1.0  # no count says so, and behind it stands one that the counts say
    assert any("the same share that was lost stands there" in problem for problem in rederive(read_evidence(evidence_bytes(document))))
    document = json.loads(evidence_bytes(run.evidence))
    del document["tallies"]["beside"]
    assert any("nothing beside it was counted" in problem for problem in rederive(read_evidence(evidence_bytes(document))))
    document["estimates"] = [e for e in document["estimates"] if not e["metric"].endswith("_loss")]
    assert any("not_evaluable" in problem for problem in rederive(read_evidence(evidence_bytes(document))))


def test_a_reference_that_is_not_there_or_is_another_artefact_is_refused(workspace: SmallWorkspace, tmp_path: Path) -> None:
    other = "sha256:" + "0" * 64
    named = {"incumbent": {"model": "nobody"}, "baseline": {"model": "simple", "digest": other}}
    workspace.write_policy({**workspace.document, "references": named})
    with pytest.raises(BadInput) as caught:
        evaluate("small", "vendor", workspace=tmp_path, out=tmp_path / "run")
    told = [(problem.where, problem.what) for problem in caught.value.problems]
    assert ("policy small: references.incumbent", "no such model") in told
    assert ("policy small: references.baseline", "the reference is another artefact than the one that the policy fixes") in told
    assert not (tmp_path / "run").exists()


def test_a_comparison_warns_of_a_model_that_is_held_against_itself(workspace: SmallWorkspace, tmp_path: Path) -> None:
    found = {model.name: model for model in compare("small", ["in-use", "vendor"], workspace=tmp_path).comparison.models}
    told = {name: [caution.text for caution in model.cautions if "against itself" in caution.text] for name, model in found.items()}
    assert any("'not-worse'" in text for text in told["in-use"])
    assert not told["vendor"]


def test_under_a_lock_the_policy_must_fix_the_model_that_it_is_held_against(workspace: SmallWorkspace, tmp_path: Path) -> None:
    """Else a worse one could be put in its place once the policy is locked."""
    place, policy_file = find_workspace(tmp_path), workspace.policy_file
    with pytest.raises(BadInput) as caught:
        open_references(read_policy(policy_file), place, locked=True)
    assert [problem.where for problem in caught.value.problems] == [
        "policy small: references.baseline",
        "policy small: references.incumbent",
    ]
    digests = {r.name: r.digest for r in open_references(read_policy(policy_file), place, locked=False)}
    named = {"incumbent": "in-use", "baseline": "simple"}
    fixed = {name: {"model": model, "digest": digests[name]} for name, model in named.items()}
    workspace.write_policy({**workspace.document, "references": fixed})
    assert {r.name for r in open_references(read_policy(policy_file), place, locked=True)} == {"incumbent", "baseline"}


def test_a_plan_says_the_size_or_why_not(workspace: SmallWorkspace, tmp_path: Path) -> None:
    made = {one.id: one for one in plan("small", workspace=tmp_path).requirements}
    assert made["not-worse"].lead.items is not None
    assert made["in-use"].lead.items is not None
    assert "counted completely" in made["usable"].lead.reason
    assert made["in-use"].condition == "at prevalence 0.01"


@pytest.mark.parametrize(
    ("requirement", "words"),
    [
        ({"metric": "recall", "relative_to": "best_possible", "margin": 0.02}, "best_possible"),
        ({"metric": "recall", "relative_to": "incumbent"}, "relative_to needs margin"),
        ({"metric": "recall", "margin": 0.1}, "margin needs relative_to"),
        ({"metric": "recall", "relative_to": "baseline", "margin": 0.1}, "the policy names no model as baseline"),
        ({"metric": "precision", "relative_to": "incumbent", "margin": 0.1}, "precision is not judged relative to a model"),
        ({"metric": "recall", "relative_to": "incumbent", "margin": 0.1, "at_least": 0.5}, "relative_to does not go with at_least"),
    ],
)
def test_what_makes_no_sense_is_refused(requirement: dict[str, Any], words: str) -> None:
    lines = [{"id": "r", **requirement}, {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.01}]
    with pytest.raises(BadInput) as caught:
        policy_from_document(policy(requirements=lines, references={"incumbent": {"model": "x"}}), "sha256:" + "0" * 64)
    assert any(words in f"{p.what} {p.got} {p.hint}" for p in caught.value.problems), [str(p) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("benchmark", "models", "metric"),
    [
        ("severity-grading", ("severity-reference", "severity-narrow"), "under_grading_1"),
        ("lead-priority", ("lead-reference", "lead-blanks"), "recall_at_budget"),
    ],
)
def test_other_tasks_are_held_against_a_model_too(benchmark: str, models: tuple[str, str], metric: str, tmp_path: Path) -> None:
    root = shipped(tmp_path / "workspace", benchmark, *models)
    path = root / "policies" / f"{benchmark}.yaml"
    asked = {"id": "not-worse", "metric": metric, "relative_to": "baseline", "margin": 0.2, "for_each": ["sex"]}
    document = {**read_policy(path).document, "references": {"baseline": {"model": models[1]}}, "requirements": [asked]}
    path.write_text(yaml_text.dump({key: value for key, value in document.items() if key not in ("planning", "change_plan")}))
    run = evaluate(benchmark, models[0], workspace=root, out=tmp_path / "run", rows=6_000)
    assert len(run.findings) == 2
    assert all(finding.value is not None for finding in run.findings)
    assert verify_run(tmp_path / "run", workspace=root).problems == ()


def test_a_blind_run_is_held_against_no_other_model(workspace: SmallWorkspace, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="held against no other model"):
        evaluate("small", "vendor", workspace=tmp_path, out=tmp_path / "run", blind_key=tmp_path / "any.json")


@pytest.mark.parametrize(
    ("benchmark", "model", "metric"),
    [
        ("message-triage", "triage-reference", "recall"),
        ("severity-grading", "severity-reference", "under_grading_1"),
        ("lead-priority", "lead-reference", "recall_at_budget"),
    ],
)
def test_a_person_stands_beside_the_model_where_the_benchmark_has_one(benchmark: str, model: str, metric: str, tmp_path: Path) -> None:
    """Both are held against the clean label; elsewhere it is not evaluable, with the reason."""
    root = shipped(tmp_path / "workspace", benchmark, model)
    path = root / "policies" / f"{benchmark}.yaml"
    asked = {"id": "as-people", "metric": metric, "relative_to": "human", "margin": 0.3, "for_each": ["sex"]}
    document = {**read_policy(path).document, "requirements": [asked]}
    path.write_text(yaml_text.dump({key: value for key, value in document.items() if key not in ("planning", "change_plan")}))
    run = evaluate(benchmark, model, workspace=root, out=tmp_path / "run", rows=8_000)
    assert len(run.findings) == 2
    if benchmark == "lead-priority":
        assert {finding.outcome for finding in run.findings} == {Outcome.NOT_EVALUABLE}
        assert "no person's labels beside clean ones" in run.findings[0].reason
    else:
        (part,) = run.evidence["tallies"]["beside"]
        assert part["model"] == "rater_1 of annotators"
        everybody = next(row for row in part["rows"] if not row["group"])
        both, person, this, neither, silent = everybody["kinds"]
        assert silent == 0
        opened = open_benchmark(root / "datasets_synthetic" / benchmark, rows=8_000)
        assert _right_by_person(opened, metric) == (both + person, both + person + this + neither)
    assert verify_run(tmp_path / "run", workspace=root).problems == ()


def _right_by_person(benchmark: Benchmark, metric: str) -> tuple[int, int]:
    """How many items of the metric's denominator the first person decided rightly, from the tables alone."""
    clean = [text for part in benchmark.truth("test", "clean") for text in part.to_pylist()]
    said = [text for rows in benchmark.table("annotators", "test", ("rater_1",)) for text in rows["rater_1"].to_pylist()]
    pairs = list(zip(clean, said, strict=True))
    if metric == "recall":
        relevant = [told for truth, told in pairs if truth == benchmark.info.positive]
        return relevant.count(benchmark.info.positive), len(relevant)
    rank = {level: place for place, level in enumerate(benchmark.info.levels)}
    return sum(rank[told] >= rank[truth] for truth, told in pairs), len(pairs)
