"""Page one of the decision: its state in words that claim no more than is known, and who stands against it."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.report.marks import mark
from evalharness.report.policy_text import policy_text
from evalharness.report.words import CLAIMS, capital
from evalharness.signoff.conditions_text import condition_words
from evalharness.signoff.decisions import OBJECTING
from evalharness.signoff.page.details import details, target_words
from evalharness.signoff.page.facts import PageFacts
from evalharness.signoff.page.sections import advice, conditions, expiry, seats
from evalharness.signoff.page.view import Box, DecisionView, Said
from evalharness.signoff.page.words import ONLY_THE_GATE, approvals, counts, day, minute, names, said, uncounted_note, who
from evalharness.signoff.sentence import claim_words

_NO_WORDS = "No reason is given."


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
        objections=tuple(_objections(facts)),
        missing=tuple(capital(text) for text in facts.state.reasons),
        verdict=f"The report says: {mark(evidence.verdict.outcome).word.upper()}. The decisions below do not change that report.",
        first=(seats(facts), conditions(facts), expiry(facts), advice(facts)),
        more=details(facts),
        as_of=facts.as_of,
    )


def _box(facts: PageFacts) -> Box:
    notes = tuple(_notes(facts))
    if not facts.state.approved:
        hard = any(_against(facts)) or facts.marks.revoked or facts.evidence.verdict.outcome == "not_met"
        tone = "not_met" if hard else "not_demonstrated"
        return Box(tone=tone, sign="✗" if hard else "…", headline=f"Not approved: {_why_not(facts)}.", notes=notes)
    reserved = any(r.predicate.decision in OBJECTING for r in facts.read.decisions) or any(r.predicate.conditions for r in approvals(facts))
    people = names(sorted({who(read.predicate) for read in approvals(facts)}))
    headline = f"Approved for: {claim_words(facts.evidence.claim)} by {people}."
    return Box(tone="reserved" if reserved else "met", sign="!" if reserved else "✓", headline=headline, notes=notes)


def _notes(facts: PageFacts) -> Iterator[str]:
    if facts.state.approved:
        yield f"It ends on {min(_ends(facts), default='')} at the latest."
        if number := len({condition_words(c) for read in approvals(facts) for c in read.predicate.conditions}):
            yield f"It is under {number} condition{'s' if number > 1 else ''}, below."
        if people := {r.predicate.author.person for r in facts.read.decisions if r.predicate.decision in OBJECTING and counts(facts, r)}:
            yield f"{names(sorted(people))} {'objects' if len(people) == 1 else 'object'}, below."
        if facts.rehearsal:
            yield "It is signed with REHEARSAL keys."
        yield ONLY_THE_GATE
        return
    yield "Everything that stands in the way is listed below. Nothing on this page permits any use."


def _ends(facts: PageFacts) -> Iterator[str]:
    for read in approvals(facts):
        yield day(read.predicate.valid_until or "")
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
    if people := tuple(_against(facts)):
        return names(people)
    empty, wanted = sum(seat.open for seat in facts.state.seats), sum(seat.wanted for seat in facts.state.seats)
    if empty:
        return f"{empty} of {wanted} seats {'is' if empty == 1 else 'are'} open"
    return "something stands in the way"


def _against(facts: PageFacts) -> Iterator[str]:
    for read in facts.read.decisions:
        if read.predicate.decision in ("reject", "defer") and counts(facts, read):
            yield f"{who(read.predicate)} {said(read.predicate)}"


def _alarms(facts: PageFacts) -> Iterator[str]:
    for word, marks in (("REVOKED", facts.marks.revoked), ("SUSPENDED", facts.marks.suspended)):
        for found in marks:
            yield f"{word}: {target_words(found.target, facts)}, on {day(found.on)} by {found.by}. Reason: {found.why}"
    for text in facts.read.altered:
        yield f"ALTERED: {text}"


def _objections(facts: PageFacts) -> Iterator[Said]:
    for read in facts.read.decisions:
        decision = read.predicate
        if decision.decision in OBJECTING:
            head = f"{who(decision)} {said(decision)}, {minute(decision.author.created)}"
            yield Said(head=head, text=decision.why or _NO_WORDS, note=uncounted_note(facts, read))
