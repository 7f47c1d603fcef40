"""Made-up reviewers, of whom the truth is known: what is estimated from their log lies around it, and no bound is wrong too often."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from reviewers import dials_of
from reviewers_truth import METRICS, World, differences, ordered_rows_of, rows_of
from scipy.stats import binom

from evalharness.metrics.oversight import share_row_estimate

RUNS, LEVEL = 60, 0.95
MOST = int(binom.isf(1e-4, RUNS, 1 - LEVEL))
"""More wrong bounds than that are no accident at the promised rate."""
WORLDS: dict[str, tuple[World, dict[str, Any], int]] = {
    "reviewers of many kinds": (
        World(0.3, 0.2, 0.15),
        {
            "reviewers": 40, "twice_share": 0.4, "seeded_share": 0.1, "unread_share": 0.03, "blind_share": 0.45,
            "sensitivity": {"mean": 0.75, "spread": 0.2}, "specificity": {"mean": 0.85, "spread": 0.15},
            "hard": {"share": 0.1, "share_of_wrong": 0.4, "penalty": 0.3},
            "lean": {"of_reviewers": 0.5, "to_wrong": 0.7, "to_right": 0.5},
            "fatigue_per_100": 0.1, "same_errors": 0.2, "shifts": {"teams": 20, "of_each": 3, "readings": 50, "spread": 0.05},
        },
        1_500,
    ),
    "few who are alike": (
        World(0.1, 0.1, 0.1),
        {"reviewers": 8, "twice_share": 0.5, "seeded_share": 0.05, "same_errors": 0.4, "low_prevalence": {"below": 0.2, "drop": 0.2}},
        1_200,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WORLDS)
def test_every_figure_lies_around_the_truth_and_its_bounds_hold(name: str) -> None:
    world, dialled, rows = WORLDS[name]
    truth = world.truth(dials_of(**dialled))
    values: dict[str, list[float]] = {metric: [] for metric in truth}
    wrong = dict.fromkeys(truth, (0, 0))
    for run in range(RUNS):
        dials = dials_of(**dialled, seed=run)
        counted = rows_of(dials, world.items(rows, np.random.default_rng(run)), cases=2)
        estimates = [share_row_estimate(row, METRICS[row.metric], LEVEL) for row in counted if row.metric in truth and row.total]
        for estimate in (*estimates, *differences(counted, LEVEL)):
            if estimate.value is None or estimate.lower is None or estimate.upper is None:
                continue
            values[estimate.metric].append(estimate.value)
            low, high = wrong[estimate.metric]
            least, most = estimate.by_size or (estimate.lower, estimate.upper)
            true = truth[estimate.metric]
            wrong[estimate.metric] = low + (min(estimate.lower, least) > true), high + (max(estimate.upper, most) < true)
    assert all(len(found) > RUNS / 2 for found in values.values())
    for metric, true in truth.items():
        found = np.array(values[metric])
        error = abs(found.mean() - true)
        bias = 0.02 if metric == "synergy" else 0.0  # the better of two is chosen by the same readings
        assert error < 4.5 * found.std() / np.sqrt(len(found)) + 0.003 + bias, (metric, found.mean(), true)
        assert max(wrong[metric]) <= MOST, (metric, wrong[metric])


@pytest.mark.parametrize("leaning", [0.0, 0.5])
def test_leaning_is_found_when_it_is_there_and_within_its_bound_of_zero_when_not(leaning: float) -> None:
    """Reviewers of two kinds: half of them lean, or nobody; those who lean do so hard."""
    world, runs = World(0.4, 0.4, 0.4), 25
    found = within = 0
    for run in range(runs):
        dials = dials_of(
            reviewers=500, seed=run, sensitivity={"mean": 0.9, "spread": 0.05}, specificity={"mean": 0.9, "spread": 0.05},
            lean={"of_reviewers": 0.5, "to_wrong": 2 * leaning * 0.6}, shifts={"teams": 500, "of_each": 2},
        )  # fmt: skip
        (bias,) = [
            e for e in differences(rows_of(dials, world.items(6_000, np.random.default_rng(run))), LEVEL) if e.metric == "automation_bias"
        ]
        lower, upper = bias.by_size or (bias.lower, bias.upper)
        assert lower is not None
        assert upper is not None
        found += lower > 0
        within += lower <= 0 <= upper
    if leaning:
        assert found == runs
    else:
        assert found <= int(binom.isf(1e-4, runs, 1 - LEVEL))
        assert within >= 0.95 * runs


@pytest.mark.parametrize("fatigue", [0.0, 0.4])
def test_tiring_is_found_when_it_is_there_and_is_within_its_bounds_of_zero_when_not(fatigue: float) -> None:
    """Positions in a shift of 100 are even, so the last third lies two thirds of a shift behind the first."""
    world, runs, wrong = World(0.4, 0.3, 0.3), 25, 0
    for run in range(runs):
        dials = dials_of(
            reviewers=150, seed=run, fatigue_per_100=fatigue, sensitivity={"mean": 0.85, "spread": 0.1}, specificity={"mean": 0.9},
            blind_share=1.0, shifts={"teams": 150, "of_each": 3, "readings": 100},
        )  # fmt: skip
        found = {e.metric: e for e in differences(ordered_rows_of(dials, world.items(20_000, np.random.default_rng(run))), LEVEL)}
        for metric, true in (("tiring_trend", fatigue * 2 / 3), ("weariness_trend", 0.0)):
            trend = found[metric]
            lower, upper = trend.by_size or (trend.lower, trend.upper)
            assert trend.value is not None
            assert lower is not None
            assert upper is not None
            assert not trend.decides
            assert abs(trend.value - true) < 0.03
            assert (lower > 0) == (true > 0)
            wrong += not lower <= true <= upper
    assert wrong <= int(binom.isf(1e-4, 4 * runs, 1 - LEVEL))
