"""Conditions of approvals, and the deployment that they are held against."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from gate_worlds import WORLD, case_of, day

from evalharness.admission.case import Author, Case, ConditionCase, Deployment, Point
from evalharness.admission.conditions import deployment_reasons, state
from evalharness.records import Claim
from evalharness.signoff.predicates import CONDITION_FIELDS

TODAY, YESTERDAY = date(2026, 1, 7), date(2026, 1, 6)
USE = Deployment(claim=Claim.REHEARSAL, stream="here", volume_per_week=15, unit="north", threshold=0.5, dual_review=("x", "y"))
FORMS: dict[str, dict[str, Any]] = {
    "claim": {"value": "rehearsal"},
    "stream": {"value": "here"},
    "maximum_volume": {"per_week": 15},
    "unit": {"value": "north"},
    "threshold": {"value": "0.5"},
    "dual_review": {"value": "y"},
}
WORSE = {
    "claim": {"claim": Claim.LOCAL},
    "stream": {"stream": "there"},
    "maximum_volume": {"volume_per_week": 16},
    "unit": {"unit": "south"},
    "threshold": {"threshold": 0.4},
    "dual_review": {"dual_review": ("x",)},
}
UNSAID = {
    "claim": {"claim": None},
    "stream": {"stream": None},
    "maximum_volume": {"volume_per_week": None},
    "unit": {"unit": None},
    "threshold": {"threshold": None},
    "dual_review": {"dual_review": None},
}


def held(type_: str, use: Deployment | None = USE, case: Case | None = None, **fields: Any) -> tuple[bool, str]:
    condition = ConditionCase(id="c", type=type_, **(fields or FORMS.get(type_, {})))
    return state(condition, "decision", replace(case or case_of(WORLD), deployment=use))


def test_every_type_of_condition_has_a_rule() -> None:
    assert {*FORMS, "until", "further_requirement", "action"} == set(CONDITION_FIELDS)


@pytest.mark.parametrize("type_", sorted(FORMS))
def test_a_condition_holds_where_the_deployment_says_so(type_: str) -> None:
    assert held(type_) == (True, "holds")


@pytest.mark.parametrize("type_", sorted(FORMS))
def test_a_condition_does_not_hold_for_another_use(type_: str) -> None:
    holds, words = held(type_, replace(USE, **WORSE[type_]))
    assert not holds
    assert "the deployment file says" in words


@pytest.mark.parametrize("type_", sorted(FORMS))
def test_a_condition_does_not_hold_where_the_deployment_is_silent(type_: str) -> None:
    holds, words = held(type_, replace(USE, **UNSAID[type_]))
    assert not holds
    assert "does not say" in words


@pytest.mark.parametrize("type_", sorted(FORMS))
def test_without_a_deployment_file_nobody_can_tell(type_: str) -> None:
    holds, words = held(type_, None)
    assert not holds
    assert "--deployment" in words


def test_more_than_the_condition_lets_claim_must_not_be_asked_for() -> None:
    holds, words = held("claim", case=case_of({**WORLD, "asked": 1}))
    assert not holds
    assert "'local' was asked for" in words


@pytest.mark.parametrize(("type_", "fields"), [("claim", {"value": "all"}), ("threshold", {"value": "high"}), ("weather", {"value": "x"})])
def test_what_this_version_cannot_read_does_not_hold(type_: str, fields: dict[str, Any]) -> None:
    assert held(type_, **fields)[0] is False


def test_a_condition_of_the_wrong_form_does_not_hold() -> None:
    assert held("until", due=TODAY, problems=("due is no day",)) == (False, "due is no day")
    assert held("until", value="x")[0] is False


def test_use_ends_after_its_last_day() -> None:
    assert held("until", None, due=TODAY)[0]
    assert held("until", None, due=YESTERDAY) == (False, "it ended with 2026-01-06")


def test_an_action_is_open_until_its_day_and_then_must_be_done() -> None:
    assert held("action", None, due=TODAY, value="call", owner="p") == (True, "open until 2026-01-07")
    overdue = held("action", None, due=YESTERDAY, value="call", owner="p")
    assert not overdue[0]
    assert "was due on 2026-01-06" in overdue[1]
    assert held("action", None, said_by(SOMEBODY), due=YESTERDAY, value="call", owner="p") == (True, "done")


SOMEBODY = Author(
    person="s", role="safeguarding", organisation="office", person_likeness="s", organisation_likeness="office",
    created=day(5), register=1, rehearsal=False,
)  # fmt: skip


def said_by(*authors: Author, asked: int = 0) -> Case:
    """A case in which these say that the condition was fulfilled."""
    case = case_of({**WORLD, "asked": asked})
    assert case.status.found is not None
    return replace(case, status=replace(case.status, found=replace(case.status.found, discharged={("decision", "c"): authors})))


@pytest.mark.parametrize(
    ("author", "words"),
    [
        (replace(SOMEBODY, problems=("the role advice may not sign this",)), "s as safeguarding, the role advice may not sign this"),
        (replace(SOMEBODY, person_likeness="dev s"), "s as safeguarding, who belongs to the team that made the model"),
        (replace(SOMEBODY, organisation="maker", organisation_likeness="maker"), "who belongs to the supplier of the model"),
    ],
)
def test_the_word_of_somebody_who_cannot_say_that_it_was_done_does_not_count(author: Author, words: str) -> None:
    found = held("action", None, said_by(author), due=YESTERDAY, value="call", owner="p")
    assert not found[0]
    assert words in found[1]
    assert held("action", None, said_by(author), due=TODAY, value="call", owner="p") == (True, "open until 2026-01-07")
    assert held("action", None, said_by(author, SOMEBODY), due=YESTERDAY, value="call", owner="p") == (True, "done")


def test_a_rehearsal_key_says_nothing_about_a_use_above_a_rehearsal() -> None:
    rehearsed = replace(SOMEBODY, rehearsal=True)
    assert held("action", None, said_by(rehearsed), due=YESTERDAY, value="call", owner="p") == (True, "done")
    assert not held("action", None, said_by(rehearsed, asked=1), due=YESTERDAY, value="call", owner="p")[0]


def test_a_further_requirement_is_open_until_its_day_and_then_must_be_met() -> None:
    assert held("further_requirement", None, due=TODAY, value="other/unmet")[0]
    assert not held("further_requirement", None, due=YESTERDAY, value="other/unmet")[0]
    assert held("further_requirement", None, due=YESTERDAY, value="other/met") == (True, "met")


def about(use: Deployment | None, asked: int = 0) -> list[tuple[int, str]]:
    return [(r.code, r.text) for r in deployment_reasons(replace(case_of({**WORLD, "asked": asked}), deployment=use))]


def test_a_deployment_that_claims_no_more_and_uses_the_same_point_gives_no_reason() -> None:
    assert about(None) == []
    assert about(Deployment()) == []
    assert about(USE) == []


def test_a_deployment_that_claims_more_than_was_asked_is_eleven() -> None:
    ((code, text),) = about(Deployment(claim=Claim.PILOT), asked=2)
    assert code == 11
    assert "'pilot'" in text


def test_another_stream_or_threshold_than_the_policys_is_twelve() -> None:
    assert [code for code, _ in about(Deployment(stream="there"))] == [12]
    assert [code for code, _ in about(Deployment(threshold=0.4))] == [12]


def test_an_approval_for_one_daily_budget_or_top_band_covers_no_other_use() -> None:
    assert about(Deployment(budget_per_day=60)) == [(12, "the deployment uses the daily budget 60, the policy no daily budget")]
    assert about(Deployment(top_band="high")) == [(12, "the deployment uses the top band high, the policy no top band")]
    case = case_of({**WORLD, "asked": 0})
    fifty = replace(case, asked=replace(case.asked, point=Point("budget", None, "here", budget_per_day=50)))
    for budget, codes in ((50, []), (60, [12]), (40, [12])):
        assert [r.code for r in deployment_reasons(replace(fifty, deployment=Deployment(budget_per_day=budget)))] == codes
