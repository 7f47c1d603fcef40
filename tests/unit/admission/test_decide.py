"""The decision as a whole: what is told, and in which order."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from gate_worlds import RUN, STATUS, WORLD, case_of, vote

from evalharness.admission.case import Case
from evalharness.admission.decide import decide
from evalharness.admission.decision import Decision, Reason


def test_approval_says_who_signed_and_what_ends_first() -> None:
    decision = decide(case_of(WORLD))
    assert decision.approved
    assert decision.root == "root"
    assert [(v.person, v.counts) for v in decision.runs[0].votes] == [("p", True), ("q", True), ("r", True)]
    assert [limit.what for limit in decision.limits] == [
        "the approval by p ends",
        "the approval by q ends",
        "the status list must be issued anew",
    ]


def test_the_earliest_end_is_told_first() -> None:
    case = case_of(
        {**WORLD, "status": {**STATUS, "next": 7}, "runs": ({**RUN, "votes": (vote("p", "a", "conditional"), *RUN["votes"][1:])},)}
    )
    case = replace(case, runs=(replace(case.runs[0], exempt_until=date(2026, 1, 8)),))
    limits = decide(case).limits
    assert [limit.until for limit in limits] == sorted(limit.until for limit in limits)
    assert limits[0].what == "the status list must be issued anew"
    assert datetime(2026, 1, 8, 23, 59, 59, tzinfo=UTC) in [limit.until for limit in limits]
    assert "the condition until-1 of p is due" in [limit.what for limit in limits]


def test_a_blocked_answer_says_until_when_nothing() -> None:
    assert decide(case_of({**WORLD, "at": 5})).limits == ()


def test_reasons_are_sorted_by_code_and_told_once() -> None:
    decision = decide(case_of({**WORLD, "card": False, "manifest": False, "asked": 3, "orphan": "matching"}))
    codes = [reason.code for reason in decision.reasons]
    assert codes == sorted(codes, key=(13, 3, 10, 11, 12).index)
    assert {13, 10, 11, 12} <= set(codes)
    assert len(set(decision.reasons)) == len(decision.reasons)
    assert decision.code == 13


def test_no_evidence_is_three() -> None:
    decision = decide(case_of({**WORLD, "runs": ()}))
    assert decision.code == 3
    assert "run `evalharness evaluate` first" in decision.reasons[0].text


def test_evidence_for_something_else_is_listed_and_otherwise_ignored() -> None:
    alone = decide(case_of({**WORLD, "runs": ({**RUN, "state": "unlike"},)}))
    assert [(r.code, r.run) for r in alone.reasons] == [(13, "run-0")]
    beside = decide(case_of({**WORLD, "runs": (RUN, {**RUN, "state": "unlike", "evidence": "e2", "verdict": "not_met"})}))
    assert beside.code == 0
    assert [run.used for run in beside.runs] == [True, False]


def test_practice_runs_alone_are_never_approved() -> None:
    decision = decide(case_of({**WORLD, "runs": ({**RUN, "practice": True},)}))
    assert decision.code == 12
    assert "only practice runs" in decision.reasons[0].text


def test_a_practice_run_that_fails_stands_beside_an_approved_one() -> None:
    assert decide(case_of({**WORLD, "runs": (RUN, {**RUN, "practice": True, "verdict": "not_met", "evidence": "e2"})})).code == 10


def test_every_run_of_the_newest_attempt_must_be_approved() -> None:
    assert decide(case_of({**WORLD, "runs": (RUN, {**RUN, "votes": (), "evidence": "e2"})})).code == 12
    assert decide(case_of({**WORLD, "runs": (RUN, {**RUN, "votes": (), "evidence": "e2", "attempt": 2})})).code == 12


def test_a_run_of_an_earlier_attempt_need_not_be_approved_and_its_findings_stand() -> None:
    newest = {**RUN, "evidence": "e2", "attempt": 2}
    assert decide(case_of({**WORLD, "runs": ({**RUN, "votes": ()}, newest)})).code == 0
    assert decide(case_of({**WORLD, "runs": ({**RUN, "votes": (), "verdict": "not_met"}, newest)})).code == 10
    assert decide(case_of({**WORLD, "runs": ({**RUN, "altered statement": True}, newest)})).code == 13


def test_a_veto_of_an_earlier_attempt_stands_until_the_same_person_approves_the_newest() -> None:
    newest = {**RUN, "evidence": "e2", "attempt": 2}
    for person, code in (("q", 0), ("s", 12)):
        assert decide(case_of({**WORLD, "runs": ({**RUN, "votes": (vote(person, "b", "reject"),)}, newest)})).code == code


def test_an_altered_run_blocks_whatever_else_is_there() -> None:
    decision = decide(case_of({**WORLD, "runs": (RUN, {**RUN, "state": "altered"})}))
    assert decision.code == 13
    assert [run.note for run in decision.runs if run.run == "x"] == ["altered or unreadable"]


def test_an_empty_case_is_never_approved() -> None:
    case = case_of({**WORLD, "runs": ()})
    assert decide(replace(case, altered_runs=())).code != 0


def test_the_code_follows_from_the_reasons_and_cannot_be_given() -> None:
    assert "code" not in {field.name for field in fields(Decision)}
    decision = decide(case_of(WORLD))
    assert replace(decision, reasons=(Reason(code=12, text="x"),)).code == 12


@pytest.mark.parametrize("part", ["register", "status", "locks"])
def test_nothing_may_be_missing_from_a_case(part: str) -> None:
    values: dict[str, Any] = {field.name: getattr(case_of(WORLD), field.name) for field in fields(Case)}
    del values[part]
    with pytest.raises(TypeError):
        Case(**values)


def test_the_decision_is_the_same_every_time() -> None:
    case = case_of({**WORLD, "card": False, "asked": 1})
    assert decide(case) == decide(case)
