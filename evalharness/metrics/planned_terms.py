"""What holds for every requirement of a plan, and what is assumed of one, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evalharness.metrics import methods
from evalharness.metrics.costs import EXPECTED_COST, unit_of
from evalharness.metrics.planned_base import Base, Bases
from evalharness.metrics.planned_bounds import several_rises
from evalharness.metrics.planned_gaps import gap_plan
from evalharness.metrics.planned_prevalence import ClassPlan, class_plans
from evalharness.metrics.planned_values import Value, Values
from evalharness.records import Group, Policy, Question

_NAMES = 3
_EVERY_GROUP = "The same true value in every group; all groups must show it together."


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for every requirement."""

    bases: Bases
    values: Values
    policy: Policy
    level: float
    minutes: float | None
    labels: int

    @property
    def alpha(self) -> float:
        return methods.alpha_of(self.level)

    def hours(self, items: int | None) -> float | None:
        """People's hours for the labels of so many items."""
        return None if items is None or self.minutes is None else items * self.minutes * self.labels / 60


def listed(bases: Sequence[Base]) -> str:
    """Groups without a denominator, a few by name."""
    names = "; ".join(f"{base.reason} ({_group(base)})" for base in bases[:_NAMES])
    return names + (f" and {len(bases) - _NAMES} more" if len(bases) > _NAMES else "")


def assumptions(terms: Terms, questions: Sequence[Question], value: Value) -> list[str]:
    """What the plan of one requirement takes for granted, beside its true value."""
    first = questions[0]
    metric = terms.bases.tally.of.metrics[first.metric]
    if first.on.prevalence is not None:
        return _at_prevalence(class_plans(terms.bases, terms.values, questions, value, terms.level))
    found = [terms.bases.assumed(metric)]
    if first.between and value.value is not None:
        plan = gap_plan(terms.bases, terms.values, first, value, terms.level)
        if plan.rates:
            found.append(
                f"All groups but {_group(plan.apart)}, which has the least to tell by, are at {_percent(plan.level)} ({plan.why}); "
                f"that one is at {_percent(plan.rates[plan.bases.index(plan.apart)])}."
            )
    if first.comparison == "margin":
        found.append("The value is the share that may be lost: right by the other model, or unanswered by it, and wrong by this one.")
    if len(questions) > 1:
        found.append(_EVERY_GROUP)
    if metric.name == EXPECTED_COST.name and several_rises(unit_of(first, terms.policy), terms.bases.tally.of):
        found.append("Items cost either the least or the most: no other costs with this mean vary more.")
    found.append(_of_clusters([terms.bases.base(metric, group) for group in _groups(terms, questions, value)]))
    return [text for text in found if text]


def _at_prevalence(plans: Sequence[ClassPlan]) -> list[str]:
    """Likewise for a share at a stated prevalence."""
    if plans[0].errors is None:
        return []
    missed, wrongly = map(_percent, plans[0].errors)
    what = "leaves {} and {} without an answer" if plans[0].of.refused else "decides {} and {} wrongly"
    of_both = what.format(f"{missed} of the relevant items", f"{wrongly} of the irrelevant ones")
    found = [
        f"The model {of_both} ({plans[0].why}).",
        "Within each class answers, and the mix of groups, are the same where the classifier will be used as here.",
        _EVERY_GROUP if len(plans) > 1 else "",
        _of_clusters([max(plan.classes, key=lambda base: base.one_more) for plan in plans]),
    ]
    return [text for text in found if text]


def _groups(terms: Terms, questions: Sequence[Question], value: Value) -> list[Group]:
    first = questions[0]
    if not first.between:
        return [question.group for question in questions]
    return [base.group for base in gap_plan(terms.bases, terms.values, first, value, terms.level).bases]


def _of_clusters(bases: Sequence[Base]) -> str:
    """What sizes of clusters make of it; empty where they make no difference."""
    largest = max((base.one_more for base in bases if base.clusters), default=None)
    if largest is None:
        return ""
    where = ", in the group whose clusters differ most" if len(bases) > 1 else ""
    return (
        "Clusters are of unequal size, which takes more items: what is shown must hold also if large ones go wrong more often than small "
        f"ones, so one more is counted as wrong, {largest:.3g} times as large as that in which an item is on average{where}."
    )


def _group(base: Base) -> str:
    return " and ".join(f"{attribute} {level}" for attribute, level in base.group)


def _percent(share: float) -> str:
    return f"{100 * share:.4g} %"
