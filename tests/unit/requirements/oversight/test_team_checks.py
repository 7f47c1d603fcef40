"""What a policy may declare of readers, and what it is told where that does not hold together."""

from __future__ import annotations

from typing import Any

import pytest
from small_workspace import policy
from team_by_hand import BLIND, SELECTED, people

from evalharness.errors import BadInput
from evalharness.records.oversight_team import NO_DROP, Range, Readers, Team
from evalharness.requirements import policy_from_document

DIGEST = "sha256:" + "0" * 64


def told(block: dict[str, Any], **changes: Any) -> list[str]:
    with pytest.raises(BadInput) as caught:
        policy_from_document(policy(human_in_the_loop=block, **changes), DIGEST)
    return [problem.what for problem in caught.value.problems]


def test_readers_are_read_as_written():
    group = {**SELECTED, "group": {"sex": "F"}}
    found = policy_from_document(policy(human_in_the_loop=people(SELECTED, BLIND, group, fatigue_drop={"low": 0.0, "high": 0.1})), DIGEST)
    assert found.human_in_the_loop is not None
    recall, specificity = Range(low=0.8, high=0.9), Range(low=0.6, high=0.8)
    assert found.human_in_the_loop.team == Team(
        readers=(
            Readers(shown="selected", recall=recall, specificity=specificity),
            Readers(shown="blind", recall=Range(low=0.5, high=0.7), specificity=Range(low=0.9, high=1.0)),
            Readers(shown="selected", group=(("sex", "F"),), recall=recall, specificity=specificity),
        ),
        fatigue_drop=Range(low=0.0, high=0.1),
        low_prevalence_drop=NO_DROP,
    )


def test_everything_that_is_wrong_is_told_at_once():
    upside = {"low": 0.9, "high": 0.2}
    found = told(people({**SELECTED, "recall": upside}, SELECTED, BLIND, fatigue_drop=upside))
    assert found.count("the low end is above the high end") == 2
    assert "the same readers are declared twice" in found


@pytest.mark.parametrize(
    "change", [{"shown": "wrong"}, {"recall": {"low": 0.2, "high": 1.2}}, {"recall": {"low": 0.2}}, {"difficulty": "hard"}]
)
def test_what_is_no_such_reader_is_refused(change: dict[str, Any]):
    assert told(people({**SELECTED, **change}))


def test_an_attribute_or_level_need_not_be_known_to_the_policy_but_links_have_no_readers():
    assert any("team does not go with the task linkage" in what for what in told(people(SELECTED), task="linkage"))


def test_of_leads_the_daily_budget_is_the_ceiling_on_what_is_read():
    asked = [{"id": "team", "metric": "team_recall", "at_least": 0.5, "why": "w"}]
    found = told(people(SELECTED, BLIND), task="ranking", operating_point={"budget_per_day": 5}, requirements=asked)
    assert len(found) == 1
    assert "upper bound on no_answer_rate" in found[0]


def test_grades_have_readers_once_it_is_said_which_of_them_are_relevant():
    asked = [{"id": "team", "metric": "team_recall", "at_least": 0.5, "why": "w"}]
    grades = {"task": "ordinal", "operating_point": {"rule": "label"}, "requirements": asked}
    found = told(people(SELECTED, BLIND), **grades)
    assert sum("from which level on an item is relevant" in what for what in found) == 2
    found = told({**people(SELECTED, BLIND), "relevant_from": "B"}, **grades)
    assert any("upper bound on no_answer_rate" in what for what in found)
    assert any("upper bound on over_grading_1" in what for what in found), "grading everything high finds everything"
    assert len(found) == 2


def test_people_who_read_what_is_set_aside_are_not_those_that_are_declared():
    bands = [
        {"name": "review", "from": "operating_point", "readers": 1},
        {"name": "doubtful", "from": 0.3, "readers": 1},
        {"name": "rest", "rest": True, "readers": 0, "opened_within_days": 30},
    ]
    assert any("team says nothing of such readings" in what for what in told(people(SELECTED, bands=bands)))


def test_a_team_figure_needs_ceilings_on_what_is_read_and_on_refusals():
    asked = [{"id": "team", "metric": "team_recall", "at_least": 0.5, "why": "w"}]
    found = told(people(SELECTED, BLIND), requirements=asked)
    assert any("no_answer_rate" in what for what in found)
    assert any("review_rate" in what for what in found)
