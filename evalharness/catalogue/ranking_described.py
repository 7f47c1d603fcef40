"""What describes an order of leads, beyond what its budget finds: for the classifier, first in first out, and random order.

Every measure is taken inside each daily queue; leads of equal score count with the mean over every order among them, and leads without
an answer stand last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from evalharness.catalogue.metric import Metric

ORDERS: dict[str, str] = {"": "", "_first_in_first_out": "first in, first out", "_random_order": "random order"}
"""End of a metric's name -> the order that it is about; none for the classifier's own."""

_WHY_NOT = "its interval rests on an approximation that nobody has shown to be safe enough to decide"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    name: str
    title: str
    definition: str
    unit: Literal["proportion", "minutes", "index", "leads", "days"]
    better: Literal["higher", "lower"] = "lower"
    of: str = "relevant leads"
    standard: str = ""


_MEASURES = (
    _Measure(
        name="median_wait_of_missed",
        title="Wait of the relevant leads that the classifier leaves beyond the budget (median)",
        definition=(
            "Minutes of review work ahead of the middle one of the relevant leads that the classifier leaves beyond the daily budget or "
            "without an answer, if people went on down the list of its day."
        ),
        unit="minutes",
        of="relevant leads beyond the budget",
    ),
    _Measure(
        name="median_days_of_missed",
        title="The same wait, in daily budgets of work (median)",
        definition=(
            "Place in its day's list of the middle one of the relevant leads that the classifier leaves beyond the daily budget, divided "
            "by the budget: its turn comes after so many days' work on this list alone."
        ),
        unit="days",
        of="relevant leads beyond the budget",
    ),
    _Measure(
        name="median_rank_of_missed",
        title="Place of the relevant leads that the classifier leaves beyond the budget (median)",
        definition=(
            "Place in its day's list of the middle one of the relevant leads that the classifier leaves beyond the daily budget or "
            "without an answer. The same leads are looked up in every order."
        ),
        unit="leads",
        of="relevant leads beyond the budget",
    ),
    _Measure(
        name="median_wait",
        title="Wait of a relevant lead (median)",
        definition="Minutes of review work ahead of the middle one of all relevant leads in its day's list.",
        unit="minutes",
    ),
    _Measure(
        name="median_rank",
        title="Place of a relevant lead (median)",
        definition="Place of the middle one of all relevant leads in its day's list; 1 is opened first.",
        unit="leads",
    ),
    _Measure(
        name="budget_for_95",
        title="Daily budget that finds 95 in 100 relevant leads",
        definition="The smallest number of leads looked at each day that reaches 95 % of all relevant leads, leads without an answer last.",
        unit="leads",
    ),
    _Measure(
        name="rank_of_first_find",
        title="Place of a day's first relevant lead (mean)",
        definition="Place in its list of a day's first relevant lead, averaged over the days that have one.",
        unit="leads",
        of="days with a relevant lead",
    ),
    _Measure(
        name="time_to_first_find",
        title="Work before a day's first relevant lead (mean)",
        definition="Minutes of review work before a day's first relevant lead is opened, averaged over the days that have one.",
        unit="minutes",
        of="days with a relevant lead",
    ),
    _Measure(
        name="mean_average_precision",
        title="Average precision of a day's order (mean)",
        definition=(
            "For each relevant lead the share of relevant ones among those opened up to it, averaged over the day's relevant leads, and "
            "then over the days that have one. 1: all relevant leads come first."
        ),
        unit="index",
        better="higher",
        of="days with a relevant lead",
        standard="average_precision_score",
    ),
    _Measure(
        name="ndcg",
        title="Discounted gain of a day's order (nDCG, mean)",
        definition=(
            "Each relevant lead counts 1 / log2(1 + place), divided by the most that the day could give; averaged over the days that have "
            "a relevant lead. 1: all relevant leads come first."
        ),
        unit="index",
        better="higher",
        of="days with a relevant lead",
        standard="ndcg_score",
    ),
    _Measure(
        name="work_saved_95",
        title="Work saved until 95 in 100 of a day's relevant leads are found (WSS@95, mean)",
        definition=(
            "Share of a day's leads that need not be opened until 95 % of its relevant ones are found, less the 5 % that leaving leads out "
            "at random would save; averaged over the days that have a relevant lead."
        ),
        unit="index",
        better="higher",
        of="days with a relevant lead",
    ),
    _Measure(
        name="work_saved_at_goal",
        title="Work saved until the policy's goal for recall is reached (WSS, mean)",
        definition="The same for the share of relevant leads that the policy asks for, where it asks for one of everybody.",
        unit="index",
        better="higher",
        of="days with a relevant lead",
    ),
)


def _metric(measure: _Measure) -> Metric:
    return Metric(
        name=measure.name,
        title=measure.title,
        definition=measure.definition,
        kind="described",
        better=measure.better,
        unit=measure.unit,
        decides=False,
        why_not=_WHY_NOT,
        denominator_name=measure.of,
        fairlearn=measure.standard,
    )


def _in(metric: Metric, end: str, order: str) -> Metric:
    return replace(metric, name=metric.name + end, title=f"{metric.title}, {order}") if order else metric


RANKING_DESCRIBED: tuple[Metric, ...] = tuple(
    _in(_metric(measure), end, order) for measure in _MEASURES for end, order in ORDERS.items()
)  # fmt: skip
