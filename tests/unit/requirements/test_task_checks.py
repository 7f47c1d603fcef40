"""The five tasks: which operating point each takes, and what it has no use for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evalharness.errors import BadInput
from evalharness.records import OperatingPoint, Policy
from evalharness.requirements import read_policy

POLICY = """\
schema: evalharness/policy/v1
name: example
version: 1
title: An example
claim: rehearsal
population: items of the example
intended_use: orders items
prohibited_uses: [closing an item without review]
stream: synthetic
task: TASK
benchmark: some-items
confidence: 0.95
operating_point: {POINT}
requirements:
  - {id: no-answer, metric: no_answer_rate, at_most: 0.01}
sign_off:
  roles: {owner: 1}
  developers_may_not_sign: true
  valid_for_days: 180
"""
PEOPLE = "human_in_the_loop: {minutes_per_review: 3, items_per_week: 500, reviewer_sensitivity: {low: 0.7, high: 1.0, source: declared}}\n"
COSTS = "costs: {minutes: {true_relevant: {review: 3}}, elicited: {stated_by: somebody, on: 2026-11-01}}\n"


def read(folder: Path, task: str, point: str, more: str = "") -> Policy:
    path = folder / "p.yaml"
    path.write_text(POLICY.replace("TASK", task).replace("POINT", point) + more, encoding="utf-8")
    return read_policy(path)


def told(folder: Path, task: str, point: str, more: str = "") -> str:
    with pytest.raises(BadInput) as caught:
        read(folder, task, point, more)
    return "\n".join(str(p).replace(str(folder / "p.yaml"), "F") for p in caught.value.problems)


@pytest.mark.parametrize(
    ("task", "point", "expected"),
    [
        ("binary", "threshold: 0.5", {"rule": "score >= threshold", "threshold": 0.5}),
        ("binary", "rule: label", {"rule": "label", "threshold": None}),
        ("ordinal", "rule: label", {"rule": "label", "threshold": None}),
        ("ranking", "budget_per_day: 50", {"rule": "budget", "threshold": None, "budget_per_day": 50}),
        ("linkage", "threshold: 0.5", {"rule": "score >= threshold", "threshold": 0.5}),
        ("linkage", "rule: label", {"rule": "label", "threshold": None}),
        ("risk", "top_band: high", {"rule": "top_band", "threshold": None, "top_band": "high"}),
    ],
)
def test_every_task_has_its_operating_points(tmp_path: Path, task: str, point: str, expected: dict[str, Any]) -> None:
    policy = read(tmp_path, task, point)
    assert policy.task == task
    assert policy.operating_point == OperatingPoint(**expected)


@pytest.mark.parametrize(
    ("task", "point", "expected"),
    [
        ("binary", "budget_per_day: 50", ["F:13:19: the task binary has no daily budget", "{threshold: NUMBER} or {rule: label}"]),
        ("ordinal", "threshold: 0.5", ["the task ordinal has no threshold", "expected: {rule: label}"]),
        ("ranking", "rule: label", ["the task ranking has no rule 'label'", "expected: {budget_per_day: NUMBER}"]),
        ("ranking", "budget_per_day: 50, threshold: 0.5", ["F:13:39: the task ranking has no threshold"]),
        ("ranking", "budget_per_day: 0", ["F:13:19: 'budget_per_day'", "got: 0"]),
        ("ranking", "budget_per_day: 1.5", ["F:13:19: 'budget_per_day'", "a whole number"]),
        ("linkage", "top_band: high", ["the task linkage has no top band"]),
        ("risk", "threshold: 0.5", ["the task risk has no threshold", "expected: {top_band: LEVEL}"]),
        ("risk", "top_band: null", ["F:13:1: the operating point is not one rule", "got: nothing", "expected: {top_band: LEVEL}"]),
        ("binary", "threshold: 0.5, rule: label", ["F:13:1: the operating point is not one rule", "got: threshold, rule"]),
    ],
)
def test_an_operating_point_of_another_task_is_refused_with_its_place(tmp_path: Path, task: str, point: str, expected: list[str]) -> None:
    everything = told(tmp_path, task, point)
    for part in expected:
        assert part in everything, everything


@pytest.mark.parametrize(("task", "point"), [("ordinal", "rule: label"), ("ranking", "budget_per_day: 5"), ("linkage", "threshold: 0.5")])
def test_people_are_for_every_task_and_costs_for_some(tmp_path: Path, task: str, point: str) -> None:
    assert read(tmp_path, task, point, PEOPLE).human_in_the_loop is not None
    everything = told(tmp_path, task, point, PEOPLE + COSTS)
    assert "human_in_the_loop" not in everything
    if task == "ordinal":
        assert "the task ordinal has no costs of this kind" in everything
        assert "expected: by_level" in everything
    else:
        assert f"F:21:1: costs does not go with the task {task} in this version" in everything
        assert "expected: the task binary or risk or ordinal" in everything


def test_costs_by_level_are_for_grades_only(tmp_path: Path) -> None:
    costs = COSTS.replace("true_relevant: {review: 3}", "by_level: {A: {none: 3, C: 1}}")
    assert costs != COSTS
    assert "the task binary has no costs of this kind" in told(tmp_path, "binary", "threshold: 0.5", costs)
    stated = read(tmp_path, "ordinal", "rule: label", costs)
    assert stated.costs is not None
    assert stated.costs.units[0].by_level == (("A", (("C", 1.0), ("none", 3.0))),)


def test_a_risk_policy_may_declare_people_and_costs(tmp_path: Path) -> None:
    policy = read(tmp_path, "risk", "top_band: high", PEOPLE + COSTS)
    assert policy.human_in_the_loop is not None
    assert policy.costs is not None


METRICS = {
    "ordinal": (
        "rule: label",
        ["exact_agreement", "under_grading_1", "under_grading_2", "over_grading_1", "over_grading_2", "critical_miss"],
    ),
    "ranking": ("budget_per_day: 5", ["recall_at_budget", "precision_at_budget"]),
    "linkage": ("threshold: 0.5", ["pairwise_recall", "pairwise_precision"]),
    "risk": ("top_band: high", ["recall", "false_positive_rate", "precision"]),
}


def asked(metric: str) -> str:
    comparison = "at_most" if any(word in metric for word in ("grading", "miss", "false")) else "at_least"
    return f"  - {{id: {metric.replace('_', '-')}, metric: {metric}, {comparison}: 0.5}}\n"


def with_requirements(task: str, point: str, lines: str) -> str:
    return POLICY.replace("TASK", task).replace("POINT", point).replace("sign_off:", lines + "sign_off:")


@pytest.mark.parametrize("task", METRICS)
def test_a_task_can_be_asked_for_its_own_metrics(tmp_path: Path, task: str) -> None:
    point, metrics = METRICS[task]
    path = tmp_path / "p.yaml"
    path.write_text(with_requirements(task, point, "".join(map(asked, metrics))), encoding="utf-8")
    assert [r.metric for r in read_policy(path).requirements] == ["no_answer_rate", *metrics]


@pytest.mark.parametrize(
    ("task", "metric", "expected"),
    [
        ("ranking", "recall", ["the task ranking has no such metric", "it is a metric of the task binary or risk"]),
        ("ordinal", "recall_at_budget", ["the task ordinal has no such metric", "it is a metric of the task ranking"]),
        (
            "linkage",
            "exact_agreement",
            ["the task linkage has no such metric", "one of no_answer_rate, pairwise_precision, pairwise_recall"],
        ),
        ("risk", "pairwise_recall", ["the task risk has no such metric", "it is a metric of the task linkage"]),
        ("binary", "critical_miss", ["the task binary has no such metric", "it is a metric of the task ordinal"]),
        ("ranking", "recall_score", ["the task ranking has no such metric", "no_answer_rate, precision_at_budget, recall_at_budget"]),
        ("ranking", "recal_at_budget", ["did you mean 'recall_at_budget'?"]),
    ],
)
def test_a_metric_of_another_task_is_refused_with_its_place(tmp_path: Path, task: str, metric: str, expected: list[str]) -> None:
    point = "threshold: 0.5" if task == "binary" else METRICS[task][0]
    path = tmp_path / "p.yaml"
    path.write_text(with_requirements(task, point, f"  - {{id: x, metric: {metric}, at_least: 0.5}}\n"), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_policy(path)
    everything = "\n".join(map(str, caught.value.problems))
    for part in (*expected, "p.yaml:16:13: requirement x: the task", f"got: {metric}"):
        assert part in everything, everything


@pytest.mark.parametrize(("task", "metric"), [("ranking", "precision_at_budget"), ("linkage", "pairwise_precision")])
def test_what_refusing_would_flatter_stands_only_beside_a_limit_on_refusals(tmp_path: Path, task: str, metric: str) -> None:
    path = tmp_path / "p.yaml"
    text = with_requirements(task, METRICS[task][0], f"  - {{id: x, metric: {metric}, at_least: 0.5}}\n")
    path.write_text(text.replace("at_most: 0.01", "at_most: 0.01, for_each: [sex]"), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_policy(path)
    assert "may be required only beside an upper bound on no_answer_rate" in str(caught.value.problems[0])


@pytest.mark.parametrize(
    ("task", "point", "what"),
    [("binary", "threshold: 0.5", "budget"), ("risk", "top_band: high", "threshold"), ("ordinal", "rule: label", "threshold")],
)
def test_a_change_of_what_the_task_lacks_cannot_be_agreed_beforehand(tmp_path: Path, task: str, point: str, what: str) -> None:
    plan = f"change_plan:\n  - {{what: {what}, within: [1, 2], retest: again, why: because}}\n"
    assert f"F:21:6: the task {task} has no {what} that could change" in told(tmp_path, task, point, plan)


def test_a_range_of_budgets_can_be_agreed_beforehand(tmp_path: Path) -> None:
    plan = "change_plan:\n  - {what: budget, within: [40, 60], retest: again, why: because}\n"
    assert read(tmp_path, "ranking", "budget_per_day: 50", plan).change_plan[0].within == (40, 60)
