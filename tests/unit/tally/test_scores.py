"""Score summaries: range, ties, and an enclosure of AUC."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from evalharness.errors import Fault
from evalharness.tally import ScoreCounter, ScoreSummary


def _summary(scores: list[float], labels: list[int], threshold: float | None = 0.5) -> ScoreSummary:
    counter = ScoreCounter(threshold)
    counter.add(np.array(scores, dtype=float), np.array(labels, dtype=np.int8))
    return counter.result()


def test_rows_without_a_label_or_a_score_are_left_out() -> None:
    summary = _summary([0.2, np.nan, 9.0, 0.8], [0, 1, -1, 1])
    assert (summary.rows, summary.scored, summary.minimum, summary.maximum) == (3, 2, 0.2, 0.8)
    assert (summary.auc_low, summary.auc_high, summary.reason) == (1.0, 1.0, "")


def test_constant_scores_are_said_and_order_nothing() -> None:
    summary = _summary([0.3] * 5, [0, 1, 0, 1, 1])
    assert summary.constant
    assert (summary.auc_low, summary.auc_high, summary.worse_than_chance) == (0.5, 0.5, False)
    assert not _summary([0.3], [1]).constant
    assert not _summary([0.3, np.nextafter(0.3, 1)], [1, 0]).constant


def test_only_scores_exactly_at_the_threshold_are_tied_with_it() -> None:
    assert _summary([0.5, np.nextafter(0.5, 0), np.nextafter(0.5, 1), 0.5], [0, 1, 0, 1]).tied_at_threshold == 2
    assert _summary([0.0, -0.0], [0, 1], threshold=0.0).tied_at_threshold == 2
    assert _summary([0.5], [1], threshold=None).tied_at_threshold is None


def test_both_zeros_are_one_score() -> None:
    summary = _summary([0.0, -0.0], [0, 1])
    assert summary.constant
    assert summary.auc_low == summary.auc_high == 0.5


@pytest.mark.parametrize("labels", [[1, 1], [0, 0]])
def test_one_class_has_no_auc_and_says_why(labels: list[int]) -> None:
    summary = _summary([0.1, 0.2], labels)
    assert (summary.auc_low, summary.auc_high, summary.worse_than_chance) == (None, None, False)
    assert "one class" in summary.reason


def test_no_score_at_all_is_null_with_a_reason() -> None:
    for summary in (_summary([], []), _summary([np.nan], [1]), _summary([0.4], [-1])):
        assert (summary.minimum, summary.maximum, summary.auc_low, summary.constant) == (None, None, None, False)
        assert "no labelled row has a score" in summary.reason


def test_backward_scores_are_worse_than_chance() -> None:
    assert _summary([0.9, 0.8, 0.1], [0, 0, 1]).worse_than_chance
    assert not _summary([0.9, 0.1, 0.5, 0.5], [0, 0, 1, 1]).worse_than_chance


def test_neighbouring_floats_in_one_bin_leave_their_order_unknown() -> None:
    summary = _summary([0.3, np.nextafter(0.3, 1)], [0, 1])
    assert (summary.auc_low, summary.auc_high) == (0.0, 1.0)


def test_scores_of_any_size_and_sign_keep_their_order() -> None:
    scores = [-np.inf, -1e300, -2.0, -1e-300, -5e-324, 0.0, 5e-324, 1e-300, 0.5, 2.0, 1e300, np.inf]
    for cut in range(1, len(scores)):
        summary = _summary(scores, [0] * cut + [1] * (len(scores) - cut))
        assert summary.auc_high == 1.0
        assert summary.auc_low is not None
        assert summary.auc_low > 0.9


def test_the_enclosure_of_auc_is_narrow_for_realistic_scores() -> None:
    rng = np.random.default_rng(3)
    labels = (rng.random(200_000) < 0.05).astype(np.int8)
    scores = 1 / (1 + np.exp(-rng.normal(-3 + 2.5 * labels, 1.5)))
    summary = _summary(scores.tolist(), labels.tolist())
    assert summary.auc_low is not None
    assert summary.auc_high is not None
    assert summary.auc_low <= roc_auc_score(labels, scores) <= summary.auc_high
    assert summary.auc_high - summary.auc_low < 1e-3


def test_scores_and_labels_of_unequal_length_are_a_fault() -> None:
    with pytest.raises(Fault):
        _summary([0.1], [1, 0])
