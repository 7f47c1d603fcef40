"""Goals above what people reach: not demonstrated where the policy says so, and nothing is ever made met."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_workspace import policy
from team_by_hand import people

from evalharness.errors import BadInput
from evalharness.records import Claim, Estimate, Outcome, Policy, Prospect, Question
from evalharness.requirements import judge, policy_from_document

RECALL = Question(requirement="r", metric="recall", comparison="at_least", bound=0.9)


def stated(goals: str | None = "within_reach", **changes: Any) -> Policy:
    block = people() if goals is None else {**people(), "label_quality": {"goals": goals}}
    return policy_from_document(policy(human_in_the_loop=block, **changes), "sha256:" + "0" * 64)


def estimate(metric: str, lower: float, upper: float, **more: Any) -> Estimate:
    return Estimate(
        metric=metric, value=(lower + upper) / 2, lower=lower, upper=upper, level=0.95, method="m", n=100, clusters=100, n_eff=100.0, **more
    )


def outcome(question: Question, *estimates: Estimate, by: Policy | None = None) -> tuple[Outcome, str]:
    prospects = {question: Prospect(attainable=True, needed=None)}
    (found,) = judge([question], estimates, prospects, policy=by or stated(), claim=Claim.REHEARSAL)
    return found.outcome, found.reason


MEASURED = estimate("recall", 0.95, 0.99)


def test_a_goal_that_people_reach_is_met():
    assert outcome(RECALL, MEASURED, estimate("rater_recall", 0.85, 0.92)) == (Outcome.MET, "")


def test_a_goal_above_them_is_not_demonstrated_and_says_so():
    found, why = outcome(RECALL, MEASURED, estimate("rater_recall", 0.85, 0.89))
    assert found is Outcome.NOT_DEMONSTRATED
    assert why == "above human agreement: a person who labelled reaches 0.89 at most, and the goal is 0.9"


def test_the_wider_pair_of_bounds_counts():
    assert outcome(RECALL, MEASURED, estimate("rater_recall", 0.85, 0.89, by_size=(0.8, 0.91)))[0] is Outcome.MET


@pytest.mark.parametrize(
    ("metric", "goal", "person", "met"),
    [
        ("false_negative_rate", 0.1, (0.85, 0.92), True),
        ("false_negative_rate", 0.05, (0.85, 0.92), False),
        ("false_positive_rate", 0.05, (0.02, 0.04), True),
        ("false_positive_rate", 0.01, (0.02, 0.04), False),
    ],
)
def test_of_errors_the_least_that_a_person_makes_counts(metric: str, goal: float, person: tuple[float, float], met: bool):
    asked = Question(requirement="r", metric=metric, comparison="at_most", bound=goal)
    name = "rater_recall" if metric == "false_negative_rate" else "rater_false_positive_rate"
    found, _ = outcome(asked, estimate(metric, 0.0, 0.005), estimate(name, *person))
    assert found is (Outcome.MET if met else Outcome.NOT_DEMONSTRATED)


def test_specificity_is_the_contrary_of_false_alarms():
    asked = Question(requirement="r", metric="specificity", comparison="at_least", bound=0.97)
    person = estimate("rater_false_positive_rate", 0.02, 0.04)
    assert outcome(asked, estimate("specificity", 0.99, 1.0), person)[0] is Outcome.MET
    assert outcome(replace(asked, bound=0.985), estimate("specificity", 0.99, 1.0), person)[0] is Outcome.NOT_DEMONSTRATED


def test_a_group_is_held_to_what_people_reach_of_everybody():
    asked = replace(RECALL, group=(("sex", "F"),))
    of_group = estimate("rater_recall", 0.95, 0.99, group=(("sex", "F"),))
    found, _ = outcome(asked, replace(MEASURED, group=asked.group), of_group, estimate("rater_recall", 0.85, 0.89))
    assert found is Outcome.NOT_DEMONSTRATED


def test_where_nobody_is_known_nothing_is_shown():
    found, why = outcome(RECALL, MEASURED)
    assert found is Outcome.NOT_DEMONSTRATED
    assert "is not known" in why


@pytest.mark.parametrize("goals", ["any", None])
def test_a_policy_that_does_not_ask_is_judged_as_before(goals: str | None):
    assert outcome(RECALL, MEASURED, estimate("rater_recall", 0.1, 0.2), by=stated(goals))[0] is Outcome.MET


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 0.99))
def test_it_makes_nothing_met(a: float, b: float, c: float, d: float, goal: float):
    asked = replace(RECALL, bound=goal)
    own, person = estimate("recall", min(a, b), max(a, b)), estimate("rater_recall", min(c, d), max(c, d))
    plain, _ = outcome(asked, own, person, by=stated(None))
    found, _ = outcome(asked, own, person)
    assert found is plain or (plain, found) == (Outcome.MET, Outcome.NOT_DEMONSTRATED)


@pytest.mark.parametrize("task", ["risk", "ranking", "linkage"])
def test_other_tasks_have_no_such_people(task: str):
    asked = [{"id": "labels", "metric": "rater_agreement", "at_least": 0.5, "why": "w"}]
    with pytest.raises(BadInput) as caught:
        stated(task=task, requirements=asked)
    told = [problem for problem in caught.value.problems if "people who labelled are not counted" in problem.what]
    assert len(told) == 2
    assert all(f"the task {task}" in problem.what for problem in told)


def test_goals_are_one_of_two_words():
    with pytest.raises(BadInput, match="goals"):
        stated("high")
