"""What a matching, unaltered run says at the moment asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from evalharness.admission.decision import Code, Reason
from evalharness.evidence.rederive import judged_on
from evalharness.evidence.store import StoredRun
from evalharness.records import Claim, Finding, Outcome, Policy, group_text


def standing_reasons(run: StoredRun, policy: Policy, claim: Claim, at: datetime) -> Iterable[Reason]:
    """Reasons against this run: its findings as they stand on that day (exemptions run out), its claim, its date."""
    name = run.folder.name
    evidence = run.evidence
    created = datetime.fromisoformat(evidence.created)
    if created > at:
        yield Reason(code=11, text=f"the evidence is dated {evidence.created}, later than the moment of the decision", run=name)
    findings = judged_on(evidence, max(at, created).date())
    if not findings:
        yield Reason(code=11, text="the evidence holds no finding", run=name)
    for finding in findings:
        if finding.level < policy.confidence:
            yield Reason(
                code=13, text=f"{_name(finding)} was judged at level {finding.level:g}, below the policy's {policy.confidence:g}", run=name
            )
        if finding.outcome is not Outcome.MET:
            yield Reason(
                code=_code(finding.outcome), text=f"{_name(finding)}: {finding.outcome.value.replace('_', ' ')}{_why(finding)}", run=name
            )
    have = Claim(evidence.claim)
    if have.rank < claim.rank:
        yield Reason(code=11, text=f"the evidence only carries the claim '{have.value}'; '{claim.value}' was asked for", run=name)


def _code(outcome: Outcome) -> Code:
    return 10 if outcome is Outcome.NOT_MET else 11


def _name(finding: Finding) -> str:
    return finding.requirement + (f"[{group_text(finding.group)}]" if finding.group else "")


def _why(finding: Finding) -> str:
    if finding.reason and finding.value is None:
        return f" ({finding.reason})"
    least = finding.comparison in ("at_least", "min_ratio")
    if finding.outcome is Outcome.NOT_MET:
        least = not least
    end = finding.lower if least else finding.upper
    if end is None:
        return f" ({finding.reason})" if finding.reason else ""
    goal = {"at_least": "at least", "at_most": "at most", "max_difference": "difference at most", "min_ratio": "ratio at least"}[
        finding.comparison
    ]
    return f" (measured {finding.value:.4g}, {'at least' if least else 'at most'} {end:.4g}; asked {goal} {finding.bound:g})"
