"""The findings of unaltered evidence as they stand at a moment: exemptions run out."""

from __future__ import annotations

from datetime import date, datetime

from evalharness.admission.case import FindingCase
from evalharness.evidence import Evidence, findings_of
from evalharness.evidence.rederive import judged_on
from evalharness.records import Claim, Finding, Outcome
from evalharness.requirements.names import finding_name


def standing(evidence: Evidence, at: datetime) -> tuple[Finding, ...]:
    """Every finding, judged as of `at` (never as of a day before the evidence). Until an exemption has ended that is what was recorded."""
    day = max(at, datetime.fromisoformat(evidence.created)).date()
    if all(date.fromisoformat(cell.until) >= day for cell in evidence.not_judged):
        return findings_of(evidence)
    return judged_on(evidence, day)


def findings_case(findings: tuple[Finding, ...]) -> tuple[FindingCase, ...]:
    """Findings in words."""
    return tuple(FindingCase(outcome=f.outcome, text=f"{_name(f)}: {f.outcome.value.replace('_', ' ')}{_why(f)}") for f in findings)


def level_problems(findings: tuple[Finding, ...], confidence: float) -> tuple[str, ...]:
    """Findings judged less strictly than the policy asks."""
    return tuple(f"{_name(f)} was judged at level {f.level:g}, below the policy's {confidence:g}" for f in findings if f.level < confidence)


def meets(evidence: Evidence, requirement: str, claim: Claim, at: datetime) -> bool:
    """Whether this evidence, dated before `at` and carrying `claim`, meets every finding of one requirement."""
    if Claim(evidence.claim).rank < claim.rank or datetime.fromisoformat(evidence.created) > at:
        return False
    found = [f.outcome for f in standing(evidence, at) if f.requirement == requirement]
    return bool(found) and all(outcome is Outcome.MET for outcome in found)


def _name(finding: Finding) -> str:
    return finding_name(finding.requirement, finding.group, finding.condition)


_GOALS = {
    "at_least": "at least",
    "at_most": "at most",
    "max_difference": "difference at most",
    "min_ratio": "ratio at least",
    "equals": "exactly",
    "margin": "lost at most",
}


def _why(finding: Finding) -> str:
    if finding.reason and finding.value is None:
        return f" ({finding.reason})"
    least = finding.comparison in ("at_least", "min_ratio")
    if finding.outcome is Outcome.NOT_MET:
        least = not least
    end = finding.lower if least else finding.upper
    if end is None:
        return f" ({finding.reason})" if finding.reason else ""
    side, goal = "at least" if least else "at most", _GOALS[finding.comparison]
    return f" (measured {finding.value:.4g}, {side} {end:.4g}; asked {goal} {finding.bound:g})"
