"""What more data could show."""

from __future__ import annotations

import time

import pytest
from tallies_by_hand import LEVEL, PEOPLE, clustered, everybody, independent, named, policy, question

from evalharness.metrics import measure, prospects
from evalharness.records import Prospect, Question
from evalharness.stats.planning import needed_for_proportion
from evalharness.tally import ConfusionTally


def prospect(tally: ConfusionTally, asked: Question) -> Prospect:
    return prospects(tally, [asked], policy(), LEVEL)[asked]


def test_58_relevant_items_can_never_show_95_per_cent_and_59_can():
    asked = question("recall", "at_least", 0.95)
    assert not prospect(everybody([58, 0, 0, 9, 0, 0]), asked).attainable
    assert prospect(everybody([59, 0, 0, 9, 0, 0]), asked) == Prospect(attainable=True, needed=59)


def test_a_ceiling_is_attainable_when_no_event_would_show_it():
    asked = question("false_positive_rate", "at_most", 0.05)
    assert not prospect(everybody([9, 0, 0, 58, 0, 0]), asked).attainable
    assert prospect(everybody([9, 1, 0, 58, 0, 0]), asked).attainable


def test_needed_is_the_exact_plan_at_the_observed_rate():
    asked = question("recall", "at_least", 0.9)
    assert prospect(everybody([95, 0, 5, 9, 0, 0]), asked).needed == needed_for_proportion(0.95, 0.9, 0.05)


def test_needed_grows_with_the_design_effect_of_the_clusters():
    asked = question("recall", "at_least", 0.9)
    pairs = clustered([[2, 0, 0, 0, 0, 0]] * 48 + [[0, 0, 2, 0, 0, 0]] * 2)
    units = needed_for_proportion(0.96, 0.9, 0.05)
    assert units is not None
    assert prospect(pairs, asked).needed == 2 * units
    assert not prospect(clustered([[20, 0, 0, 0, 0, 0]] * 28), asked).attainable


@pytest.mark.parametrize(("counts", "words"), [([85, 0, 15, 9, 0, 0], "wrong side"), ([90, 0, 10, 9, 0, 0], "equals the goal")])
def test_no_sample_is_named_on_the_wrong_side_or_at_the_goal(counts: list[int], words: str):
    found = prospect(everybody(counts), question("recall", "at_least", 0.9))
    assert found.needed is None
    assert words in found.reason


def test_a_plan_beyond_reason_says_so():
    found = prospect(everybody([90_000_001, 0, 9_999_999, 9, 0, 0]), question("recall", "at_least", 0.9))
    assert found.needed is None
    assert "more than 1,000,000,000 items" in found.reason


def test_an_empty_denominator_has_no_prospect():
    found = prospect(everybody([0, 1, 0, 9, 0, 0]), question("recall", "at_least", 0.9))
    assert found == Prospect(attainable=False, needed=None, reason="no relevant items")


def test_a_scaled_metric_asks_for_the_share_behind_it():
    tally = everybody([95, 0, 5, 9, 0, 0])
    system = prospect(tally, question("system_recall", "at_least", 0.63))
    assert system == prospect(tally, question("routed_recall", "at_least", 0.63 / PEOPLE.sensitivity_low))
    above = prospect(tally, question("system_recall", "at_least", 0.71))
    assert not above.attainable
    assert above.needed is None


def test_a_reciprocal_metric_asks_for_the_inverse_share_from_below():
    tally = everybody([60, 40, 5, 900, 0, 0])
    found = prospect(tally, question("reviews_per_find", "at_most", 2.0))
    assert found == Prospect(attainable=True, needed=needed_for_proportion(0.6, 0.5, 0.05))
    assert "wrong side" in prospect(tally, question("reviews_per_find", "at_most", 1.5)).reason


def test_a_goal_that_everything_meets_needs_one_item():
    assert prospect(everybody([0, 0, 5, 9, 0, 0]), question("recall", "at_least", 0.0)) == Prospect(attainable=True, needed=1)
    assert prospect(everybody([0, 0, 5, 9, 0, 0]), question("elusion", "at_most", 1.0)) == Prospect(attainable=True, needed=1)


