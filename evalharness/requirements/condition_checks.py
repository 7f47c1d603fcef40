"""Under what a requirement may be asked: one condition at most, with a metric and a comparison that it goes with."""

from __future__ import annotations

from typing import Protocol

from evalharness.catalogue import COMPARED, Metric
from evalharness.catalogue.prevalence import shift_of
from evalharness.catalogue.ranking import AT_BUDGET
from evalharness.records.reference import HUMAN
from evalharness.requirements.context import Context
from evalharness.requirements.shape import COMPARISONS, RequirementShape
from evalharness.requirements.task_checks import ABOUT_TWO_CLASSES

CONDITIONS = ("prevalence", "budget_per_day", "under", "relative_to", "over_range")
"""Keys of a requirement that say under what it is asked."""
_GAPS = ("max_difference", "min_ratio")


class Add(Protocol):
    """Tells a problem of the requirement, at a key of it."""

    def __call__(self, what: str, *path: str | int, got: object = "", expected: str = "", hint: str = "") -> None: ...


def conditions_of(shape: RequirementShape) -> tuple[str, ...]:
    """The conditions that it names."""
    return tuple(key for key in CONDITIONS if getattr(shape, key) not in {None, False})


def check_condition(shape: RequirementShape, metric: Metric | None, context: Context, add: Add) -> None:
    """Adds every problem of the conditions of one requirement."""
    given = conditions_of(shape)
    if len(given) > 1:
        add(f"it is asked under more than one condition: {', '.join(given)}", given[1], expected="one", hint="write two requirements")
    if shape.margin is not None and shape.relative_to is None:
        add("margin needs relative_to", "margin", hint="add 'relative_to: incumbent', and the model under references")
    if shape.relative_to is not None:
        _check_relative(shape, metric, context, add)
    if given and metric is not None and metric.complete:
        add(f"{given[0]} does not go with {metric.name}: it is counted completely, as it is", given[0], hint="remove it")
    elif shape.prevalence is not None:
        _check_prevalence(shape, metric, context, add)
    elif shape.budget_per_day is not None:
        _check_budget(shape.budget_per_day, metric, context, add)


def _check_relative(shape: RequirementShape, metric: Metric | None, context: Context, add: Add) -> None:
    name = shape.relative_to
    if shape.margin is None:
        add("relative_to needs margin", "relative_to", hint="add 'margin: 0.02', the share that may be lost; it is the comparison")
    for key in [key for key in COMPARISONS if key != "margin" and getattr(shape, key) is not None]:
        add(f"relative_to does not go with {key}", key, hint="its comparison is margin")
    if name != HUMAN and name not in context.references:
        add(f"the policy names no model as {name}", "relative_to", got=name, hint=f"add 'references: {{{name}: {{model: NAME}}}}'")
    if metric is None or not metric.decides or metric.complete or not context.task:
        return
    able = [known for known in COMPARED[context.task].paired if known in context.metrics]
    if metric.name not in able:
        what = f"{metric.name} is not judged relative to a model: two models are held against each other only in shares of items that the"
        add(f"{what} truth alone decides on, one way each", "metric", got=metric.name, expected="one of " + ", ".join(able))


def _check_budget(budget: int, metric: Metric | None, context: Context, add: Add) -> None:
    if context.task and context.task != "ranking":
        add(f"budget_per_day does not go with the task {context.task}", "budget_per_day", expected="the task ranking", hint="remove it")
    elif metric is not None and metric.decides and metric.name not in AT_BUDGET:
        what = f"{metric.name} is not judged at another budget: it does not depend on it"
        add(what, "budget_per_day", expected="one of " + ", ".join(AT_BUDGET), hint="remove budget_per_day")
    elif budget == context.budget_per_day:
        add(
            "budget_per_day is the operating point's own", "budget_per_day", got=budget, hint="remove it: the metric is judged there anyway"
        )


def _check_prevalence(shape: RequirementShape, metric: Metric | None, context: Context, add: Add) -> None:
    if context.task and context.task not in ABOUT_TWO_CLASSES:
        tasks = " or ".join(ABOUT_TWO_CLASSES)
        add(f"prevalence does not go with the task {context.task}", "prevalence", expected=f"the task {tasks}", hint="remove it")
        return
    gap = next((key for key in _GAPS if getattr(shape, key) is not None), None)
    if gap is not None:
        add(f"prevalence does not go with {gap}", "prevalence", hint="use at_least or at_most, with for_each where it is about groups")
    if metric is not None and metric.decides and not shift_of(metric):
        able = sorted(name for name, known in context.metrics.items() if known.decides and shift_of(known))
        why = "it is no share of items" if metric.kind != "proportion" else f"it is about {metric.denominator_name} alone"
        add(f"{metric.name} is not judged at a prevalence: {why}", "prevalence", expected="one of " + ", ".join(able))
