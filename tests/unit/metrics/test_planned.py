"""Plans before a test: one truth with what is told after a run, with published tables, and with brute force."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tallies_by_hand import clustered, clusters_of_groups, everybody, independent, policy

from evalharness.metrics.planned import plan_requirement
from evalharness.metrics.planned_base import Bases
from evalharness.metrics.planned_terms import Terms
from evalharness.metrics.planned_values import Values
from evalharness.metrics.prospects import prospects
from evalharness.records import PlannedRequirement, Question, Requirement
from evalharness.stats.proportion import clopper_pearson_lower
from evalharness.tally import ConfusionTally

LEVEL = 0.95


def planned(
    tally: ConfusionTally,
    metric: str,
    comparison: str,
    bound: float,
    *,
    stated: float | None = None,
    others: tuple[Requirement, ...] = (),
    groups: tuple[Any, ...] = ((),),
    prevalence: float | None = None,
    selected: float | None = None,
    minutes: float | None = None,
    **more: Any,
) -> PlannedRequirement:
    """One requirement on a tally of a model that makes no error."""
    asked = Requirement(id="asked", metric=metric, comparison=comparison, bound=bound, **more)  # type: ignore[arg-type]
    of = replace(policy(), requirements=(asked, *others))
    questions = [
        Question(requirement="asked", metric=metric, comparison=comparison, bound=bound, group=group, **more)  # type: ignore[arg-type]
        for group in groups
    ]
    bases = Bases(tally, of, prevalence, selected)
    values = Values(bases, of, {} if stated is None else {"asked": stated})
    terms = Terms(bases=bases, values=values, policy=of, level=LEVEL, minutes=minutes, labels=2)
    return plan_requirement(terms, asked, questions)[0]


@pytest.mark.parametrize(("goal", "fewest"), [(0.9, 29), (0.95, 59), (0.99, 299), (0.999, 2995)])
def test_without_a_miss_it_takes_as_many_as_the_table_of_fewest_says(goal: float, fewest: int):
    found = planned(everybody([1000, 0, 0, 9000, 0, 0]), "recall", "at_least", goal, stated=1.0)
    assert found.lead.units == fewest
    assert found.lead.items == fewest * 10


@pytest.mark.parametrize(("truth", "units"), [(0.95, 391), (0.97, 167), (0.99, 76)])
def test_fifteen_groups_shown_together_take_what_was_published(truth: float, units: int):
    cells = {(f"g{n:02d}",): (100, 0, 0, 900, 0, 0) for n in range(15)}
    groups = tuple((("group", name[0]),) for name in cells)
    found = planned(independent(cells), "recall", "at_least", 0.9, stated=truth, groups=groups)
    assert [cell.units for cell in found.cells] == [units] * 15
    assert found.lead.items is not None
    assert found.lead.items == units * 150


@settings(max_examples=25, deadline=None)
@given(
    found=st.integers(40, 60), missed=st.integers(0, 12), flagged=st.integers(0, 30), left=st.integers(50, 200), size=st.integers(1, 4)
)  # fmt: skip
def test_it_asks_for_as_many_as_is_told_after_a_run_that_finds_the_stated_value(
    found: int, missed: int, flagged: int, left: int, size: int
):
    """Clusters of `size` equal items, so that the model's answers change nothing about what items are worth."""
    run = clustered(_clusters((found, flagged, missed, left, 0, 0), size))
    truth = clustered(_clusters((found + missed, 0, 0, flagged + left, 0, 0), size))
    for metric, comparison, goal, value in (
        ("recall", "at_least", 0.75, found / (found + missed)),
        ("false_positive_rate", "at_most", 0.4, flagged / (flagged + left)),
        ("accuracy", "at_least", 0.6, (found + left) / (found + missed + flagged + left)),
        ("system_recall", "at_least", 0.5, 0.7 * found / (found + missed)),
        ("review_minutes_per_1000", "at_most", 2500.0, 3000 * (found + flagged) / (found + missed + flagged + left)),
    ):
        question = Question(requirement="asked", metric=metric, comparison=comparison, bound=goal)  # type: ignore[arg-type]
        after = prospects(run, [question], policy(), LEVEL)[question].needed
        before = planned(truth, metric, comparison, goal, stated=value).lead.units
        assert before == pytest.approx(after, abs=1) if after is not None else before is None


