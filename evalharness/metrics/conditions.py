"""The counts that a question is about: those of the run as it stands, or those under its condition."""

from __future__ import annotations

from evalharness.catalogue import COPY_METRICS
from evalharness.records import Question
from evalharness.tally import ConfusionTally


def counted_under(tally: ConfusionTally, question: Question) -> ConfusionTally | None:
    """The tally of the question's condition; null where nobody counted under it.

    A stated prevalence and a comparison with another model are functions of the run's own counts, or of paired ones.
    """
    asked = question.on
    if question.metric in COPY_METRICS:
        return tally.pairs.get(question.condition)
    if asked.budget_per_day is None and not asked.under and not asked.over_range:
        return tally
    return tally.others.get(question.condition)
