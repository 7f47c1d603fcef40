"""Base rates that differ, and what then cannot be equal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tallies_by_hand import LEVEL, independent, named, policy

from evalharness.catalogue import task_metrics
from evalharness.metrics.conflicts import conflicts
from evalharness.metrics.measure import measure
from evalharness.stats.gaps import mover_difference
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.tally import ConfusionTally


def of_counts(*table: tuple[int, ...]) -> ConfusionTally:
    return independent({(f"g{i}",): counts for i, counts in enumerate(table)})


def test_the_pair_that_is_surest_to_differ_is_told_with_its_bound():
    tally = of_counts((30, 5, 10, 155, 0, 0), (10, 5, 5, 178, 1, 1), (20, 5, 5, 170, 0, 0))
    (found,) = conflicts(tally, [("group",)], 0.95)
    assert found.groups == ((("group", "g0"),), (("group", "g1"),))
    assert found.base_rates == (0.2, 0.08)
    assert found.recall_ratio == 2.5
    alpha = 0.05 / 6
    sides = [(k / 200, float(clopper_pearson_lower(k, 200, alpha)), float(clopper_pearson_upper(k, 200, alpha))) for k in (40, 16)]
    assert found.difference == pytest.approx(float(mover_difference(*sides[0], *sides[1])[0]), rel=1e-9)


def test_several_attributes_are_allowed_for():
    cells = {("a", "x"): (60, 5, 10, 425, 0, 0), ("a", "y"): (70, 5, 10, 415, 0, 0), ("b", "x"): (20, 5, 10, 465, 0, 0)}
    tally = independent(cells, attributes=("one", "two"), depth=1)
    (alone,) = conflicts(tally, [("one",)], 0.95)
    both = list(conflicts(tally, [("one",), ("two",)], 0.95))
    (stricter,) = conflicts(tally, [("one",)], 0.975)
    assert both[0] == stricter
    assert 0 < stricter.difference < alone.difference


def test_equal_base_rates_show_no_conflict_and_one_group_has_none():
    (found,) = conflicts(of_counts((30, 5, 10, 155, 0, 0), (35, 9, 5, 151, 0, 0)), [("group",)], 0.95)
    assert found.difference == 0
    assert list(conflicts(of_counts((30, 5, 10, 155, 0, 0), (0, 0, 0, 0, 0, 0)), [("group",)], 0.95)) == []


def test_without_a_relevant_item_in_a_group_there_is_no_ratio():
    (found,) = conflicts(of_counts((30, 5, 10, 155, 0, 0), (0, 9, 0, 191, 0, 0)), [("group",)], 0.95)
    assert found.recall_ratio is None
    assert found.difference > 0


def test_a_task_without_these_metrics_has_none():
    of = task_metrics("ranking")
    tally = independent({("a",): (3, 1, 2, 5, 0, 0), ("b",): (30, 1, 2, 5, 0, 0)}, of=of)
    assert list(conflicts(tally, [("group",)], 0.95)) == []


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.tuples(*[st.integers(1, 50)] * 6))
def test_precision_times_selection_rate_is_base_rate_times_recall(counts: tuple[int, ...]):
    """The identity that the conflict follows from, for items without an answer too."""
    estimates = measure(of_counts(counts), policy(), LEVEL)
    precision, selected, recall = (named(estimates, name).value for name in ("precision", "selection_rate", "recall"))
    base = (counts[0] + counts[2] + counts[4]) / sum(counts)
    assert precision * selected == pytest.approx(base * recall, rel=1e-8)