@pytest.mark.parametrize("unit", ["minutes", "late"])
def test_a_cost_of_one_step_takes_what_is_told_after_a_run(unit: str):
    run, truth = everybody([180, 100, 20, 700, 0, 0]), everybody([200, 0, 0, 800, 0, 0])
    value = {"minutes": 3 * 280 / 1000, "late": 20 / 1000}[unit]
    question = Question(requirement="asked", metric="expected_cost", comparison="at_most", bound=value * 1.2, unit=unit)
    after = prospects(run, [question], policy(), LEVEL)[question].needed
    assert planned(truth, "expected_cost", "at_most", value * 1.2, stated=value, unit=unit).lead.units == after


def test_no_spread_of_costs_with_the_same_mean_takes_more():
    """Three costs: the plan takes the widest spread; what a run finds varies less."""
    run, truth = everybody([150, 100, 50, 700, 0, 0]), everybody([200, 0, 0, 800, 0, 0])
    value = (150 + 500 + 200) / 1000
    question = Question(requirement="asked", metric="expected_cost", comparison="at_most", bound=1.1, unit="mixed")
    after = prospects(run, [question], policy(), LEVEL)[question].needed
    before = planned(truth, "expected_cost", "at_most", 1.1, stated=value, unit="mixed")
    assert after is not None
    assert before.lead.units is not None
    assert before.lead.units >= after
    assert any("no other costs with this mean vary more" in text for text in before.assumptions)


def test_a_gap_takes_what_is_told_after_a_run_that_finds_the_same_rates():
    run = independent({("a",): (570, 0, 30, 600, 0, 0), ("b",): (186, 0, 14, 200, 0, 0)})
    truth = independent({("a",): (600, 0, 0, 600, 0, 0), ("b",): (200, 0, 0, 200, 0, 0)})
    question = Question(requirement="asked", metric="recall", comparison="max_difference", bound=0.06, between=("group",))
    after = prospects(run, [question], policy(), LEVEL)[question].needed
    level = Requirement(id="level", metric="recall", comparison="at_least", bound=0.9)
    found = planned(truth, "recall", "max_difference", 0.06, stated=0.02, others=(level,), between=("group",))
    assert found.lead.units == pytest.approx(after, rel=0.02)
    assert "group b" in found.assumptions[0]
    assert "95 %" in found.assumptions[0]
    assert "93 %" in found.assumptions[0]
    assert all(cell.power is None and cell.reason for cell in found.cells)


def test_a_gap_of_a_metric_without_a_level_is_planned_where_chance_plays_the_most():
    truth = independent({("a",): (600, 0, 0, 600, 0, 0), ("b",): (200, 0, 0, 200, 0, 0)})
    found = planned(truth, "recall", "min_ratio", 0.8, stated=0.9, between=("group",))
    assert "at which chance plays the most" in found.assumptions[0]
    assert "45 %" in found.assumptions[0]


def test_items_follow_from_the_prevalence_and_the_units_do_not():
    tally = everybody([500, 0, 0, 9500, 0, 0])
    here, rarer = (planned(tally, "recall", "at_least", 0.9, stated=0.95, prevalence=p) for p in (None, 0.01))
    assert here.lead.units == rarer.lead.units
    assert here.lead.items == here.lead.units * 20
    assert rarer.lead.items == here.lead.units * 100
    assert here.lead.power == rarer.lead.power  # what the benchmark has is what it has
    negatives = planned(tally, "false_positive_rate", "at_most", 0.2, stated=0.1, prevalence=0.01)
    assert negatives.lead.items == pytest.approx(negatives.lead.units / 0.99, abs=2)


@pytest.mark.parametrize("size", [1, 3, 7])
def test_equal_clusters_multiply_what_it_takes(size: int):
    tally = clustered([[size, 0, 0, 0, 0, 0], [0, 0, 0, size, 0, 0]] * 200)
    alone = planned(everybody([100, 0, 0, 100, 0, 0]), "recall", "at_least", 0.9, stated=0.95)
    together = planned(tally, "recall", "at_least", 0.9, stated=0.95)
    assert together.lead.units == alone.lead.units * size
    assert together.cells[0].design_effect == pytest.approx(size)
    assert together.cells[0].has_n_eff == pytest.approx(200)


UNEQUAL = (1, 1, 1, 2, 2, 3, 4, 5, 8, 13)
"""Sizes of clusters: one more is 1 + 3 c = 3.75 times that in which an item is."""


