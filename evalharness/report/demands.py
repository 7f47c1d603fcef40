"""What a requirement asks, in the words of a plan and of a stress run: both come before any evidence."""

from __future__ import annotations

from evalharness.catalogue import EVERY_METRIC
from evalharness.records import PlannedRequirement
from evalharness.records.planned_people import PlannedPeople
from evalharness.records.stress import StressRequirement
from evalharness.report import numbers, words

_SUFFIX = {"max_difference": "_difference", "min_ratio": "_ratio", "margin": "_loss"}
_SIDES = {"at_least": "at least", "at_most": "at most", "margin": "lost at most", "equals": "exactly"}

Demand = PlannedRequirement | PlannedPeople | StressRequirement


def asked(demand: Demand, groups: int) -> str:
    """`Relevant items found: at least 95 %, in each of 4 groups`. groups: 0 where it is asked of everybody."""
    title = EVERY_METRIC[demand.metric].title + (f" {demand.condition}" if demand.condition else "")
    if demand.between:
        kind = "differ by at most" if demand.comparison == "max_difference" else "ratio at least"
        return f"{title}, between groups of {words.attributes_words(demand.between)}: {kind} {goal(demand)}"
    return f"{title}: {_SIDES[demand.comparison]} {goal(demand)}" + (f", in each of {groups} groups" if groups else "")


def goal(demand: Demand) -> str:
    """The policy's bound as written."""
    return as_written(demand, demand.bound) or words.amount(metric_name(demand), demand.bound, unit=demand.unit)


def as_written(demand: Demand, value: float) -> str:
    """A share with all of its digits; a gap in percentage points. Empty for what is no share."""
    if not words.is_share(metric_name(demand)):
        return ""
    return (numbers.exact_points if demand.comparison in _SUFFIX else numbers.exact_percent)(value)


def metric_name(demand: Demand) -> str:
    """Name of the estimate that is judged: gaps and losses have names of their own."""
    return demand.metric + _SUFFIX.get(demand.comparison, "")
