"""What the best ranking finds: stated from chances alone, reached by the chances, by nothing else, and by every day's first leads."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_blocks import Made, made
from tabular_recipes import HARMS, lead

from evalharness.benchmarks.families.lead_priority import LeadPriority
from evalharness.benchmarks.families.lead_priority.facts import best_of_each_day

FAMILY = LeadPriority()
BUDGET = 8


def firsts(part: Made) -> Any:
    return np.unique(np.array(part.texts("queue_id")), return_index=True, return_inverse=True)[1:]


def recall_at_budget(part: Made, scores: Any, labels: Any) -> float:
    """By hand, day by day."""
    _, day = firsts(part)
    found = 0
    for number in range(day.max() + 1):
        own = np.flatnonzero(day == number)
        found += int(labels[own[np.argsort(-scores[own], kind="stable")][:BUDGET]].sum())
    return float(found / labels.sum())


def test_the_stated_best_is_what_the_chances_reach_over_20_seeds() -> None:
    dials = {"harms": {"separability": HARMS["separability"]}}
    stated = FAMILY.facts(lead(**dials))["best_recall_at_budget"]
    reached, noisy = [], []
    for seed in range(20):
        part = made(FAMILY, lead(seed=seed, rows=10_000, **dials))["test"]
        chances = part.chances("posterior")
        reached.append(recall_at_budget(part, chances, part.codes("label")))
        moved = chances * np.random.default_rng(seed).uniform(0.3, 3, len(chances))
        noisy.append(recall_at_budget(part, moved, part.codes("label")))
    error = np.std(reached, ddof=1) / np.sqrt(20)
    assert abs(np.mean(reached) - stated) < 4 * error + 0.01, "0.01: days of 65,536 leads made apart are a sample too"
    assert np.mean(noisy) < np.mean(reached)


def test_the_likeliest_of_each_day_are_taken_and_of_equals_the_earlier() -> None:
    chances = np.array([5, 9, 9, 1, 7, 7, 7, 0], dtype=np.int32)
    starts = np.array([0, 0, 0, 0, 4, 4, 4, 4])
    assert best_of_each_day(chances, starts, 2).tolist() == [False, True, True, False, True, True, False, False]


def test_facts_follow_from_the_dials_alone() -> None:
    few = FAMILY.facts(lead())
    assert few == FAMILY.facts(lead(rows=50_000))
    assert few["leads_a_day"] == 65
    assert few["at_risk_a_day"] == pytest.approx(65 * 0.03, abs=0.25)
    more = FAMILY.facts(lead(queues={"fewest": 40, "most": 90, "correlation": 0.01, "budget_per_day": 20}))
    assert more["best_recall_at_budget"] > few["best_recall_at_budget"] + 0.05
