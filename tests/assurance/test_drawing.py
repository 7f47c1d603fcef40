"""What is drawn has the truth and the dependence that the page says it has."""

from __future__ import annotations

import numpy as np
import pytest
from assurance.drawing import Design, chances
from assurance.layouts import enumerated

from evalharness.catalogue import METRICS

RECALL = np.array([METRICS["recall"].denominator], dtype=float)
SHARES = np.array([0.8, 0.0, 0.2, 0.0, 0.0, 0.0])


@pytest.mark.parametrize("sizes", ["one", "equal", "near", "geometric", "lognormal", "two"])
@pytest.mark.parametrize("correlation", [0.0, 0.3, 1.0])
def test_the_share_is_the_truth_and_moments_are_those_of_the_clusters(sizes: str, correlation: float):
    drawn = Design(clusters=60, sizes=sizes, correlation=correlation).draw(np.random.default_rng(1), 4000, SHARES, RECALL)
    found, total = drawn.counts[:, 0].sum(), drawn.counts.sum()
    assert found / total == pytest.approx(0.8, abs=0.02)
    if drawn.second is not None and drawn.clusters is not None:
        assert (drawn.clusters == 60).all()
        assert (drawn.second.sum(axis=(1, 2)) >= drawn.counts.sum(axis=1)).all()


def test_items_of_a_cluster_correlate_as_said():
    design = Design(clusters=400, sizes="equal", mean=10, correlation=0.25)
    drawn = design.draw(np.random.default_rng(2), 500, SHARES, RECALL)
    rate = drawn.counts[:, 0] / drawn.counts.sum(axis=1)
    assert rate.var() / (0.8 * 0.2 / 4000) == pytest.approx(1 + 9 * 0.25, rel=0.2)
    assert design.effect == pytest.approx(1 + 9 * 0.25)


@pytest.mark.parametrize("growth", ["root", "linear", "square", "step"])
def test_growing_misses_have_the_stated_share_and_grow(growth: str):
    pool = Design(clusters=1, sizes="geometric").pool()
    chance = chances(pool, growth, 0.1)
    assert (pool * chance(pool)).sum() / pool.sum() == pytest.approx(0.1)
    assert chance(np.array([1]))[0] < chance(np.array([40]))[0] <= 1


def test_every_pair_of_numbers_is_enumerated_once_and_chances_add_up():
    parts, weights = enumerated((7, 4), (0.9, 0.5))
    assert len(weights) == 8 * 5
    assert weights.sum() == pytest.approx(1)
    assert parts[1].counts[:, 0].max() == 4
