"""Bootstrap of clusters: the distribution of drawing whole clusters, and the totals of exactly those drawn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from evalharness.stats import cluster_bootstrap
from evalharness.stats.cluster_bootstrap import cluster_replicates

TABLE = np.random.default_rng(1).poisson(0.4, (60, 5)) * np.arange(1, 6)


def test_totals_have_the_moments_of_drawn_clusters() -> None:
    found = cluster_replicates(csr_array(TABLE), 20_000, 3)
    assert found.mean(axis=0) == pytest.approx(TABLE.sum(axis=0), rel=0.02)
    assert np.cov(found.T) == pytest.approx(60 * np.cov(TABLE.T, bias=True), rel=0.1, abs=8)


def test_equal_clusters_always_give_the_total() -> None:
    assert (cluster_replicates(csr_array(np.ones((7, 2))), 50, 1) == 7).all()


def test_portions_change_nothing_but_the_draws_and_nothing_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = cluster_replicates(csr_array(TABLE), 10, 3)
    assert (whole == cluster_replicates(csr_array(TABLE), 10, 3)).all()
    assert (whole == np.round(whole)).all()
    monkeypatch.setattr(cluster_bootstrap, "_AT_ONCE", 60 * 3)
    assert cluster_replicates(csr_array(TABLE), 10, 3).shape == (10, 5)
    assert (cluster_replicates(csr_array((0, 5)), 4, 1) == 0).all()
