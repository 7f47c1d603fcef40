"""A known limit, simulated: where few clusters are several times larger than the rest, too few of them are among those that were seen.

Large clusters are 5 or 10 times as large as the others and are missed as a whole with one chance, the others never; the truth is exactly at
the goal. How unequal sizes are (c) says little of clusters that are one in forty or fewer. The largest cluster seen would say it.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from evalharness.stats.uneven import Uneven, limits_by_size, one_more_of

RUNS, ALPHA = 3_000, 0.05
PROMISE = 0.05 + 3 * (0.05 * 0.95 / RUNS) ** 0.5
Floats = NDArray[np.float64]


def wrongly_met(share: float, size: int, clusters: int, goal: float, *, largest: bool) -> float:
    """How often the lower bound reaches a goal that is the truth. largest: one more cluster is at least as large as the largest seen."""
    rng = np.random.default_rng(31)
    large = rng.random((RUNS, clusters)) < share
    chance = (1 - goal) * (share * size + 1 - share) / (share * size)
    assert chance <= 1
    sizes: Floats = np.where(large, float(size), 1.0)
    hits = np.where(large & (rng.random(large.shape) < chance), 0.0, sizes)
    mean = (sizes**2).sum(axis=1) / sizes.sum(axis=1)
    n_eff = sizes.sum(axis=1) / mean
    one_more = one_more_of(clusters, n_eff)
    if largest:
        one_more = np.maximum(one_more, sizes.max(axis=1) / mean)
    squares = [(part**2).sum(axis=1) / mean**2 for part in (hits, sizes - hits)]
    uneven = Uneven(hits=squares[0], misses=squares[1], one_more=one_more)
    lower, _ = limits_by_size(hits.sum(axis=1) / mean, n_eff, uneven, ALPHA)
    return float((lower >= goal).mean())


@pytest.mark.parametrize(("share", "size"), [(0.05, 5), (0.05, 10), (0.1, 5), (0.1, 10)])
@pytest.mark.parametrize(("clusters", "goal"), [(150, 0.9), (150, 0.95), (400, 0.95), (400, 0.98)])
def test_one_in_twenty_large_ones_are_enough(share: float, size: int, clusters: int, goal: float) -> None:
    assert wrongly_met(share, size, clusters, goal, largest=False) <= PROMISE


@pytest.mark.parametrize(("share", "size", "clusters", "goal"), [(0.025, 5, 150, 0.95), (0.01, 10, 400, 0.95), (0.01, 10, 1_000, 0.98)])
def test_fewer_are_a_limit_at_any_number_of_clusters_and_the_largest_seen_would_mend_it(
    share: float, size: int, clusters: int, goal: float
) -> None:
    assert wrongly_met(share, size, clusters, goal, largest=False) > PROMISE
    assert wrongly_met(share, size, clusters, goal, largest=True) <= PROMISE


def test_of_one_or_two_large_ones_expected_nothing_can_know() -> None:
    assert wrongly_met(0.01, 10, 150, 0.95, largest=True) > 0.15
