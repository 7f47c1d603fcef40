"""Numbers of people against readings that are really drawn and bounded."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from evalharness.stats.planning import needed_for_proportion, power_of_proportion
from evalharness.stats.planning_readers import (
    fewest_without_error,
    independent_readings,
    needed_for_difference,
    needed_people,
    power_of_people,
)
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper


@pytest.mark.parametrize(("rate", "goal", "direction"), [(0.9, 0.8, "at_least"), (0.05, 0.15, "at_most"), (0.97, 0.9, "at_least")])
def test_one_reading_each_is_an_ordinary_share(rate: float, goal: float, direction: str) -> None:
    for people in (5, 30, 100):
        one = power_of_people(rate, goal, people, 1, 0.0, 0.05, direction)  # type: ignore[arg-type]
        assert one == pytest.approx(power_of_proportion(rate, goal, people, 0.05, direction))  # type: ignore[arg-type]
        assert power_of_people(rate, goal, people, 40, 1.0, 0.05, direction) == pytest.approx(one)  # type: ignore[arg-type]
    many = needed_people(rate, goal, 1, 0.0, 0.05, direction)  # type: ignore[arg-type]
    exact = needed_for_proportion(rate, goal, 0.05, 0.8, direction)  # type: ignore[arg-type]
    assert many is not None
    assert exact is not None
    assert abs(many - exact) <= 0.15 * exact + 2, "teeth, which the plan for people looks beyond"


@pytest.mark.parametrize("correlation", [0.0, 0.1])
def test_so_many_reviewers_show_it_about_as_often_as_planned(correlation: float) -> None:
    """People of different skill (beta-binomial readings), bounded as the log's share rows are: each person is one unit."""
    rate, goal, each = 0.9, 0.8, 40
    people = needed_people(rate, goal, each, correlation, 0.05, "at_least")
    assert people is not None
    rng = np.random.default_rng(3)
    skill = np.full((4_000, people), rate)
    if correlation:
        a = rate * (1 - correlation) / correlation
        skill = rng.beta(a, a * (1 - rate) / rate, (4_000, people))
    found = rng.binomial(each, skill).sum(axis=1) / (each * people)
    shown = float((clopper_pearson_lower(found * people, float(people), 0.05) >= goal).mean())
    assert 0.76 <= shown <= 0.95
    fewer = people - max(people // 5, 2)
    found = rng.binomial(each, skill[:, :fewer]).sum(axis=1) / (each * fewer)
    assert float((clopper_pearson_lower(found * fewer, float(fewer), 0.05) >= goal).mean()) < 0.8


def test_a_difference_is_shown_about_as_often_as_planned() -> None:
    sums = [[(1.0, 0.55), (-1.0, 0.45)]]
    people = needed_for_difference(sums, 0.3, 20, 0.0, 0.05, "at_most")
    assert people is not None
    rng = np.random.default_rng(4)
    p, q = (rng.binomial(20 * people, share, 3_000) / (20 * people) for share in (0.55, 0.45))
    upper = clopper_pearson_upper(p * people, float(people), 0.025) - clopper_pearson_lower(q * people, float(people), 0.025)
    assert 0.77 <= float((upper <= 0.3).mean()) <= 0.95
    assert needed_for_difference(sums, 0.1, 20, 0.0, 0.05, "at_most") is None
    assert needed_for_difference(sums, 0.3, 20, 1.0, 0.05, "at_most") > people  # type: ignore[operator]


@pytest.mark.parametrize(("allowed", "units"), [(0.1, 29), (0.05, 59), (0.01, 299), (0.001, 2995)])
def test_the_fewest_without_an_error_are_those_of_the_exact_bound(allowed: float, units: int) -> None:
    assert fewest_without_error(allowed, 0.05) == units
    assert stats.beta.ppf(0.95, 1, units) <= allowed < stats.beta.ppf(0.95, 1, units - 1)


def test_nothing_can_be_planned_on_the_wrong_side_or_beyond_reason() -> None:
    assert needed_people(0.8, 0.8, 10, 0.0, 0.05, "at_least") is None
    assert needed_people(0.2, 0.1, 10, 0.0, 0.05, "at_most") is None
    assert needed_people(0.90001, 0.9, 1, 0.0, 0.05, "at_least") is None
    assert power_of_people(0.99, 0.9, 28, 1_000, 0.0, 0.05, "at_least") == 0.0, "28 people show .9 by no means"
    assert fewest_without_error(0.0, 0.05) is None
    assert fewest_without_error(1.0, 0.05) == 1
    assert independent_readings(10, 40, 0.5) == pytest.approx(400 / 20.5)
