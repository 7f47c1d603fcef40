"""How far stated costs may be off: at both ends of a range the finding is still the same, beyond them it is another."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import pytest
from tallies_by_hand import LEVEL, clustered, everybody, named, policy, question

from evalharness.catalogue import task_metrics
from evalharness.metrics import cost_ranges, measure
from evalharness.records import CostRange, CostUnit, Policy, Question
from evalharness.requirements import judge
from evalharness.tally import ConfusionTally

COUNTS = [90, 60, 10, 800, 4, 6]
HARM = CostUnit(name="harm", relevant_set_aside=5.0, not_relevant_review=1.0)
GRADES = task_metrics("ordinal", ("none", "C", "B", "A"))
FIELDS = {("relevant", "set_aside"): "relevant_set_aside", ("not_relevant", "review"): "not_relevant_review"}


def of(tally: ConfusionTally, goal: float, unit: CostUnit = HARM) -> list[CostRange]:
    return list(cost_ranges(tally, [question("expected_cost", "at_most", goal, unit=unit.name)], policy(units=(unit,)), LEVEL))


def outcome(tally: ConfusionTally, goal: float, unit: CostUnit) -> str:
    asked, stated = question("expected_cost", "at_most", goal, unit=unit.name), policy(units=(unit,))
    (finding,) = judge([asked], measure(tally, stated, LEVEL), _prospects(asked), policy=stated, claim=stated.claim)
    return str(finding.outcome)


def _prospects(asked: Question) -> dict:
    from evalharness.records import Prospect

    return {asked: Prospect(attainable=True, needed=None)}


@pytest.mark.parametrize("goal", [0.10, 0.14, 0.18, 0.25, 0.6, 1.5])
@pytest.mark.parametrize("tally", [everybody(COUNTS), clustered([[n // 10 for n in COUNTS]] * 10)], ids=["alone", "clustered"])
def test_inside_the_range_the_finding_is_the_same_and_just_outside_it_is_another(tally: ConfusionTally, goal: float) -> None:
    found = of(tally, goal)
    assert [(r.true, r.given, r.cost) for r in found] == [("relevant", "set_aside", 5.0), ("not_relevant", "review", 1.0)]
    ends = 0
    for r in found:
        assert r.outcome == outcome(tally, goal, HARM)
        for end, beyond in ((r.least, 0.99), (r.most, 1.01)):
            if end is not None:
                ends += 1
                assert outcome(tally, goal, replace(HARM, **{FIELDS[r.true, r.given]: end})) == r.outcome
                assert outcome(tally, goal, replace(HARM, **{FIELDS[r.true, r.given]: end * beyond})) != r.outcome
    assert ends > 0 or (tally.clustered and goal < 0.6)


def test_a_goal_that_no_cost_tried_can_change_has_no_ends() -> None:
    assert all(r.least is None and r.most is None for r in of(everybody(COUNTS), 1e6))


def test_costs_of_grades_are_varied_one_by_one() -> None:
    late = CostUnit(name="late", by_level=(("A", (("C", 3.0), ("none", 10.0))), ("B", (("C", 0.0), ("none", 4.0)))))
    counts = [90, 6, 3, 1, 5, 40, 4, 1, 2, 3, 20, 5, 1, 2, 3, 14, 4, 3, 2, 1]
    found = of(everybody(counts, GRADES), 0.6, late)
    assert [(r.true, r.given) for r in found] == [("A", "C"), ("A", "none"), ("B", "none")]
    assert any(r.most is not None for r in found)


def test_only_costs_of_everybody_are_looked_at_and_none_without_items() -> None:
    asked = [question("recall", "at_least", 0.9), question("expected_cost", "at_most", 1.0, unit="harm", group=(("group", "a"),))]
    stated: Policy = policy(units=(HARM,))
    assert list(cost_ranges(everybody(COUNTS), asked, stated, LEVEL)) == []
    assert of(everybody([0] * 6), 1.0) == []
    assert list(chain(cost_ranges(everybody([0] * 6, task_metrics("ranking")), asked, stated, LEVEL))) == []
    assert named(measure(everybody(COUNTS), stated, LEVEL), "expected_cost", unit="harm").value == pytest.approx((14 * 5 + 66) / 970)
