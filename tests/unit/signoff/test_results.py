"""A test result says exactly what the evidence says, and every difference is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import evidence_fixture
import pytest
from signing import Office

from evalharness.errors import Altered, BadInput
from evalharness.evidence import Evidence, evidence_as_written, evidence_bytes
from evalharness.signoff.envelope import Signed, statement
from evalharness.signoff.predicates import TEST_RESULT
from evalharness.signoff.results import read_result, result_payload, result_problems

SUMS = "sha256:" + "5" * 64


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def locked(**changes: Any) -> Evidence:
    """Evidence under a lock; only form matters here."""
    return evidence_as_written(evidence_bytes({**evidence_fixture.build(attempt=evidence_fixture.locked()), **changes}))


def signed(office: Office, evidence: Evidence) -> Signed:
    return read_result(office.sign("ben", result_payload(evidence, SUMS, office.author("ben"))))


def test_a_result_names_findings_by_outcome(office: Office) -> None:
    evidence = locked()
    told = signed(office, evidence).predicate
    by_outcome: dict[str, list[str]] = {"met": [], "not_demonstrated": [], "not_evaluable": [], "not_met": []}
    for finding in evidence.findings:
        group = ",".join(f"{k}={v}" for k, v in sorted(finding.group.items()))
        by_outcome[finding.outcome].append(f"{finding.requirement}[{group}]" if group else finding.requirement)
    assert list(told.passedTests) == by_outcome["met"]
    assert list(told.warnedTests) == by_outcome["not_demonstrated"]
    assert sorted(told.failedTests) == sorted(by_outcome["not_met"] + by_outcome["not_evaluable"])
    assert [r.name for r in told.configuration] == ["policy", "benchmark", "lock"]
    assert told.evalharness.evidence == evidence.digest


@pytest.mark.parametrize(
    ("verdict", "result"), [("met", "PASSED"), ("not_demonstrated", "WARNED"), ("not_evaluable", "FAILED"), ("not_met", "FAILED")]
)
def test_the_verdict_decides_the_result(office: Office, verdict: str, result: str) -> None:
    assert signed(office, locked(verdict={"outcome": verdict, "reasons": []})).predicate.result == result


def test_an_honest_result_has_no_problems(office: Office) -> None:
    evidence = locked()
    assert result_problems(signed(office, evidence), evidence, SUMS) == ()


def test_other_sums_other_evidence_and_a_practice_run_are_told(office: Office) -> None:
    evidence, other = locked(), locked(claim="rehearsal", created="2026-11-22T10:00:01Z")
    result = signed(office, evidence)
    assert any("SHA256SUMS" in text for text in result_problems(result, evidence, "sha256:" + "9" * 64))
    assert any("other evidence" in text for text in result_problems(result, other, SUMS))
    practice = evidence_as_written(evidence_bytes({k: v for k, v in evidence.document().items() if k != "lock"}))
    assert "practice run" in result_problems(result, practice, SUMS)[0]
    with pytest.raises(BadInput, match="practice run"):
        result_payload(practice, SUMS, office.author("ben"))


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("result", "WARNED", "it says WARNED"),
        ("passedTests", ("recall",), "listed as met|lists as met"),
        ("warnedTests", ("x",), "lists as not demonstrated"),
        ("failedTests", ("x",), "lists as failed"),
        ("configuration", (), "another policy, benchmark or lock"),
        ("verdict", "not_evaluable", "it says not evaluable"),
        ("claim", "pilot", "claim pilot"),
        ("lock", "sha256:" + "7" * 64, "another lock"),
        ("campaign", "other", "another lock"),
        ("attempt", 2, "another lock"),
    ],
)
def test_every_part_that_differs_is_told(office: Office, part: str, value: Any, said: str) -> None:
    evidence = locked()
    honest = signed(office, evidence).predicate
    ours = part in ("verdict", "claim", "lock", "campaign", "attempt")
    dishonest = (
        honest.model_copy(update={"evalharness": honest.evalharness.model_copy(update={part: value})})
        if ours
        else honest.model_copy(update={part: value})
    )
    payload = statement(TEST_RESULT, {evidence.model.name: evidence.model.digest, "evidence.json": evidence.digest}, dishonest)
    problems = result_problems(read_result(office.sign("ben", payload)), evidence, SUMS)
    assert any(word in text for text in problems for word in said.split("|")), problems


def test_another_subject_is_told(office: Office) -> None:
    evidence = locked()
    honest = signed(office, evidence).predicate
    payload = statement(TEST_RESULT, {"evidence.json": evidence.digest}, honest)
    assert "subject" in result_problems(read_result(office.sign("ben", payload)), evidence, SUMS)[0]


def test_a_statement_of_another_kind_is_no_result(office: Office) -> None:
    with pytest.raises(Altered):
        read_result((office.folder / "signers" / "0001.dsse.json").read_bytes())