def _unequal(found: int, missed: int) -> ConfusionTally:
    """So many clusters of each size, found or missed as a whole, and one of as many irrelevant items for each."""
    rows = [[size, 0, 0, 0, 0, 0] for size in UNEQUAL] * found + [[0, 0, size, 0, 0, 0] for size in UNEQUAL] * missed
    return clustered(rows + [[0, 0, 0, size, 0, 0] for size in UNEQUAL] * (found + missed))


def test_clusters_of_unequal_size_take_more_than_their_design_effect():
    alone = planned(everybody([100, 0, 0, 100, 0, 0]), "recall", "at_least", 0.9, stated=0.97)
    together = planned(_unequal(100, 0), "recall", "at_least", 0.9, stated=0.97)
    cell = together.cells[0]
    assert cell.design_effect == pytest.approx(294 / 40)
    assert together.lead.units > 1.5 * alone.lead.units * cell.design_effect
    assert together.lead.power < planned(everybody([544, 0, 0, 544, 0, 0]), "recall", "at_least", 0.9, stated=0.97).lead.power
    assert any("unequal size" in text and "3.75 times" in text for text in together.assumptions)
    assert not any("unequal size" in text for text in alone.assumptions)


def test_unequal_clusters_take_as_many_as_is_told_after_a_run_that_misses_some_as_a_whole():
    run, truth = _unequal(94, 6), _unequal(100, 0)
    for metric, comparison, goal, more in (
        ("recall", "at_least", 0.9, {}),
        ("false_negative_rate", "at_most", 0.1, {}),
        ("expected_cost", "at_most", 0.05, {"unit": "late"}),
    ):
        asked = Question(requirement="asked", metric=metric, comparison=comparison, bound=goal, **more)  # type: ignore[arg-type]
        after = prospects(run, [asked], policy(), LEVEL)[asked].needed
        value = {"recall": 0.94, "false_negative_rate": 0.06}.get(metric, 0.03)
        before = planned(truth, metric, comparison, goal, stated=value, **more).lead.units
        assert before == pytest.approx(after, rel=0.002)


@pytest.mark.parametrize(("comparison", "goal", "stated"), [("max_difference", 0.08, 0.0), ("min_ratio", 0.9, 1.0)])
def test_a_gap_between_groups_of_unequal_clusters_takes_more(comparison: str, goal: float, stated: float):
    level = Requirement(id="level", metric="recall", comparison="at_least", bound=0.9)
    sized = []
    for sizes in ((4,) * 10, UNEQUAL):
        tally = clusters_of_groups([{"ab"[i % 2]: [size, 0, 0, 0, 0, 0]} for i, size in enumerate(sizes * 60)])
        sized.append(planned(tally, "recall", comparison, goal, stated=stated, others=(level,), between=("group",)))
    alike, apart = sized
    assert apart.lead.power < alike.lead.power
    assert apart.lead.units / (294 / 40) > 1.2 * alike.lead.units / 4
    assert any("in the group whose clusters differ most" in text for text in apart.assumptions)


def test_each_group_is_planned_with_its_own_clusters():
    rows = [{"a": [4, 0, 0, 4, 0, 0]} for _ in range(200)] + [{"b": [size, 0, 0, size, 0, 0]} for size in UNEQUAL * 40]
    groups = ((("group", "a"),), (("group", "b"),))
    alike, apart = planned(clusters_of_groups(rows), "recall", "at_least", 0.9, stated=0.97, groups=groups).cells
    assert alike.design_effect is not None
    assert apart.design_effect is not None
    assert apart.units / apart.design_effect > 1.5 * alike.units / alike.design_effect  # type: ignore[operator]
    assert apart.power < 0.98  # type: ignore[operator]
    assert alike.power > 0.99  # type: ignore[operator]  # though b has 218 effective units, a 200


def test_the_chance_with_what_is_there_is_that_of_the_bound_in_every_group():
    cells = {("a",): (300, 0, 0, 100, 0, 0), ("b",): (120, 0, 0, 50, 0, 0)}
    found = planned(independent(cells), "recall", "at_least", 0.9, stated=0.95, groups=((("group", "a"),), (("group", "b"),)))
    chances = []
    for n in (300, 120):
        counts = np.arange(n + 1)
        chances.append(float(stats.binom.pmf(counts, n, 0.95)[clopper_pearson_lower(counts, n, 0.05) >= 0.9].sum()))
    assert [cell.power for cell in found.cells] == pytest.approx(chances)
    assert found.lead.power == pytest.approx(chances[0] * chances[1])
    sizes = dict(found.curve)
    assert sizes[570] == pytest.approx(found.lead.power, abs=1e-9)
    assert sizes[found.lead.items] >= 0.8


