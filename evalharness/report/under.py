"""The condition of a requirement, in words."""

from __future__ import annotations

from evalharness.records.condition import condition_of
from evalharness.report import numbers
from evalharness.report.by_task import TaskWords
from evalharness.report.fitting import visible

_MODELS = {"incumbent": "the model in use", "baseline": "the simple model that is the baseline"}
_REWEIGHED = (
    "That only the share of {relevant} differs there. Among {relevant} the classifier answers there as it does here, among the others too, "
    "and the groups of people are mixed as here. Nothing in this test shows that."
)


def under(condition: str, task: TaskWords) -> str:
    """` where 1 % of all items are relevant items`, to stand behind a demand; empty for the run as it stands."""
    asked = condition_of(condition)
    if asked.prevalence is not None:
        return f" where {numbers.exact_percent(asked.prevalence)} of all {task.many} are {task.denominator_of('recall')}"
    if asked.under in task.changed:
        return f" with {visible(task.changed[asked.under])}"
    if asked.relative_to:
        return f" by {_MODELS.get(asked.relative_to, asked.relative_to)} on the same {task.many}"
    if asked.budget_per_day is not None:
        return f" where people look at {asked.budget_per_day:,} {task.many if asked.budget_per_day > 1 else task.one} a day"
    return f" {condition}" if condition else ""


def measured(condition: str) -> str:
    """How the figure came about, before it: `in this test it was`."""
    return "Weighed anew for that, this test gives" if condition_of(condition).prevalence is not None else "In this test it was"


def assumed(condition: str, task: TaskWords) -> str:
    """What a figure takes for granted under its condition; mostly empty."""
    if condition_of(condition).prevalence is None:
        return ""
    return _REWEIGHED.replace("{relevant}", task.denominator_of("recall"))
