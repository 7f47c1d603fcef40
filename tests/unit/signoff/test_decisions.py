"""Reading the decisions of a run back: only what is about exactly this run, signed by whom it names, and nothing taken away."""

from __future__ import annotations

from typing import Any

import pytest
import signing
from signing_desk import NOW, Desk

from evalharness.digests import sha256_bytes
from evalharness.evidence.store import StoredRun, read_run
from evalharness.signoff.decisions import DecisionsRead, decision_payload, file_name, form_problems, read_decisions
from evalharness.signoff.envelope import read_statement, sign
from evalharness.signoff.predicates import Condition, Control, DecisionPredicate
from evalharness.signoff.references import references
from evalharness.signoff.results import RESULT_FILE
from evalharness.workflows.signing_answers import Answers

OTHER = "sha256:" + "0" * 64


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk.open(tmp_path_factory.mktemp("desk") / "w")
    desk.sign("eve", "advice", Answers(advice="for", why="Yes."))
    desk.sign("ben", "approve", desk.answers())
    return desk


@pytest.fixture
def run(desk: Desk) -> StoredRun:
    return read_run(desk.run)


def name_of(run: StoredRun, person: str) -> str:
    return next(name for name in run.statements if f"-{person}-" in name)


def predicate(run: StoredRun, person: str = "ben") -> DecisionPredicate:
    name = name_of(run, person)
    found: DecisionPredicate = read_statement(run.statements[name], name).predicate
    return found


def read(desk: Desk, run: StoredRun, changed: dict[str, bytes | None] | None = None) -> DecisionsRead:
    statements = {name: data for name, data in {**run.statements, **(changed or {})}.items() if data is not None}
    return read_decisions(statements, references(run), desk.office.register())


def test_what_was_signed_is_read_back_without_doubt(desk: Desk, run: StoredRun) -> None:
    found = read(desk, run)
    assert found.altered == ()
    assert [(d.predicate.author.person, d.predicate.decision, d.doubts) for d in found.decisions] == [
        ("eve", "advice", ()),
        ("ben", "approve", ()),
    ]


def test_the_file_is_named_for_time_person_and_role(run: StoredRun) -> None:
    assert file_name(predicate(run)) == "decision-20261122t130700z-ben-independent-evaluator.dsse.json" == name_of(run, "ben")


def test_a_decision_names_every_statement_that_its_signer_saw(desk: Desk, run: StoredRun) -> None:
    seen = {sha256_bytes(run.statements[name]) for name in (RESULT_FILE, name_of(run, "eve"))}
    assert set(predicate(run).seen) == seen
    found = read(desk, run, {name_of(run, "eve"): None})
    assert any("are gone" in text for text in found.altered)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("evidence", OTHER, "another evidence"),
        ("report", OTHER, "another report"),
        ("test_result", OTHER, "another test result"),
        ("lock", OTHER, "another lock"),
        ("claim", "pilot", "another claim"),
        ("policy", {"digest": OTHER}, "another policy"),
        ("benchmark", {"rows": 7}, "another benchmark"),
        ("model", {"digest": OTHER}, "another model"),
        ("operating_point", {"threshold": "0.4"}, "another operating point"),
        ("operating_point", {"budget_per_day": 50}, "another operating point"),
        ("operating_point", {"top_band": "high"}, "another operating point"),
    ],
)
def test_a_decision_about_anything_else_is_altered(desk: Desk, run: StoredRun, field: str, value: Any, words: str) -> None:
    told = predicate(run)
    new = getattr(told, field).model_copy(update=value) if isinstance(value, dict) else value
    data = desk.office.sign("ben", decision_payload(references(run), told.model_copy(update={field: new})))
    found = read(desk, run, {name_of(run, "ben"): data})
    assert any(words in text for text in found.altered)
    assert [d.predicate.author.person for d in found.decisions] == ["eve"]


