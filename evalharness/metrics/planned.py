"""Requirements, planned: how many items show each of them with the wanted chance, if a value that is stated or named were true."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from evalharness.metrics.costs import EXPECTED_COST, unit_of
from evalharness.metrics.planned_base import Base
from evalharness.metrics.planned_bounds import PlannedBound, SharePlan, cost_plan, share_plan
from evalharness.metrics.planned_gaps import gap_plan
from evalharness.metrics.planned_prevalence import BOTH, class_plans, items_of, together
from evalharness.metrics.planned_terms import Terms, assumptions, listed
from evalharness.metrics.planned_values import HALF_WAY, STATED, WRONG_SIDE, Value, better
from evalharness.metrics.quantities import quantity_of
from evalharness.records import Alternative, PlannedCell, PlannedRequirement, Question, Requirement
from evalharness.stats.planning import LIMIT, POWER
from evalharness.stats.search import smallest

PLANNED = frozenset({"at_least", "at_most", "max_difference", "min_ratio", "margin"})
TOO_MANY = f"more than {LIMIT:,} items would be needed"
_POINTS = 33
_BELOW, _ABOVE = 0.05, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sized:
    """One true value, and what follows from it."""

    items: int | None
    power: float | None
    reason: str
    cells: tuple[PlannedCell, ...]
    curve: Chance | None


Chance = Callable[[float], float]
"""Of showing a requirement with so many items of everybody."""
Parts = Sequence[tuple[Base, PlannedBound]]
"""The groups of a requirement, each with its bound."""


def plan_requirement(terms: Terms, requirement: Requirement, questions: Sequence[Question]) -> tuple[PlannedRequirement, Chance | None]:
    """One requirement with all of its questions, and its chance at the value that leads; null where there is none.

    Raises KeyError for a group or unit that the tally or the policy does not have.
    """
    first = questions[0]
    metric, both = terms.bases.tally.of.metrics[first.metric], first.on.prevalence is not None
    why_not = _no_plan(first, terms)
    values = (Value(name="none", value=None, step=None, reason=why_not),) if why_not else terms.values.of(first)
    leading = 0 if len(values) == 1 else HALF_WAY
    sized = [_unplanned(why_not) if why_not else _sized(terms, questions, value) for value in values]
    lead = sized[leading]
    per_item = 0.0 if why_not else 1.0 if both else terms.bases.base(metric, ()).per_item
    planned = PlannedRequirement(
        id=requirement.id,
        metric=requirement.metric,
        comparison=requirement.comparison,
        bound=requirement.bound,
        unit=requirement.unit,
        between=requirement.between,
        condition=requirement.condition,
        denominator=BOTH if both else metric.denominator_name,
        stated=values[0].name == STATED,
        leading=leading,
        alternatives=tuple(_alternative(terms, v, s, per_item) for v, s in zip(values, sized, strict=True)),
        cells=lead.cells,
        curve=_curve(lead, terms.bases.items),
        assumptions=() if why_not else tuple(assumptions(terms, questions, values[leading])),
    )
    return planned, lead.curve


def _alternative(terms: Terms, value: Value, sized: _Sized, per_item: float) -> Alternative:
    units = None if sized.items is None else math.floor(sized.items * per_item + 1e-6)
    return Alternative(
        name=value.name, value=value.value, units=units, items=sized.items, hours=terms.hours(sized.items), power=sized.power,
        reason=sized.reason,
    )  # fmt: skip


def _no_plan(question: Question, terms: Terms) -> str:
    if question.comparison == "equals":
        return "there is nothing to plan: it is counted completely, whatever the number of items"
    if question.comparison not in PLANNED:
        return f"no plan is made for a requirement of the form {question.comparison}"
    metric = terms.bases.tally.of.metrics[question.metric]
    if metric.name == EXPECTED_COST.name or quantity_of(metric, terms.policy.human_in_the_loop) is not None:
        return ""
    return f"no plan is made for {metric.name}: no bound of it is known that depends on counts alone"


def _unplanned(reason: str, cells: tuple[PlannedCell, ...] = ()) -> _Sized:
    return _Sized(items=None, power=None, reason=reason, cells=cells, curve=None)


def _sized(terms: Terms, questions: Sequence[Question], value: Value) -> _Sized:
    if questions[0].between:
        return _sized_gap(terms, questions[0], value)
    if questions[0].on.prevalence is not None:
        return _sized_classes(terms, questions, value)
    metric = terms.bases.tally.of.metrics[questions[0].metric]
    bases = [terms.bases.base(metric, question.group) for question in questions]
    if value.value is None:
        return _unplanned(value.reason, _bare_cells(bases))
    parts = [(base, _bound(terms, questions[0], value.value, base)) for base in bases]
    share = POWER ** (1 / len(questions))
    cells = tuple(_cell(base, bound, share) for base, bound in parts)
    absent = [base for base in bases if base.reason]
    if absent:
        return _unplanned(f"{listed(absent)}: without any the requirement can never be shown", cells)
    here = math.prod(bound.power(base.whole_here) for base, bound in parts)
    items = _items(parts) if better(questions[0], value.value) or _vacuous(parts[0][1]) else None
    reason = "" if items is not None else (TOO_MANY if better(questions[0], value.value) else WRONG_SIDE)
    return _Sized(items=items, power=here, reason=reason, cells=cells, curve=lambda n: _together(parts, n))


def _together(parts: Parts, items: float) -> float:
    """Chance that so many items of everybody show it in every group."""
    return math.prod(bound.power(base.whole(items)) for base, bound in parts)


def _vacuous(bound: PlannedBound) -> bool:
    """A goal that every sample meets."""
    return bound.power(1) >= 1


def _bound(terms: Terms, question: Question, value: float, base: Base) -> PlannedBound:
    if question.comparison == "margin":
        rate = min(max(value, 0.0), 1.0)
        return SharePlan(rate=rate, goal=question.bound, alpha=terms.alpha, direction="at_most", clusters=base.clusters)
    if question.metric == EXPECTED_COST.name:
        return cost_plan(unit_of(question, terms.policy), terms.bases.tally.of, value, question.bound, terms.alpha, base.clusters)
    quantity = quantity_of(terms.bases.tally.of.metrics[question.metric], terms.policy.human_in_the_loop)
    assert quantity is not None  # noqa: S101 - `_no_plan` has refused what is none
    return share_plan(quantity, value, question.bound, question.comparison, terms.alpha, base.clusters)


def _items(parts: Parts) -> int | None:
    """Items of everybody so that all groups show it together with the wanted chance.

    The chances of groups are multiplied: for groups that share items the truth is no smaller, as all of them rise with the same answers
    (Esary, Proschan and Walkup 1967). One group exactly; several to one per cent, or at what gives each of them its own part of the chance
    where that is less.
    """
    alone = [_enough(base, bound.needed(POWER)) for base, bound in parts]
    if any(items is None for items in alone):
        return None
    start = max(items for items in alone if items is not None)
    if len(parts) == 1:
        return start if start <= LIMIT else None

    def enough(items: float) -> bool:
        return _together(parts, math.ceil(items)) >= POWER

    found = smallest(enough, float(start), 1.0, float(LIMIT))
    if found is None:
        return None
    shares = [_enough(base, bound.needed(POWER ** (1 / len(parts)))) for base, bound in parts]
    largest = max((items for items in shares if items is not None), default=0)
    return min(math.ceil(found), largest) if largest and enough(largest) else math.ceil(found)


def _enough(base: Base, independent: int | None) -> int | None:
    """Items of everybody that are worth so many independent ones of the denominator, on average."""
    return None if independent is None else math.ceil(math.ceil(independent * base.design_effect - 1e-6) / base.per_item - 1e-6)


def _cell(base: Base, bound: PlannedBound, share: float) -> PlannedCell:
    independent = bound.needed(share) if not base.reason else None
    units = None if independent is None else math.ceil(independent * base.design_effect - 1e-6)
    return PlannedCell(
        group=base.group,
        units=units,
        items=None if units is None else math.ceil(units * base.in_group / base.per_item - 1e-6),
        has_units=math.floor(base.units + 1e-9),
        has_n_eff=base.n_eff,
        design_effect=None if base.reason else base.design_effect,
        power=None if base.reason else bound.power(base.whole_here),
        reason=base.reason,
    )


def _bare_cells(bases: Sequence[Base], reason: str = "") -> tuple[PlannedCell, ...]:
    return tuple(
        PlannedCell(
            group=base.group, units=None, items=None, has_units=math.floor(base.units + 1e-9), has_n_eff=base.n_eff,
            design_effect=None if base.reason else base.design_effect, power=None, reason=base.reason or reason,
        )
        for base in bases
    )  # fmt: skip


def _sized_gap(terms: Terms, question: Question, value: Value) -> _Sized:
    plan = gap_plan(terms.bases, terms.values, question, value, terms.level)
    together = "a gap is shown of all groups together"
    if plan.reason:
        return _unplanned(WRONG_SIDE if plan.reason == "wrong side" else plan.reason, _bare_cells(plan.bases, together))
    items = plan.needed(POWER, terms.bases.items)
    cells = tuple(
        PlannedCell(
            group=base.group,
            units=None if items is None else math.ceil(items * base.per_item - 1e-9),
            items=None if items is None else math.ceil(items * base.in_group - 1e-9),
            has_units=math.floor(base.units + 1e-9),
            has_n_eff=base.n_eff,
            design_effect=base.design_effect,
            power=None,
            reason=together,
        )
        for base in plan.bases
    )
    return _Sized(items=items, power=plan.power_here(), reason="" if items is not None else TOO_MANY, cells=cells, curve=plan.power)


def _sized_classes(terms: Terms, questions: Sequence[Question], value: Value) -> _Sized:
    """At a stated prevalence: every bound needs items of both classes."""
    plans = class_plans(terms.bases, terms.values, questions, value, terms.level)
    absent = [base for plan in plans for base in plan.classes if base.reason]
    if absent or plans[0].errors is None or value.value is None:
        why = f"{listed(absent)}: without any the requirement can never be shown" if absent else plans[0].why
        return _unplanned(why, tuple(plan.cell(None, why) for plan in plans))
    right = better(questions[0], value.value)
    share = POWER ** (1 / len(plans))
    cells = tuple(plan.cell(plan.needed(share) if right else None) for plan in plans)
    items = items_of(plans) if right else None
    reason = "" if items is not None else (TOO_MANY if right else WRONG_SIDE)
    here = math.prod(plan.power_here() for plan in plans)
    return _Sized(items=items, power=here, reason=reason, cells=cells, curve=partial(together, plans))


def _curve(sized: _Sized, here: int) -> tuple[tuple[int, float], ...]:
    """Numbers of items from far below what is needed, or there, to well above, at equal ratios."""
    if sized.curve is None or sized.items is None:
        return ()
    low, high = max(1.0, _BELOW * min(sized.items, max(here, 1))), _ABOVE * max(sized.items, here)
    sizes = {round(float(x)) for x in np.geomspace(low, high, _POINTS)} | {sized.items, here}
    return tuple((size, sized.curve(size)) for size in sorted(sizes) if size >= 1)
