"""Plans over clusters of unequal size: against the limits themselves, the plans for independent units, and brute force."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.stats.planning import LIMIT, needed_for_proportion, power_of_proportion
from evalharness.stats.planning_clusters import Clusters, lower_limit, observed, unequal, upper_limit
from evalharness.stats.planning_gaps import needed_for_gap, power_of_gap
from evalharness.stats.planning_means import needed_for_cost, power_of_cost
from evalharness.stats.planning_prevalence import needed_for_classes, power_of_classes
from evalharness.stats.proportion import clopper_pearson_upper
from evalharness.stats.search import at_spread_counts, within
from evalharness.stats.uneven import BEYOND, Uneven, limits_by_size

UNEQUAL = st.builds(Clusters, one_more=st.floats(1, 8), hits=st.floats(0.2, 3), misses=st.floats(0.2, 3))
GEOMETRIC = Clusters(one_more=2.8)


@given(st.floats(0, 1), st.floats(1, 3000), UNEQUAL, st.sampled_from([0.05, 0.01]))
def test_limits_of_counts_to_come_are_those_that_will_judge_them(share: float, n: float, clusters: Clusters, alpha: float):
    k = share * n
    uneven = Uneven(hits=np.array(clusters.hits * k), misses=np.array(clusters.misses * (n - k)), one_more=np.array(clusters.one_more))
    lower, upper = limits_by_size(k, n, uneven, alpha)
    assert float(upper_limit(k, n, alpha, clusters)) == pytest.approx(float(upper), abs=1e-9)
    assert float(lower_limit(k, n, alpha, clusters)) == pytest.approx(float(lower), abs=1e-9)


@given(st.integers(0, 300), st.integers(1, 300), st.sampled_from([0.05, 0.01]))
def test_clusters_of_one_size_have_the_limits_of_independent_units(k: int, more: int, alpha: float):
    one_size = Clusters(one_more=1.0)
    assert unequal(1.0) is None
    assert unequal(1 + 1e-8, 1 + 1e-12, 0.4) is None
    assert float(upper_limit(k, k + more, alpha, one_size)) == pytest.approx(float(clopper_pearson_upper(k, k + more, alpha)), abs=1e-12)


def test_where_size_makes_no_difference_plans_are_those_of_independent_units():
    for direction, rate, goal in (("at_least", 0.95, 0.9), ("at_most", 0.02, 0.05)):
        plain = needed_for_proportion(rate, goal, 0.05, direction=direction)  # type: ignore[arg-type]
        assert needed_for_proportion(rate, goal, 0.05, direction=direction, clusters=unequal(1.0)) == plain  # type: ignore[arg-type]
        as_one = needed_for_proportion(rate, goal, 0.05, direction=direction, clusters=Clusters(one_more=1.0))  # type: ignore[arg-type]
        assert plain is not None
        assert as_one is not None
        assert (
            plain <= as_one <= 1.15 * plain
        )  # of one size it is less: whole numbers of clusters are missed, and plans go to where these just do
    for kind, goal in (("difference", 0.1), ("ratio", 0.9)):
        alone = needed_for_gap((0.95, 0.93), (100.0, 80.0), goal, 0.05, kind=kind)  # type: ignore[arg-type]
        same = needed_for_gap((0.95, 0.93), (100.0, 80.0), goal, 0.05, kind=kind, clusters=(None, None))  # type: ignore[arg-type]
        assert alone == same
    assert needed_for_cost([0, 1, 9], [0.9, 0.08, 0.02], 0.4, 0.05) == needed_for_cost(
        [0, 1, 9], [0.9, 0.08, 0.02], 0.4, 0.05, clusters=(None, None)
    )


@settings(max_examples=40, deadline=None)
@given(st.floats(0.3, 0.999), st.floats(0.1, 1), UNEQUAL, st.sampled_from([0.05, 0.01, 0.0012, 0.0001]))
def test_the_plan_is_the_smallest_size_with_enough_power(goal: float, way: float, clusters: Clusters, alpha: float):
    rate = goal + (1 - goal) * way
    n = needed_for_proportion(rate, goal, alpha, clusters=clusters)
    assert n is not None
    assert power_of_proportion(rate, goal, n, alpha, clusters=clusters) >= 0.8 - 1e-3
    assert power_of_proportion(rate, goal, int(0.99 * n) - 1, alpha, clusters=clusters) < 0.8
    mirrored = needed_for_proportion(1 - rate, 1 - goal, alpha, direction="at_most", clusters=clusters.turned)
    assert mirrored == pytest.approx(n, abs=1)


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 400), st.floats(0.7, 0.99), st.floats(0.3, 0.97))
def test_power_over_clusters_of_one_size_is_the_chance_of_few_enough_misses_by_the_limit_itself(n: int, rate: float, goal: float):
    """A grid of counts instead of a search, and draws instead of a distribution function."""
    one_size, misses = Clusters(one_more=1.0), np.linspace(0, n, 20 * n + 1)
    clear = lower_limit(n - misses, n, 0.05, one_size) >= goal
    most = misses[clear].max(initial=-1.0)
    rng = np.random.default_rng(3)
    drawn = rng.binomial(n, 1 - rate, 20_000) + rng.uniform(-0.5, 0.5, 20_000)
    often = float((np.maximum(drawn, 0) <= most).mean()) if most >= 0 else 0.0
    assert power_of_proportion(rate, goal, n, 0.05, clusters=one_size) == pytest.approx(often, abs=0.06)


def _shown_of_drawn(n_eff: float, rate: float, goal: float, variation: float, grows: float = 0.0) -> tuple[float, Clusters]:
    """How often clusters of gamma sizes clear by the limit that will judge them, and what they are like; `grows`: misses with size."""
    rng, a = np.random.default_rng(3), variation**2
    runs, number = 6_000, round(n_eff * (1 + a))
    sizes = rng.gamma(1 / a, a, (runs, number))
    weight = sizes**grows
    missed = rng.random(sizes.shape) < np.minimum((1 - rate) * weight * sizes.mean() / (weight * sizes).mean(), 1)
    s = (sizes**2).sum(axis=1) / sizes.sum(axis=1)
    y, v, squares = (sizes * missed).sum(axis=1) / s, (sizes**2 * missed).sum(axis=1) / s**2, sizes.sum(axis=1) / s
    one_more = 1 + BEYOND * np.sqrt(number / squares - 1)
    uneven = Uneven(hits=squares - v, misses=v, one_more=one_more)
    shown = limits_by_size(squares - y, squares, uneven, 0.05)[0] >= goal
    kept = squares - y
    return float(shown.mean()), Clusters(
        one_more=1 + BEYOND * variation, hits=float((squares - v).sum() / kept.sum()), misses=float(v.sum() / y.sum())
    )


@pytest.mark.parametrize("variation", [0.3, 0.7, 1.0, 1.3])
@pytest.mark.parametrize(("goal", "rate", "n"), [(0.9, 0.95, 300), (0.95, 0.98, 600), (0.7, 0.8, 150), (0.6, 0.75, 300)])
def test_power_is_how_often_drawn_clusters_clear(variation: float, goal: float, rate: float, n: int):
    """Sizes and misses are drawn, and judged by the limit itself."""
    often, _ = _shown_of_drawn(n, rate, goal, variation)
    assert power_of_proportion(rate, goal, n, 0.05, clusters=unequal(1 + BEYOND * variation)) == pytest.approx(often, abs=0.03)


@pytest.mark.parametrize("variation", [0.5, 1.0])
@pytest.mark.parametrize(("goal", "rate", "n"), [(0.9, 0.95, 400), (0.7, 0.8, 200)])
def test_power_where_large_clusters_are_missed_more_often(variation: float, goal: float, rate: float, n: int):
    often, like = _shown_of_drawn(n, rate, goal, variation, grows=1.0)
    assert like.misses > 1.15
    assert power_of_proportion(rate, goal, n, 0.05, clusters=like) == pytest.approx(often, abs=0.04)
    assert power_of_proportion(rate, goal, n, 0.05, clusters=unequal(like.one_more)) > often + 0.03


@given(st.integers(1, 500), st.floats(0.5, 1), st.floats(0.05, 0.9), st.floats(0.001, 0.1), UNEQUAL)
def test_a_stricter_goal_or_a_larger_cluster_never_gives_more_power(n: int, rate: float, goal: float, more: float, clusters: Clusters):
    lenient = power_of_proportion(rate, goal, n, 0.05, clusters=clusters)
    assert power_of_proportion(rate, goal + more, n, 0.05, clusters=clusters) <= lenient + 1e-6
    assert 0 <= lenient <= 1


def test_the_more_unequal_the_clusters_the_more_are_needed():
    for kind, goal in (("difference", 0.1), ("ratio", 0.9)):
        factors = [
            needed_for_gap((0.95, 0.95, 0.95), (100.0, 100.0, 80.0), goal, 0.05, kind=kind, clusters=(unequal(w),) * 3)  # type: ignore[arg-type]
            for w in (1.0, 1.5, 3.0)
        ]
        assert factors == sorted(factors)
        assert factors[0] < 0.9 * factors[-1]
    shares = [needed_for_proportion(0.95, 0.9, 0.05, clusters=unequal(w)) for w in (1.0, 1.5, 3.0, 6.0)]
    assert shares == sorted(shares)
    assert shares[0] < 0.6 * shares[-1]


@pytest.mark.parametrize(("spread", "units"), [(0.0, 179), (0.3, 236), (0.5, 268), (0.9, 335), (1.4, 420)])
def test_what_it_takes_is_what_the_page_on_plans_says(spread: float, units: int):
    assert needed_for_proportion(0.95, 0.9, 0.05, clusters=unequal(1 + BEYOND * spread)) == units
    assert f"| {spread:g} | {units} |" in (Path(__file__).parents[3] / "docs" / "plan.md").read_text(encoding="utf-8")


def test_without_a_miss_it_takes_what_one_more_cluster_leaves():
    """No miss of n: the upper limit is 1 - alpha^(w / n)."""
    for w, goal in ((2.0, 0.9), (3.5, 0.95)):
        assert needed_for_proportion(1.0, goal, 0.05, clusters=Clusters(one_more=w)) == np.ceil(w * np.log(0.05) / np.log(goal))


def test_there_is_no_plan_on_the_wrong_side_or_beyond_reason():
    assert needed_for_proportion(0.9, 0.9, 0.05, clusters=GEOMETRIC) is None
    assert needed_for_proportion(0.9300001, 0.93, 0.05, clusters=GEOMETRIC) is None
    assert needed_for_proportion(0.2, 0.0, 0.05, clusters=GEOMETRIC) == 1
    assert power_of_proportion(1.0, 1.0, 30, 0.05, clusters=GEOMETRIC) == 0.0
    large = needed_for_proportion(0.93005, 0.93, 0.05, clusters=GEOMETRIC)
    assert large is not None
    assert 10**8 < large < LIMIT


def test_what_was_seen_gives_squares_for_each_unit_where_they_are_more_than_of_clusters_like_the_rest():
    """Clusters of 1, 2 and 3 items, the largest missed: s = 14 / 6. The others are smaller, which is no promise."""
    s = 14 / 6
    uneven = Uneven(hits=np.array([5 / s**2, 14 / s**2]), misses=np.array([9 / s**2, 0.0]), one_more=np.array([2.0, 2.0]))
    some, all_hit = observed([3 / s, 6 / s], [6 / s, 6 / s], uneven)
    assert some is not None
    assert (some.one_more, some.hits, some.misses) == pytest.approx((2.0, 1.0, 3 / s))
    assert 5 / 3 / s < 1
    assert all_hit is not None
    assert (all_hit.hits, all_hit.misses) == (pytest.approx(1.0), 1.0)
    assert observed([3.0], [6.0], None) == (None,)


def test_costs_of_one_rise_are_a_proportion_and_those_of_several_take_more():
    one = needed_for_cost([0, 3, 3], [0.9, 0.04, 0.06], 0.45, 0.05, clusters=(GEOMETRIC,))
    assert one == needed_for_proportion(0.1, 0.15, 0.05, direction="at_most", clusters=GEOMETRIC)
    assert power_of_cost([0, 3, 3], [0.9, 0.04, 0.06], 0.45, 300, 0.05, clusters=(GEOMETRIC,)) == power_of_proportion(
        0.1, 0.15, 300, 0.05, "at_most", GEOMETRIC
    )
    alike, apart = (needed_for_cost([0, 1, 9], [0.9, 0.08, 0.02], 0.4, 0.05, clusters=of) for of in ((), (GEOMETRIC,) * 2))
    assert alike is not None
    assert apart is not None
    assert 1.1 * alike < apart
    assert power_of_cost([0, 1, 9], [0.9, 0.08, 0.02], 0.4, apart, 0.05, clusters=(GEOMETRIC,) * 2) >= 0.8
    never = needed_for_cost([0, 1, 9], [0.9, 0.1, 0.0], 0.4, 0.05, clusters=(GEOMETRIC,) * 2)
    assert never is not None
    assert never < apart


def test_two_classes_take_more_in_clusters_of_unequal_size():
    def clear(lower: tuple[np.ndarray, np.ndarray], upper: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        return np.asarray(lower[0] - upper[1] >= 0.8)

    plain, apart = (
        needed_for_classes((0.95, 0.03), (100.0, 400.0), 0.05, clear, clusters=of) for of in ((None, None), (GEOMETRIC, GEOMETRIC))
    )
    assert plain is not None
    assert apart is not None
    assert 1.2 * plain < apart
    assert power_of_classes((0.95, 0.03), (100 * apart, 400 * apart), 0.05, clear, clusters=(GEOMETRIC, GEOMETRIC)) >= 0.8


def test_bounds_of_spread_counts_are_straight_lines_between_near_nodes():
    for n, low, high in ((1000.0, 900.0, 990.0), (60.0, 40.0, 60.0), (500.0, 0.0, 12.0), (40.0, 20.0, 20.0)):
        counts = np.random.default_rng(1).uniform(low, high, 500)
        for limit in (lower_limit, upper_limit):
            bound = partial(limit, n=n, alpha=0.05, clusters=GEOMETRIC)
            assert np.abs(at_spread_counts(bound, counts, n) - bound(counts)).max() < 2e-3


def test_equal_counts_are_spread_evenly():
    assert within(np.array([3.0, 3, 4, 7, 7, 7, 7])).tolist() == pytest.approx([-0.25, 0.25, 0, -0.375, -0.125, 0.125, 0.375])


def test_a_perfect_group_stays_perfect_in_every_draw():
    few = power_of_gap((1.0, 1.0), (30.0, 30.0), 0.2, 0.05, "difference", clusters=(GEOMETRIC, GEOMETRIC))
    many = power_of_gap((1.0, 1.0), (60.0, 60.0), 0.2, 0.05, "difference", clusters=(GEOMETRIC, GEOMETRIC))
    assert (few, many) == (0.0, 1.0)
