"""What a run describes of its scores and bands, against scikit-learn on the rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, cohen_kappa_score, roc_auc_score
from task_benchmark import TaskBenchmark, inputs_for

from evalharness.records import Curve, Description, Estimate, HumanInTheLoop, OperatingPoint
from evalharness.records.plan import Planning
from evalharness.records.progress import silent
from evalharness.workflows.counting import count
from evalharness.workflows.inputs import Inputs

ROWS = 600
BANDS = ("low", "medium", "high")
AT_HALF = OperatingPoint(rule="score >= threshold", threshold=0.5)
TOP = OperatingPoint(rule="top_band", threshold=None, top_band="high")
IDS = [f"i{n}" for n in range(ROWS)]
HUMAN = HumanInTheLoop(minutes_per_review=3, items_per_week=1_000, sensitivity_low=0.7, sensitivity_high=1.0, source="declared")


def described(inputs: Inputs) -> Description:
    return count(inputs, silent).describe(0.95)


def binary(folder: Path, labels: np.ndarray, sex: np.ndarray, predictions: dict[str, Any], **columns: Any) -> Inputs:
    benchmark = TaskBenchmark("binary", {"labels": labels.astype(np.int8), "sex": sex.astype(np.int32), **columns})
    return inputs_for(folder, benchmark, {"item_id": IDS, **predictions}, AT_HALF)


def by_name(found: Description) -> dict[tuple[str, str], Estimate]:
    return {(e.metric, dict(e.group).get("sex", "")): e for e in found.estimates}


def curve(found: Description, name: str) -> list[dict[str, float | None]]:
    one: Curve = next(c for c in found.curves if c.name == name)
    return [dict(zip(one.columns, row, strict=True)) for row in one.rows]


@pytest.fixture
def drawn() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(7)
    labels = draw.integers(0, 2, ROWS)
    return labels, draw.integers(0, 2, ROWS), np.clip(0.3 * labels + 0.69 * draw.random(ROWS) + 0.005, 0, 1)


def test_scores_are_described_for_everybody_and_each_group(tmp_path: Path, drawn: tuple[np.ndarray, ...]) -> None:
    labels, sex, scores = drawn
    found = by_name(described(binary(tmp_path, labels, sex, {"score": scores})))
    for group, inside in (("", sex >= 0), ("F", sex == 0), ("M", sex == 1)):
        assert found["roc_auc", group].value == pytest.approx(roc_auc_score(labels[inside], scores[inside]), abs=1e-9)
        assert found["brier_score", group].value == pytest.approx(brier_score_loss(labels[inside], scores[inside]), abs=1e-9)
        assert found["roc_auc", group].lower is not None


def test_items_without_a_label_or_a_score_are_left_out_of_the_measures_and_not_of_the_thresholds(
    tmp_path: Path, drawn: tuple[np.ndarray, ...]
) -> None:
    labels, sex, scores = drawn
    labels, given = labels.copy(), scores.copy()
    labels[:20], given[10:60] = -1, np.nan
    found = described(binary(tmp_path, labels, sex, {"score": given}))
    used = (labels >= 0) & ~np.isnan(given)
    auc = by_name(found)["roc_auc", ""]
    assert (auc.n, auc.value) == (used.sum(), pytest.approx(roc_auc_score(labels[used], scores[used]), abs=1e-9))
    here = next(row for row in curve(found, "operating_points") if row["in_use"])
    assert here["misses"] == ((labels == 1) & ~(given >= 0.5)).sum()
    assert here["workload"] == pytest.approx(((given >= 0.5) | np.isnan(given))[labels >= 0].mean())


def test_rows_in_another_order_give_the_same_description(tmp_path: Path, drawn: tuple[np.ndarray, ...]) -> None:
    labels, sex, scores = drawn
    clusters = np.array([f"c{n // 3}" for n in range(ROWS)])
    order = np.random.default_rng(1).permutation(ROWS)
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    one = binary(tmp_path / "one", labels, sex, {"score": scores}, clusters=clusters)
    other = binary(tmp_path / "other", labels[order], sex[order], {"score": scores[order]}, clusters=clusters[order])
    assert described(one) == described(other)
    assert "clusters" in by_name(described(one))["roc_auc", ""].method


def test_labels_only_leave_nothing_to_describe_of_scores(tmp_path: Path, drawn: tuple[np.ndarray, ...]) -> None:
    labels, sex, scores = drawn
    benchmark = TaskBenchmark("binary", {"labels": labels.astype(np.int8), "sex": sex.astype(np.int32)})
    said = {"item_id": IDS, "label": (scores >= 0.5).astype(int).astype(str)}
    inputs = inputs_for(tmp_path, benchmark, said, OperatingPoint(rule="label", threshold=None))
    found = described(inputs)
    assert found.estimates == ()
    assert [c.name for c in found.curves] == ["deployment"], "of the counts"


def test_scores_of_any_range_are_ordered_only(tmp_path: Path, drawn: tuple[np.ndarray, ...]) -> None:
    labels, sex, scores = drawn
    inputs = binary(tmp_path, labels, sex, {"score": scores * 20 - 7})
    found = described(replace(inputs, card=replace(inputs.card, score_range="any")))
    assert by_name(found)["roc_auc", ""].value == pytest.approx(roc_auc_score(labels, scores), abs=1e-9)
    assert by_name(found)["brier_score", ""].value is None
    assert [c.name for c in found.curves] == ["operating_points", "capacity", "deployment"]


def test_predictive_value_at_the_prevalence_that_the_policy_states(tmp_path: Path, drawn: tuple[np.ndarray, ...]) -> None:
    labels, sex, scores = drawn
    inputs = binary(tmp_path, labels, sex, {"score": scores})
    policy = replace(inputs.policy, human_in_the_loop=HUMAN, planning=Planning(prevalence=0.02))
    here, there = curve(described(replace(inputs, policy=policy)), "deployment")
    recall, alarms = (scores >= 0.5)[labels == 1].mean(), (scores >= 0.5)[labels == 0].mean()
    assert (here["prevalence"], here["stated"], there["stated"]) == (pytest.approx(labels.mean()), 0, 1)
    assert here["precision"] == pytest.approx(labels[scores >= 0.5].mean())
    assert there["precision"] == pytest.approx(0.02 * recall / (0.02 * recall + 0.98 * alarms))
    assert there["selected_per_week"] == pytest.approx(1_000 * (0.02 * recall + 0.98 * alarms))
    assert there["missed_per_week"] == pytest.approx(20 * (1 - recall))
    for row in (here, there):
        for name in ("precision", "selected_per_week", "missed_per_week"):
            assert row[f"{name}_lower"] < row[name] < row[f"{name}_upper"]


def test_risk_scores_are_about_the_outcome_and_all_bands_are_counted(tmp_path: Path) -> None:
    draw = np.random.default_rng(8)
    chance = draw.random(ROWS)
    outcome, bands = (draw.random(ROWS) < chance).astype(np.int8), draw.integers(-1, 3, ROWS).astype(np.int8)
    said = np.where(draw.random(ROWS) < 0.6, np.maximum(bands, 0), draw.integers(0, 3, ROWS))
    benchmark = TaskBenchmark("risk", {"labels": outcome, "bands": bands}, levels=BANDS)
    inputs = inputs_for(tmp_path, benchmark, {"item_id": IDS, "score": chance, "label": np.array(BANDS)[said]}, TOP)
    found = described(inputs)
    named = by_name(found)
    assert named["roc_auc", ""].value == pytest.approx(roc_auc_score(outcome, chance), abs=1e-9)
    known = bands >= 0
    assert named["exact_agreement", ""].value == pytest.approx((bands == said)[known].mean())
    assert named["under_grading_2", ""].value == pytest.approx((said <= bands - 2)[known].mean())
    assert named["quadratic_weighted_kappa", ""].value == pytest.approx(
        cohen_kappa_score(bands[known], said[known], weights="quadratic"), abs=1e-9
    )
    assert not any(e.decides for e in found.estimates)
    table = [[row[f"predicted {level}"] for level in BANDS] for row in curve(found, "bands")]
    assert table == [[((bands == t) & (said == s)).sum() for s in range(3)] for t in range(3)]
    assert not any(row["in_use"] for row in curve(found, "operating_points"))
