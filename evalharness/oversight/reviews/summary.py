"""What a review log held, in whole numbers and without a name, for the evidence."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from evalharness.oversight.reviews.kinds import Kinds, counts_by_kind, kinds_of
from evalharness.oversight.reviews.outcomes import USUAL_SLOWEST
from evalharness.oversight.reviews.readings import Ints, Known, Readings
from evalharness.oversight.reviews.seconds import classes_of
from evalharness.records.oversight_reviews import SECOND_EDGES

FEWEST_READINGS = 10
"""Reviewers with fewer are told together."""
MOST_READERS = 500
"""Reviewers beyond, those who read least, are told together too."""


def summary_of(
    readings: Readings, known: Known, kinds: Kinds | None = None, seconds: npt.NDArray[np.uint8] | None = None
) -> dict[str, Any]:  # fmt: skip
    """Whole numbers for `evidence.oversight.reviews.ReviewsPart`. kinds, seconds: of these readings, where they are known already."""
    seconds = classes_of(readings.seconds) if seconds is None else seconds
    kinds = kinds_of(readings, known, USUAL_SLOWEST) if kinds is None else kinds
    of = kinds.facts
    first = of.first & ~of.seeded
    return {
        "assigned_rows": readings.number,
        "unread": kinds.count(of.silent),
        "items": _distinct(readings.item),
        "reviewers": _distinct(readings.reviewer),
        "shifts": _distinct(readings.shift if readings.read.all() else readings.shift[readings.read]),
        "seeded": kinds.count(of.seeded),
        "relevant": kinds.count(first & of.relevant),
        "labelled": kinds.count(first & of.labelled),
        "seconds": _seconds(seconds if readings.read.all() else seconds[readings.read]),
        "readers": _readers(readings.reviewer, kinds),
    }


def _distinct(codes: Ints) -> int:
    return int(np.count_nonzero(np.bincount(codes))) if len(codes) else 0


def _seconds(classes: npt.NDArray[np.uint8]) -> list[list[int]]:
    counts = np.bincount(classes, minlength=len(SECOND_EDGES))
    return [[edge, int(count)] for edge, count in zip(SECOND_EDGES, counts.tolist(), strict=True)]


def _readers(reviewer: Ints, kinds: Kinds) -> list[dict[str, int]]:
    """First readings with a decision, by reviewer: how often right where the classifier is, and where it is not; how often otherwise."""
    of = kinds.facts
    decided = of.first & ~of.seeded & ~of.silent
    shown = decided & ~of.blind & of.answered
    wanted = (
        decided, shown & of.model_right, shown & of.model_right & of.right, shown & of.model_wrong, shown & of.model_wrong & of.right,
        shown, shown & ~of.same,
    )  # fmt: skip
    by_kind = counts_by_kind(reviewer, kinds)
    counts = np.stack([by_kind[flags].sum(axis=0) for flags in wanted], axis=1)
    counts = counts[counts[:, 0] > 0]
    counts = counts[np.lexsort(counts.T[::-1])[::-1]]
    alone = counts[:MOST_READERS][counts[:MOST_READERS, 0] >= FEWEST_READINGS]
    rest = counts[len(alone) :]
    rows = [(1, *row) for row in alone.tolist()] + ([(len(rest), *rest.sum(axis=0).tolist())] if len(rest) else [])
    names = ("reviewers", "read", "model_right", "right_when_right", "model_wrong", "right_when_wrong", "shown", "override")
    return [dict(zip(names, row, strict=True)) for row in rows]
