"""Test results: what a locked run found, said by whoever ran it. in-toto test-result/v0.1 with an extension of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from evalharness.errors import bad_input, shown
from evalharness.evidence import Evidence, findings_of, never_signed
from evalharness.evidence.schema import OutcomeName
from evalharness.records import Outcome
from evalharness.requirements.names import finding_name
from evalharness.signoff.envelope import Signed, read_statement, statement
from evalharness.signoff.predicates import TEST_RESULT, Author, DigestSet, Resource, ResultPart, TestResultPredicate

RESULT_FILE = "test-result.dsse.json"
"""In the folder of statements of a run; exactly one."""

_RESULTS: dict[OutcomeName, Literal["PASSED", "WARNED", "FAILED"]] = {
    "met": "PASSED",
    "not_demonstrated": "WARNED",
    "not_evaluable": "FAILED",
    "not_met": "FAILED",
}


def result_payload(evidence: Evidence, sums_digest: str, author: Author) -> bytes:
    """The statement to be signed over the evidence of a locked run; `sums_digest`: sha256 of its SHA256SUMS.

    Raises BadInput for evidence that nobody can sign for, as that of a practice run.
    """
    return statement(TEST_RESULT, _subject(evidence), _predicate(evidence, sums_digest, author))


def read_result(data: bytes, name: str = RESULT_FILE) -> Signed:
    """The test result in the bytes of a file: `predicate` is a TestResultPredicate. Raises Altered when they are none.

    Its signature and its author are not looked at here (`authors.author_problem`).
    """
    return read_statement(data, name, TEST_RESULT)


def result_problems(signed: Signed, evidence: Evidence, sums_digest: str) -> tuple[str, ...]:
    """Where a test result does not say what the evidence and the sums of its run say, in words; empty when it does."""
    told: TestResultPredicate = signed.predicate
    if bars := never_signed(evidence):
        return (f"{shown(signed.name)}: a test result beside evidence that nobody can sign for: {bars[0].words}",)
    return tuple(f"{shown(signed.name)}: {text}" for text in _differences(signed, told, evidence, sums_digest))


def _differences(signed: Signed, told: TestResultPredicate, evidence: Evidence, sums_digest: str) -> Iterator[str]:
    expected = _predicate(evidence, sums_digest, told.evalharness.author)
    ours, right = told.evalharness, expected.evalharness
    checks = (
        (ours.evidence == right.evidence, "it is about other evidence"),
        (ours.sums == right.sums, "it is about another report: the digest of SHA256SUMS differs"),
        (
            (ours.lock, ours.campaign, ours.attempt) == (right.lock, right.campaign, right.attempt),
            "it names another lock than the evidence",
        ),
        (ours.claim == right.claim, f"it says claim {ours.claim}, the evidence {right.claim}"),
        (ours.verdict == right.verdict, f"it says {_words(ours.verdict)}, the evidence {_words(right.verdict)}"),
        (told.result == expected.result, f"it says {told.result}, and the verdict {_words(right.verdict)} is {expected.result}"),
        (told.configuration == expected.configuration, "it names another policy, benchmark or lock than the evidence"),
        (told.passedTests == expected.passedTests, "the requirements it lists as met are not those of the evidence"),
        (told.warnedTests == expected.warnedTests, "the requirements it lists as not demonstrated are not those of the evidence"),
        (told.failedTests == expected.failedTests, "the requirements it lists as failed are not those of the evidence"),
    )
    yield from (text for holds, text in checks if not holds)
    if told == expected and statement(TEST_RESULT, _subject(evidence), expected) != signed.payload:
        yield "its subject is not the model and the evidence of this run"


def _predicate(evidence: Evidence, sums_digest: str, author: Author) -> TestResultPredicate:
    lock = evidence.lock
    if lock is None:
        raise bad_input("a practice run has no test result", where="evidence.json", expected="a run under a lock", hint="evaluate --lock")
    if bars := never_signed(evidence):
        raise bad_input("this evidence can have no test result", where="evidence.json", got="; ".join(bar.words for bar in bars))
    by_result: dict[str, list[str]] = {"PASSED": [], "WARNED": [], "FAILED": []}
    for finding in findings_of(evidence):
        by_result[_RESULTS[_name(finding.outcome)]].append(finding_name(finding.requirement, finding.group, finding.condition))
    configuration = {"policy": evidence.policy.digest, "benchmark": evidence.benchmark.digest, "lock": lock.digest}
    if evidence.benchmark.seal is not None:
        configuration["seal"] = evidence.benchmark.seal.digest
    return TestResultPredicate(
        result=_RESULTS[evidence.verdict.outcome],
        configuration=tuple(Resource(name=name, digest=_digest(digest)) for name, digest in configuration.items()),
        passedTests=tuple(by_result["PASSED"]),
        warnedTests=tuple(by_result["WARNED"]),
        failedTests=tuple(by_result["FAILED"]),
        evalharness=ResultPart(
            schema="evalharness/test-result/v1",
            verdict=evidence.verdict.outcome,
            claim=evidence.claim,
            evidence=evidence.digest,
            sums=sums_digest,
            lock=lock.digest,
            campaign=lock.campaign,
            attempt=lock.attempt,
            author=author,
        ),
    )


def _locked(part: ResultPart) -> tuple[str, str, int]:
    return part.lock, part.campaign, part.attempt


def _name(outcome: Outcome) -> OutcomeName:
    return outcome.value


def _digest(digest: str) -> DigestSet:
    return DigestSet(sha256=digest.removeprefix("sha256:"))


def _subject(evidence: Evidence) -> dict[str, str]:
    return {evidence.model.name: evidence.model.digest, "evidence.json": evidence.digest}


def _words(outcome: str) -> str:
    return outcome.replace("_", " ")
