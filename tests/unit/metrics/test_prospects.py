"""What more data could show."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special
from tallies_by_hand import LEVEL, PEOPLE, clustered, clusters_of_groups, everybody, independent, named, policy, question

from evalharness.metrics import measure, prospects
from evalharness.metrics.prospects import REFUSED
from evalharness.records import Prospect, Question
from evalharness.stats.planning import needed_for_proportion
from evalharness.stats.proportion import clopper_pearson_lower
from evalharness.tally import ConfusionTally

TN = [0, 0, 0, 1, 0, 0]


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
    small = independent({("a",): [59, 0, 0, 9, 0, 0], ("b",): [5800, 0, 0, 9, 0, 0]})
    large = independent({("a",): [60, 0, 0, 9, 0, 0], ("b",): [5800, 0, 0, 9, 0, 0]})  # a share alone is shown with 59
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


def test_needed_of_a_gap_is_planned_for_all_groups_together():
    five = independent({(level,): [54, 0, 6, 9, 0, 0] for level in "abcde"})
    two = independent({(level,): [54, 0, 6, 9, 0, 0] for level in "ab"})
    asked = question("recall", "max_difference", 0.1, between=("group",))
    all_five, pair = prospect(five, asked).needed, prospect(two, asked).needed
    assert all_five is not None
    assert pair is not None
    assert all_five / 5 > 1.4 * pair / 2


def test_needed_of_a_gap_grows_with_the_design_effect_and_with_shared_clusters():
    asked = question("recall", "max_difference", 0.1, between=("group",))
    single = [{level: [1, 0, 0, 0, 0, 0]} for level in "ab"] * 95 + [{level: [0, 0, 1, 0, 0, 0]} for level in "ab"] * 5
    double = [{level: [2 * x for x in numbers] for level, numbers in part.items()} for part in single]
    one, two, shared = (prospect(clusters_of_groups(parts), asked).needed for parts in (single, double, [*single, {"a": TN, "b": TN}]))
    assert one is not None
    assert two == pytest.approx(2 * one, abs=1)
    assert shared is not None
    assert shared > 1.2 * one


def test_no_plan_is_made_for_very_many_groups():
    many = independent({(f"g{i}",): [95, 0, 5, 9, 0, 0] for i in range(31)})
    found = prospect(many, question("recall", "max_difference", 0.1, between=("group",)))
    assert found.needed is None
    assert found.reason == "no plan is made for more than 30 groups"


def test_a_gap_goal_that_everything_meets_needs_one_item_a_group():
    far = independent({("a",): [19, 0, 0, 9, 0, 0], ("b",): [0, 0, 20, 9, 0, 0]})
    assert prospect(far, question("recall", "max_difference", 1.0, between=("group",))) == Prospect(attainable=True, needed=2)
    near = independent({("a",): [19, 0, 0, 9, 0, 0], ("b",): [10, 0, 20, 9, 0, 0]})
    found = prospect(near, question("recall", "min_ratio", 0.0, between=("group",)))
    assert found.reason == ""
    assert found.needed is not None


def test_attainable_goes_by_the_bound_as_it_is_judged():
    """The lower bound of 20 of 20 is .860891654...: it reaches its own rounding down, and no more than that."""
    perfect = everybody([20, 0, 0, 9, 0, 0])
    bound = named(measure(perfect, policy(), LEVEL), "recall").lower
    exact = float(clopper_pearson_lower(20, 20, 0.05))
    assert bound is not None
    assert bound < exact
    assert prospect(perfect, question("recall", "at_least", bound)).attainable
    assert not prospect(perfect, question("recall", "at_least", exact)).attainable
    groups = independent({("a",): [20, 0, 0, 9, 0, 0], ("b",): [20, 0, 0, 9, 0, 0]})
    upper = named(measure(groups, policy(), LEVEL), "recall_difference").upper
    assert upper is not None
    assert prospect(groups, question("recall", "max_difference", upper, between=("group",))).attainable
    assert not prospect(groups, question("recall", "max_difference", 1 - exact, between=("group",))).attainable


def test_where_refused_items_decide_no_sample_is_named():
    tally = everybody([400, 10, 0, 9000, 100, 0])
    asked = question("routed_recall", "at_least", 0.95)
    estimate = named(measure(tally, policy(), LEVEL), "routed_recall")
    assert estimate.lower > 0.95 > estimate.worst_case[0]  # type: ignore[index, operator]
    assert prospect(tally, asked) == Prospect(attainable=True, needed=None, reason=REFUSED)
    groups = independent({("a",): [400, 10, 0, 9000, 100, 0], ("b",): [500, 10, 0, 9000, 0, 0]})
    apart = question("routed_recall", "max_difference", 0.05, between=("group",))
    assert prospect(groups, apart) == Prospect(attainable=True, needed=None, reason=REFUSED)


def test_a_gap_on_the_wrong_side_or_without_a_denominator_has_a_reason():
    asked = question("recall", "max_difference", 0.05, between=("group",))
    assert "wrong side" in prospect(independent({("a",): [19, 0, 1, 9, 0, 0], ("b",): [80, 0, 20, 9, 0, 0]}), asked).reason
    empty = prospect(independent({("a",): [19, 0, 1, 9, 0, 0], ("b",): [0, 0, 0, 9, 0, 0]}), asked)
    assert empty == Prospect(attainable=False, needed=None, reason="no relevant items in group=b")
    left_out = question("recall", "max_difference", 0.05, between=("group",), excluded=((("group", "b"),),))
    assert prospect(independent({("a",): [19, 0, 1, 9, 0, 0], ("b",): [0, 0, 0, 9, 0, 0]}), left_out).reason.startswith("fewer than two")


def test_what_only_describes_has_no_prospect():
    assert prospect(everybody([9, 1, 1, 9, 0, 0]), question("f1", "at_least", 0.5)).attainable is False


def failing(found: int, n: int, questions: int) -> list[bool]:
    """Whether a recall of `found` of `n` against .90 still fails after correction, beside that many questions which nothing fails."""
    tally = independent({("a",): [found, 0, n - found, 9, 0, 0], ("b",): [90, 0, 10, 9, 0, 0]})
    asked = [question("recall", "at_least", 0.9, group=(("group", "a"),))]
    asked += [question("recall", "at_least", 0.9 - i / 1000, group=(("group", "b"),)) for i in range(questions - 1)]
    found_all = prospects(tally, asked, policy(), LEVEL)
    return [found_all[q].corrected for q in asked]


def test_a_failure_stands_only_where_it_stands_at_holm_s_level():
    """83 of 100 against .90: P(at most 83) = .0206, so it fails among two checks (.025) and not among three (.0167)."""
    assert 0.05 / 3 < special.bdtr(83, 100, 0.9) < 0.05 / 2
    assert failing(83, 100, 1) == [True]
    assert failing(83, 100, 2) == [True, False]
    assert failing(83, 100, 3) == [False] * 3
    assert failing(50, 100, 200)[0]
    assert not any(failing(90, 100, 1))


def test_every_failure_that_stands_makes_the_next_step_easier():
    cells = {"a": [50, 50], "b": [83, 17], "c": [90, 10]}
    tally = independent({(name,): [hits, 0, missed, 9, 0, 0] for name, (hits, missed) in cells.items()})
    asked = [question("recall", "at_least", 0.9, group=(("group", name),)) for name in "abc"]
    found = prospects(tally, asked, policy(), LEVEL)
    assert [found[q].corrected for q in asked] == [True, True, False]


def test_failures_of_gaps_and_costs_are_corrected_too():
    tally = independent({("a",): [95, 0, 5, 900, 0, 0], ("b",): [40, 0, 60, 900, 0, 0]})
    gap = question("recall", "max_difference", 0.1, between=("group",))
    ratio = question("recall", "min_ratio", 0.9, between=("group",))
    cost = question("expected_cost", "at_most", 0.01, unit="minutes")
    asked = [gap, ratio, cost, question("recall", "at_least", 0.1)]
    assert [prospects(tally, asked, policy(), LEVEL)[q].corrected for q in asked] == [True, True, True, False]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.integers(60, 100), min_size=1, max_size=9))
def test_what_stands_is_what_holm_s_step_down_on_p_values_says(found: list[int]):
    tally = independent({(f"g{i}",): [hits, 0, 100 - hits, 9, 0, 0] for i, hits in enumerate(found)})
    asked = [question("recall", "at_least", 0.9, group=(("group", f"g{i}"),)) for i in range(len(found))]
    prospects_of = prospects(tally, asked, policy(), LEVEL)
    p = special.bdtr(np.array(found, dtype=float), 100, 0.9)
    expected = np.zeros(len(found), dtype=bool)
    for step, at in enumerate(np.argsort(p, kind="stable")):
        if p[at] > 0.05 / (len(found) - step):
            break
        expected[at] = True
    assert [prospects_of[q].corrected for q in asked] == expected.tolist()


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


def test_dozens_of_gaps_and_costs_that_fail_or_must_be_planned_take_no_time_to_speak_of():
    cells = {(a, b): [900 + 7 * i, 90, 40 + j, 9000, 2, 3] for i, a in enumerate("abcdefg") for j, b in enumerate("hijkl")}
    tally = independent(cells, ("x", "y"), depth=2)
    gaps = [question("recall", "max_difference", 0.03 + i / 100, between=(name,)) for name in "xy" for i in range(8)]
    costs = [question("expected_cost", "at_most", 0.5 + i / 100, unit="mixed") for i in range(20)]
    lost = [question("recall", "at_least", 0.99, group=who) for who in tally.slices.groups]
    before = time.process_time()
    found = prospects(tally, [*gaps, *costs, *lost], policy(), LEVEL)
    assert time.process_time() - before < 3.0
    assert any(found[q].needed for q in gaps)
    assert all(found[q].corrected for q in lost)
