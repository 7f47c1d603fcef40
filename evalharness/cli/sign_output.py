"""What is printed after a decision was signed: what happened, and what is still missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalharness.cli.output import print_text
from evalharness.errors import shown

if TYPE_CHECKING:
    from evalharness.signoff.page import PageFacts
    from evalharness.workflows.decisions import SignedDecision


def print_signed(signed: SignedDecision) -> None:
    """The file, the pages, then who is against it, the seats, the advice, and everything that stands in the way."""
    author = signed.predicate.author
    print_text(f"\nSigned: {signed.predicate.decision} by {author.person}, {_acting(author.role)}, {author.created}")
    print_text(f"Statement: {signed.path}  {signed.digest}")
    print_text(f"Pages:     {', '.join(page.name for page in signed.pages)} in {signed.path.parent.parent}")
    for text in signed.against:
        print_text(f"! This does not count: {shown(text, 600)}")
    _print_against(signed.facts)
    _print_seats(signed.facts)
    for role in signed.advice_missing:
        print_text(f"  – advice of {_words(role)}: none that counts yet")
    _print_answer(signed.facts)


def _print_against(facts: PageFacts) -> None:
    from evalharness.signoff.page.against import disagreement, objections  # noqa: PLC0415

    for said in objections(facts):
        print_text(f"  ! {said.head}: {shown(said.text, 600)}")
        for text in (*said.answers, *((said.note,) if said.note else ())):
            print_text(f"      {shown(text, 600)}")
    if told := disagreement(facts):
        print_text(f"  ! {told}")


def _print_seats(facts: PageFacts) -> None:
    from evalharness.signoff.page.sections import refusals  # noqa: PLC0415

    for seat in facts.state.seats:
        against = tuple(refusals(facts, seat))
        parts = [f"filled by {', '.join(seat.people)}"] if seat.people else []
        parts += [*against, *([f"{seat.open} open"] if seat.open else [])]
        if not seat.people and not against:
            parts.insert(0, "nobody yet")
        print_text(f"  {'–' if seat.open else '✓'} {_words(seat.role)} ({seat.wanted}): {'; '.join(parts)}")


def _print_answer(facts: PageFacts) -> None:
    from evalharness.signoff.page.against import against_words, stopping  # noqa: PLC0415
    from evalharness.signoff.page.words import ONLY_THE_GATE  # noqa: PLC0415

    if facts.state.approved:
        although = f", {against}" if (against := against_words(facts)) else ""
        print_text(f"Approved for {facts.evidence.claim.upper()}{although}, as of this signature. {ONLY_THE_GATE}")
        return
    print_text("Not approved:" if stopping(facts) else "Not approved yet:")
    for reason in facts.state.reasons:
        print_text(f"  - {shown(reason, 600)}")


def signed_as_json(signed: SignedDecision) -> dict[str, Any]:
    """What a script needs to know."""
    state = signed.state
    return {
        "statement": str(signed.path),
        "digest": signed.digest,
        "decision": signed.predicate.decision,
        "person": signed.predicate.author.person,
        "role": signed.predicate.author.role,
        "sentence": signed.predicate.sentence,
        "report": signed.predicate.report,
        "counts": not signed.against,
        "why_not": list(signed.against),
        "pages": [str(page) for page in signed.pages],
        "approved_for": signed.predicate.claim if state.approved else None,
        "reasons": list(state.reasons),
        "seats": [{"role": s.role, "wanted": s.wanted, "people": list(s.people), "open": s.open} for s in state.seats],
        "advice_missing": list(signed.advice_missing),
    }


def _acting(role: str) -> str:
    from evalharness.signoff.roles import acting  # noqa: PLC0415

    return acting(role)


def _words(role: str) -> str:
    return role.replace("_", " ")
