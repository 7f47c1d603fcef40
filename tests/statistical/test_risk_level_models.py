"""The reference models of risk-level under the shipped policy, and against the best that is possible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io
from benchmark_folder import ROOT
from shipped_workspace import shipped

from evalharness.adapters.trusted_types import TRUSTED_TYPES
from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.records import Outcome, group_text
from evalharness.workflows.evaluate import evaluate

MODELS = ("risk-reference", "risk-as-graded")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shipped(tmp_path_factory.mktemp("risk") / "workspace", "risk-level", *MODELS)


@pytest.fixture(scope="module")
def benchmark(workspace: Path) -> Benchmark:
    return open_benchmark(workspace / "datasets_synthetic" / "risk-level")


def judged(workspace: Path, model: str, policy: str = "risk-level") -> dict[str, Outcome]:
    run = evaluate(policy, model, workspace=workspace, out=workspace / "reports" / f"{policy}-{model}")
    return {f"{finding.requirement}[{group_text(finding.group)}]": finding.outcome for finding in run.findings}


def features(benchmark: Benchmark, split: str) -> tuple[pd.DataFrame, Any]:
    batches = list(benchmark.batches(split, columns=frozenset({"features", "labels"})))
    tables = [batch.features.to_pandas() for batch in batches if batch.features is not None]
    return pd.concat(tables, ignore_index=True), np.concatenate([batch.labels == 1 for batch in batches])


def scores(name: str, table: pd.DataFrame) -> Any:
    model = skops.io.load(ROOT / "model_cards" / f"{name}.skops", trusted=list(TRUSTED_TYPES))
    return model.predict_proba(table)[:, list(model.classes_).index("yes")]


def beats(score: Any, chances: Any, outcome: Any, rate: float) -> float:
    """Standard errors by which a score finds more than the true chance does, both at this false-positive rate."""
    found = [(own >= np.quantile(own[~outcome], 1 - rate))[outcome].mean() for own in (score, chances)]
    return float((found[0] - found[1]) / np.sqrt(found[1] * (1 - found[1]) / outcome.sum()))


def test_the_reference_model_meets_the_shipped_policy(workspace: Path) -> None:
    assert set(judged(workspace, "risk-reference").values()) == {Outcome.MET}


def test_the_model_that_learnt_from_people_fails_for_the_group_that_its_card_names(workspace: Path) -> None:
    found = judged(workspace, "risk-as-graded")
    assert {name for name, outcome in found.items() if outcome is Outcome.NOT_MET} == {
        "recall-everyone[ethnicity=black]",
        "recall-intersections[ethnicity=black,sex=F]",
        "recall-intersections[ethnicity=black,sex=M]",
        "recall-gap[overall]",
    }
    assert found["recall[overall]"] is Outcome.MET, "a good figure for everybody hides the group"
    assert "ethnicity: black" in (ROOT / "model_cards" / "risk-as-graded.md").read_text(encoding="utf-8")


def test_under_drift_and_a_shift_of_prevalence_even_the_good_model_fails(workspace: Path) -> None:
    found = judged(workspace, "risk-reference", "risk-level-shifted")
    assert found["recall[overall]"] is Outcome.NOT_MET


def test_no_model_beats_the_true_chance_and_one_that_was_told_labels_is_caught(benchmark: Benchmark) -> None:
    """Neyman and Pearson, at three standard errors."""
    table, outcome = features(benchmark, "test")
    chances = np.concatenate(list(benchmark.posterior("test")))
    answers = {name: scores(name, table) for name in MODELS}
    for rate in (0.01, 0.05, 0.2):
        for score in answers.values():
            assert beats(score, chances, outcome, rate) < 3
        assert beats(answers["risk-reference"] + 0.2 * outcome, chances, outcome, rate) > 3


def test_twins_whose_proxy_alone_changed_are_placed_lower_by_the_model_that_learnt_from_people(benchmark: Benchmark) -> None:
    (rows,) = list(benchmark.table("twins", "test"))
    (truth,) = list(benchmark.table("twin_truth", "test"))
    names = benchmark.info.features
    proxy = np.array(rows["kind"].to_pylist()) == "proxy"
    copies = pd.DataFrame({name: rows[name].to_pandas() for name in names})[proxy].reset_index(drop=True)
    ids = np.concatenate(
        [batch.ids.to_pylist() for batch in benchmark.batches("test", columns=frozenset({"ids"})) if batch.ids is not None]
    )
    place = {item: number for number, item in enumerate(ids)}
    of = np.array([place[item] for item in truth["of"].to_pylist()])[proxy]
    originals = features(benchmark, "test")[0].iloc[of].reset_index(drop=True)
    lowered = {}
    for name, high in (("risk-reference", 0.27), ("risk-as-graded", 0.395)):
        before, after = scores(name, originals) >= high, scores(name, copies) >= high
        lowered[name] = (~after)[before].mean()
    assert lowered["risk-reference"] < 0.02
    assert lowered["risk-as-graded"] > 0.15
    chances = np.concatenate(list(benchmark.posterior("test")))[of]
    assert np.abs(truth["posterior"].to_numpy()[proxy] - chances).max() < 0.1
    assert np.abs(truth["posterior"].to_numpy()[proxy] - chances).mean() < 0.002
