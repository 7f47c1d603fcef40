"""What speaks against an approval and still stands: objections, advice against, and signers who do not agree who carries the risk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evalharness.signoff.decisions import OBJECTING, DecisionRead
from evalharness.signoff.page.facts import PageFacts
from evalharness.signoff.page.view import Said
from evalharness.signoff.page.words import approvals, counts, minute, names, replaced, said, uncounted_note, who
from evalharness.signoff.roles import acting, the_role

_NO_WORDS = "No reason is given."
_SHARES = {"reject": "the rejection by", "defer": "the deferral by", "dissent": "the dissent of"}
_PAST = {"reject": "rejected it", "defer": "deferred it", "dissent": "disagrees"}


def speaks_against(read: DecisionRead) -> bool:
    """An objection, or advice against."""
    told = read.predicate.advice
    return read.predicate.decision in OBJECTING or (told is not None and told.stance == "against")


def standing_against(facts: PageFacts) -> tuple[DecisionRead, ...]:
    """All that speak against it, counted or not, but for what their signers replaced."""
    return tuple(read for read in facts.read.decisions if speaks_against(read) and not replaced(facts, read))


def objections(facts: PageFacts) -> Iterator[Said]:
    """In full, with what approvals answer to advice."""
    for read in standing_against(facts):
        decision = read.predicate
        yield Said(
            head=f"{who(decision)} {said(decision)}, {minute(decision.author.created)}",
            text=decision.why or _NO_WORDS if decision.advice is None else decision.advice.text,
            answers=tuple(_departures(facts, decision.author.role)) if decision.advice is not None else (),
            note=uncounted_note(facts, read),
        )


def _departures(facts: PageFacts, role: str) -> Iterator[str]:
    for read in approvals(facts):
        for words in read.predicate.departures:
            if words.role == role:
                yield f"{read.predicate.author.person} departs from that advice: {words.why}"


def stopping(facts: PageFacts) -> tuple[DecisionRead, ...]:
    """Rejections and deferrals that count."""
    return tuple(r for r in facts.read.decisions if r.predicate.decision in ("reject", "defer") and counts(facts, r))


def stopped_by(read: DecisionRead) -> str:
    """`dee, for safeguarding, rejected it`."""
    author = read.predicate.author
    return f"{author.person}, {acting(author.role)}, {_PAST[read.predicate.decision]}"


def against_words(facts: PageFacts) -> str:
    """`against the dissent of gil (safeguarding), although the victims advocate advises against it`; empty: nobody is against it."""
    counted = [read for read in standing_against(facts) if counts(facts, read)]
    shares = []
    for kind, share in _SHARES.items():
        if people := _people(read for read in counted if read.predicate.decision == kind):
            shares.append(f"{share} {names(people)}")
    roles = sorted({read.predicate.author.role for read in counted if read.predicate.advice is not None})
    parts = [f"against {names(shares)}"] if shares else []
    if roles:
        parts.append(f"although {names([the_role(role) for role in roles])} {'advises' if len(roles) == 1 else 'advise'} against it")
    return ", ".join(parts)


def _people(reads: Iterable[DecisionRead]) -> list[str]:
    return sorted({who(read.predicate) for read in reads})


def carriers(facts: PageFacts) -> dict[str, list[str]]:
    """Who carries the risk -> which of those who approve say so."""
    found: dict[str, list[str]] = {}
    for read in approvals(facts):
        if read.predicate.control is not None:
            found.setdefault(read.predicate.control.risk_carried_by, []).append(read.predicate.author.person)
    return {person: sorted(set(said_by)) for person, said_by in sorted(found.items())}


def disagreement(facts: PageFacts) -> str:
    """In one sentence; empty: they agree."""
    found = carriers(facts)
    if len(found) < 2:
        return ""
    parts = (f"{names(by)} {'name' if len(by) > 1 else 'names'} {person}" for person, by in found.items())
    return f"The signers do not agree who carries the risk: {'; '.join(parts)}."
