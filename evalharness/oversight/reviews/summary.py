"""What a review log held, in whole numbers and without a name, for the evidence."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from evalharness.oversight.reviews.readings import NOTHING, Flags, Ints, Known, Readings

SECOND_EDGES = (1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200, 1_800, 3_600, 86_400)
"""Upper edges, included, of the classes that seconds are counted in."""
FEWEST_READINGS = 10
"""Reviewers with fewer are told together."""
MOST_READERS = 500
"""Reviewers beyond, those who read least, are told together too."""


def summary_of(readings: Readings, known: Known) -> dict[str, Any]:
    """Whole numbers for `evidence.oversight.reviews.ReviewsPart`."""
    truth = known.labels[readings.item]
    labelled = truth != NOTHING
    relevant = labelled & (truth >= known.relevant_from)
    first = (readings.reading == 1) & ~readings.seeded
    decided = readings.said != NOTHING
    return {
        "assigned_rows": readings.number,
        "unread": int((~decided).sum()),
        "items": _distinct(readings.item),
        "reviewers": _distinct(readings.reviewer),
        "shifts": _distinct(readings.shift[readings.read]),
        "seeded": int(readings.seeded.sum()),
        "relevant": int((first & relevant).sum()),
        "labelled": int((first & labelled).sum()),
        "seconds": _seconds(readings.seconds[readings.read]),
        "readers": _readers(readings, known, first & decided, relevant),
    }


def _distinct(codes: Ints) -> int:
    return int(np.count_nonzero(np.bincount(codes))) if len(codes) else 0


def _seconds(seconds: npt.NDArray[np.float64]) -> list[list[int]]:
    counts = np.bincount(np.searchsorted(np.array(SECOND_EDGES, dtype=np.float64), seconds), minlength=len(SECOND_EDGES))
    return [[edge, int(count)] for edge, count in zip(SECOND_EDGES, counts.tolist(), strict=True)]


def _readers(readings: Readings, known: Known, of: Flags, relevant: Flags) -> list[dict[str, int]]:
    """First readings with a decision, by reviewer: how often right where the classifier is, and where it is not; how often otherwise."""
    truth = known.labels[readings.item] != NOTHING
    shown = of & ~readings.blind & (readings.shown != NOTHING)
    model_right = (readings.shown >= known.relevant_from) == relevant
    right = (readings.said >= known.relevant_from) == relevant
    number = int(readings.reviewer.max(initial=0)) + 1
    counts = np.stack(
        [
            np.bincount(readings.reviewer[flags], minlength=number)
            for flags in (
                of, shown & truth & model_right, shown & truth & model_right & right, shown & truth & ~model_right,
                shown & truth & ~model_right & right, shown, shown & (readings.said != readings.shown),
            )
        ],
        axis=1,
    )  # fmt: skip
    counts = counts[counts[:, 0] > 0]
    counts = counts[np.lexsort(counts.T[::-1])[::-1]]
    alone = counts[:MOST_READERS][counts[:MOST_READERS, 0] >= FEWEST_READINGS]
    rest = counts[len(alone) :]
    rows = [(1, *row) for row in alone.tolist()] + ([(len(rest), *rest.sum(axis=0).tolist())] if len(rest) else [])
    names = ("reviewers", "read", "model_right", "right_when_right", "model_wrong", "right_when_wrong", "shown", "override")
    return [dict(zip(names, row, strict=True)) for row in rows]
