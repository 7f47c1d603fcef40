"""Page one: what a signature would mean."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.report import numbers, words
from evalharness.report.fitting import cut
from evalharness.report.marks import mark
from evalharness.report.policy_text import PolicyText
from evalharness.report.verdict_box import left_out_by_name, lowered, sorts_nothing

_NOT_FOR_USE = frozenset({"practice_run", "other_benchmark"})
_ROLES, _ROLE, _CAMPAIGN = 5, 46, 46
PRACTICE = "Nothing was fixed before this run (no lock): it is a practice run and can never be signed."


def signing(evidence: Evidence, policy: PolicyText) -> Iterator[str]:
    """The statement, what it permits, when it ends, who is wanted."""
    met = evidence.verdict.outcome == "met"
    yield from _standing(evidence, policy)
    yield f"You would put your name to this: “I have read this report. {statement(evidence, policy)}”"
    yield (
        f"Signing says that {'this test was passed' if met else 'you know this result'}. "
        "It does not permit use on live cases; that is another decision."
    )
    if not met:
        yield "No signature turns this verdict into MET."
    days = f" Your signature ends after {policy.valid_for_days} days." if policy.valid_for_days else ""
    yield f"Your signature holds for exactly this classifier, threshold, test data and policy. Change one of them and it is void.{days}"
    if policy.roles:
        told = words.roles((cut(role, _ROLE), number) for role, number in policy.roles[:_ROLES])
        more = f", and {len(policy.roles) - _ROLES} more" if len(policy.roles) > _ROLES else ""
        yield f"The policy wants these signatures: {told}{more}."
    if policy.developers_may_sign:
        yield "It lets the people who built the classifier sign."


def _standing(evidence: Evidence, policy: PolicyText) -> Iterator[str]:
    """Whether the run counts, and what its attempt costs."""
    lock = evidence.lock
    if lock is None:
        yield PRACTICE
        return
    if cannot_be_signed(evidence, policy):
        yield "This run cannot be signed for use."
    instead = "" if policy.confidence is None else f" instead of {numbers.confidence(policy.confidence)}"
    yield (
        f"By its lock this is attempt {lock.attempt} of the campaign “{cut(lock.campaign, _CAMPAIGN)}”. "
        f"Every attempt counts, so it was judged at {numbers.confidence(lock.level)}{instead}."
    )


def cannot_be_signed(evidence: Evidence, policy: PolicyText) -> bool:
    """Whether the run was made for practice, or on another benchmark than the policy's."""
    other = bool(policy.benchmark) and policy.benchmark != evidence.benchmark.name
    return other or any(notice.kind in _NOT_FOR_USE for notice in evidence.notices)


def statement(evidence: Evidence, policy: PolicyText) -> str:
    """What a signer puts a name to, in two sentences: the verdict with all that takes the shine off it, and the claim."""
    parts = [mark(evidence.verdict.outcome).word.upper()]
    if policy.warning:
        parts.append("under a policy that its authors say nobody should use")
    if number := left_out_by_name(evidence):
        parts.append(f"with {number} group{'s' if number > 1 else ''} left out")
    if why := sorts_nothing(evidence):
        parts.append(f"though {why}")
    kind = words.CLAIMS[evidence.claim][0].lower()
    asked = f", though the policy asks for a {words.CLAIMS[policy.claim][0].lower()}" if lowered(evidence, policy) else ""
    return f"Its verdict is {', '.join(parts)}. It is a {kind}, and no more than that{asked}."
