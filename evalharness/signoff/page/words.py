"""Words of the page that several of its parts use."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.signoff.decisions import DecisionRead
from evalharness.signoff.page.facts import PageFacts
from evalharness.signoff.predicates import APPROVING, DecisionPredicate
from evalharness.signoff.roles import role_words

ONLY_THE_GATE = "Whether it is in force today, only the gate can say: it also checks expiry, revocations and the actual files."
_VERB = {
    "approve": "approves",
    "approve-with-conditions": "approves under conditions",
    "defer": "decides nothing yet",
    "reject": "rejects",
    "dissent": "disagrees with an approval",
}
_STANCE = {"for": "advises for it", "against": "advises against it", "neutral": "advises neither for nor against it"}


def said(decision: DecisionPredicate) -> str:
    """`approves under conditions`."""
    if decision.decision == "advice":
        return _STANCE[decision.advice.stance] if decision.advice is not None else "gives advice"
    return _VERB[decision.decision]


def who(decision: DecisionPredicate) -> str:
    """`ada (senior responsible owner)`."""
    return f"{decision.author.person} ({role_words(decision.author.role)})"


def day(time: str) -> str:
    """`2026-11-22`."""
    return time[:10]


def minute(time: str) -> str:
    """`2026-11-22 13:00 UTC`."""
    return f"{time[:10]} {time[11:16]} UTC"


def counts(facts: PageFacts, read: DecisionRead) -> bool:
    """Whether the pure rules count it."""
    return read.signed.digest not in facts.state.why_not


def approvals(facts: PageFacts) -> tuple[DecisionRead, ...]:
    """Approvals that count."""
    return tuple(d for d in facts.read.decisions if d.predicate.decision in APPROVING and counts(facts, d))


def replaced(facts: PageFacts, read: DecisionRead) -> str:
    """`Replaced by ada's later decision`; empty: it stands as its signer's last word in that role."""
    author, decisions = read.predicate.author, facts.read.decisions
    if counts(facts, read):
        return ""
    later = decisions[decisions.index(read) + 1 :]
    same = any((other.predicate.author.person, other.predicate.author.role) == (author.person, author.role) for other in later)
    return f"Replaced by {author.person}'s later decision" if same else ""


def taken_back(facts: PageFacts) -> bool:
    """Whether the run, or what it rests on, was revoked or suspended; a mark on one decision takes only that."""
    decisions = {read.signed.digest for read in facts.read.decisions}
    return any(mark.target not in decisions for mark in (*facts.marks.revoked, *facts.marks.suspended))


def uncounted_note(facts: PageFacts, read: DecisionRead) -> str:
    """Why a decision does not count; empty when it does."""
    why = facts.state.why_not.get(read.signed.digest)
    return "" if why is None else f"This does not count: {'; '.join(why)}."


def names(parts: Sequence[str]) -> str:
    """`a, b and c`; nothing: `nobody`."""
    if len(parts) < 2:
        return parts[0] if parts else "nobody"
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
