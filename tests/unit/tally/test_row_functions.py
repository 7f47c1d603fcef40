"""Functions of rows: fairlearn's values, replicates by cluster, nothing counted that has no answer."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from fairlearn.metrics import MetricFrame
from sklearn.metrics import precision_score, recall_score, roc_auc_score

from evalharness.errors import Fault
from evalharness.tally import row_functions
from evalharness.tally.row_functions import REPLICATES, RowFunctionTally, RowsHeld

LEVELS = {"sex": ("F", "M"), "race": ("A", "B", "C")}


def rows(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    labels = (rng.random(n) < 0.4).astype(np.int8)
    scores = np.clip(rng.normal(0.4 + 0.2 * labels, 0.2), 0, 1)
    groups = {name: rng.integers(0, 2, n).astype(np.int32) for name in LEVELS}  # nobody is of the third race
    return labels, scores, groups


def tallied(function, labels, answers, groups, *, clusters=None, cut: int | None = None) -> RowFunctionTally:
    held = RowsHeld(tuple(LEVELS), LEVELS)
    for part in (slice(0, cut), slice(cut, None)) if cut else (slice(None),):
        held.add(labels[part], answers[part], {n: g[part] for n, g in groups.items()}, None if clusters is None else clusters[part])
    return held.result(function)


def test_values_are_metric_frame_s_and_an_empty_group_has_none() -> None:
    labels, scores, groups = rows(400)
    found = tallied(roc_auc_score, labels, scores, groups)
    assert found.groups == ((), (("sex", "F"),), (("sex", "M"),), (("race", "A"),), (("race", "B"),), (("race", "C"),))
    frames = [MetricFrame(metrics=roc_auc_score, y_true=labels, y_pred=scores, sensitive_features=groups[name]) for name in LEVELS]
    expected = [frames[0].overall, *(frame.by_group[code] for frame in frames for code in (0, 1))]
    assert found.value[:5].tolist() == expected
    assert np.isnan(found.value[5])
    assert found.rows.tolist() == [400, *(int((groups[n] == c).sum()) for n in ("sex",) for c in (0, 1)), *found.rows[3:]]
    assert found.rows[5] == 0
    assert found.replicates.shape == (REPLICATES, 6)


def test_batches_change_nothing_and_labels_without_answers_are_left_out() -> None:
    labels, scores, groups = rows(300)
    decisions = (scores >= 0.5).astype(np.int8)
    decisions[:20] = -1
    labels[10:30] = -1
    whole, parts = (tallied(recall_score, labels, decisions, groups, cut=cut) for cut in (None, 123))
    kept = (labels >= 0) & (decisions >= 0)
    assert whole.left_out == parts.left_out == 10
    assert whole.value[0] == recall_score(labels[kept], decisions[kept])
    assert np.array_equal(whole.value, parts.value, equal_nan=True)
    assert np.array_equal(whole.replicates, parts.replicates, equal_nan=True)


def test_undefined_is_not_a_number_and_never_zero() -> None:
    labels, decisions = np.array([1, 1, 0], dtype=np.int8), np.zeros(3, dtype=np.int8)
    groups = {name: np.zeros(3, dtype=np.int32) for name in LEVELS}
    assert np.isnan(tallied(precision_score, labels, decisions, groups).value[0])
    assert np.isnan(tallied(roc_auc_score, np.ones(3, dtype=np.int8), np.array([0.1, 0.2, 0.3]), groups).value[0])
    empty = RowsHeld(tuple(LEVELS), LEVELS).result(recall_score)
    assert np.isnan(empty.value).all()
    assert len(empty.value) == 6


def test_whole_clusters_are_drawn() -> None:
    labels, scores, groups = rows(600)
    names = pa.array([f"c{i // 20}" for i in range(600)])
    biased = np.where(np.arange(600) // 20 % 2 == 0, labels, 1 - labels).astype(np.int8)  # whole clusters right or wrong
    alone, together = (tallied(recall_score, labels, biased, groups, clusters=clusters) for clusters in (None, names))
    assert together.units[0] == 30
    assert alone.units[0] == 600
    assert np.nanstd(together.replicates[:, 0]) > 3 * np.nanstd(alone.replicates[:, 0])
    del scores


def test_too_many_rows_are_not_resampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_functions, "MOST_RESAMPLED", 99)
    labels, scores, groups = rows(100)
    assert len(tallied(roc_auc_score, labels, scores, groups).replicates) == 0


def test_rows_of_different_lengths_are_a_fault() -> None:
    with pytest.raises(Fault):
        RowsHeld(("sex",), LEVELS).add(np.zeros(2, dtype=np.int8), np.zeros(3), {"sex": np.zeros(2, dtype=np.int32)}, None)
