"""AUC bounds against scikit-learn, for any scores."""

import itertools

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from evalharness.tally import ScoreCounter, ScoreSummary

ROUNDING = 1e-9
ANY = st.floats(allow_nan=False, allow_infinity=False, width=64)
NEAR = st.integers(-40, 40).map(lambda steps: 0.7 + steps * 2.0**-13)
COARSE = st.integers(-20, 20).map(lambda steps: steps / 16)


def _summary(scores: np.ndarray, labels: np.ndarray, cuts: list[int] | None = None) -> ScoreSummary:
    counter = ScoreCounter(0.5)
    edges = [0, *sorted(min(cut, len(scores)) for cut in cuts or []), len(scores)]
    for start, stop in itertools.pairwise(edges):
        counter.add(scores[start:stop], labels[start:stop])
    return counter.result()


def _arrays(rows: list[tuple[float, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([row[0] for row in rows], dtype=float), np.array([row[1] for row in rows], dtype=np.int8)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(st.one_of(ANY, NEAR), st.integers(0, 1)), min_size=2, max_size=60))
def test_scikit_learns_auc_lies_within_the_bounds(rows: list[tuple[float, int]]) -> None:
    scores, labels = _arrays(rows)
    assume(0 < labels.sum() < len(labels))
    ranks = np.unique(scores, return_inverse=True)[1]  # scikit-learn computes on differences, which can overflow
    summary = _summary(scores, labels)
    assert summary.auc_low is not None
    assert summary.auc_high is not None
    assert summary.auc_low - 1e-12 <= roc_auc_score(labels, ranks) <= summary.auc_high + 1e-12


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(COARSE, st.integers(0, 1)), min_size=2, max_size=80))
def test_coarse_scores_give_scikit_learns_auc_itself(rows: list[tuple[float, int]]) -> None:
    scores, labels = _arrays(rows)
    assume(0 < labels.sum() < len(labels))
    summary = _summary(scores, labels)
    exact = roc_auc_score(labels, scores)
    assert summary.auc_low is not None
    assert summary.auc_high is not None
    assert abs(summary.auc_low - exact) < ROUNDING
    assert abs(summary.auc_high - exact) < ROUNDING
    assert summary.worse_than_chance == (exact < 0.5 - 1e-12)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.one_of(ANY, NEAR, st.just(float("nan"))), st.integers(-1, 1)), max_size=60),
    st.lists(st.integers(0, 60), max_size=5),
    st.randoms(use_true_random=False),
)
def test_order_of_rows_and_cuts_of_batches_change_nothing(rows: list[tuple[float, int]], cuts: list[int], random: object) -> None:
    reference = _summary(*_arrays(rows))
    random.shuffle(rows)  # type: ignore[attr-defined]
    assert _summary(*_arrays(rows), cuts) == reference
