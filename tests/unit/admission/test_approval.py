"""Is a locked run approved?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from gate_worlds import RUN, VOTES, WORLD, World, case_of, vote

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


def test_conditions_are_those_of_approvals_that_count() -> None:
    case = case_of({**WORLD, "runs": ({**RUN, "votes": (vote("p", "a", "conditional"), vote("q", "b", "conditional", end=5))},)})
    found = conditions_of(weighed(case.runs[0], replace(case, asked=_without_advice(case.asked))), case)
    assert [(condition.person, condition.id, holds) for condition, holds in found] == [("p", "until-1", True)]


def _without_advice(asked: Any) -> Any:
    return replace(asked, sign_off=replace(asked.sign_off, advice=()))


def test_objections_are_told_even_where_they_do_not_stop_anything() -> None:
    case = case_of({**WORLD, "runs": ({**RUN, "votes": (*VOTES, vote("s", "z", "dissent"))},)})
    assert [v.decision.author.person for v in objections(weighed(case.runs[0], case))] == ["s"]
