"""A share at a stated prevalence, planned: the rates of both classes behind a true value, and the items of both that show it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from evalharness.catalogue import Metric
from evalharness.catalogue.metric import OUTCOMES
from evalharness.catalogue.prevalence import Shift, shift_of
from evalharness.errors import Fault
from evalharness.metrics import methods
from evalharness.metrics.planned_base import Base, Bases
from evalharness.metrics.planned_values import Value, Values
from evalharness.metrics.prevalence_prospects import cleared
from evalharness.records import PlannedCell, Question
from evalharness.stats.planning import LIMIT, POWER
from evalharness.stats.planning_clusters import Clusters
from evalharness.stats.planning_prevalence import Clear, needed_for_classes, power_of_classes
from evalharness.stats.search import smallest

Pair = tuple[float, float]
"""Of the relevant items, and of the irrelevant ones."""

BOTH = "items of both classes"
_NO_RATES = "no rates of the two classes have this value at this prevalence"
_MISSED, _WRONGLY = (("recall", True), ("false_negative_rate", False)), (("false_positive_rate", False), ("specificity", True))
"""Metrics that tell how often the items of a class are decided wrongly, and whether as the rest to 1."""
_HALVINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassErrors:
    """How a metric at a prevalence follows from how often relevant items are decided wrongly, and irrelevant ones."""

    shift: Shift
    right: Pair
    """Whether an item that is decided rightly enters (1) or not (0)."""
    wrong: Pair
    """Whether one that is decided wrongly does; where that makes no difference, one without an answer."""
    prevalence: float
    refused: bool = False
    """Whether to be decided wrongly means here to get no answer."""

    def rates(self, errors: Pair) -> Pair:
        """How many of each class enter."""
        (a, b), (c, d) = self.right, self.wrong
        return a + errors[0] * (c - a), b + errors[1] * (d - b)

    def value(self, errors: Pair) -> float | None:
        """The metric; None where nothing enters."""
        (a, b), p = self.rates(errors), self.prevalence
        whole = p * a + (1 - p) * b
        if self.shift == "mean":
            return whole
        return None if whole == 0 else (p * a if self.shift == "relevant part" else (1 - p) * b) / whole

    def beside(self, value: float, known: int, error: float) -> Pair | None:
        """The errors of both classes where those of class `known` are `error` and the metric has this value; None where there are none."""

        def at(other: float) -> float | None:
            return self.value((error, other) if known == 0 else (other, error))

        found = _where(at, value)
        return None if found is None else (error, found) if known == 0 else (found, error)

    def alike(self, value: float) -> Pair | None:
        """Likewise where both classes are decided wrongly equally often."""
        found = _where(lambda error: self.value((error, error)), value)
        return None if found is None else (found, found)


def class_errors(metric: Metric, prevalence: float) -> ClassErrors:
    """Raises Fault for a metric that does not depend on prevalence."""
    shift = shift_of(metric)
    if not shift:
        raise Fault(f"{metric.name} does not depend on prevalence")
    enters = dict(zip(OUTCOMES, metric.numerator if shift == "mean" else metric.denominator, strict=True))
    right = float(enters["tp"]), float(enters["tn"])
    wrong = float(enters["fn"]), float(enters["fp"])
    refused = right == wrong
    if refused:
        wrong = float(enters["no_answer_positive"]), float(enters["no_answer_negative"])
    return ClassErrors(shift=shift, right=right, wrong=wrong, prevalence=prevalence, refused=refused)


@dataclass(frozen=True, kw_only=True)
class ClassPlan:
    """One question at a stated prevalence, in one group: both rates believed."""

    question: Question
    alpha: float
    of: ClassErrors
    classes: tuple[Base, Base]
    """The relevant items of the group, and the irrelevant ones."""
    here: int
    """Items of everybody that the benchmark has: with as many the search begins."""
    errors: Pair | None
    """How often each class is decided wrongly; None where nothing can be planned."""
    why: str
    """Where they come from, or why there are none."""

    @property
    def units(self) -> float:
        """Items of the group that the benchmark has."""
        return sum(base.units for base in self.classes)

    @property
    def n_eff(self) -> float:
        """What they are worth as independent items, class by class."""
        return sum(base.n_eff for base in self.classes)

    def power(self, items: float) -> float:
        """Chance that the deciding bound clears the goal, with so many items of everybody."""
        return self._power((self.classes[0].independent(items), self.classes[1].independent(items)))

    def power_here(self) -> float:
        """Likewise, with what the benchmark has."""
        return self._power((self.classes[0].n_eff, self.classes[1].n_eff))

    def needed(self, power: float) -> int | None:
        """Items of everybody for that chance; None beyond LIMIT. The caller knows that the true value is better than the goal."""
        sizes = self.classes[0].independent(self.here), self.classes[1].independent(self.here)
        factor = needed_for_classes(self._rates, sizes, self.alpha, self._clear, power=power, clusters=self._clusters)
        one_of_each = max(1 / base.independent(1) for base in self.classes)
        items = None if factor is None else math.ceil(max(factor * self.here, one_of_each))
        return None if items is None or items > LIMIT else items

    def cell(self, items: int | None, reason: str = "") -> PlannedCell:
        """The group in a plan that takes so many items of everybody; reason: why there is none."""
        units = None if items is None else math.ceil(items * self.classes[0].in_group - 1e-6)
        return PlannedCell(
            group=self.question.group, units=units, items=units, has_units=math.floor(self.units + 1e-9), has_n_eff=self.n_eff,
            design_effect=self.units / self.n_eff if self.n_eff else None, power=None if reason else self.power_here(), reason=reason,
        )  # fmt: skip

    def _power(self, sizes: Pair) -> float:
        if min(sizes) < 1:
            return 0.0
        return power_of_classes(self._rates, sizes, self.alpha, self._clear, clusters=self._clusters)

    @cached_property
    def _rates(self) -> Pair:
        if self.errors is None:
            raise Fault("there are no rates to plan with")
        return self.of.rates(self.errors)

    @property
    def _clear(self) -> Clear:
        return cleared(self.of.shift, self.question, self.of.prevalence)

    @property
    def _clusters(self) -> tuple[Clusters | None, Clusters | None]:
        return self.classes[0].clusters, self.classes[1].clusters


def class_plans(bases: Bases, values: Values, questions: Sequence[Question], value: Value, level: float) -> tuple[ClassPlan, ...]:
    """One for each group, the same true value and the same rates in all of them."""
    metrics, first = bases.tally.of.metrics, questions[0]
    if first.on.prevalence is None:
        raise Fault(f"{first.metric} is asked at no prevalence")
    of = class_errors(metrics[first.metric], first.on.prevalence)
    errors, why = (None, value.reason) if value.value is None else _errors(of, values, value)
    return tuple(
        ClassPlan(
            question=question,
            alpha=methods.alpha_of(level),
            of=of,
            classes=(bases.base(metrics["recall"], question.group), bases.base(metrics["false_positive_rate"], question.group)),
            here=bases.items,
            errors=errors,
            why=why,
        )
        for question in questions
    )


def items_of(plans: Sequence[ClassPlan]) -> int | None:
    """Items of everybody so that all groups show it together with the wanted chance; their chances are multiplied."""
    alone = [plan.needed(POWER) for plan in plans]
    if any(items is None for items in alone):
        return None
    start = max(items for items in alone if items is not None)
    if len(plans) == 1:
        return start
    found = smallest(lambda items: together(plans, math.ceil(items)) >= POWER, float(start), 1.0, float(LIMIT))
    return None if found is None else math.ceil(found)


def together(plans: Sequence[ClassPlan], items: float) -> float:
    """Chance that so many items of everybody show it in every group."""
    return math.prod(plan.power(items) for plan in plans)


def _errors(of: ClassErrors, values: Values, value: Value) -> tuple[Pair | None, str]:
    """Errors of both classes that have the value. That class is looked up first which matters less: where few items are relevant, the
    relevant ones, and of what is set aside the others.
    """
    assert value.value is not None  # noqa: S101 - the caller has looked
    aside = of.shift != "mean" and of.wrong[0] > of.right[0]
    for known in () if of.refused else (1, 0) if aside else (0, 1):
        for error, why in _known(values, known, value.step):
            errors = of.beside(value.value, known, error)
            if errors is not None:
                return errors, why
    errors = of.alike(value.value)
    return errors, _NO_RATES if errors is None else "both classes equally often, as no other requirement tells more"


def _known(values: Values, known: int, step: float | None) -> Iterator[tuple[float, str]]:
    """How often a class is decided wrongly, as another requirement has it."""
    for metric, rest in (_MISSED, _WRONGLY)[known]:
        level, why = values.level_of(metric, step)
        if level is not None:
            yield (1 - level if rest else level), f"{('relevant', 'irrelevant')[known]} items {why}, the others so that the value follows"


def _where(at: Callable[[float], float | None], value: float) -> float | None:
    """The error from 0 to 1 at which a rising or falling function has a value, by halving; None where it has it nowhere."""
    low, high = 0.0, 1.0
    first, last = at(low), at(high)
    first, last = (at(1e-12) if first is None else first), (at(1 - 1e-12) if last is None else last)
    if first is None or last is None or first == last or not min(first, last) <= value <= max(first, last):
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        found = at(middle)
        if found is None or (found < value) == (first < last):
            low = middle
        else:
            high = middle
    return (low + high) / 2
