"""How often recall in a weighted sample of clusters is called met with the truth exactly at the goal: at most 5 %, however sizes tell.

Three strata, drawn from with different chances. Whole clusters are missed in one of them, the larger the more often: in proportion to a
lognormal size, or to its square. All items are relevant, or any of a cluster with the same chance. 500 seeded runs a cell, through the
code that `evaluate` calls. A cell fails as in `simulated_tallies.beyond_target`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, reduce

import numpy as np
import pytest
from assurance.drawing import Design, chances
from simulated_tallies import beyond_target
from tallies_by_hand import BINARY

from evalharness.metrics.weighted import weighted_costs, weighted_shares
from evalharness.tally import ConfusionTally, Slices

RUNS = 500
CHANCES = (0.01, 0.5, 1.0)
POOL = Design(clusters=1, sizes="lognormal").pool()
RECALL = BINARY.metrics["recall"]
LATE = np.array([0.0, 0.0, 1.0, 0.0, 1.0, 0.0])
"""Cost of an item without which the mean is the share that is missed."""
NOBODY = Slices(attributes=(), levels={}, depth=0)


def drawn(many: tuple[int, ...], growth: str, missed: float, relevant: float) -> Iterator[ConfusionTally]:
    """Samples of so many clusters a stratum, by lot; `missed` of the relevant items of the first are expected to be."""
    rng = np.random.default_rng([27, many[0], len(growth)])
    chance = chances(POOL, growth, missed)
    for _ in range(RUNS):
        parts = []
        for place, expected in enumerate(many):
            sizes = POOL[rng.integers(len(POOL), size=max(1, rng.poisson(expected)))]
            hit = rng.random(len(sizes)) >= chance(sizes) if place == 0 else np.ones(len(sizes), dtype=bool)
            cells = np.zeros((len(sizes), 6), dtype=np.int64)
            asked = rng.binomial(sizes, relevant)
            cells[:, 0], cells[:, 2], cells[:, 3] = np.where(hit, asked, 0), np.where(hit, 0, asked), sizes - asked
            clusters = (cells @ np.array(BINARY.denominators).T > 0).sum(axis=0)
            parts.append(
                ConfusionTally(
                    slices=NOBODY, counts=cells.sum(axis=0)[None], second=(cells.T @ cells)[None], clusters=clusters[None], clustered=True
                )
            )
        yield replace(reduce(ConfusionTally.merge, parts), strata=tuple(zip(CHANCES, parts, strict=True)))


@cache
def limits_of(many: tuple[int, ...], growth: str, missed: float, relevant: float = 1.0) -> np.ndarray:
    """(8, runs): lower and upper limit of recall by Kish's number alone, then of both pairs; of the mean cost likewise."""
    weights = np.array([RECALL.numerator]), np.array([RECALL.denominator])
    found = []
    for tally in drawn(many, growth, missed, relevant):
        shares, costs = weighted_shares(tally, [0], *weights, 0.05), weighted_costs(tally, [0], LATE, 0.05)
        of_shares = (shares.lower, shares.upper, shares.size_lower, shares.size_upper)
        found.append([float(limit[0, 0]) for limit in of_shares] + [float(limit[0]) for limit in costs[1:]])
    return np.array(found).T


def truth(many: tuple[int, ...], missed: float) -> float:
    items = np.array(many) / np.array(CHANCES)
    return float(1 - missed * items[0] / items.sum())


@pytest.mark.parametrize(
    ("many", "growth", "missed", "relevant"),
    [
        ((400, 20, 20), "linear", 0.1, 1.0),
        ((400, 20, 20), "square", 0.1, 1.0),
        ((400, 20, 20), "square", 0.1, 0.7),
        ((60, 60, 60), "square", 0.3, 1.0),
        ((30, 20, 400), "square", 0.6, 0.05),
    ],
    ids=str,
)
def test_both_pairs_rarely_break_it(many: tuple[int, ...], growth: str, missed: float, relevant: float) -> None:
    _, _, lower, upper, _, _, least, most = limits_of(many, growth, missed, relevant)
    goal = truth(many, missed)
    cost = relevant * (1 - goal)
    for wrong in (lower >= goal, upper < goal, most <= cost, least > cost):
        assert not beyond_target(wrong), wrong.mean()


def test_kish_s_pair_alone_breaks_it() -> None:
    """Why there is a second pair: the stratum of which one item in a hundred is drawn is nearly all of the population."""
    many, missed = (400, 20, 20), 0.1
    lower, _, _, _, _, most, _, _ = limits_of(many, "square", missed)
    goal = truth(many, missed)
    for wrong in (lower >= goal, most <= 1 - goal):
        assert beyond_target(wrong), wrong.mean()
