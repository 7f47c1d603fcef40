"""How large a sample must be."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from evalharness.metrics.arrays import Rates, differences, ratios
from evalharness.stats.ladder import cost_ladder
from evalharness.stats.planning import fewest_with_misses, needed_for_proportion, power_of_proportion
from evalharness.stats.planning_gaps import needed_for_gap, power_of_gap
from evalharness.stats.planning_means import needed_for_cost
from evalharness.stats.proportion import clopper_pearson_lower
from evalharness.stats.search import quantiles


@pytest.mark.parametrize("goal", [0.3, 0.8, 0.95, 0.995])
@pytest.mark.parametrize("alpha", [0.05, 0.0304])
def test_the_fewest_units_clear_the_goal_and_one_less_does_not(goal: float, alpha: float):
    misses = np.array([0, 1, 2, 7, 40, 300])
    sizes = fewest_with_misses(goal, misses, alpha)
    assert (clopper_pearson_lower(sizes - misses, sizes, alpha) >= goal).all()
    assert (clopper_pearson_lower(sizes - misses - 1, sizes - 1, alpha) < goal).all()


@pytest.mark.parametrize("goal", [0.0, 1.0, -0.1, 1.5])
def test_a_goal_that_everything_or_nothing_reaches_is_refused(goal: float):
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        fewest_with_misses(goal, 0, 0.05)


def test_the_plan_is_the_smallest_size_with_enough_power():
    rng = np.random.default_rng(1)
    for _ in range(25):
        goal = rng.uniform(0.3, 0.97)
        rate = goal + (1 - goal) * rng.uniform(0.2, 1)
        alpha = float(rng.choice([0.05, 0.0304, 0.01]))
        slow = next(n for n in range(1, 100_000) if power_of_proportion(rate, goal, n, alpha) >= 0.8)
        assert needed_for_proportion(rate, goal, alpha) == slow


def test_a_ceiling_is_planned_as_the_mirrored_floor():
    assert needed_for_proportion(0.02, 0.05, 0.05, direction="at_most") == needed_for_proportion(1 - 0.02, 1 - 0.05, 0.05)
    assert power_of_proportion(0.02, 0.05, 300, 0.05, "at_most") == pytest.approx(power_of_proportion(0.98, 0.95, 300, 0.05))


def test_a_perfect_rate_needs_the_fewest_units_of_all():
    assert needed_for_proportion(1.0, 0.95, 0.05) == 59
    assert needed_for_proportion(0.0, 0.05, 0.05, direction="at_most") == 59


def test_there_is_no_plan_on_the_wrong_side_at_the_goal_or_beyond_reason():
    assert needed_for_proportion(0.94, 0.95, 0.05) is None
    assert needed_for_proportion(0.95, 0.95, 0.05) is None
    assert needed_for_proportion(1.0, 1.0, 0.05) is None
    assert needed_for_proportion(0.9300001, 0.93, 0.05) is None
    assert needed_for_proportion(0.2, 0.0, 0.05) == 1


def test_power_is_certain_or_absent_for_goals_at_the_ends():
    assert power_of_proportion(0.5, 0.0, 3, 0.05) == 1.0
    assert power_of_proportion(1.0, 1.0, 3, 0.05) == 0.0
    assert power_of_proportion(1.0, 0.95, 58, 0.05) == 0.0
    assert power_of_proportion(1.0, 0.95, 59, 0.05) == 1.0


@pytest.mark.parametrize(("kind", "goal"), [("difference", 0.06), ("ratio", 0.9)])
def test_the_planned_gap_has_the_power_in_simulation(kind: str, goal: float):
    rates, sizes = (0.93, 0.91), (400.0, 150.0)
    factor = needed_for_gap(rates, sizes, goal, 0.05, kind=kind)  # type: ignore[arg-type]
    assert factor is not None
    assert simulated_power(list(rates), [n * factor for n in sizes], goal, kind) == pytest.approx(0.8, abs=0.02)


def simulated_power(rates: list[float], sizes: list[float], goal: float, kind: str = "difference", *, spanned: bool = False) -> float:
    n = np.round(np.array(sizes))
    k = np.random.default_rng(5).binomial(n.astype(int), rates, size=(10_000, len(rates)))
    total = np.broadcast_to(n, k.shape)
    of = Rates(value=k / n, total=total, n_eff=total, successes=k.astype(float))
    clear = (
        differences(of, 0.05, spanned=spanned).upper <= goal if kind == "difference" else ratios(of, 0.05, spanned=spanned).lower >= goal
    )
    return float(clear.mean())


@pytest.mark.parametrize("spanned", [False, True])
@pytest.mark.parametrize(
    ("rates", "sizes", "goal", "kind"),
    [
        ([0.90] * 5, [60] * 5, 0.10, "difference"),
        ([0.95] * 5, [100] * 5, 0.05, "difference"),
        ([0.95] * 5, [100] * 5, 0.93, "ratio"),
        ([0.93, 0.91, 0.95, 0.9, 0.92], [400, 150, 30, 90, 1000], 0.1, "difference"),
        ([0.99, 0.97, 0.98], [5000, 200, 800], 0.94, "ratio"),
    ],
)
def test_the_plan_for_several_groups_has_the_power_for_all_their_pairs(
    rates: list[float], sizes: list[float], goal: float, kind: str, spanned: bool
):
    factor = needed_for_gap(rates, sizes, goal, 0.05, kind=kind, spanned=spanned)  # type: ignore[arg-type]
    assert factor is not None
    assert 0.78 <= simulated_power(rates, [n * factor for n in sizes], goal, kind, spanned=spanned) <= 0.83


def test_groups_that_share_clusters_need_more():
    alone, shared = (needed_for_gap([0.95] * 5, [100] * 5, 0.05, 0.05, spanned=spanned) for spanned in (False, True))
    assert alone is not None
    assert shared is not None
    assert alone < shared < 2 * alone


def test_a_plan_for_more_groups_than_can_be_simulated_is_refused():
    with pytest.raises(ValueError, match="more than 30 groups"):
        needed_for_gap([0.9] * 31, [100.0] * 31, 0.05, 0.05)


def test_drawn_quantiles_are_the_binomial_s():
    shares = (np.arange(400) + 0.5) / 400
    for n, rate in ((1, 0.5), (60, 0.9), (5000, 0.001), (39_000, 0.5), (10**6, 0.02), (10**6, 0.5)):
        exact = np.ceil(special.bdtrik(shares, n, rate))
        assert np.abs(quantiles(shares, float(n), rate) - exact).max() <= (0 if n < 40_000 else 1)
    assert (quantiles(shares, 50.0, 1.0) == 50).all()


def test_a_gap_at_or_beyond_its_goal_has_no_plan():
    assert needed_for_gap((0.95, 0.90), (100.0, 100.0), 0.05 - 1e-9, 0.05) is None
    assert needed_for_gap((0.8, 0.4), (100.0, 100.0), 0.5, 0.05, kind="ratio") is None
    assert needed_for_gap((0.0, 0.0), (100.0, 100.0), 0.5, 0.05, kind="ratio") is None
    assert needed_for_gap((0.90001, 0.9), (100.0, 100.0), 1.1e-5, 0.05) is None


def test_perfect_equal_rates_need_a_smaller_sample_than_unequal_ones():
    perfect = needed_for_gap((1.0, 1.0), (100.0, 100.0), 0.05, 0.05)
    other = needed_for_gap((0.95, 0.93), (100.0, 100.0), 0.05, 0.05)
    assert perfect is not None
    assert other is not None
    assert 0.58 < perfect < 0.60
    assert perfect < other


def test_more_items_give_a_gap_more_power():
    powers = [power_of_gap((0.95, 0.93), (n, n), 0.06, 0.05, "difference") for n in (50, 200, 800, 3200)]
    assert powers == sorted(powers)
    assert powers[-1] > 0.99


def test_a_cost_of_one_rise_is_planned_as_a_proportion():
    assert needed_for_cost([0, 3, 3], [0.9, 0.04, 0.06], 0.45, 0.05) == needed_for_proportion(0.1, 0.15, 0.05, direction="at_most")


@pytest.mark.parametrize(
    ("costs", "shares", "goal"),
    [
        ([1.0, 2.0, 10.0], [0.7, 0.25, 0.05], 1.9),
        ([3.0, 2.0, 10.0, 0.0], [0.04, 0.1, 0.01, 0.85], 0.6),
        ([1.0, 1.0, 100.0, 0.0], [0.02, 0.02, 0.002, 0.958], 0.6),
        ([1.0, 3.0, 0.0, 0.0], [0.05, 0.1, 0.05, 0.8], 0.4),
    ],
)
def test_the_planned_cost_of_several_rises_has_the_power_in_simulation(costs: list[float], shares: list[float], goal: float):
    n = needed_for_cost(costs, shares, goal, 0.05)
    assert n is not None
    draws = np.random.default_rng(4).multinomial(n, shares, size=10_000)
    upper = cost_ladder(costs, draws, np.full(10_000, float(n)), 0.05)[2]
    assert (upper <= goal).mean() == pytest.approx(0.8, abs=0.02)
    assert needed_for_cost(costs, shares, goal, 0.05) == n


def test_a_mean_cost_at_or_above_its_goal_has_no_plan():
    assert needed_for_cost([0, 1, 10], [0.5, 0.4, 0.1], 1.4, 0.05) is None
    assert needed_for_cost([0, 3, 3], [0.9, 0.04, 0.06], 0.3, 0.05) is None
    assert needed_for_cost([2, 2], [0.5, 0.5], 1.9, 0.05) is None
    assert needed_for_cost([2, 2], [0.5, 0.5], 2.0, 0.05) == 1
