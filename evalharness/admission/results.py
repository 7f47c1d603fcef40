"""The signed test result of a run: exactly what the evidence gives, by someone who may, at the right time."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.admission.case import Case, NamedLock, ResultCase, RunCase
from evalharness.admission.decision import Reason
from evalharness.admission.people import dependence
from evalharness.admission.trust import author_against, highest_claim, lifted
from evalharness.admission.wording import moment, signer

RESULTS = {"met": "PASSED", "not_demonstrated": "WARNED", "not_evaluable": "FAILED", "not_met": "FAILED"}
"""The word of in-toto's test result for each verdict."""


def result_reasons(run: RunCase, named: NamedLock, case: Case) -> Iterator[Reason]:
    """Why the run has no valid test result."""
    result = run.result
    if result is None:
        yield Reason(code=12, text="there is no signed test result in the run", run=run.name)
        return
    yield from (Reason(code=13, text=f"the test result: {text}", run=run.name) for text in forged(result, run, named))
    yield from (Reason(code=12, text=f"the test result: {text}", run=run.name) for text in unfit(result, run, case))


def forged(result: ResultCase, run: RunCase, named: NamedLock) -> Iterator[str]:
    """Where it does not say what the evidence says."""
    checks = (
        (result.evidence == run.evidence, "it is about other evidence"),
        (result.sums == run.sums, "it is about another report (SHA256SUMS differs)"),
        (result.lock == named.digest, "it names another lock"),
        ((result.campaign, result.attempt) == (named.campaign, named.attempt), "it names another attempt"),
        (result.claim == run.claim, f"it carries the claim '{result.claim}', the evidence '{run.claim}'"),
        (result.verdict == run.verdict and result.result == RESULTS.get(run.verdict), "its verdict is not the evidence's"),
        (
            (result.passed, result.warned, result.failed) == (run.passed, run.warned, run.failed),
            "its lists of findings are not the evidence's",
        ),
        (result.exact, "its subject or its configuration is not what belongs to this evidence"),
    )
    return (text for holds, text in checks if not holds)


def unfit(result: ResultCase, run: RunCase, case: Case) -> Iterator[str]:
    """Why it does not count although it says what the evidence says."""
    author = result.author
    for text in author_against(author, highest_claim(case)):
        yield f"signed by {signer(author)}: {text}"
    if told := dependence(author, case.asked):
        yield f"signed by {signer(author)}, {told}"
    if author.created < run.created:
        yield f"signed at {moment(author.created)}, before the run of {moment(run.created)}"
    if author.created > case.asked.at:
        yield f"signed at {moment(author.created)}, later than the moment of the decision"
    yield from lifted(case.status, result.digest)
