"""Parts of the page that follow its state: seats, conditions, expiry, advice."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.report.view import Section, Table
from evalharness.signoff.conditions_text import condition_check, condition_words
from evalharness.signoff.page.facts import PageFacts
from evalharness.signoff.page.words import approvals, day, names, said, uncounted_note, who
from evalharness.signoff.sentence import role_words


def seats(facts: PageFacts) -> Section:
    """Who must approve, and who has."""
    rows = []
    for seat in facts.state.seats:
        role = role_words(seat.role) + (f" ({seat.wanted} people)" if seat.wanted > 1 else "")
        rows.append((role, names(seat.people), f"{seat.open} open" if seat.open else "filled"))
    table = Table(caption="Seats, by role", columns=("Role", "Approved by", "Seats"), rows=tuple(rows), numeric_from=9)
    return Section(
        anchor="seats",
        title="Who must approve, and who has",
        paragraphs=("Only approvals that count are shown here.",),
        tables=(table,) if rows else (),
    )


def conditions(facts: PageFacts) -> Section:
    """All conditions of all approvals that count, each once: they all hold together."""
    asked: dict[tuple[str, str], list[str]] = {}
    for read in approvals(facts):
        done = {d.condition: d for d in facts.marks.discharged if d.decision == read.signed.digest}
        for condition in read.predicate.conditions:
            mark = done.get(condition.id)
            state = condition_check(condition) if mark is None else f"Confirmed on {day(mark.on)} by {mark.by}: {mark.why}"
            asked.setdefault((condition_words(condition), state), []).append(read.predicate.author.person)
    if not asked:
        return Section(anchor="conditions", title="Conditions", paragraphs=("No approval that counts has a condition.",))
    rows = tuple((words, state, names(sorted(set(people)))) for (words, state), people in asked.items())
    columns = ("Condition", "How it is kept", "Asked by")
    table = Table(caption="Every one of these must hold", columns=columns, rows=rows, numeric_from=9)
    return Section(anchor="conditions", title="Conditions", tables=(table,))


def expiry(facts: PageFacts) -> Section:
    """When the approvals that count begin and end."""
    rows = tuple((who(p), day(p.valid_from or ""), day(p.valid_until or "")) for p in (read.predicate for read in approvals(facts)))
    if not rows:
        return Section(anchor="expiry", title="How long", paragraphs=("There is no approval that could end.",))
    first = min(row[2] for row in rows)
    return Section(
        anchor="expiry",
        title="How long",
        paragraphs=(f"The first of these approvals ends on {first}. Then its seat is open again.",),
        tables=(Table(caption="Approvals", columns=("By", "From", "Until"), rows=rows, numeric_from=9),),
    )


def advice(facts: PageFacts) -> Section:
    """What those said who are heard and do not vote, and how approvals answer."""
    given = tuple(_advice(facts))
    return Section(
        anchor="advice",
        title="Advice, and departures from it",
        paragraphs=() if given else ("Nobody has given advice.",),
        terms=(*given, *_answers(facts)),
    )


def _advice(facts: PageFacts) -> Iterator[tuple[str, str]]:
    for read in facts.read.decisions:
        told = read.predicate.advice
        if told is not None:
            yield f"{who(read.predicate)} {said(read.predicate)}", f"“{told.text}”"
            if note := uncounted_note(facts, read):
                yield "Does it count?", note


def _answers(facts: PageFacts) -> Iterator[tuple[str, str]]:
    for read in approvals(facts):
        person = read.predicate.author.person
        for words in read.predicate.departures:
            yield f"{person} departs from the advice of {role_words(words.role)}", words.why
        for words in read.predicate.absences:
            yield f"{person} does not wait for the advice of {role_words(words.role)}", words.why
