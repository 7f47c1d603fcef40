"""What evidence that was signed long ago may lack, and nothing else."""

import json
from pathlib import Path

import pytest

from evalharness.catalogue import TASKS, came_later, denominators_that_came_later, task_metrics
from evalharness.catalogue.earliest import _FIRST

ROOT = Path(__file__).resolve().parents[3]
GRADES = task_metrics("ordinal", ("none", "C", "B", "A"))


@pytest.mark.parametrize("task", TASKS)
def test_what_every_evidence_has_is_still_a_metric_of_its_task(task: str) -> None:
    of = GRADES if task == "ordinal" else task_metrics(task)
    assert _FIRST[task] <= of.metrics.keys()
    assert not any(came_later(of, name) for name in _FIRST[task])


def test_the_oldest_signed_evidence_has_every_metric_that_did_not_come_later() -> None:
    runs = sorted((ROOT / "tests" / "fixtures" / "signed-v1" / "reports").glob("*/evidence.json"))
    assert runs
    for path in runs:
        document = json.loads(path.read_bytes())
        of = task_metrics(document["benchmark"]["task"])
        recorded = {estimate["metric"] for estimate in document["estimates"] if not estimate["group"] and not estimate.get("between")}
        without_people_or_costs = {"system_recall", "review_minutes_per_1000", "expected_cost"}
        expected = {name for name in of.metrics if not came_later(of, name)}
        assert recorded <= expected
        assert expected - recorded <= without_people_or_costs


def test_gaps_came_with_their_metric_and_named_gaps_are_no_metrics() -> None:
    assert came_later(GRADES, "recall_level_4_difference")
    assert came_later(GRADES, "quadratic_weighted_kappa")
    assert not came_later(GRADES, "critical_miss_ratio")
    assert not came_later(task_metrics("binary"), "equalized_odds_difference")
    assert came_later(task_metrics("binary"), "predictive_parity_ratio")
    assert not came_later(GRADES, "no_such_metric")


def test_only_denominators_of_single_levels_came_later() -> None:
    levels = {f"items of level {rank}" for rank in (1, 2, 3)} | {f"items given level {rank}" for rank in (1, 2, 3, 4)}
    assert denominators_that_came_later(GRADES) == levels
    assert denominators_that_came_later(task_metrics("binary")) == frozenset()
