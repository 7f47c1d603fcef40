"""The sentence that a signer agrees to, word for word. It repeats page one's, says what is decided and for how long, and claims no more."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.evidence import Evidence
from evalharness.report.by_task import task_words
from evalharness.report.policy_text import policy_text
from evalharness.report.signing import statement
from evalharness.report.words import CLAIMS
from evalharness.signoff.predicates import APPROVING, DecisionKind
from evalharness.signoff.roles import acting, role_words, the_role

ALL_TOGETHER = "The conditions of all approvers apply together."
NOT_FOR_USE = "It does not permit use on live cases; that is another decision."
_STANCE = {"for": "I advise for an approval", "against": "I advise against an approval", "neutral": "I advise neither for nor against"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a sentence depends on beside the evidence."""

    decision: DecisionKind
    role: str
    """`senior_responsible_owner`."""
    valid_from: str = ""
    """In UTC; approvals only."""
    valid_until: str = ""
    conditions: int = 0
    """How many conditions the approval has."""
    accepts_risk: bool = False
    not_judged: int = 0
    """How many cells it accepts that nobody judged."""
    against_advice: tuple[str, ...] = ()
    """Advisory roles from whose advice the approval departs."""
    stance: str = ""
    """`for`, `against` or `neutral`; advice only."""


def sentence(evidence: Evidence, terms: Terms) -> str:
    """What the signer agrees to."""
    read = f"I have read this report. {statement(evidence, policy_text(evidence), task_words(evidence))}"
    role = acting(terms.role)
    return f"{read} {role[0].upper()}{role[1:]}, {_decided(evidence, terms)}"


def claim_words(claim: str) -> str:
    """`REHEARSAL`."""
    return CLAIMS[claim][0] if claim in CLAIMS else claim


def _decided(evidence: Evidence, terms: Terms) -> str:
    exactly = f"exactly this {task_words(evidence).bound_to}"
    if terms.decision in APPROVING:
        although = "".join(f", although {the_role(role)} advises against it" for role in terms.against_advice)
        return f"I approve {exactly} for: {claim_words(evidence.claim)}{although}, {_limits(terms)}. {ALL_TOGETHER} {NOT_FOR_USE}"
    return {
        "reject": f"I reject {exactly}: it must not be approved.",
        "defer": f"I decide nothing yet about {exactly}: it is not approved by me.",
        "dissent": f"I disagree with an approval of {exactly}, and want that to stand on page one of the decision.",
        "advice": f"{_STANCE.get(terms.stance, 'I give my advice')} of {exactly}. Advice is heard; it is not a vote.",
    }[terms.decision]


def _limits(terms: Terms) -> str:
    parts = [f"from {terms.valid_from} until {terms.valid_until}"]
    if terms.conditions:
        parts.append(f"under the {_number(terms.conditions, 'condition')} listed in this decision")
    if terms.not_judged:
        parts.append(f"knowing that {_number(terms.not_judged, 'group')} named in this decision {_was(terms.not_judged)} not judged")
    if terms.accepts_risk:
        parts.append("accepting the residual risk in the words of this decision")
    return ", ".join(parts)


def _number(count: int, noun: str) -> str:
    return f"one {noun}" if count == 1 else f"{count} {noun}s"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


__all__ = ["ALL_TOGETHER", "NOT_FOR_USE", "Terms", "claim_words", "role_words", "sentence"]
