"""Metrics of the task `ranking`: in each day's queue as many leads are selected as people can look at, and no more.

A lead without an answer takes no place in the queue, so it is not selected.
"""

from __future__ import annotations

from evalharness.catalogue.metric import Metric, Weights

#                    tp fp fn tn na+ na-
_ALL: Weights = (1, 1, 1, 1, 1, 1)
_SELECTED: Weights = (1, 1, 0, 0, 0, 0)

AT_BUDGET = ("recall_at_budget", "precision_at_budget")
"""Metrics that may be asked at another daily budget than the operating point's."""

RANKING_METRICS: tuple[Metric, ...] = (
    Metric(
        name="recall_at_budget",
        title="Relevant leads found within the daily budget",
        kind="proportion",
        better="higher",
        unit="proportion",
        decides=True,
        definition="Share of the relevant leads that are among the selected ones of their day; a lead without an answer is missed.",
        numerator=(1, 0, 0, 0, 0, 0),
        denominator=(1, 0, 1, 0, 1, 0),
        denominator_name="relevant leads",
        gaps=True,
    ),
    Metric(
        name="precision_at_budget",
        title="Leads selected that are relevant",
        kind="proportion",
        better="higher",
        unit="proportion",
        decides=True,
        definition="Share of the selected leads that are relevant; leads without an answer are left out.",
        numerator=(1, 0, 0, 0, 0, 0),
        denominator=_SELECTED,
        denominator_name="leads selected",
        gaps=True,
        needs_ceiling_on=("no_answer_rate",),
    ),
    Metric(
        name="no_answer_rate",
        title="Leads without an answer",
        kind="proportion",
        better="lower",
        unit="proportion",
        decides=True,
        definition="Share of all leads for which the classifier gave no usable answer.",
        numerator=(0, 0, 0, 0, 1, 1),
        denominator=_ALL,
        denominator_name="leads",
        gaps=True,
    ),
)
