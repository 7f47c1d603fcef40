"""The correlation that is told of a recipe is that of its clean labels, with what repeats, in `test` and in `shifted`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from benchmark_folder import RECIPE
from family_blocks import Made, made
from severity_recipe import recipe
from tabular_recipes import HARMS, lead, risk

from evalharness.benchmarks.families.ingredients.alike import sizes_from_one, with_repeats
from evalharness.benchmarks.families.lead_priority import LeadPriority
from evalharness.benchmarks.families.message_triage import MessageTriage
from evalharness.benchmarks.families.message_triage.dials import MessageTriageDials
from evalharness.benchmarks.families.risk_level import RiskLevel
from evalharness.benchmarks.families.severity_grading import SeverityGrading
from evalharness.benchmarks.families.severity_grading.dials import LEVELS, SeverityGradingDials

SPLITS = {"train": 0.05, "calibration": 0.05, "test": 0.45, "shifted": 0.45}
REPEATS = {name: HARMS[name] for name in ("duplicates", "prevalence_shift")}


def test_repeats_add_the_share_of_pairs_that_are_one_item() -> None:
    assert with_repeats(0.2, {1: 1.0}, 0.5) == 0.2
    assert with_repeats(0.2, {2: 1.0}, 0.5) == pytest.approx(0.2 + 0.8 * 0.5)
    assert with_repeats(0.0, {3: 1.0}, 0.1) == pytest.approx((2 * 0.1 + 0.01) / 3)
    assert with_repeats(0.1, sizes_from_one([0.5, 0.5]), 0.0) == pytest.approx(0.1)


def of_messages() -> Any:
    own = {**RECIPE["generate"], "rows": 150_000, "splits": SPLITS, "harms": REPEATS}
    return MessageTriage(), MessageTriageDials.model_validate(own), "conversation_id", "correlation_within_conversations"


def of_reports() -> Any:
    return RiskLevel(), risk(rows=150_000, splits=SPLITS, harms=REPEATS), "household_id", "correlation_within_households"


def of_leads() -> Any:
    days = {"fewest": 4, "most": 8, "correlation": 0.05, "budget_per_day": 1}
    return (
        LeadPriority(),
        lead(rows=150_000, prevalence=0.1, splits=SPLITS, harms=REPEATS, queues=days),
        "queue_id",
        "correlation_within_days",
    )


@pytest.mark.parametrize("of", [of_messages, of_reports, of_leads])
def test_the_correlation_told_is_that_of_the_labels(of: Any) -> None:
    """Five standard errors: a right family fails once in 800,000 seeds."""
    family, dials, cluster, fact = of()
    parts = made(family, dials)
    for split, told in family.facts(dials)[fact].items():
        found, error = correlation(parts[split], cluster, parts[split].codes("clean"))
        assert abs(found - told) < 5 * error < 0.1, split


def test_the_correlation_told_is_that_of_the_grades() -> None:
    on = {"harms.duplicates.size": 0.2, "harms.prevalence_shift.size": 0.3}
    dials = SeverityGradingDials.model_validate(recipe(**{"rows": 60_000, "splits": SPLITS, **on}))
    parts = made(SeverityGrading(), dials)
    for split, told in SeverityGrading().facts(dials)["correlation_within_cases"].items():
        grades = np.array([LEVELS.index(level) for level in parts[split].texts("clean")])
        for name, score in (("of the grade as 0, 1, 2, 3", grades), ("of being A", grades == 3)):
            found, error = correlation(parts[split], "case_id", score)
            assert abs(found - told[name]) < 5 * error < 0.1, (split, name)


def correlation(part: Made, cluster: str, values: Any) -> tuple[float, float]:
    """(of two items of a cluster, all pairs alike; its standard error over clusters)."""
    _, owner = np.unique(np.array(part.texts(cluster)), return_inverse=True)
    off = values - np.mean(values)
    sizes, sums, squares = (np.bincount(owner, weights) for weights in (None, off, off * off))
    pairs, products = sizes * (sizes - 1.0), sums * sums - squares
    found = products.sum() / pairs.sum()
    error = np.sqrt(((products - found * pairs) ** 2).sum()) / pairs.sum()
    variance = np.mean(off * off)
    return float(found / variance), float(error / variance)
