"""Parts of the page that follow its state: seats, conditions, expiry, advice, and how to stop it."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.report.fitting import cut
from evalharness.report.view import Section, Table
from evalharness.signoff.conditions_text import condition_check, condition_words
from evalharness.signoff.decisions import DecisionRead
from evalharness.signoff.page.against import speaks_against, standing_against
from evalharness.signoff.page.facts import PageFacts, Seat
from evalharness.signoff.page.stop import COMMANDS, take_back
from evalharness.signoff.page.words import approvals, counts, day, names, replaced, said, taken_back, uncounted_note, who
from evalharness.signoff.predicates import APPROVING, Condition
from evalharness.signoff.roles import role_words

_WHY = 200
_DID = {"reject": "REJECTED it", "defer": "DEFERRED it", "dissent": "DISAGREES"}


def seats(facts: PageFacts) -> Section:
    """Who must approve, and who has."""
    rows = []
    for seat in facts.state.seats:
        role = role_words(seat.role) + (f" ({seat.wanted} people)" if seat.wanted > 1 else "")
        rows.append((role, names(seat.people), "; ".join((seat_words(facts, seat), *refusals(facts, seat)))))
    table = Table(caption="Seats, by role", columns=("Role", "Approved by", "Seats"), rows=tuple(rows), numeric_from=9)
    text = "These approvals would have counted." if taken_back(facts) else "Only approvals that count fill a seat."
    return Section(anchor="seats", title="Who must approve, and who has", paragraphs=(text,), tables=(table,) if rows else ())


def seat_words(facts: PageFacts, seat: Seat) -> str:
    """`1 open`, `filled`, `would have been filled`."""
    if seat.open:
        return f"{seat.open} open"
    return "would have been filled" if taken_back(facts) else "filled"


def refusals(facts: PageFacts, seat: Seat) -> Iterator[str]:
    """`ada REJECTED it: “…”`, for whoever of that role objects."""
    for read in facts.read.decisions:
        decision = read.predicate
        if decision.author.role == seat.role and decision.decision in _DID and counts(facts, read):
            yield f"{decision.author.person} {_DID[decision.decision]}: “{cut(decision.why, _WHY)}”"


def conditions(facts: PageFacts) -> Section:
    """All conditions that apply, each once: they all hold together."""
    asked: dict[str, list[tuple[str, str]]] = {}
    for read in in_force(facts):
        for condition in read.predicate.conditions:
            asked.setdefault(condition_words(condition), []).append((read.predicate.author.person, _kept(condition, read, facts)))
    if not asked:
        return Section(anchor="conditions", title="Conditions", paragraphs=("No approval that stands has a condition.",))
    rows = tuple((words, _how(of), names(sorted({person for person, _ in of}))) for words, of in asked.items())
    caption = "Every one of these would have had to hold" if taken_back(facts) else "Every one of these must hold"
    table = Table(caption=caption, columns=("Condition", "How it is kept", "Asked by"), rows=rows, numeric_from=9)
    return Section(anchor="conditions", title="Conditions", tables=(table,))


def in_force(facts: PageFacts) -> tuple[DecisionRead, ...]:
    """Approvals whose conditions apply."""
    digests = facts.state.in_force
    return tuple(r for r in facts.read.decisions if r.predicate.decision in APPROVING and r.signed.digest in digests)


def _kept(condition: Condition, read: DecisionRead, facts: PageFacts) -> str:
    for done in facts.marks.discharged:
        if (done.decision, done.condition) == (read.signed.digest, condition.id):
            return f"Confirmed on {day(done.on)} by {done.by}: {done.why}"
    return condition_check(condition)


def _how(asked: list[tuple[str, str]]) -> str:
    """How a condition is kept: once, or for each of those who asked, where that differs."""
    ways: dict[str, list[str]] = {}
    for person, way in asked:
        ways.setdefault(way, []).append(person)
    if len(ways) == 1:
        return asked[0][1]
    return " ".join(f"For {names(sorted(set(people)))}: {way}" for way, people in ways.items())


def expiry(facts: PageFacts) -> Section:
    """When the approvals that count begin and end."""
    rows = tuple((who(p), day(p.valid_from or ""), day(p.valid_until or "")) for p in (read.predicate for read in approvals(facts)))
    if not rows:
        return Section(anchor="expiry", title="How long", paragraphs=("There is no approval that could end.",))
    first = min(row[2] for row in rows)
    text = f"The first of these approvals ends on {first}. Then its seat is open again. {renewed(facts)}"
    if taken_back(facts):
        text = f"The first of these approvals would have ended on {first}."
    return Section(
        anchor="expiry",
        title="How long",
        paragraphs=(text,),
        tables=(Table(caption="Approvals", columns=("By", "From", "Until"), rows=rows, numeric_from=9),),
    )


def renewed(facts: PageFacts) -> str:
    """That an approval lives from a fresh status list."""
    days = facts.state.status_days
    return f"All of them hold only while the status list is renewed, at least every {'day' if days == 1 else f'{days} days'}."


def advice(facts: PageFacts) -> Section:
    """What those said who are heard and do not vote, and how approvals answer. Advice against stands at the top of the page."""
    given, answers = tuple(_advice(facts)), tuple(_answers(facts))
    text = "Advice against it stands at the top of this page." if _told_above(facts) else "" if given else "Nobody has given advice."
    return Section(
        anchor="advice",
        title="Advice, and departures from it",
        paragraphs=(text,) if text else (),
        terms=(*given, *answers),
    )


def _advice(facts: PageFacts) -> Iterator[tuple[str, str]]:
    for read in facts.read.decisions:
        told = read.predicate.advice
        if told is not None and not speaks_against(read) and not replaced(facts, read):
            yield f"{who(read.predicate)} {said(read.predicate)}", f"“{told.text}”"
            if note := uncounted_note(facts, read):
                yield "Does it count?", note


def _told_above(facts: PageFacts) -> frozenset[str]:
    """Roles whose advice against it, with the departures from it, is in the box of objections."""
    return frozenset(r.predicate.author.role for r in standing_against(facts) if r.predicate.advice is not None)


def _answers(facts: PageFacts) -> Iterator[tuple[str, str]]:
    above = _told_above(facts)
    for read in approvals(facts):
        person = read.predicate.author.person
        for words in read.predicate.departures:
            if words.role not in above:
                yield f"{person} departs from the advice of {role_words(words.role)}", words.why
        for words in read.predicate.absences:
            yield f"{person} does not wait for the advice of {role_words(words.role)}", words.why


def stop(facts: PageFacts) -> Section | None:
    """How to take it back; None where there is nothing to take back."""
    if not approvals(facts) or taken_back(facts):
        return None
    text = take_back(facts, "Whoever approved it")
    return Section(anchor="stop", title="How to stop it", paragraphs=(text,), code="\n".join(COMMANDS) if facts.may_stop else "")
