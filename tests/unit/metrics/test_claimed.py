"""A supplier's figures: real tables are never called impossible, figures that exclude one another are, and the run stands beside them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.catalogue import task_metrics
from evalharness.metrics import check_claim
from evalharness.records import CLAIMED_FIGURES, CheckedClaim, Estimate, SupplierClaim
from evalharness.stats.claimed import FIGURES, figure

METRICS = task_metrics("binary").metrics


def checked(items: int | None = None, relevant: int | None = None, decimals: int = 2, **figures: float) -> CheckedClaim:
    values = tuple((name, value, decimals) for name, value in sorted(figures.items()))
    return check_claim(SupplierClaim(source="table 1", values=values, items=items, relevant=relevant), (), METRICS)


def test_what_can_be_claimed_is_what_can_be_computed() -> None:
    assert set(CLAIMED_FIGURES) == set(FIGURES)


@given(
    st.tuples(*[st.integers(1, 400)] * 4),
    st.integers(1, 4),
    st.sets(st.sampled_from(sorted(CLAIMED_FIGURES)), min_size=1),
    st.booleans(),
)
def test_a_test_that_took_place_is_never_called_impossible(
    counts: tuple[int, int, int, int], decimals: int, claimed: set[str], told: bool
) -> None:
    tp, _, fn, _ = counts
    named = {name: np.float64(count) for name, count in zip(("tp", "fp", "fn", "tn"), counts, strict=True)}
    figures = {name: round(float(figure(name, named)), decimals) for name in claimed}
    numbers = {"items": sum(counts), "relevant": tp + fn} if told else {}
    found = checked(decimals=decimals, **numbers, **figures)
    assert found.impossible == ()
    assert bool(found.unchecked) is not told


@pytest.mark.parametrize(
    ("figures", "reason"),
    [
        ({"precision": 0.80, "recall": 0.90, "matthews_corrcoef": 0.87}, "square root of precision times recall"),
        ({"precision": 0.80, "recall": 0.90, "f1": 0.88}, "F1 follows from precision and recall"),
        ({"recall": 0.90, "false_negative_rate": 0.20}, "do not add up to 1"),
        ({"recall": 0.90, "specificity": 0.80, "balanced_accuracy": 0.90}, "balanced accuracy follows"),
        ({"recall": 0.90, "false_positive_rate": 0.20, "youden": 0.80}, "youden follows"),
        ({"recall": 0.90, "specificity": 0.95, "accuracy": 0.99}, "accuracy must lie between"),
        ({"recall": 0.90, "specificity": 1.00, "precision": 0.50, "decimals": 6, "items": 1000}, "by the numbers stated"),
        ({"recall": 0.90, "specificity": 0.90, "precision": 0.90, "prevalence": 0.05}, "by the numbers stated"),
        ({"recall": 0.88, "items": 100, "relevant": 7}, "no whole numbers"),
    ],
)
def test_figures_that_exclude_one_another_are_found(figures: dict[str, float], reason: str) -> None:
    found = checked(**figures)  # type: ignore[arg-type]
    assert len(found.impossible) == 1
    assert reason in found.impossible[0]


def test_accuracy_and_precision_imply_the_same_share_of_relevant_items() -> None:
    consistent = checked(recall=0.9, specificity=0.9, precision=0.5, accuracy=0.9)
    assert consistent.impossible == ()
    found = checked(decimals=4, recall=0.9, specificity=0.95, precision=0.9, accuracy=0.949)
    assert len(found.impossible) == 1
    assert "by accuracy, recall and specificity" in found.impossible[0]


def test_only_claims_beyond_the_bound_are_better_than_measured() -> None:
    def of(metric: str, value: float, lower: float, upper: float, condition: str = "") -> Estimate:
        return Estimate(
            metric=metric, value=value, lower=lower, upper=upper, level=0.95, method="m", n=100, clusters=100, n_eff=100.0,
            condition=condition,
        )  # fmt: skip

    elsewhere = [of("recall", 1.0, 0.9, 1.0, "under noise"), of("false_positive_rate", 0.0, 0.0, 0.01, "at prevalence 0.01")]
    estimates = [of("recall", 0.90, 0.85, 0.944), of("false_positive_rate", 0.1, 0.08, 0.12), *elsewhere]
    for recall, alarms, better in ((0.95, 0.07, [True, True]), (0.94, 0.08, [False, False]), (0.5, 0.5, [False, False])):
        values = (("recall", recall, 2), ("false_positive_rate", alarms, 2), ("precision", 0.5, 2))
        claim = SupplierClaim(source="s", values=values)
        found = check_claim(claim, estimates, METRICS).measured
        assert [(m.metric, m.better_than_measured) for m in found] == list(zip(("recall", "false_positive_rate"), better, strict=True))
