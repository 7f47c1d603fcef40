"""What a review log held, in numbers: no name of a reviewer and no item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from evalharness.catalogue.oversight.reviews import ORDER_SHARES, REVIEW_SHARES, STEP_SHARES
from evalharness.evidence.part import Count, Digest, Part
from evalharness.evidence.shares import SharePart
from evalharness.records.oversight_minutes import STEPS, step_name
from evalharness.records.oversight_reviews import ReviewStudy, rests_of_reviews

_ORDERS: tuple[Literal["readings of a shift"], Literal["shifts of a reviewer"]] = ("readings of a shift", "shifts of a reviewer")
_SHARES = frozenset(metric.name for metric in REVIEW_SHARES)
_OF_ORDER = tuple(zip((metric.name for metric in ORDER_SHARES), ((by, third) for by in _ORDERS for third in (1, 3)), strict=True))
_LOGGED = _SHARES.union((name for name, _ in _OF_ORDER), (metric.name for metric in STEP_SHARES))


class ReaderPart(Part):
    """One reviewer, or all with few readings, without a name. First readings that are not seeded."""

    reviewers: Count
    read: Count
    model_right: Count
    """Read with a right answer shown."""
    right_when_right: Count
    """Of those: decided rightly."""
    model_wrong: Count
    right_when_wrong: Count
    shown: Count
    """Read with an answer shown, and decided."""
    override: Count
    """Of those: decided otherwise than the answer."""


class OrderPart(Part):
    """First readings of labelled items, without a seed, by when they were made. Chance does not say what came first."""

    by: Literal["readings of a shift", "shifts of a reviewer"]
    third: Annotated[int, Field(ge=1, le=3)]
    readings: Count
    right: Count
    shown: Count
    """Of those: with an answer shown, and decided."""
    override: Count
    """Of those: decided otherwise than the answer."""
    half_within_seconds: Count
    """The least edge of `seconds` that half of all readings made then took no longer than; 0 without a reading."""


class ReviewsPart(Part):
    """One review log."""

    digest: Digest | None
    """sha256 of the file; null for reviewers that were made up on the spot."""
    assigned: Digest | None
    """sha256 of the list of what was assigned; null where there was none."""
    rows: Count
    """Readings in the log."""
    listed: bool
    """Whether somebody listed what was assigned."""
    assigned_rows: Count
    """Readings that were assigned; those of the log where nobody listed them."""
    unread: Count
    """Assigned, and not made, or made without a decision: counted as wrong."""
    items: Count
    reviewers: Count
    shifts: Count
    seeded: Count
    synthetic: bool
    """Whether the reviewers were made up, or read made-up items."""
    dials: Digest | None = None
    """sha256 of the dials of reviewers that were made up on the spot; absent for a file."""
    first: Annotated[str, Field(max_length=40)]
    """Time of the earliest reading, UTC."""
    last: Annotated[str, Field(max_length=40)]
    relevant: Count
    """First readings, not seeded, of items that are relevant."""
    labelled: Count
    """Of items with a label."""
    seconds: tuple[tuple[Count, Count], ...]
    """(upper edge, readings): how long readings took."""
    readers: Annotated[tuple[ReaderPart, ...], Field(max_length=600)]
    """By how much they read, most first; those with fewer than 10 readings together, last."""
    order: Annotated[tuple[OrderPart, ...], Field(max_length=6)] | None = None
    """Absent in evidence of an older version."""


def review_inconsistencies(
    part: ReviewsPart | None, shares: Sequence[SharePart], study: ReviewStudy, *, rehearsal: bool, made_up: bool
) -> Iterator[str]:
    """What does not add up between a review log, its share rows and the policy, in words.

    study, rehearsal: what the policy says. made_up: whether the items are.
    """
    rows = {row.metric: row for row in shares if row.metric in _SHARES and not row.group}
    if part is None:
        if any(row.metric in _LOGGED for row in shares):
            yield "oversight.reviews: readings are counted, and there was no log"
        return
    if rows.keys() != _SHARES:
        yield "oversight.reviews: not every share of readings is counted"
        return
    found = rows["reader_recall"].total + rows["blind_reader_recall"].total
    other = rows["reader_specificity"].total + rows["blind_reader_specificity"].total
    if (found, found + other) != (part.relevant, part.labelled):
        yield f"oversight.reviews: {part.relevant} relevant of {part.labelled} are told, and {found} of {found + other} are counted"
    if rows["seeded_detection"].total > part.seeded or part.unread > part.assigned_rows or part.labelled > part.assigned_rows:
        yield "oversight.reviews: more readings are counted than there are"
    if not part.listed and part.assigned_rows != part.rows:
        yield "oversight.reviews: nobody listed what was assigned, and there are other readings than those of the log"
    if made_up and not part.synthetic:
        yield "oversight.reviews: the items are made up, so what was read is"
    told = rests_of_reviews(
        listed=part.listed, synthetic=part.synthetic, study=study, rehearsal=rehearsal, relevant=part.relevant, labelled=part.labelled
    )
    if any(row.rests_on != told for row in shares if row.metric in _LOGGED):
        yield f"oversight.reviews: its figures rest on {', '.join(told) or 'nothing'}, and they say something else"
    yield from _of_steps(part, {row.metric: (row.part, row.total) for row in shares if not row.group})
    yield from _of_order(part, {row.metric: (row.part, row.total) for row in shares if not row.group})
    if study.assigned and part.assigned != study.assigned and part.digest is not None:
        yield "oversight.reviews: what was assigned is not what the policy fixed"


def _of_order(part: ReviewsPart, rows: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    """The first and last thirds are those of the share rows, and no third has more than there is."""
    thirds = {(one.by, one.third): one for one in part.order or ()}
    if part.order is not None and list(thirds) != [(by, third) for by in _ORDERS for third in (1, 2, 3)]:
        yield "oversight.reviews.order: not each third of both orders, once"
        return
    for name, place in _OF_ORDER:
        one = thirds.get(place)
        if rows.get(name) != (None if one is None else (one.readings - one.right, one.readings)):
            yield f"oversight.reviews.order: {name} is not what the thirds make it"
    for by in _ORDERS if thirds else ():
        of = [one for one in thirds.values() if one.by == by]
        if any(one.right > one.readings or one.override > one.shown or one.shown > one.readings for one in of):
            yield f"oversight.reviews.order: by {by}, more count than were read"
        if sum(one.readings for one in of) > part.labelled:
            yield f"oversight.reviews.order: by {by}, more were read than {part.labelled}"


def _of_steps(part: ReviewsPart, rows: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    """Steps follow from the seconds; what was assigned and is not in the log takes longer than any."""
    made = sum(count for _, count in part.seconds)
    for step in STEPS:
        told = rows.get(step_name(step))
        longer = sum(count for edge, count in part.seconds if edge > step) + part.assigned_rows - made
        if told is not None and told != (longer, part.assigned_rows):
            yield f"oversight.reviews: {step_name(step)} is not what the seconds make it"
