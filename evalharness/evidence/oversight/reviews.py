"""What a review log held, in numbers: no name of a reviewer and no item."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evalharness.evidence.part import Count, Digest, Part


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