def test_nothing_stated_shows_several_values_and_leads_with_none_of_the_ends():
    found = planned(everybody([500, 0, 0, 9500, 0, 0]), "recall", "at_least", 0.9)
    assert [a.value for a in found.alternatives] == pytest.approx([0.925, 0.95, 0.975, 1.0])
    assert not found.stated
    assert found.lead.value == 0.95
    units = [a.units for a in found.alternatives]
    assert units == sorted(units, reverse=True)
    assert units[-1] == 29


def test_a_model_without_error_still_reviews_what_is_relevant():
    found = planned(everybody([500, 0, 0, 9500, 0, 0]), "review_rate", "at_most", 0.25)
    assert found.alternatives[-1].value == pytest.approx(0.05)
    assert found.lead.value == pytest.approx(0.15)
    hopeless = planned(everybody([500, 0, 0, 9500, 0, 0]), "review_rate", "at_most", 0.05)
    assert hopeless.lead.items is None
    assert "state the expected value" in hopeless.lead.reason


def test_what_is_set_aside_is_stated_or_the_least_that_the_policy_allows_or_as_without_error():
    tally = everybody([500, 0, 0, 9500, 0, 0])
    ceiling = Requirement(id="reviews", metric="review_rate", comparison="at_most", bound=0.3)
    for more, share, words in (
        ({"selected": 0.2}, 0.8, "stated as"),
        ({"others": (ceiling,)}, 0.7, "least that the policy allows"),
        ({}, 0.95, "as of a model without error"),
    ):
        found = planned(tally, "elusion", "at_most", 0.01, stated=0.002, **more)
        assert found.lead.items == pytest.approx(found.lead.units / share, abs=2)
        assert words in found.assumptions[0]
        assert f"{100 * share:.4g} %" in found.assumptions[0]


def test_hours_count_every_label_of_every_item():
    found = planned(everybody([500, 0, 0, 9500, 0, 0]), "recall", "at_least", 0.9, stated=1.0, minutes=1.5)
    assert found.lead.hours == pytest.approx(29 * 20 * 1.5 * 2 / 60)
    assert planned(everybody([500, 0, 0, 9500, 0, 0]), "recall", "at_least", 0.9, stated=1.0).lead.hours is None


def test_what_cannot_be_planned_has_a_reason():
    tally = independent({("a",): (50, 0, 0, 50, 0, 0), ("b",): (0, 0, 0, 50, 0, 0)})
    empty = planned(tally, "recall", "at_least", 0.9, stated=0.95, groups=((("group", "a"),), (("group", "b"),)))
    assert empty.lead.items is None
    assert empty.lead.power is None
    assert "no relevant items in this group (group b)" in empty.lead.reason
    assert empty.cells[0].units is not None
    assert empty.cells[1].reason
    wrong = planned(tally, "recall", "at_least", 0.9, stated=0.9)
    assert wrong.lead.items is None
    assert "wrong side" in wrong.lead.reason
    assert wrong.lead.power is not None
    assert wrong.lead.power <= 0.05
    unknown = planned(tally, "recall", "equals", 1.0)
    assert all(a.items is None and "nothing to plan" in a.reason for a in unknown.alternatives)
    composite = planned(tally, "f1", "at_least", 0.9)
    assert composite.lead.value is None
    assert "no plan is made for f1" in composite.lead.reason
    gap = planned(tally, "recall", "max_difference", 0.1, stated=0.0, between=("group",))
    assert "no relevant items" in gap.lead.reason
    two = independent({("a",): (60, 0, 0, 60, 0, 0), ("b",): (20, 0, 0, 20, 0, 0)})
    impossible = planned(two, "recall", "max_difference", 0.8, stated=0.7, between=("group",))
    assert "below 0 or above 1" in impossible.lead.reason


def _clusters(counts: tuple[int, ...], size: int) -> list[list[int]]:
    return [[size if k == outcome else 0 for k in range(6)] for outcome, number in enumerate(counts) for _ in range(number)]
