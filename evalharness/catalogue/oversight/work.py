"""How much reading the bands of a policy make, and whether the people that there are can do it."""

from __future__ import annotations

from typing import Final

from evalharness.catalogue.metric import Metric

SOURCE = "work"
KIND: Final = "oversight_work"
READINGS, MINUTES, BACKLOG, OFFICERS = "reading_load", "weekly_minutes", "weekly_backlog", "officers_needed"
_OF = "readings that there would be if every item were read most often"

WORK_METRICS: tuple[Metric, ...] = (
    Metric(
        name=READINGS, title="Readings, of the most that there could be", kind="oversight", source=SOURCE, better="lower",
        unit="proportion", decides=False, why_not=f"it is what `{MINUTES}` is made of: require that", denominator_name=_OF,
        definition=(
            "Readings of all items by the bands of the policy, as a share of those that there would be if every item were in the band that "
            "is read most often. A third reader, where there may be one, counts for every item; a pile to be opened within days is opened "
            "whole; a spot check reads its share; what is deferred or has no answer is read once."
        ),
    ),
    Metric(
        name=MINUTES, title="Minutes of reading a week", kind=KIND, source=SOURCE, better="lower", unit="minutes", decides=True,
        denominator_name=_OF,
        definition=(
            "Readings of an item by the bands of the policy, times `items_per_week`, times `minutes_per_review`, or with "
            "`work: {minutes: measured}` the minutes of a reading in the review log."
        ),
    ),
    Metric(
        name=BACKLOG, title="Minutes of reading that are left over each week", kind=KIND, source=SOURCE, better="lower", unit="minutes",
        decides=True, denominator_name=_OF,
        definition="Minutes of reading a week beyond those that the officers of `human_in_the_loop: work` have; 0 where they suffice.",
    ),
    Metric(
        name=OFFICERS, title="Officers needed for the reading", kind=KIND, source=SOURCE, better="lower", unit="ratio", decides=True,
        denominator_name=_OF,
        definition="Minutes of reading a week over those of one officer, rounded up to whole officers.",
    ),
)  # fmt: skip
OF_WORK = tuple(metric.name for metric in WORK_METRICS)
