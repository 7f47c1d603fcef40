"""Bounds against numbers of R, statsmodels and the papers; each row names its source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import integrate, optimize, special
from tallies_by_hand import everybody, named, policy

from evalharness.metrics import measure
from evalharness.stats.clusters import korn_graubard, linearised_variance
from evalharness.stats.gaps import mover_difference
from evalharness.stats.planning import fewest_with_misses, power_of_proportion
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper, wilson

ORACLES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "oracles.json").read_text())


def cases(prefix: str) -> list[Any]:
    found = [pytest.param(o["inputs"], o["expected"], o["tolerance"], id=o["name"]) for o in ORACLES if o["name"].startswith(prefix)]
    assert found
    return found


@pytest.mark.parametrize(("inputs", "expected", "tolerance"), cases("clopper_pearson"))
def test_clopper_pearson_limits_are_r_s(inputs: dict[str, Any], expected: list[float], tolerance: float):
    alpha = 1 - inputs["level"]
    each = alpha / 2 if inputs["sided"] == "two" else alpha
    lower = float(clopper_pearson_lower(inputs["k"], inputs["n"], each))
    upper = float(clopper_pearson_upper(inputs["k"], inputs["n"], each)) if inputs["sided"] == "two" else 1.0
    assert [lower, upper] == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize(("inputs", "expected", "tolerance"), cases("newcombe"))
def test_mover_with_wilson_limits_is_newcombe_s_method_10(inputs: dict[str, Any], expected: list[float], tolerance: float):
    each = (1 - inputs["level"]) / 2
    first, second = ((inputs[f"k{i}"], inputs[f"n{i}"]) for i in (1, 2))
    limits = mover_difference(first[0] / first[1], *wilson(*first, each), second[0] / second[1], *wilson(*second, each))
    assert [float(x) for x in limits] == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize(("inputs", "expected", "tolerance"), cases("min_positives"))
def test_fewest_positives_are_wilks_s(inputs: dict[str, Any], expected: list[int], tolerance: float):
    assert fewest_with_misses(inputs["required"], inputs["misses"], 1 - inputs["confidence"]).tolist() == expected


@pytest.mark.parametrize(("goal", "expected"), [(0.9, [29, 46, 61]), (0.95, [59, 93, 124]), (0.99, [299, 473, 628]), (0.999, [2995])])
def test_fewest_positives_are_those_of_statistics_md(goal: float, expected: list[int]):
    assert fewest_with_misses(goal, np.arange(len(expected)), 0.05).tolist() == expected


@pytest.mark.parametrize(("inputs", "expected", "tolerance"), cases("power_recall"))
def test_the_power_of_a_bound_is_r_s(inputs: dict[str, Any], expected: float, tolerance: float):
    power = power_of_proportion(inputs["true"], inputs["required"], inputs["n"], 1 - inputs["confidence"])
    assert power == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize(("inputs", "expected", "tolerance"), cases("binary_counts_metrics"))
def test_metrics_of_one_confusion_table_are_epir_s(inputs: dict[str, int], expected: dict[str, Any], tolerance: float):
    tally = everybody([inputs["tp"], inputs["fp"], inputs["fn"], inputs["tn"], 0, 0])
    estimates = measure(tally, policy(), 0.975)
    for metric in ("recall", "specificity", "precision", "f1"):
        assert named(estimates, metric).value == pytest.approx(expected[metric], abs=tolerance)
    assert named(estimates, "matthews_corrcoef").value == pytest.approx(expected["mcc"], abs=tolerance)
    for metric in ("recall", "precision"):
        estimate = named(estimates, metric)
        assert [estimate.lower, estimate.upper] == pytest.approx(expected[f"ci95_{metric}"], abs=tolerance)


def slow_korn_graubard(right: list[int], sizes: list[int], alpha: float) -> tuple[float, float]:
    """Korn and Graubard 1998 from the clusters themselves: Student quantiles by integrating the density, limits by root search."""
    n, m = sum(sizes), len(sizes)
    r = sum(right) / n
    se2 = m / (m - 1) * sum((x - r * p) ** 2 for x, p in zip(right, sizes, strict=True)) / n**2
    n_eff = min(n, r * (1 - r) / se2 * (student(1 - alpha, n - 1) / student(1 - alpha, m - 1)) ** 2)
    k = r * n_eff

    def reached(p: float) -> float:
        return 1.0 if k <= 0 else special.betainc(k, n_eff - k + 1, p)

    def passed(p: float) -> float:
        return special.betainc(k + 1, n_eff - k, p)

    return optimize.brentq(lambda p: reached(p) - alpha, 1e-12, 1 - 1e-12, xtol=1e-14), optimize.brentq(
        lambda p: passed(p) - (1 - alpha), 1e-12, 1 - 1e-12, xtol=1e-14
    )


def student(probability: float, freedom: int) -> float:
    """Quantile of Student's t by root search on the integral of its density."""
    log_scale = special.gammaln((freedom + 1) / 2) - special.gammaln(freedom / 2) - 0.5 * np.log(freedom * np.pi)

    def density(t: float) -> float:
        return float(np.exp(log_scale - (freedom + 1) / 2 * np.log1p(t * t / freedom)))

    return optimize.brentq(lambda x: 0.5 + integrate.quad(density, 0, x, epsabs=1e-13)[0] - probability, 0, 200, xtol=1e-13)


@pytest.mark.parametrize("alpha", [0.05, 0.025])
@pytest.mark.parametrize(
    ("right", "sizes"),
    [
        ([3, 5, 4, 0, 6, 2], [4, 5, 6, 3, 6, 2]),
        ([10, 9, 10, 10, 8, 10, 10, 10], [10] * 8),
        ([20, 20, 20, 0, 20, 20, 20, 20, 20, 20, 20, 20], [20] * 12),
        ([1, 1, 0, 1, 1, 1, 0, 1, 1, 1], [1] * 10),
        ([1, 40, 3, 2, 7, 0, 90, 1], [2, 40, 5, 2, 9, 8, 100, 1]),
    ],
)
def test_korn_graubard_is_its_slow_self_from_the_clusters(right: list[int], sizes: list[int], alpha: float):
    parts = np.array([right, np.array(sizes) - right])
    r, n = sum(right) / sum(sizes), sum(sizes)
    gradient = np.array([1 - r, -r]) / n
    se2 = linearised_variance(gradient, parts.sum(axis=1), parts @ parts.T, len(sizes))
    ours = korn_graubard(r, n, len(sizes), se2, alpha)
    assert [float(x) for x in ours] == pytest.approx(slow_korn_graubard(right, sizes, alpha), abs=1e-6)


def test_korn_graubard_is_not_monotone_which_is_why_it_only_describes():
    perfect, _ = korn_graubard(1.0, 600, 12, 0.0, 0.05)
    right = np.array([49.0] + [50.0] * 11)
    r = right.sum() / 600
    one_miss, _ = korn_graubard(r, 600, 12, 12 / 11 * ((right - r * 50) ** 2).sum() / 600**2, 0.05)
    assert float(perfect) == pytest.approx(0.779, abs=5e-4)
    assert float(one_miss) == pytest.approx(0.991, abs=5e-4)


def test_korn_graubard_needs_two_clusters():
    assert np.isnan(korn_graubard(0.9, 10, 1, 0.0, 0.05)).all()
