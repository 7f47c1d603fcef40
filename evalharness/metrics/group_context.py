"""What stands beside the gaps between groups: it describes, and follows from the tallies."""

from __future__ import annotations

from collections.abc import Iterable

from evalharness.metrics.conflicts import conflicts
from evalharness.metrics.gap_context import gap_contexts, methods_in_words
from evalharness.metrics.measure import MOST_COMPARED
from evalharness.metrics.worst_cells import worst_cells
from evalharness.records import Question
from evalharness.records.group_context import GroupContext
from evalharness.tally import ConfusionTally


def group_context(tally: ConfusionTally, level: float, questions: Iterable[Question] = ()) -> GroupContext | None:
    """For every subset of attributes with two groups or more (and no more than are compared); None where there is no such subset, and of a
    weighted sample, of which no gap has a bound.

    Conflicts between notions are looked for in single attributes, and where a question compares the groups of an intersection.
    """
    asked = tuple(questions)
    subsets = [subset for subset in tally.slices.subsets if 2 <= tally.slices.size(subset) <= MOST_COMPARED]
    if not subsets or tally.weighted:
        return None
    compared = {frozenset(question.between) for question in asked}
    cells, looked_at = worst_cells(tally, [s for s in subsets if len(s) > 1], asked, level)
    return GroupContext(
        gaps=tuple(gap_contexts(tally, subsets, asked, level)),
        conflicts=tuple(conflicts(tally, [s for s in subsets if len(s) == 1 or frozenset(s) in compared], level)),
        worst=cells,
        looked_at=looked_at,
        methods=methods_in_words(level, tally.clustered),
    )
