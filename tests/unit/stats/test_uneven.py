"""Bounds where clusters are of unequal size, against the formulas written anew with scipy.stats."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from uneven_by_hand import share_limits

from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.stats.uneven import BEYOND, Uneven, all_alike, limits_by_size, one_more_of, p_at_most, weighted_lower, weighted_upper

ALPHAS = st.sampled_from([0.001, 0.01, 0.05, 0.2])
CLUSTERS = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30)).map(lambda c: (c[0], min(c))), min_size=1, max_size=25)
"""(size, hits) of each cluster."""


def effective(clusters: list[tuple[int, int]]) -> tuple[float, float, Uneven]:
    sizes, hits = (np.array(column, dtype=float) for column in zip(*clusters, strict=True))
    mean = (sizes**2).sum() / sizes.sum()
    n_eff = sizes.sum() / mean
    uneven = Uneven(
        hits=np.array((hits**2).sum() / mean**2),
        misses=np.array(((sizes - hits) ** 2).sum() / mean**2),
        one_more=one_more_of(len(sizes), n_eff),
    )
    return float(hits.sum() / mean), float(n_eff), uneven


@given(CLUSTERS, ALPHAS)
def test_it_is_the_widest_of_three_pairs(clusters: list[tuple[int, int]], alpha: float):
    k, n, uneven = effective(clusters)
    lower, upper = limits_by_size(k, n, uneven, alpha)
    expected = share_limits(clusters, alpha)
    assert float(lower) == pytest.approx(expected[0], abs=1e-7)
    assert float(upper) == pytest.approx(expected[1], abs=1e-7)
    assert float(lower) <= clopper_pearson_lower(k, n, alpha) + 1e-12
    assert float(upper) >= clopper_pearson_upper(k, n, alpha) - 1e-12
    assert 0 <= float(lower) <= k / n + 1e-9
    assert k / n - 1e-9 <= float(upper) <= 1


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 40), ALPHAS)
def test_equal_clusters_that_are_hit_whole_give_clopper_and_pearson_s(hit: list[bool], size: int, alpha: float):
    k, n, uneven = effective([(size, size * h) for h in hit])
    assert float(uneven.one_more) == pytest.approx(1.0, abs=1e-6)
    lower, upper = limits_by_size(k, n, uneven, alpha)
    assert float(lower) == pytest.approx(float(clopper_pearson_lower(sum(hit), len(hit), alpha)), abs=1e-6)
    assert float(upper) == pytest.approx(float(clopper_pearson_upper(sum(hit), len(hit), alpha)), abs=1e-6)


@given(CLUSTERS, st.sampled_from([0.05, 0.3, 0.5, 0.9]))
def test_the_p_value_is_the_least_alpha_whose_limit_is_at_most_the_goal(clusters: list[tuple[int, int]], goal: float):
    k, n, uneven = effective(clusters)
    p = float(p_at_most(k, n, uneven, goal))
    for alpha in (0.001, 0.01, 0.05, 0.2):
        if abs(p - alpha) < 1e-6:
            continue
        upper = float(weighted_upper(k, uneven.hits, n, uneven.one_more, alpha))
        other = 1 - float(weighted_lower(n - k, uneven.misses, n, uneven.one_more, alpha))
        if abs(max(upper, other) - goal) > 1e-9:
            assert (p <= alpha) == (max(upper, other) <= goal)


@example([(size, 0) for size in (5, 5, 2, 5, 3, 3, 3, 4, 1, 4, 3, 2, 3, 5, 5, 5, 5, 1, 2, 1)], 0.001)
@given(CLUSTERS, ALPHAS)
def test_a_first_miss_never_helps_and_a_last_hit_never_hurts(clusters: list[tuple[int, int]], alpha: float):
    """Not in a small cluster either, at the strict levels of later attempts."""
    sizes = [size for size, _ in clusters]
    for missed in (1, max(sizes)):
        at = sizes.index(min(sizes, key=lambda size: (size < missed, size)))
        perfect, marred = ([(s, s - missed * (n == at) * marred) for n, s in enumerate(sizes)] for marred in (0, 1))
        (k, n, uneven), (less, _, other) = effective(perfect), effective(marred)
        assert float(limits_by_size(less, n, other, alpha)[0]) <= float(limits_by_size(k, n, uneven, alpha)[0]) + 1e-12
        upper = float(limits_by_size(n - k, n, Uneven(hits=uneven.misses, misses=uneven.hits, one_more=uneven.one_more), alpha)[1])
        swapped = Uneven(hits=other.misses, misses=other.hits, one_more=other.one_more)
        assert float(limits_by_size(n - less, n, swapped, alpha)[1]) >= upper - 1e-12


def test_nothing_to_bound_is_nan_and_all_alike_ends_at_the_edge():
    none = all_alike(0.0, np.array(1.0), hits=True)
    assert all(np.isnan(bound) for bound in limits_by_size(0.0, 0.0, none, 0.05))
    for hits in (False, True):
        uneven = all_alike(40.0, np.array(3.0), hits=hits)
        lower, upper = limits_by_size(40.0 * hits, 40.0, uneven, 0.05)
        assert (float(upper) if hits else float(lower)) == float(hits)
        assert 0 < (1 - float(lower) if hits else float(upper)) < 0.3


def test_a_cluster_missed_costs_more_the_larger_it_is():
    sizes = [4] * 50 + [40] * 5
    lowers = []
    for missed in (None, 0, 54):
        clusters = [(size, 0 if at == missed else size) for at, size in enumerate(sizes)]
        lowers.append(float(limits_by_size(*effective(clusters), 0.05)[0]))
    assert lowers[0] > lowers[1] > lowers[2]


@pytest.mark.parametrize(("sizes", "spread"), [([5, 5, 5], 0.0), ([1, 3], 0.5), ([2, 4, 9], np.std([2, 4, 9]) / 5)])
def test_one_more_lies_some_deviations_beyond(sizes: list[int], spread: float):
    squares = sum(size * size for size in sizes)
    assert float(one_more_of(len(sizes), sum(sizes) ** 2 / squares)) == pytest.approx(1 + BEYOND * spread)
