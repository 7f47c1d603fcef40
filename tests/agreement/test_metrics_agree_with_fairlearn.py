"""Every shared point metric against fairlearn and scikit-learn, on count tables made by Hypothesis.

Excepted, because those libraries turn them into 0 (statistics.md, traps): a rate without a denominator, a gap with such a group, a ratio
whose every rate is 0, MCC with a constant class or decision. Each excepted number must be null here, with a reason.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import fairlearn.metrics as fairness
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk
from tallies_by_hand import LEVEL, independent, named, policy

from evalharness.catalogue import task_metrics
from evalharness.metrics import measure
from evalharness.records import Estimate
from evalharness.tally import ConfusionTally

METRICS = task_metrics("binary").metrics
SHARED: dict[str, Callable[..., Any]] = {
    "recall": fairness.true_positive_rate,
    "false_negative_rate": fairness.false_negative_rate,
    "specificity": fairness.true_negative_rate,
    "false_positive_rate": fairness.false_positive_rate,
    "precision": partial(sk.precision_score, zero_division=0.0),
    "selection_rate": fairness.selection_rate,
    "accuracy": sk.accuracy_score,
    "f1": partial(sk.f1_score, zero_division=0.0),
    "fbeta_0_5": partial(sk.fbeta_score, beta=0.5, zero_division=0.0),
    "fbeta_2": partial(sk.fbeta_score, beta=2.0, zero_division=0.0),
    "balanced_accuracy": sk.balanced_accuracy_score,
    "youden": partial(sk.balanced_accuracy_score, adjusted=True),
    "cohen_kappa": sk.cohen_kappa_score,
    "matthews_corrcoef": sk.matthews_corrcoef,
}
NAMED: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "demographic_parity_difference": (fairness.demographic_parity_difference, ("selection_rate",)),
    "demographic_parity_ratio": (fairness.demographic_parity_ratio, ("selection_rate",)),
    "equal_opportunity_difference": (fairness.equal_opportunity_difference, ("recall",)),
    "equal_opportunity_ratio": (fairness.equal_opportunity_ratio, ("recall",)),
    "equalized_odds_difference": (fairness.equalized_odds_difference, ("recall", "false_positive_rate")),
    "equalized_odds_ratio": (fairness.equalized_odds_ratio, ("recall", "false_positive_rate")),
}
ANSWERED = st.tuples(*[st.integers(0, 7)] * 4).filter(any)
TABLES = st.lists(ANSWERED, min_size=2, max_size=4)


def tally_of(table: list[tuple[int, ...]]) -> ConfusionTally:
    return independent({(f"g{i}",): (*counts, 0, 0) for i, counts in enumerate(table)})


def rows_of(table: list[tuple[int, ...]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True class, predicted class and group of every item."""
    true, predicted = np.array([1, 0, 1, 0]), np.array([1, 1, 0, 0])
    return (
        np.concatenate([np.repeat(true, counts) for counts in table]),
        np.concatenate([np.repeat(predicted, counts) for counts in table]),
        np.repeat([f"g{i}" for i in range(len(table))], [sum(counts) for counts in table]),
    )


def agrees(estimate: Estimate, theirs: float) -> bool:
    if estimate.value is None:
        return bool(estimate.reason)
    return estimate.value == pytest.approx(float(theirs), rel=1e-9, abs=1e-12)


def test_every_metric_that_the_catalogue_says_is_shared_is_compared():
    theirs = {"true_positive_rate", "true_negative_rate"}
    assert {m.name for m in METRICS.values() if m.fairlearn} == set(SHARED)
    assert theirs <= {m.fairlearn for m in METRICS.values()}


@settings(max_examples=40, deadline=None, derandomize=True)
@given(TABLES)
def test_values_groups_differences_and_ratios_are_fairlearn_s(table: list[tuple[int, ...]]):
    true, predicted, group = rows_of(table)
    estimates = measure(tally_of(table), policy(), LEVEL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fairlearn and scikit-learn warn where a rate is undefined; those are the excepted ones
        frame = fairness.MetricFrame(metrics=SHARED, y_true=true, y_pred=predicted, sensitive_features=group)
        overall, by_group, difference, ratio = frame.overall, frame.by_group, frame.difference(), frame.ratio()
    for name in SHARED:
        assert agrees(named(estimates, name), overall[name]), name
        for level in by_group.index:
            assert agrees(named(estimates, name, (("group", str(level)),)), by_group[name][level]), (name, level)
        if METRICS[name].gaps:
            assert agrees(named(estimates, f"{name}_difference"), difference[name]), name
            assert agrees(named(estimates, f"{name}_ratio"), ratio[name]), name


@settings(max_examples=25, deadline=None, derandomize=True)
@given(TABLES)
def test_named_composites_are_fairlearn_s(table: list[tuple[int, ...]]):
    true, predicted, group = rows_of(table)
    estimates = measure(tally_of(table), policy(), LEVEL)
    for name, (function, _) in NAMED.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = function(true, predicted, sensitive_features=group)
        assert agrees(named(estimates, name), theirs), name


@settings(max_examples=60, deadline=None, derandomize=True)
@given(TABLES)
def test_only_the_excepted_numbers_are_null(table: list[tuple[int, ...]]):
    estimates = measure(tally_of(table), policy(), LEVEL)
    for i, counts in enumerate(table):
        for metric in METRICS.values():
            if any(metric.denominator) and metric.kind in {"proportion", "scaled"}:
                empty = np.dot(metric.denominator[:4], counts) == 0
                assert (named(estimates, metric.name, (("group", f"g{i}"),)).value is None) == empty
    for metric in METRICS.values():
        if metric.gaps:
            totals = [np.dot(metric.denominator[:4], counts) for counts in table]
            parts = [np.dot(metric.numerator[:4], counts) for counts in table]
            assert (named(estimates, f"{metric.name}_difference").value is None) == (min(totals) == 0)
            assert (named(estimates, f"{metric.name}_ratio").value is None) == (min(totals) == 0 or max(parts) == 0)
    for name, (_, metrics) in NAMED.items():
        kind = name.rsplit("_", 1)[1]
        parts_null = any(named(estimates, f"{m}_{kind}").value is None for m in metrics)
        assert (named(estimates, name).value is None) == parts_null


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.tuples(*[st.integers(0, 6)] * 6).filter(any))
def test_an_item_without_an_answer_counts_as_wrongly_classified(counts: tuple[int, ...]):
    true = np.repeat([1, 0, 1, 0, 1, 0], counts)
    wrong = np.repeat([1, 1, 0, 0, 0, 1], counts)
    estimates = measure(independent({("g0",): counts}), policy(), LEVEL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wrongly = ("recall", "specificity", "false_positive_rate", "accuracy")
        for name in (*wrongly, "f1", "fbeta_0_5", "fbeta_2", "balanced_accuracy", "youden", "cohen_kappa", "matthews_corrcoef"):
            assert agrees(named(estimates, name), SHARED[name](true, wrong)), name
    left_out = counts[0] / (counts[0] + counts[1]) if counts[0] + counts[1] else 0.0
    assert agrees(named(estimates, "precision"), left_out)
    assert agrees(named(estimates, "selection_rate"), (counts[0] + counts[1]) / sum(counts))
