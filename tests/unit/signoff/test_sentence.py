"""The sentence that a signer agrees to says what page one says, for how long, and never more."""

from __future__ import annotations

from functools import cache

import pytest
from evidence_fixture import build, locked

from evalharness.evidence import Evidence, evidence_bytes, read_evidence
from evalharness.report.faces import render
from evalharness.signoff.predicates import DecisionKind
from evalharness.signoff.sentence import Terms, sentence

FROM, UNTIL = "2026-11-22T13:05:00Z", "2026-12-22T13:05:00Z"
KINDS: tuple[DecisionKind, ...] = ("approve", "approve-with-conditions", "defer", "reject", "dissent", "advice")


@cache
def evidence(kind: str = "met", **changes: object) -> Evidence:
    return read_evidence(evidence_bytes(build(kind=kind, total=3_000, attempt=locked(), **changes)))


def terms(decision: DecisionKind, **changes: object) -> Terms:
    values = {"role": "data_protection", "valid_from": FROM, "valid_until": UNTIL, "stance": "against", **changes}
    return Terms(decision=decision, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("decision", KINDS)
@pytest.mark.parametrize("kind", ["met", "mixed", "short", "empty"])
def test_it_begins_with_the_words_that_page_one_announced(decision: DecisionKind, kind: str) -> None:
    found = evidence(kind)
    text = sentence(found, terms(decision))
    announced = text.partition(" For data protection, ")[0]
    assert announced.startswith("I have read this report. Its verdict is ")
    assert f"“{announced}”" in render(found, "md").decode()


def test_an_approval_names_its_claim_its_times_and_everything_it_accepts() -> None:
    text = sentence(evidence(), terms("approve-with-conditions", conditions=2, not_judged=1, accepts_risk=True))
    assert f"for: REHEARSAL, from {FROM} until {UNTIL}, under the 2 conditions listed in this decision" in text
    assert "knowing that one group named in this decision was not judged" in text
    assert "accepting the residual risk in the words of this decision" in text
    assert text.endswith("It does not permit use on live cases; that is another decision.")


def test_an_approval_against_advice_says_so_and_every_approval_that_all_conditions_apply() -> None:
    text = sentence(evidence(), terms("approve", against_advice=("officer_wellbeing", "victims_advocate")))
    assert "for: REHEARSAL, although officer wellbeing advises against it, although the victims advocate advises against it, from" in text
    assert "The conditions of all approvers apply together." in text
    assert "although" not in sentence(evidence(), terms("approve"))
    assert "apply together" in sentence(evidence(), terms("approve"))


@pytest.mark.parametrize(
    ("role", "words"), [("data_protection", "For data protection, I"), ("independent_evaluator", "As independent evaluator, I")]
)
def test_a_role_is_named_as_one_would_say_it(role: str, words: str) -> None:
    assert words in sentence(evidence(), terms("reject", role=role))


@pytest.mark.parametrize("decision", ["defer", "reject", "dissent", "advice"])
def test_nothing_but_an_approval_says_that_anything_is_approved(decision: DecisionKind) -> None:
    assert "I approve" not in sentence(evidence(), terms(decision))


@pytest.mark.parametrize(("stance", "words"), [("for", "for an approval"), ("against", "against an approval"), ("neutral", "neither")])
def test_advice_says_which_way_and_that_it_is_no_vote(stance: str, words: str) -> None:
    text = sentence(evidence(), terms("advice", stance=stance))
    assert words in text
    assert "not a vote" in text


def test_a_policy_that_nobody_should_use_is_in_the_sentence() -> None:
    assert "nobody should use" in sentence(evidence(bad=True), terms("approve"))
