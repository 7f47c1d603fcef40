"""Is a locked run approved?"""

from __future__ import annotations

from typing import Any

import pytest
from gate_worlds import RESTS_ON, RUN, VOTES, WORLD, World, case_of, vote

from evalharness.admission.approval import conditions_of, objections, statement_reasons, vote_reasons
from evalharness.admission.votes import weighed


def statements(**changes: Any) -> list[tuple[int, str]]:
    case = case_of({**WORLD, "runs": ({**RUN, **changes},)})
    run = case.runs[0]
    assert run.lock is not None
    return [(r.code, r.text) for r in statement_reasons(run, run.lock, case)]


def votes(*said: World, **world: Any) -> list[tuple[int, str]]:
    case = case_of({**WORLD, **world, "runs": ({**RUN, "votes": said},)})
    return [(r.code, r.text) for r in vote_reasons(case.runs[0], weighed(case.runs[0], case), case)]


def test_statements_in_order_give_no_reason() -> None:
    assert statements() == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("other evidence", "other evidence"),
        ("other report", "another report"),
        ("other lock", "another lock"),
        ("other result", "another test result"),
        ("other subject", "another policy"),
        ("inexact", "its subject is not"),
        ("gone", "are gone: unseen"),
        ("copied", "more than once"),
    ],
)
def test_a_decision_about_something_else_is_thirteen(name: str, words: str) -> None:
    found = statements(votes=(vote("p", "a", defects=frozenset({name})), *VOTES[1:]))
    assert {code for code, _ in found} == {13}
    assert words in found[0][1]


def test_a_decision_about_a_test_result_that_is_not_there_is_thirteen() -> None:
    found = statements(result={**RUN["result"], "there": False})
    assert [code for code, _ in found] == [13, 13, 13]


def test_an_altered_statement_is_thirteen() -> None:
    assert [code for code, _ in statements(**{"altered statement": True})] == [13]


@pytest.mark.parametrize("mark", ["revoked", "suspended"])
def test_a_run_that_was_revoked_or_suspended_is_twelve(mark: str) -> None:
    assert statements(marked=mark) == [(12, f"this run: {mark}")]


def test_votes_that_are_enough_give_no_reason() -> None:
    assert votes(*VOTES) == []


@pytest.mark.parametrize("kind", ["reject", "defer"])
def test_one_role_with_a_veto_stops_an_approval(kind: str) -> None:
    found = votes(*VOTES, vote("s", "b", kind))
    assert [code for code, _ in found] == [12]
    assert "can stop it" in found[0][1]


def test_dissent_and_an_objection_without_veto_do_not_stop_an_approval() -> None:
    assert votes(*VOTES, vote("s", "b", "dissent"), vote("s", "a", "reject")) == []


def test_an_empty_seat_is_named_with_why_votes_do_not_count() -> None:
    found = votes(VOTES[0], vote("q", "b", end=5), VOTES[2])
    text = "\n".join(text for _, text in found)
    assert {code for code, _ in found} == {12}
    assert "1 x b" in text
    assert "the approval by q as b does not count: it ended at" in text


def test_too_few_people_are_told() -> None:
    found = votes(vote("p", "a"), vote("p", "b", **{"accepts risk": True}), VOTES[2], several=True)
    assert [text for _, text in found] == ["no sign-off: the approvals that count are by one person, the policy wants 2"]


def test_somebody_must_accept_the_risk() -> None:
    silent = {"accepts risk": False}
    found = votes(vote("p", "a", **silent), vote("q", "b"), VOTES[2], owner="")
    assert [text for _, text in found] == ["no approval that counts accepts the residual risk"]


@pytest.mark.parametrize("roles", [(), (("a", 0),)])
def test_a_policy_that_asks_for_nobody_approves_nothing(roles: tuple[tuple[str, int], ...]) -> None:
    found = votes(*VOTES, roles=roles, minimum=0, owner="")
    assert "the policy asks for no signature" in found[0][1]


def test_objections_are_told_even_where_they_do_not_stop_anything() -> None:
    case = case_of({**WORLD, "runs": ({**RUN, "votes": (*VOTES, vote("s", "z", "dissent"))},)})
    assert [v.decision.author.person for v in objections(weighed(case.runs[0], case))] == ["s"]


def in_force(*said: World) -> list[str]:
    """Who has conditions that are in force."""
    case = case_of({**WORLD, "advice": (), "runs": ({**RUN, "votes": said},)})
    return [condition.person for condition, _ in conditions_of(weighed(case.runs[0], case), case)]


@pytest.mark.parametrize("changes", [{}, {"end": 5}, {"defects": frozenset({"revoked"})}, {"believed": False, "heard": True}])
def test_a_condition_outlives_the_approval_that_made_it(changes: dict[str, Any]) -> None:
    assert in_force(vote("p", "a", "conditional", **changes), vote("q", "b")) == ["p"]


def test_a_condition_ends_when_its_signer_and_whoever_relied_on_it_have_signed_anew() -> None:
    first, anew = vote("p", "a", "conditional"), vote("p", "a", time=6)
    assert in_force(first, anew, vote("q", "b")) == []
    assert in_force(first, anew, vote("q", "b", sees=(0,))) == ["p"]
    assert in_force(first, vote("p", "z", "reject", time=6), vote("q", "b")) == []


def test_a_condition_that_nobody_of_the_register_made_is_none() -> None:
    assert in_force(vote("p", "a", "conditional", believed=False, heard=False), vote("q", "b", sees=(0,))) == []


def test_those_who_locked_or_tested_do_not_approve_alone() -> None:
    run = {**RUN, "lock": {**RUN["lock"], "by": "p"}, "result": {**RUN["result"], "by": "q"}}
    case = case_of({**WORLD, "runs": (run,)})
    found = [r.text for r in vote_reasons(case.runs[0], weighed(case.runs[0], case), case)]
    assert found == ["no sign-off: nobody approves it but those who locked the run or signed its result"]


@pytest.mark.parametrize("part", RESTS_ON)
def test_a_run_falls_with_whatever_it_rests_on(part: str) -> None:
    ((code, text),) = statements(marked=part)
    assert code == 12
    assert text.endswith(": revoked")
