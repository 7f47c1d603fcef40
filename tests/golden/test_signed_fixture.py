"""What was signed under version 1 of the formats is read and believed for ever.

tests/fixtures/signed-v1 is a whole workspace, signed once by scripts/make_signed_fixture.py with keys that are gone;
tests/fixtures/evidence-v1 holds evidence of practice runs. They are never made again: a change of the code that these tests do not survive
breaks what people signed.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from evalharness.admission import Decision
from evalharness.evidence import read_evidence
from evalharness.evidence.rederive import rederive
from evalharness.signoff.authors import author_problem
from evalharness.signoff.envelope import read_statement, verified_by
from evalharness.signoff.locks import read_locks
from evalharness.signoff.predicates import KEY, PREDICATES, SIGNERS, TEST_RESULT
from evalharness.signoff.register import read_register
from evalharness.signoff.status import read_status
from evalharness.workflows import gate as gate_module
from evalharness.workflows.verify import verify_run

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures"
SIGNED = FIXTURES / "signed-v1"
SIGN_OFF = SIGNED / "sign-off"
STATEMENTS = sorted(path.relative_to(SIGNED).as_posix() for kind in ("*.dsse.json", "*.pub.json") for path in SIGNED.rglob(kind))
RUNS = sorted(path.name for path in (SIGNED / "reports").iterdir())
THEN = datetime.fromisoformat(read_statement((SIGN_OFF / "status.json").read_bytes(), "status.json").predicate.issued) + timedelta(hours=1)
"""An hour after it was signed."""


def gate(model: str, at: datetime, clock: datetime, monkeypatch: pytest.MonkeyPatch) -> Decision:
    monkeypatch.setattr(gate_module, "clock_now", lambda: clock)
    return gate_module.gate("small", model, workspace=SIGNED, deployment=SIGNED / "deployment.yaml", at=at)


def test_the_fixture_is_whole() -> None:
    kinds = {json.loads(read_statement((SIGNED / name).read_bytes(), name).payload)["predicateType"] for name in STATEMENTS}
    assert kinds == set(PREDICATES)
    assert len(STATEMENTS) == 28
    assert len(RUNS) == 2
    assert [path.name for path in SIGNED.rglob("*") if path.suffix in {".pem", ".key"}] == []


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_still_reads_and_is_signed_by_whom_the_register_says(name: str) -> None:
    register = read_register(SIGN_OFF)
    signed = read_statement((SIGNED / name).read_bytes(), name)
    if signed.predicate_type == SIGNERS:
        assert len(verified_by(signed, [key.public for key in register.root_keys])) == 2
        return
    if signed.predicate_type == KEY:
        assert verified_by(signed, [signed.predicate.public]) == (signed.predicate.key,)
        return
    author = signed.predicate.evalharness.author if signed.predicate_type == TEST_RESULT else signed.predicate.author
    assert author_problem(register, signed, author, None, "rehearsal") == ()


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_fits_its_published_schema(name: str) -> None:
    schemas = [json.loads(path.read_bytes()) for path in sorted((ROOT / "docs" / "schemas" / "statements").glob("*.json"))]
    document = json.loads(read_statement((SIGNED / name).read_bytes(), name).payload)
    fitting = [schema for schema in schemas if Draft202012Validator(schema).is_valid(document)]
    assert len(fitting) == 1, [schema.get("title") for schema in fitting]


def test_register_locks_and_status_list_are_whole() -> None:
    register = read_register(SIGN_OFF, (SIGN_OFF / "root.txt").read_text().strip())
    assert (register.version, register.rehearsal) == (8, True)
    locks = read_locks(SIGN_OFF, register)
    assert (locks.unreadable, len(locks.records)) == ((), 2)
    assert all(not record.altered and not record.problems for record in locks.records)
    status = read_status(SIGN_OFF, register)
    assert (status.problems, status.highest) == ((), 3)


def test_the_gate_approved_it_then_and_today_only_the_clock_is_against_that(monkeypatch: pytest.MonkeyPatch) -> None:
    assert gate("vendor", THEN, THEN, monkeypatch).code == 0
    decision = gate("vendor", THEN, THEN + timedelta(days=4000), monkeypatch)
    assert decision.code == 12
    (reason,) = decision.reasons
    assert "the past cannot be approved" in reason.text


def test_the_approval_has_run_out_and_the_revoked_run_was_never_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    later = THEN + timedelta(days=4000)
    assert gate("vendor", later, later, monkeypatch).code in (11, 12)
    revoked = gate("second", THEN, THEN, monkeypatch)
    assert revoked.code == 12
    assert any("The predictions were of another stream." in reason.text for reason in revoked.reasons)


@pytest.mark.parametrize("name", RUNS)
def test_verify_finds_nothing_but_that_reports_are_drawn_otherwise_today(name: str) -> None:
    """The report that was read is in the run, and its digest is signed; what a later version would draw may look better."""
    redrawn = re.compile(r"(report\.html|report\.md|junit\.xml|decision\.(html|md|json)): not what this version makes of .*")
    problems = verify_run(SIGNED / "reports" / name, workspace=SIGNED).problems
    assert [problem for problem in problems if not redrawn.fullmatch(problem)] == []


@pytest.mark.parametrize(
    "path", sorted([*FIXTURES.glob("evidence-v1/*.json"), *SIGNED.glob("reports/*/evidence.json")]), ids=lambda p: p.stem
)
def test_evidence_still_reads_and_agrees_with_itself(path: Path) -> None:
    assert rederive(read_evidence(path.read_bytes())) == ()
