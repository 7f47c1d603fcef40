"""Two models' scores on the same items: areas as scikit-learn has them, variances as the functions of rows, and nothing from nothing."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from evalharness.errors import Fault
from evalharness.stats.roc import paired_delong
from evalharness.tally.orders import OrdersCounter, OrdersTogether


def drawn(rows: int, seed: int, models: int = 3) -> tuple[np.ndarray, list[np.ndarray], np.ndarray]:
    draw = np.random.default_rng(seed)
    labels = draw.integers(-1, 2, rows).astype(np.int8)
    scores = [(draw.integers(0, 12, rows) + 2 * labels) / 12.0 for _ in range(models)]
    for own in scores:
        own[draw.random(rows) < 0.1] = np.nan
    return labels, scores, draw.integers(0, max(rows // 4, 1), rows)


def counted(labels: np.ndarray, scores: list[np.ndarray], clusters: np.ndarray | None, cut: int) -> tuple[OrdersTogether | None, ...]:
    counter = OrdersCounter(len(scores), clustered=clusters is not None)
    for part in (slice(0, cut), slice(cut, None)):
        names = None if clusters is None else pa.array([f"c{c}" for c in clusters[part]], type=pa.string())
        counter.add(labels[part], [own[part] for own in scores], names)
    return counter.result()


@settings(max_examples=40, deadline=None)
@given(rows=st.integers(0, 90), seed=st.integers(0, 10_000), clustered=st.booleans(), cut=st.integers(0, 90))
def test_areas_are_those_of_the_items_that_both_scored(rows: int, seed: int, clustered: bool, cut: int):
    labels, scores, clusters = drawn(rows, seed)
    found = counted(labels, scores, clusters if clustered else None, min(cut, rows))
    for one, challenger in zip(found, scores[1:], strict=True):
        assert one is not None
        kept = (labels >= 0) & ~np.isnan(scores[0]) & ~np.isnan(challenger)
        assert (one.items, one.left_out) == (int(kept.sum()), int((labels >= 0).sum() - kept.sum()))
        if len(set(labels[kept].tolist())) < 2:
            assert one.areas is None
            continue
        expected = [roc_auc_score(labels[kept], own[kept]) for own in (scores[0], challenger)]
        assert one.areas == pytest.approx(expected, abs=1e-12)
        if not clustered:
            assert one.variance == paired_delong(labels[kept], scores[0][kept], challenger[kept]).variance
        else:
            assert one.positives == len(set(clusters[kept & (labels == 1)].tolist()))


def test_items_that_are_each_their_own_cluster_have_nearly_delong_s_variance():
    labels, scores, _ = drawn(2000, 3)
    alone, (apart, _) = counted(labels, scores, None, 1000), counted(labels, scores, np.arange(2000), 1000)
    assert alone[0] is not None
    assert apart is not None
    assert apart.variance == pytest.approx(alone[0].variance, rel=5e-3)


def test_a_repeated_item_of_one_cluster_makes_no_difference_surer():
    labels, scores, _ = drawn(800, 4, 2)
    (once,) = counted(labels, scores, np.arange(800), 10)
    (twice,) = counted(np.tile(labels, 2), [np.tile(own, 2) for own in scores], np.tile(np.arange(800), 2), 10)
    assert once is not None
    assert twice is not None
    assert twice.variance == pytest.approx(once.variance, rel=1e-9)


def test_a_model_without_scores_has_no_area_and_misuse_is_refused():
    counter = OrdersCounter(3, clustered=False)
    labels, score = np.array([1, 0], dtype=np.int8), np.array([0.2, 0.1])
    counter.add(labels, [score, None, score], None)
    label_only, scored = counter.result()
    assert label_only is None
    assert scored is not None
    with pytest.raises(Fault, match="different numbers"):
        counter.add(labels, [score, None], None)
    with pytest.raises(Fault, match="cluster id"):
        OrdersCounter(1, clustered=True).add(labels, [score], None)
