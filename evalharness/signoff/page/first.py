"""Page one of the decision: its state in words that claim no more than is known, and who stands against it."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.report.marks import mark
from evalharness.report.policy_text import policy_text
from evalharness.report.words import CLAIMS, capital
from evalharness.signoff.conditions_text import condition_words
from evalharness.signoff.page.against import against_words, carriers, disagreement, objections, stopped_by, stopping
from evalharness.signoff.page.details import details, target_words
from evalharness.signoff.page.facts import PageFacts
from evalharness.signoff.page.sections import advice, conditions, expiry, in_force, seats, stop
from evalharness.signoff.page.view import Box, DecisionView
from evalharness.signoff.page.words import ONLY_THE_GATE, approvals, day, minute, names, taken_back, who
from evalharness.signoff.sentence import claim_words


def build_view(facts: PageFacts) -> DecisionView:
    """The whole page. A function of the facts and of nothing else."""
    evidence, claim = facts.evidence, claim_words(facts.evidence.claim)
    policy = policy_text(evidence)
    box = _box(facts)
    return DecisionView(
        band=f"{claim} · DO NOT USE THIS POLICY" if policy.warning else claim,
        claim_sentence=CLAIMS[evidence.claim][1],
        window_title=f"{'Approved' if facts.state.approved else 'Not approved'} ({claim}): {evidence.model.name}",
        title=f"What was decided about “{evidence.model.name}”?",
        subtitle=f"{policy.title} · run of {day(evidence.created)} · decisions as of {minute(facts.as_of)}",
        box=box,
        alarms=tuple(_alarms(facts)),
        objections=tuple(objections(facts)),
        missing=tuple(capital(text) for text in facts.state.reasons if not _told_above(text, facts)),
        verdict=f"The report says: {mark(evidence.verdict.outcome).word.upper()}. The decisions below do not change that report.",
        first_title="What had been decided before" if taken_back(facts) else "",
        first=(seats(facts), conditions(facts), expiry(facts), *((found,) if (found := stop(facts)) else ()), advice(facts)),
        more=details(facts),
        as_of=facts.as_of,
    )


def _box(facts: PageFacts) -> Box:
    notes, against = tuple(_notes(facts)), against_words(facts)
    if not facts.state.approved:
        hard = stopping(facts) or facts.marks.revoked or facts.evidence.verdict.outcome == "not_met"
        tone = "not_met" if hard else "not_demonstrated"
        return Box(tone=tone, sign="✗" if hard else "…", headline=f"Not approved: {_why_not(facts)}.", notes=notes)
    reserved = against or disagreement(facts) or any(r.predicate.conditions for r in in_force(facts))
    headline = f"Approved for {claim_words(facts.evidence.claim)}"
    headline += f", {against}." if against else f" by {_approvers(facts)}."
    return Box(tone="reserved" if reserved else "met", sign="!" if reserved else "✓", headline=headline, notes=notes)


def _approvers(facts: PageFacts) -> str:
    return names(sorted({who(read.predicate) for read in approvals(facts)}))


def _notes(facts: PageFacts) -> Iterator[str]:
    if not facts.state.approved:
        yield from _not_approved(facts)
        return
    if against_words(facts):
        yield f"Approved by {_approvers(facts)}."
    yield _until(facts)
    if number := len({condition_words(c) for read in in_force(facts) for c in read.predicate.conditions}):
        yield f"It is under {number} condition{'s' if number > 1 else ''}, below."
    if len(found := carriers(facts)) == 1:
        yield f"{next(iter(found))} carries the risk."
    if facts.rehearsal:
        yield "It is signed with REHEARSAL keys."
    yield ONLY_THE_GATE


def _not_approved(facts: PageFacts) -> Iterator[str]:
    if all(_told_above(text, facts) for text in facts.state.reasons):
        yield "Nothing on this page permits any use."
    else:
        yield "Everything that stands in the way is listed below. Nothing on this page permits any use."


def _until(facts: PageFacts) -> str:
    days = facts.state.status_days
    renewed = f"at most every {'day' if days == 1 else f'{days} days'}"
    return f"It ends on {min(_ends(facts), default='')} at the latest, and holds only while the status list is renewed ({renewed})."


def _ends(facts: PageFacts) -> Iterator[str]:
    for read in approvals(facts):
        yield day(read.predicate.valid_until or "")
    for read in in_force(facts):
        yield from (c.due for c in read.predicate.conditions if c.type == "until" and c.due is not None)


def _why_not(facts: PageFacts) -> str:
    """The first thing in the way, in words of ours alone: nobody else's words stand in the headline."""
    marks, outcome = facts.marks, facts.evidence.verdict.outcome
    if facts.read.altered:
        return "statements of this run were altered"
    if marks.revoked or marks.suspended:
        found, word = (marks.revoked[0], "revoked") if marks.revoked else (marks.suspended[0], "suspended")
        return f"{target_words(found.target, facts)} was {word}"
    if outcome != "met":
        return f"the verdict of the report is {mark(outcome).word.upper()}"
    if against := stopping(facts):
        return names(tuple(stopped_by(read) for read in against))
    empty, wanted = sum(seat.open for seat in facts.state.seats), sum(seat.wanted for seat in facts.state.seats)
    if empty:
        return f"{empty} of {wanted} seats {'is' if empty == 1 else 'are'} open"
    return "something stands in the way"


def _alarms(facts: PageFacts) -> Iterator[str]:
    for word, marks in (("REVOKED", facts.marks.revoked), ("SUSPENDED", facts.marks.suspended)):
        for found in marks:
            yield f"{word}: {target_words(found.target, facts)}, on {day(found.on)} by {found.by}. Reason: {found.why}"
    for text in facts.read.altered:
        yield f"ALTERED: {text}"
    if told := disagreement(facts):
        yield told


def _told_above(reason: str, facts: PageFacts) -> bool:
    """Whether the alarms say it already: what was revoked or suspended, by whom, when and why."""
    return any(f" by {found.by} on {found.on}: {found.why}" in reason for found in (*facts.marks.revoked, *facts.marks.suspended))
