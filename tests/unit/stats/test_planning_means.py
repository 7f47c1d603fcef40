"""The chance that a bound of a mean cost clears its goal."""

from __future__ import annotations

import numpy as np
import pytest

from evalharness.stats.ladder import cost_ladder
from evalharness.stats.planning import power_of_proportion
from evalharness.stats.planning_means import needed_for_cost, power_of_cost


def test_one_step_of_cost_is_a_proportion():
    assert power_of_cost([0, 3], [0.8, 0.2], 0.9, 150, 0.05) == power_of_proportion(0.2, 0.3, 150, 0.05, "at_most")


def test_several_steps_clear_as_often_as_the_ladder_does():
    costs, shares = [0.0, 1.0, 10.0], [0.7, 0.25, 0.05]
    drawn = np.random.default_rng(3).multinomial(400, shares, size=4_000)
    often = float((cost_ladder(costs, drawn, np.full(4_000, 400.0), 0.05)[2] <= 1.4).mean())
    assert power_of_cost(costs, shares, 1.4, 400, 0.05) == pytest.approx(often, abs=0.03)


def test_what_is_needed_has_the_power_that_was_asked_for():
    costs, shares = [0.0, 1.0, 10.0], [0.7, 0.25, 0.05]
    needed = needed_for_cost(costs, shares, 1.4, 0.05)
    assert needed is not None
    assert power_of_cost(costs, shares, 1.4, needed, 0.05) >= 0.8
    assert power_of_cost(costs, shares, 1.4, needed // 2, 0.05) < 0.8


def test_equal_costs_are_known_and_nothing_shows_nothing():
    assert power_of_cost([2, 2], [0.5, 0.5], 2, 1, 0.05) == 1.0
    assert power_of_cost([2, 2], [0.5, 0.5], 1, 100, 0.05) == 0.0
    assert power_of_cost([0, 1, 2], [1, 0, 0], 1.5, 0, 0.05) == 0.0
