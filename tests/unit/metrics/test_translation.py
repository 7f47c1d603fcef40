"""Figures for 1,000 items and for a week."""

from __future__ import annotations

import pytest
from tallies_by_hand import LEVEL, everybody, independent, named, policy

from evalharness.metrics import translation
from evalharness.stats.proportion import clopper_pearson_upper

COUNTS = [40, 90, 6, 850, 4, 10]


def test_a_thousand_items_are_counted_by_what_happens_to_them():
    found = translation(everybody(COUNTS), policy(), LEVEL)
    assert named(found, "missed_per_1000").value == pytest.approx(6)
    assert named(found, "wrongly_flagged_per_1000").value == pytest.approx(100)
    assert named(found, "reviewed_per_1000").value == pytest.approx(144)
    assert named(found, "missed_per_1000").upper == pytest.approx(1000 * float(clopper_pearson_upper(6, 1000, 0.05)))
    assert "an item without an answer goes to a person" in named(found, "missed_per_1000").method


def test_a_week_has_the_declared_volume_and_is_absent_without_one():
    found = translation(everybody(COUNTS), policy(), LEVEL)
    assert named(found, "missed_per_week").value == pytest.approx(300)
    assert named(found, "reviewed_per_week").value == pytest.approx(7200)
    assert not [e for e in translation(everybody(COUNTS), policy(human=None), LEVEL) if e.metric.endswith("per_week")]


def test_the_two_figures_of_the_people_warning_are_always_there():
    found = translation(everybody(COUNTS), policy(human=None), LEVEL)
    assert named(found, "system_recall_if_reviewers_catch_7_in_10").value == pytest.approx(0.7 * 44 / 50)
    assert named(found, "system_recall_if_reviewers_catch_9_in_10").value == pytest.approx(0.9 * 44 / 50)


def test_figures_are_for_everybody_and_never_decide():
    tally = independent({("a",): COUNTS, ("b",): COUNTS})
    found = translation(tally, policy(), LEVEL)
    assert {e.group for e in found} == {()}
    assert not any(e.decides for e in found)
    assert len(found) == len({e.metric for e in found}) == 8


def test_nothing_counted_translates_into_nulls_with_reasons():
    assert all(e.value is None and e.reason for e in translation(everybody([0] * 6), policy(), LEVEL))
