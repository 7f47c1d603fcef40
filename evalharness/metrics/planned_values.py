"""True values to plan for: what is stated, or several between the goal and a model without error. None of them is believed unseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from evalharness.metrics.costs import EXPECTED_COST, cost_of_outcome, unit_of
from evalharness.metrics.planned_base import Bases
from evalharness.metrics.quantities import quantity_of
from evalharness.records import Policy, Question

STATED = "stated"
STEPS: tuple[tuple[str, float], ...] = (
    ("a quarter of the way from the goal to a model without error", 0.25),
    ("half-way from the goal to a model without error", 0.5),
    ("three quarters of the way from the goal to a model without error", 0.75),
    ("a model without error: the fewest items that could ever show it", 1.0),
)
HALF_WAY = 1
NO_BETTER = "a model without error would not be better than the goal, so there is nothing half-way; state the expected value"
WRONG_SIDE = "the value is on the wrong side of the goal, or at it: no number of items would show the requirement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One true value to plan for."""

    name: str
    value: float | None
    step: float | None
    """How far from the goal to a model without error; null where the value is stated."""
    reason: str = ""
    """Why there is none."""


class Values:
    """The values of all requirements of a policy."""

    def __init__(self, bases: Bases, policy: Policy, stated: Mapping[str, float]) -> None:
        self._bases, self._policy, self._stated = bases, policy, stated

    def of(self, question: Question) -> tuple[Value, ...]:
        """What is stated alone; else one value for each step."""
        if question.requirement in self._stated:
            return (Value(name=STATED, value=self._stated[question.requirement], step=None),)
        return tuple(self._at(question, name, step) for name, step in STEPS)

    def level_of(self, metric: str, step: float | None) -> tuple[float | None, str]:
        """About where the rates of compared groups lie: as another requirement of the metric has it, for everybody if there is one."""
        others = [
            r for r in self._policy.requirements if r.metric == metric and r.comparison in {"at_least", "at_most"} and not r.condition
        ]
        for r in sorted(others, key=lambda r: bool(r.for_each)):
            if r.id in self._stated:
                return self._stated[r.id], f"as stated for {r.id}"
            at = STEPS[HALF_WAY][1] if step is None else step
            question = Question(requirement=r.id, metric=r.metric, comparison=r.comparison, bound=r.bound, unit=r.unit)
            if (value := self._at(question, "", at).value) is not None:
                return value, f"as far from the goal of {r.id} to a model without error" if step is not None else f"half-way for {r.id}"
        return None, ""

    def _at(self, question: Question, name: str, step: float) -> Value:
        goal, best = question.bound, self._best(question)
        if best is None:
            return Value(name=name, value=None, step=step, reason="what a model without error would reach cannot be computed here")
        if not better(question, best):
            return Value(name=name, value=None, step=step, reason=NO_BETTER)
        return Value(name=name, value=float(np.float64(f"{goal + step * (best - goal):.10g}")), step=step)

    def _best(self, question: Question) -> float | None:
        """The metric of a model without error, for everybody."""
        if question.comparison in {"max_difference", "min_ratio"}:
            return 0.0 if question.comparison == "max_difference" else 1.0
        if question.comparison == "margin":
            return 0.0  # nothing is lost
        at = question.on.prevalence
        counts = self._bases.everybody() if at is None else np.array([at, 0, 0, 1 - at, 0, 0])  # right about every item of both classes
        if question.metric == EXPECTED_COST.name:
            return float(cost_of_outcome(unit_of(question, self._policy), self._bases.tally.of) @ counts)
        quantity = quantity_of(self._bases.tally.of.metrics[question.metric], self._policy.human_in_the_loop)
        if quantity is None:
            return None
        over = float(counts @ np.array(quantity.denominator))
        share = float(counts @ np.array(quantity.numerator)) / over if over > 0 else float("nan")
        if np.isnan(share) or (quantity.reciprocal and share <= 0):
            return None
        return quantity.scale / share if quantity.reciprocal else quantity.scale * share


def better(question: Question, value: float) -> bool:
    """Whether a true value lies on the right side of the goal, strictly."""
    more = question.comparison in {"at_least", "min_ratio"}
    return value > question.bound if more else value < question.bound
