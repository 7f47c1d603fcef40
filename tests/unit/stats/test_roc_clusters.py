"""Area under the ROC curve where items come in clusters."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from evalharness.stats.roc import logit_limits, paired_delong
from evalharness.stats.roc_clusters import clustered_auc

ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 4), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=20)


@given(ROWS)
def test_areas_and_covariance_are_the_sums_over_clusters_written_out(rows: list[tuple[int, int, int, int]]) -> None:
    labels, first, second, clusters = (np.array(column) for column in zip(*rows, strict=True))
    found = clustered_auc(labels, [first, second], clusters)
    assert found.positive_clusters == len({c for y, _, _, c in rows if y})
    assert found.negative_clusters == len({c for y, _, _, c in rows if not y})
    if not 0 < labels.sum() < len(labels):
        assert np.isnan(found.areas).all()
        assert np.isnan(found.covariance).all()
        return
    wins = np.array([(np.sign(np.subtract.outer(s[labels == 1], s[labels == 0])) + 1) / 2 for s in (first, second)])
    areas = wins.mean(axis=(1, 2))
    assert found.areas.tolist() == pytest.approx(areas.tolist())
    names = sorted(set(clusters.tolist()))
    if len(names) < 2:
        assert np.isnan(found.covariance).all()
        return
    apart = wins - areas[:, None, None]
    mine = [(clusters[labels == 1] == c, clusters[labels == 0] == c) for c in names]
    sums = np.array(
        [apart.mean(axis=2)[:, p].sum(axis=1) / wins.shape[1] + apart.mean(axis=1)[:, n].sum(axis=1) / wins.shape[2] for p, n in mine]
    )
    assert found.covariance == pytest.approx(sums.T @ sums * len(names) / (len(names) - 1), abs=1e-12)


def test_items_that_stand_alone_have_delong_s_variance() -> None:
    rng = np.random.default_rng(1)
    labels = np.repeat([0, 1], 400)
    models = rng.normal(size=(2, 800)) + labels
    alone, paired = clustered_auc(labels, models, np.arange(800)), paired_delong(labels, *models)
    assert float(np.array([1, -1]) @ alone.covariance @ np.array([1, -1])) == pytest.approx(paired.variance, rel=0.01)


@given(ROWS, st.integers(2, 3))
def test_copies_inside_a_cluster_add_no_certainty_and_weights_are_copies(rows: list[tuple[int, int, int, int]], copies: int) -> None:
    labels, first, _, clusters = (np.array(column) for column in zip(*rows, strict=True))
    once = clustered_auc(labels, first, clusters)
    for again in (
        clustered_auc(np.tile(labels, copies), np.tile(first, copies), np.tile(clusters, copies)),
        clustered_auc(labels, first, clusters, np.full(len(labels), copies)),
    ):
        assert again.areas == pytest.approx(once.areas, nan_ok=True)
        assert again.covariance == pytest.approx(once.covariance, nan_ok=True, abs=1e-12)


def test_rows_of_no_weight_are_not_there() -> None:
    kept = clustered_auc([1, 0, 1], [3, 1, 0], [0, 0, 1])
    given_zero = clustered_auc([1, 0, 1, 0], [3, 1, 0, 9], [0, 0, 1, 2], [1, 1, 1, 0])
    assert given_zero.areas.tolist() == kept.areas.tolist()
    assert given_zero.covariance.tolist() == kept.covariance.tolist()
    assert given_zero.negative_clusters == 1


def test_limits_by_clusters_hold_the_truth_where_rows_as_units_do_not() -> None:
    rng = np.random.default_rng(4)
    truth = float(special.ndtr(1.2 / math.sqrt(2 * 1.5)))
    labels, clusters = np.repeat([0, 1], 200), np.repeat(np.arange(80), 5)
    held, naive = 0, 0
    for _ in range(300):
        scores = 1.2 * labels + rng.normal(size=400) * 0.5**0.5 + rng.normal(size=80)[clusters]
        found = clustered_auc(labels, scores, clusters)
        alone = clustered_auc(labels, scores, np.arange(400))
        for counted, units in ((found, 40), (alone, 200)):
            lower, upper = logit_limits(counted.areas[0], counted.covariance[0, 0], units, units, 0.05)
            inside = bool(lower < truth < upper)
            held, naive = held + inside * (units == 40), naive + inside * (units == 200)
    assert held / 300 > 0.84
    assert naive / 300 < 0.7


def test_rows_that_cannot_be_compared_are_refused() -> None:
    for labels, scores, clusters, words in (
        ([0, 1], [[1.0, 2.0]], [1], "clusters"),
        ([0, 2], [[1.0, 2.0]], [1, 2], "0 or 1"),
        ([0, 1], [[1.0]], [1, 2], "one length"),
    ):
        with pytest.raises(ValueError, match=words):
            clustered_auc(labels, scores, clusters)