def test_a_wrong_subject_is_altered(desk: Desk, run: StoredRun) -> None:
    from evalharness.signoff.envelope import statement
    from evalharness.signoff.predicates import DECISION

    data = desk.office.sign("ben", statement(DECISION, {"evidence.json": run.digest}, predicate(run)))
    assert any("subject" in text for text in read(desk, run, {name_of(run, "ben"): data}).altered)


def test_a_signature_by_another_registered_key_than_the_person_s_is_a_doubt(desk: Desk, run: StoredRun) -> None:
    data = desk.office.sign("cy", decision_payload(references(run), predicate(run)))
    (found,) = [d for d in read(desk, run, {name_of(run, "ben"): data}).decisions if d.predicate.author.person == "ben"]
    assert found.doubts


def test_a_key_that_nobody_registered_is_a_doubt(desk: Desk, run: StoredRun) -> None:
    data = sign(decision_payload(references(run), predicate(run)), [signing.signer("stranger")])
    (found,) = [d for d in read(desk, run, {name_of(run, "ben"): data}).decisions if d.predicate.author.person == "ben"]
    assert any("not in the register" in text for text in found.doubts)


def test_the_same_decision_in_two_files_is_altered(desk: Desk, run: StoredRun) -> None:
    found = read(desk, run, {"decision-again.dsse.json": run.statements[name_of(run, "ben")]})
    assert any("says again" in text for text in found.altered)


@pytest.mark.parametrize("data", [b"", b"{}", b"nonsense"])
def test_what_is_no_statement_is_altered(desk: Desk, run: StoredRun, data: bytes) -> None:
    assert read(desk, run, {"decision-x.dsse.json": data}).altered


def test_a_statement_of_another_kind_has_no_place_there(desk: Desk, run: StoredRun) -> None:
    assert any("neither" in text for text in read(desk, run, {"decision-x.dsse.json": run.statements[RESULT_FILE]}).altered)


def test_without_a_register_nothing_is_believed(run: StoredRun) -> None:
    found = read_decisions(run.statements, references(run), None)
    assert found.decisions
    assert all("not checked" in d.doubts[0] for d in found.decisions)


CONTROL = Control(missed_per_1000="5", not_tested="x", risk_carried_by="ada")
CONDITION = Condition(id="unit-1", type="unit", value="north")


@pytest.mark.parametrize(
    ("person", "changes", "words"),
    [
        ("ben", {"valid_from": None}, "from when"),
        ("ben", {"valid_until": None}, "from when"),
        ("ben", {"valid_until": "2026-01-01T00:00:00Z"}, "ends before"),
        ("ben", {"control": None}, "control questions"),
        ("ben", {"conditions": (CONDITION,)}, "only there"),
        ("ben", {"decision": "approve-with-conditions"}, "only there"),
        ("ben", {"decision": "approve-with-conditions", "conditions": (CONDITION, CONDITION)}, "same id"),
        (
            "ben",
            {"decision": "approve-with-conditions", "conditions": (CONDITION.model_copy(update={"type": "claim"}),)},
            "a claim is one of",
        ),
        ("eve", {"control": CONTROL}, "only an approval"),
        ("eve", {"advice": None}, "advice is there"),
        ("eve", {"decision": "dissent", "advice": None}, "needs a reason"),
        ("eve", {"decision": "dissent", "why": "x"}, "advice is there"),
        ("eve", {"decision": "defer", "advice": None, "why": "x", "residual_risk": "y"}, "only an approval"),
    ],
)
def test_a_decision_without_what_its_kind_needs_does_not_count(run: StoredRun, person: str, changes: dict[str, Any], words: str) -> None:
    told = predicate(run, person)
    assert form_problems(told) == ()
    assert any(words in text for text in form_problems(told.model_copy(update=changes)))


def test_decisions_are_told_in_the_order_of_signing(desk: Desk, run: StoredRun) -> None:
    times = [d.predicate.author.created for d in read(desk, run).decisions]
    assert times == sorted(times)
    assert all(time > NOW.strftime("%Y-%m-%dT%H:%M:%SZ") for time in times)
