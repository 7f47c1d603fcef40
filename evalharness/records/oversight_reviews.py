"""What a policy says of the study in which people read."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.records.share import ENRICHED, RESTS_ON, SYNTHETIC, THESE

SECOND_EDGES = (1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200, 1_800, 3_600, 86_400)
"""Upper edges, included, of the classes that the seconds of readings are counted in."""
NOT_LISTED = "declared: what was assigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewStudy:
    """How a review log came about."""

    assigned: str = ""
    """sha256 of the list of what was assigned, made before anybody read; empty: not fixed."""
    these: bool = False
    """Whether figures are about these reviewers and no others."""
    by_chance: bool = False
    """Whether chance said who sees the classifier's answer on which item."""
    prevalence_within: tuple[float, float] | None = None
    """The share of relevant items among what is read, least and most, that is as at work; None: not stated."""
    slowest_seconds: float = 1_800.0
    """A reading that takes longer is slow."""


def rests_of_reviews(
    *, listed: bool, synthetic: bool, study: ReviewStudy, rehearsal: bool, relevant: int, labelled: int
) -> tuple[str, ...]:  # fmt: skip
    """What every figure of a review log rests on, in the order of `records.share.RESTS_ON`.

    Enriched: relevant items are more, or fewer, among the labelled readings than the policy allows; above a rehearsal also where it says
    nothing of that.
    """
    within = study.prevalence_within
    outside = not rehearsal if within is None else not labelled or not within[0] <= relevant / labelled <= within[1]
    told = {NOT_LISTED: not listed, SYNTHETIC: synthetic, ENRICHED: outside, THESE: study.these}
    return tuple(name for name in RESTS_ON if told.get(name))
