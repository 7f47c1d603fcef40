"""The reference models of lead-priority under the shipped policy, and against the best that is possible."""

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
from evalharness.workflows.evaluate import Run, evaluate

MODELS = ("lead-reference", "lead-blanks")
BUDGET = 20


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shipped(tmp_path_factory.mktemp("lead") / "workspace", "lead-priority", *MODELS)


@pytest.fixture(scope="module")
def benchmark(workspace: Path) -> Benchmark:
    return open_benchmark(workspace / "datasets_synthetic" / "lead-priority")


def run(workspace: Path, model: str, policy: str = "lead-priority") -> Run:
    return evaluate(policy, model, workspace=workspace, out=workspace / "reports" / f"{policy}-{model}")


def outcomes(done: Run) -> dict[str, Outcome]:
    return {f"{finding.requirement}[{group_text(finding.group)}]": finding.outcome for finding in done.findings}


def found_in_time(scores: Any, queues: Any, at_risk: Any) -> float:
    """Share of the persons at risk whose lead is among the day's first BUDGET."""
    order = np.lexsort((-scores, queues))
    first = np.searchsorted(queues, queues, side="left")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return float((rank - first < BUDGET)[at_risk].mean())


def test_the_reference_model_meets_the_shipped_policy(workspace: Path) -> None:
    done = run(workspace, "lead-reference")
    assert set(outcomes(done).values()) == {Outcome.MET}
    (overall,) = [finding for finding in done.findings if finding.requirement == "found-in-time"]
    assert 0.95 < float(overall.value or 0) < 0.97


def test_the_model_for_which_blanks_are_good_news_fails_for_the_group_that_its_card_names(workspace: Path) -> None:
    found = outcomes(run(workspace, "lead-blanks"))
    failed = {name for name, outcome in found.items() if outcome is Outcome.NOT_MET}
    assert {"found-in-time-everyone[ethnicity=asian]", "found-in-time-gap[overall]"} <= failed
    assert all("asian" in name or "gap" in name for name, outcome in found.items() if outcome is not Outcome.MET)
    assert found["found-in-time[overall]"] is Outcome.MET, "a good figure for everybody hides the group"
    assert "ethnicity: asian" in (ROOT / "model_cards" / "lead-blanks.md").read_text(encoding="utf-8")


def test_under_drift_and_a_shift_of_prevalence_even_the_good_model_fails(workspace: Path) -> None:
    assert outcomes(run(workspace, "lead-reference", "lead-priority-shifted"))["found-in-time[overall]"] is Outcome.NOT_MET


def test_no_model_beats_the_true_chance_and_one_that_was_told_labels_is_caught(benchmark: Benchmark) -> None:
    """The best ranking of a day is by the true chance; at three standard errors."""
    batches = list(benchmark.batches("test", columns=frozenset({"features", "labels", "queues"})))
    at_risk = np.concatenate([batch.labels == 1 for batch in batches])
    queues = np.concatenate([batch.queues for batch in batches if batch.queues is not None])
    table = pd.concat([batch.features.to_pandas() for batch in batches if batch.features is not None], ignore_index=True)
    best = found_in_time(np.concatenate(list(benchmark.posterior("test"))), queues, at_risk)
    error = np.sqrt(best * (1 - best) / at_risk.sum())
    for name in MODELS:
        model = skops.io.load(ROOT / "model_cards" / f"{name}.skops", trusted=list(TRUSTED_TYPES))
        scores = model.predict_proba(table)[:, list(model.classes_).index("at_risk")]
        assert found_in_time(scores, queues, at_risk) < best + 3 * error
    assert found_in_time(scores + 0.05 * at_risk, queues, at_risk) > best + 3 * error