def test_a_cost_of_one_rise_is_a_proportion():
    tally = everybody([50, 100, 2, 850, 0, 0])
    found = prospect(tally, question("expected_cost", "at_most", 0.6, unit="minutes"))
    assert found == Prospect(attainable=True, needed=needed_for_proportion(150 / 1002, 0.2, 0.05, direction="at_most"))


def test_a_cost_is_attainable_when_the_cheapest_of_everything_would_show_it():
    asked = question("expected_cost", "at_most", 0.5, unit="mixed")
    assert not prospect(everybody([1, 2, 0, 20, 0, 0]), asked).attainable
    assert prospect(everybody([10, 20, 0, 970, 0, 0]), asked).attainable
    assert "wrong side" in prospect(everybody([10, 20, 100, 900, 0, 0]), asked).reason
    found = prospect(everybody([10, 20, 10, 960, 0, 0]), asked)
    assert found.needed is not None
    assert prospect(everybody([10, 20, 10, 960, 0, 0]), asked) == found


def test_a_cost_that_never_varies_is_decided_by_its_value():
    tally = everybody([10, 20, 10, 960, 0, 0])
    assert prospect(tally, question("expected_cost", "at_most", 0.7, unit="flat")) == Prospect(attainable=True, needed=1)
    assert "no sample would change" in prospect(tally, question("expected_cost", "at_most", 0.6, unit="flat")).reason


def test_a_gap_is_attainable_when_equal_perfect_rates_would_show_it():
    small = independent({("a",): [58, 0, 0, 9, 0, 0], ("b",): [5800, 0, 0, 9, 0, 0]})
    large = independent({("a",): [59, 0, 0, 9, 0, 0], ("b",): [5800, 0, 0, 9, 0, 0]})
    for comparison, bound in (("max_difference", 0.05), ("min_ratio", 0.95)):
        asked = question("recall", comparison, bound, between=("group",))
        assert not prospect(small, asked).attainable
        assert prospect(large, asked).attainable


def test_needed_of_a_gap_counts_both_groups_of_the_pair_and_would_nearly_show_it():
    tally = independent({("a",): [190, 0, 10, 9, 0, 0], ("b",): [94, 0, 6, 9, 0, 0]})
    asked = question("recall", "max_difference", 0.05, between=("group",))
    found = prospect(tally, asked)
    assert found.needed is not None
    assert found.needed > 300
    times = -(-found.needed // 300)
    larger = independent({("a",): [190 * times, 0, 10 * times, 9, 0, 0], ("b",): [94 * times, 0, 6 * times, 9, 0, 0]})
    assert named(measure(larger, policy(), LEVEL), "recall_difference").upper <= 0.05  # type: ignore[operator]


def test_a_gap_on_the_wrong_side_or_without_a_denominator_has_a_reason():
    asked = question("recall", "max_difference", 0.05, between=("group",))
    assert "wrong side" in prospect(independent({("a",): [19, 0, 1, 9, 0, 0], ("b",): [80, 0, 20, 9, 0, 0]}), asked).reason
    empty = prospect(independent({("a",): [19, 0, 1, 9, 0, 0], ("b",): [0, 0, 0, 9, 0, 0]}), asked)
    assert empty == Prospect(attainable=False, needed=None, reason="no relevant items in group=b")
    left_out = question("recall", "max_difference", 0.05, between=("group",), excluded=((("group", "b"),),))
    assert prospect(independent({("a",): [19, 0, 1, 9, 0, 0], ("b",): [0, 0, 0, 9, 0, 0]}), left_out).reason.startswith("fewer than two")


def test_what_only_describes_has_no_prospect():
    assert prospect(everybody([9, 1, 1, 9, 0, 0]), question("f1", "at_least", 0.5)).attainable is False


def test_hundreds_of_questions_take_well_under_a_second():
    cells = {(a, b): [900 + 7 * i, 90, 40 + j, 9000, 2, 3] for i, a in enumerate("abcdefghij") for j, b in enumerate("klmnopqrst")}
    tally = independent(cells, ("x", "y"), depth=2)
    asked = [
        question(metric, comparison, bound, group=who)
        for who in tally.slices.groups
        for metric, comparison, bound in (("recall", "at_least", 0.93), ("false_positive_rate", "at_most", 0.012))
    ]
    assert len(asked) == 242
    before = time.process_time()
    found = prospects(tally, asked, policy(), LEVEL)
    assert time.process_time() - before < 1.0
    assert len(found) == 242
