"""Metrics that every evidence has. Those that came later are absent from what was measured, and signed, before they existed."""

from __future__ import annotations

from collections.abc import Mapping

from evalharness.catalogue.notions import CAME_LATER
from evalharness.catalogue.tasks import TaskMetrics

_TRIAGE = frozenset(
    {
        "recall", "false_negative_rate", "specificity", "false_positive_rate", "precision", "false_discovery_rate",
        "negative_predictive_value", "selection_rate", "accuracy", "review_rate", "set_aside_rate", "elusion", "no_answer_rate",
        "routed_recall", "system_recall", "review_minutes_per_1000", "reviews_per_find", "expected_cost", "recall_of_answered", "f1",
        "balanced_accuracy", "matthews_corrcoef",
    }
)  # fmt: skip
_FIRST: Mapping[str, frozenset[str]] = {
    "binary": _TRIAGE,
    "risk": _TRIAGE,
    "ordinal": frozenset(
        {"exact_agreement", "under_grading_1", "under_grading_2", "over_grading_1", "over_grading_2", "critical_miss", "no_answer_rate"}
    ),
    "ranking": frozenset({"recall_at_budget", "precision_at_budget", "no_answer_rate"}),
    "linkage": frozenset({"pairwise_recall", "pairwise_precision", "no_answer_rate"}),
}


def came_later(of: TaskMetrics, estimate: str) -> bool:
    """Whether an estimate of this name, or the gap that it names, is of what the first evidence of its task did not have."""
    base = next((name for name in (estimate.removesuffix("_difference"), estimate.removesuffix("_ratio")) if name != estimate), estimate)
    return base in CAME_LATER or (base in of.metrics and base not in _FIRST[of.task])


def denominators_that_came_later(of: TaskMetrics) -> frozenset[str]:
    """Names of the denominators that no metric of the first evidence of the task has."""
    first = {of.metrics[name].denominator_name for name in _FIRST[of.task] & of.metrics.keys()}
    later = {metric.denominator_name for metric in of.metrics.values() if metric.name not in _FIRST[of.task] and any(metric.denominator)}
    return frozenset(later - first)
