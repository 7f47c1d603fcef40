"""Average precision."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn.metrics import average_precision_score

from evalharness.stats.average_precision import average_precision, precision_variance
from evalharness.stats.ordering import ordered_counts, precision_influences

ROWS = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2, max_size=40)


def test_it_is_the_step_sum_and_not_the_trapezoid() -> None:
    assert float(average_precision([1, 1], [2, 0])) == pytest.approx(0.5 * 1 + 0.5 * 2 / 4)


def test_scores_that_all_tie_give_the_prevalence_and_no_negatives_give_one() -> None:
    assert float(average_precision([3], [9])) == 0.25
    assert float(average_precision([3, 1], [0, 0])) == 1.0


def test_there_is_none_without_positives() -> None:
    assert math.isnan(average_precision([0, 0], [1, 2]))
    assert math.isnan(average_precision([], []))


def test_many_replicates_are_counted_at_once() -> None:
    rng = np.random.default_rng(4)
    positive, negative = rng.integers(0, 4, (2, 5, 9))
    each = [float(average_precision(p, n)) for p, n in zip(positive, negative, strict=True)]
    assert average_precision(positive, negative).tolist() == pytest.approx(each)


def test_scores_that_no_item_has_change_nothing() -> None:
    assert float(average_precision([0, 2, 0, 1, 0], [0, 1, 0, 4, 0])) == float(average_precision([2, 1], [1, 4]))


def by_hand(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The influence of each row: how scikit-learn's value moves with the weight of that row, both ways."""
    found, step = np.zeros(len(scores)), 1e-5
    for row in range(len(scores)):
        ends = []
        for sign in (1, -1):
            weights = np.ones(len(scores))
            weights[row] += sign * step
            ends.append(average_precision_score(labels, scores, sample_weight=weights))
        found[row] = (ends[0] - ends[1]) / (2 * step)
    return found


@settings(deadline=None, max_examples=60)
@given(ROWS)
def test_influences_are_the_slopes_of_scikit_learns_value(rows: list[tuple[int, bool]]) -> None:
    rows.sort()
    scores, labels = np.array([s for s, _ in rows]), np.array([y for _, y in rows])
    assume(labels.any())
    expected = by_hand(scores, labels)
    runs = np.unique(scores, return_inverse=True)[1]
    at = np.flatnonzero(labels)
    positive, negative = ordered_counts(labels, at, runs)
    up, down = precision_influences(positive, negative)
    own = np.repeat(down, (positive + negative).astype(int))
    own[at] = np.repeat(up, positive.astype(int))
    # within one score the order of rows is of no matter
    assert own[labels] == pytest.approx(expected[labels], abs=1e-7)
    assert np.sort(own[~labels]) == pytest.approx(np.sort(expected[~labels]), abs=1e-7)
    n = len(rows)
    assert precision_variance(positive, negative) == pytest.approx(n / (n - 1) * np.sum(expected**2), abs=1e-7)
    assert abs(np.sum(positive * up + negative * down)) < 1e-12


def test_without_a_positive_or_with_one_item_there_is_no_variance() -> None:
    assert math.isnan(precision_variance([0, 0], [1, 2]))
    assert math.isnan(precision_variance([1], [0]))
    assert precision_variance([5, 0, 4], [0, 0, 0]) == 0  # nothing to order: a variance that says nothing


def test_it_is_as_large_as_what_a_bootstrap_of_rows_shows() -> None:
    rng = np.random.default_rng(7)
    labels = rng.random(600) < 0.2
    scores = rng.normal(size=600) + 1.5 * labels
    order = np.argsort(scores)
    p = labels[order].astype(float)
    drawn = rng.multinomial(600, np.full(600, 1 / 600), size=2_000)
    spread = np.std(average_precision(drawn * p, drawn * (1 - p)))
    assert precision_variance(p, 1 - p) ** 0.5 == pytest.approx(spread, rel=0.08)


def test_both_ends_of_an_interval_hold_the_truth_about_as_often_as_they_say() -> None:
    """Simulated: scores normal in each class. An asymptotic interval: a few points less than 95 % with few positives."""
    rng, runs, wrong = np.random.default_rng(8), 400, np.zeros(2)
    labels = rng.random(400_000) < 0.1
    p = labels[np.argsort(rng.normal(size=400_000) + 2 * labels)].astype(float)
    truth = float(average_precision(p, 1 - p))
    for _ in range(runs):
        labels = rng.random(1_500) < 0.1
        p = labels[np.argsort(rng.normal(size=1_500) + 2 * labels)].astype(float)
        value = float(average_precision(p, 1 - p))
        half = 1.6449 * precision_variance(p, 1 - p) ** 0.5 / (value * (1 - value))
        wrong += expit(logit(value) - half) > truth, expit(logit(value) + half) < truth
    assert (wrong / runs < 0.09).all()
    assert (wrong / runs > 0.015).all()
