"""Rates of drawn counts by the harness's own code, and what other ways to decide would have said of the same counts."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from assurance.drawing import Drawn, Floats
from assurance.scene import ALPHA
from evalharness.catalogue import Metric, TaskMetrics
from evalharness.metrics.arrays import Rates, rates
from evalharness.metrics.counted import of_labels
from evalharness.stats.clusters import kish_n_eff
from evalharness.stats.uneven import one_more_of

_MIRRORS = {
    "false_negative_rate",
    "specificity",
    "false_discovery_rate",
    "selection_rate",
    "set_aside_rate",
    "routed_recall",
    "negative_predictive_value",
}
"""Of the same counts as another metric, or of what that leaves: every rate of theirs is one of its rates."""
Form = Literal["at_least", "at_most"]
Truths = NDArray[np.bool_]


def deciding(of: TaskMetrics) -> list[Metric]:
    """The proportions of a task that may decide, each once."""
    return [m for m in of.metrics.values() if m.decides and m.kind == "proportion" and m.name not in _MIRRORS]


def form_of(metric: Metric) -> Form:
    """The form in which a policy asks for it."""
    return "at_least" if metric.better == "higher" else "at_most"


def rates_of(drawn: Drawn, of: TaskMetrics, metrics: list[Metric]) -> Rates:
    """[runs, metrics]; `drawn` must hold the clusters of their denominators, in this order."""
    weights = np.array([metric.numerator for metric in metrics]), np.array([metric.denominator for metric in metrics])
    return rates(drawn.counts, drawn.second, *weights, drawn.clusters, _one_more(drawn, of, metrics))


def _one_more(drawn: Drawn, of: TaskMetrics, metrics: list[Metric]) -> Floats | None:
    """As `metrics.counted.one_more_of_all`, over all runs at once."""
    decided = np.array([not of_labels(of, metric.denominator) for metric in metrics])
    if drawn.second is None or drawn.everything is None or of.task == "ranking" or not decided.any():
        return None
    total, squares = drawn.counts.sum(axis=1), drawn.second.sum(axis=(1, 2))
    size = squares / np.maximum(total, 1.0) * one_more_of(drawn.everything, kish_n_eff(total, squares))
    return np.where(decided, size[:, None], 0.0)


def one(of: Rates, at: int) -> Rates:
    """The rates of one metric, or of one group."""
    return of.each(lambda array: array[..., at])


def point(of: Rates, goal: float, form: Form) -> Truths:
    """A gate on the estimate itself."""
    return np.asarray(of.value >= goal if form == "at_least" else of.value <= goal)


def bootstrap(of: Rates, goal: float, form: Form) -> Truths:
    """A gate on the percentile bootstrap of items, as fairlearn's MetricFrame(n_boot) draws it, with infinitely many replicates.

    A resampled proportion of n items is binomial(n, value) / n, so its percentile needs no resampling. Clusters are not looked at.
    """
    defined = of.total > 0
    share = np.where(defined, of.value, 0.0)
    quantile = ALPHA if form == "at_least" else 1 - ALPHA
    bound = stats.binom.ppf(quantile, of.total, share) / np.where(defined, of.total, 1.0)
    bound = np.where(share <= 0, 0.0, np.where(share >= 1, 1.0, bound))
    return np.asarray(defined & (bound >= goal if form == "at_least" else bound <= goal))


def weighted(said: Truths, weights: Floats | None) -> float:
    """Share of the runs; with `weights`, the sum of the chances of what was enumerated."""
    return float(said.mean()) if weights is None else float(weights[said].sum())


def mean_of(values: Floats, weights: Floats | None) -> float | None:
    """Mean over the runs where there is a value; null where there is none."""
    known = np.isfinite(values)
    if not known.any():
        return None
    chance = np.ones(values.shape) if weights is None else weights
    return float((values[known] * chance[known]).sum() / chance[known].sum())
