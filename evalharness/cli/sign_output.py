"""What is printed after a decision was signed: what happened, and what is still missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalharness.cli.output import print_text
from evalharness.errors import shown

if TYPE_CHECKING:
    from evalharness.workflows.decisions import SignedDecision


def print_signed(signed: SignedDecision) -> None:
    """The file, the pages, then the seats, the advice, and everything that stands in the way."""
    from evalharness.signoff.page.words import ONLY_THE_GATE  # noqa: PLC0415

    author, state = signed.predicate.author, signed.state
    print_text(f"\nSigned: {signed.predicate.decision} by {author.person} as {_words(author.role)}, {author.created}")
    print_text(f"Statement: {signed.path}  {signed.digest}")
    print_text(f"Pages:     {', '.join(page.name for page in signed.pages)} in {signed.path.parent.parent}")
    for text in signed.against:
        print_text(f"! This does not count: {shown(text, 600)}")
    for seat in state.seats:
        told = f"filled by {', '.join(seat.people)}" if seat.people else "nobody yet"
        print_text(
            f"  {'✓' if not seat.open else '–'} {_words(seat.role)} ({seat.wanted}): {told}" + (f"; {seat.open} open" if seat.open else "")
        )
    for role in signed.advice_missing:
        print_text(f"  – advice of {_words(role)}: none that counts yet")
    if state.approved:
        print_text(f"Approved for: {signed.predicate.claim.upper()}, as of this signature. {ONLY_THE_GATE}")
        return
    print_text("Not approved yet:")
    for reason in state.reasons:
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


def _words(role: str) -> str:
    return role.replace("_", " ")
