"""What is drawn has the truth and the dependence that the page says it has."""

from __future__ import annotations

import numpy as np
import pytest
from assurance.drawing import Design, chances
from assurance.layouts import enumerated, shared

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


SPLIT = ((0, 2, 4), (1, 3, 5))
BOTH = np.array([METRICS["recall"].denominator, METRICS["specificity"].denominator], dtype=float)
CONFUSED = np.array([0.27, 0.07, 0.03, 0.63, 0.0, 0.0])


@pytest.mark.parametrize("fate", ["", "alike", "opposite"])
@pytest.mark.parametrize("growth", ["root", "step"])
def test_both_classes_have_their_shares_when_misses_grow(fate: str, growth: str):
    design = Design(clusters=50, sizes="geometric", mean=4, growth=growth, bad=(1, 2), classes=SPLIT, fate=fate)
    drawn = design.draw(np.random.default_rng(5), 6000, CONFUSED, BOTH)
    assert drawn.counts.sum(axis=0) / drawn.counts.sum() == pytest.approx(CONFUSED, abs=0.006)
    assert drawn.second is not None
    together = drawn.second.sum(axis=0)
    assert (together[0, 2], together[1, 3]) == (0, 0)  # a class is right or wrong as a whole
    assert (together[1, 2] > 0) == (fate == "alike")  # missed and flagged in one cluster
    if fate == "":
        assert np.count_nonzero(together - np.diag(np.diag(together))) == 0


def test_missed_items_stand_in_larger_clusters():
    drawn = Design(clusters=200, sizes="lognormal", growth="linear").draw(np.random.default_rng(6), 400, SHARES, RECALL)
    assert drawn.second is not None
    found, missed = (drawn.second[:, k, k].sum() / drawn.counts[:, k].sum() for k in (0, 2))
    assert missed > 1.2 * found


def test_groups_that_share_clusters_have_their_own_rates_and_the_moments_of_their_own_items():
    parts = shared(Design(clusters=80, sizes="geometric", growth="linear", fate="opposite"), (0.9, 0.7), 3000, np.random.default_rng(7))
    for part, truth in zip(parts, (0.9, 0.7), strict=True):
        assert part.counts[:, 0].sum() / part.counts.sum() == pytest.approx(truth, abs=0.01)
        assert part.second is not None
        assert part.clusters is not None
        assert (part.second[:, 0, 0] >= part.counts[:, 0]).all()
        assert (part.clusters <= 80).all()


def test_few_clusters_of_two_sizes_and_heavy_tails_may_hide_the_large_ones():
    assert Design(clusters=20, sizes="two", growth="root").hides(20)
    assert not Design(clusters=20, sizes="two", correlation=1.0).hides(20)
    assert not Design(clusters=40, sizes="two", growth="root").hides(40)
    assert not Design(clusters=20, sizes="lognormal", growth="square").hides(20)
    assert Design(clusters=400, sizes="pareto 1.5", growth="linear").hides(400)


def test_every_pair_of_numbers_is_enumerated_once_and_chances_add_up():
    parts, weights = enumerated((7, 4), (0.9, 0.5))
    assert len(weights) == 8 * 5
    assert weights.sum() == pytest.approx(1)
    assert parts[1].counts[:, 0].max() == 4
