"""Counts that hold an order, and merged scores, against scikit-learn and plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from evalharness.stats.average_precision import average_precision
from evalharness.stats.ordering import influences, merged_scores, ordered_counts, starts_of
from evalharness.stats.roc import delong_variance, roc_auc

ROWS = st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=60)


def runs_of(scores: np.ndarray) -> np.ndarray:
    return np.cumsum(np.concatenate([[0], np.diff(scores) > 0])).astype(np.int32)[: len(scores)]


@given(ROWS)
def test_the_counts_say_of_an_order_what_the_rows_say(rows: list[tuple[int, bool]]) -> None:
    scores = np.array(sorted(rows), dtype=float).reshape(-1, 2)
    values, positive = scores[:, 0], scores[:, 1] == 1
    p, n = ordered_counts(positive, np.flatnonzero(positive), runs_of(values))
    assert (p.sum(), n.sum()) == (positive.sum(), (~positive).sum())
    assert ((p + n) > 0).all()
    assert len(p) <= 2 * len(np.unique(values[positive])) + 1
    if 0 < positive.sum() < len(positive):
        assert roc_auc(p, n) == pytest.approx(roc_auc_score(positive, values))
        assert average_precision(p, n) == pytest.approx(average_precision_score(positive, values))
        every = [np.array([((values == v) & (positive == c)).sum() for v in np.unique(values)]) for c in (True, False)]
        assert delong_variance(p, n) == pytest.approx(float(delong_variance(*every)), nan_ok=True)


def test_few_and_many_ties_give_the_same_counts() -> None:
    draw = np.random.default_rng(1)
    for steps in (3, 40, 4_000):
        scores, positive = np.sort(draw.integers(0, steps, 1_000)), draw.random(1_000) < 0.3
        p, n = ordered_counts(positive, np.flatnonzero(positive), runs_of(scores))
        assert roc_auc(p, n) == pytest.approx(roc_auc_score(positive, scores))
    p, n = ordered_counts(positive, np.flatnonzero(positive), None)
    assert roc_auc(p, n) == pytest.approx(roc_auc_score(positive, np.arange(1_000)))


def test_influences_of_a_class_add_up_to_nothing() -> None:
    p, n = np.array([0.0, 2, 1]), np.array([3.0, 1, 0])
    up, down = influences(p, n)
    assert p @ up == pytest.approx(0, abs=1e-14)
    assert n @ down == pytest.approx(0, abs=1e-14)
    assert up.tolist() == sorted(up), "a positive that scores higher has more negatives below it"


@given(st.lists(st.integers(0, 50), max_size=80), st.integers(1, 10), st.lists(st.integers(-5, 60), max_size=3))
def test_no_distinct_score_is_torn_apart_and_asked_scores_begin_a_stretch(values: list[int], most: int, asked: list[int]) -> None:
    scores = np.sort(np.array(values, dtype=float))
    starts = starts_of(scores)
    merged = merged_scores(scores, starts, most, asked)
    assert set(merged) <= set(starts)
    assert len(merged) <= max(most + len(asked), len(starts) if len(starts) <= most else 0)
    if len(scores):
        assert merged[0] == 0
    for score in asked:
        first = int(np.searchsorted(scores, score))
        assert first == len(scores) or first in merged
