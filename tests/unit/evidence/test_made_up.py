"""Evidence that rests on made-up reviewers says so."""

from __future__ import annotations

from typing import Any

import pytest

from evalharness.evidence.oversight.made_up import KIND, TOLD, made_up_inconsistencies
from evalharness.evidence.oversight.reviews import ReviewsPart

DIGEST = "sha256:" + "a" * 64
SAID = [(KIND, TOLD)]


def part(**changed: Any) -> ReviewsPart:
    numbers = dict.fromkeys(("rows", "assigned_rows", "unread", "items", "reviewers", "shifts", "seeded", "relevant", "labelled"), 0)
    given = {"digest": None, "assigned": None, "listed": True, "synthetic": True, "dials": DIGEST, "first": "", "last": "", "seconds": (),
             "readers": (), **numbers, **changed}  # fmt: skip
    return ReviewsPart.model_validate(given)


def test_what_says_so_is_in_order() -> None:
    assert list(made_up_inconsistencies(part(), SAID)) == []
    assert list(made_up_inconsistencies(part(dials=None, digest=DIGEST), [("tied_scores", "x")])) == []
    assert list(made_up_inconsistencies(None, [])) == []


@pytest.mark.parametrize(
    ("reviews", "notices"),
    [
        (part(), []), (part(), [(KIND, "All is well.")]), (part(), SAID * 2), (part(dials=None), SAID), (None, SAID),
        (part(synthetic=False), SAID), (part(listed=False), SAID), (part(digest=DIGEST), SAID), (part(assigned=DIGEST), SAID),
    ],
)  # fmt: skip
def test_what_hides_it_is_told(reviews: ReviewsPart | None, notices: list[tuple[str, str]]) -> None:
    assert len(list(made_up_inconsistencies(reviews, notices))) == 1
