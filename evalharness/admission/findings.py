"""What a run found, as it stands at the moment asked for."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.admission.case import Case, RunCase
from evalharness.admission.decision import Reason
from evalharness.admission.wording import moment
from evalharness.records import Outcome


def standing_reasons(run: RunCase, case: Case) -> Iterator[Reason]:
    """Reasons against a matching run: its date, its findings, its claim."""
    if run.created > case.asked.at:
        yield Reason(code=11, text=f"the evidence is dated {moment(run.created)}, later than the moment of the decision", run=run.name)
    yield from finding_reasons(run)
    yield from claim_reasons(run, case)


def finding_reasons(run: RunCase) -> Iterator[Reason]:
    """One reason for each finding that is not met."""
    if not run.findings:
        yield Reason(code=11, text="the evidence holds no finding", run=run.name)
    for text in run.level_problems:
        yield Reason(code=13, text=text, run=run.name)
    for finding in run.findings:
        if finding.outcome is not Outcome.MET:
            yield Reason(code=10 if finding.outcome is Outcome.NOT_MET else 11, text=finding.text, run=run.name)


def claim_reasons(run: RunCase, case: Case) -> Iterator[Reason]:
    """The evidence carries at least what is asked for."""
    if run.claim.rank < case.asked.claim.rank:
        text = f"the evidence only carries the claim '{run.claim}'; '{case.asked.claim}' was asked for"
        yield Reason(code=11, text=text, run=run.name)
