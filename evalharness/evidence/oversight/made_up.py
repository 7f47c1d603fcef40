"""Reviewers that were made up on the spot: evidence that rests on them says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from evalharness.evidence.oversight.reviews import ReviewsPart

KIND: Final = "synthetic_reviewers"
TOLD = "The reviewers were made up: nobody read anything. What rests on them can support a rehearsal only."


def made_up_inconsistencies(part: ReviewsPart | None, notices: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What does not go together with made-up reviewers, in words. notices: (kind, text) of each that page one has."""
    told = [text for kind, text in notices if kind == KIND]
    if part is None or part.dials is None:
        if told:
            yield f"notices: {KIND} is told, and there were no made-up reviewers"
        return
    if told != [TOLD]:
        yield f"notices: the reviewers were made up, and {KIND} does not say so as it should"
    if not part.synthetic or not part.listed or part.digest is not None or part.assigned is not None:
        yield "oversight.reviews: made-up reviewers are synthetic, and have no file"
