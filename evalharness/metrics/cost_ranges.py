"""Over what range of each stated cost the finding on an expected cost stays the same: costs are judgements, and judgements can be off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from evalharness.metrics.answers import clears, fails
from evalharness.metrics.costs import EXPECTED_COST, cost_estimates, unit_of
from evalharness.metrics.rules import TODAY, Rules
from evalharness.records import CostRange, CostUnit, Outcome, Policy, Question
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

FARTHEST = 100.0
"""Costs are tried from a hundredth of what is stated to a hundred times that."""
_STEPS = 41
_HALVINGS = 30
_CELLS = {
    "relevant_review": ("relevant", "review"),
    "relevant_set_aside": ("relevant", "set_aside"),
    "not_relevant_review": ("not_relevant", "review"),
    "not_relevant_set_aside": ("not_relevant", "set_aside"),
}


def cost_ranges(
    tally: ConfusionTally, questions: Iterable[Question], policy: Policy, level: float, rules: Rules = TODAY
) -> Iterator[CostRange]:
    """For each question on the cost of everybody and each cost above 0 in its unit, that cost alone being another.

    The bounds are those that decide, computed anew for every cost tried: 41 steps each way, even on a logarithmic scale, and the first
    interval in which the outcome changes halved 30 times. Nothing for a weighted sample.
    Raises KeyError for a unit that the policy does not have.
    """
    if tally.weighted or EXPECTED_COST.name not in tally.of.metrics or not tally.counts[tally.slices.position(())].sum():
        return
    for question in questions:
        if question.metric != EXPECTED_COST.name or question.group or question.between or question.condition:
            continue
        unit = unit_of(question, policy)
        found = partial(_outcome, tally, question, (level, rules))
        now = found(unit)
        for cell in _cells(unit):
            least, most = (_last(_Same(found, cell, now), end) for end in (1 / FARTHEST, FARTHEST))
            yield CostRange(
                requirement=question.requirement,
                unit=unit.name,
                true=cell.true,
                given=cell.given,
                cost=cell.cost,
                outcome=str(now),
                least=None if least is None else outward(cell.cost * least, direction="up"),
                most=None if most is None else outward(cell.cost * most, direction="down"),
            )


@dataclass(frozen=True, slots=True)
class _Cell:
    true: str
    given: str
    cost: float
    unit: CostUnit
    field: str = ""

    def at(self, cost: float) -> CostUnit:
        """The unit with another cost here."""
        if self.field:
            changed: dict[str, Any] = {self.field: cost}
            return replace(self.unit, **changed)
        here = self.true, self.given
        by_level = tuple((t, tuple((g, cost if (t, g) == here else c) for g, c in by_given)) for t, by_given in self.unit.by_level)
        return replace(self.unit, by_level=by_level)


def _outcome(tally: ConfusionTally, question: Question, by: tuple[float, Rules], unit: CostUnit) -> Outcome:
    level, rules = by
    estimate = next(cost_estimates(tally, unit, level, [tally.slices.position(())], rules=rules))
    if fails(question, estimate.bounds):
        return Outcome.NOT_MET
    return Outcome.MET if clears(question, estimate.bounds) else Outcome.NOT_DEMONSTRATED


class _Same:
    """Whether the finding is the same with one cost times a factor."""

    def __init__(self, found: Callable[[CostUnit], Outcome], cell: _Cell, now: Outcome) -> None:
        self._found, self._cell, self._now = found, cell, now

    def __call__(self, factor: float) -> bool:
        return self._found(self._cell.at(self._cell.cost * factor)) is self._now


def _cells(unit: CostUnit) -> Iterator[_Cell]:
    for field, (true, given) in _CELLS.items():
        if cost := getattr(unit, field):
            yield _Cell(true, given, cost, unit, field)
    for true, by_given in unit.by_level:
        yield from (_Cell(true, given, cost, unit) for given, cost in by_given if cost)


def _last(same: Callable[[float], bool], end: float) -> float | None:
    """The factor nearest to `end` up to which nothing changes, counted from 1; null where nothing does."""
    tried: list[float] = np.geomspace(1.0, end, _STEPS).tolist()
    for inner, outer in pairwise(tried):
        if not same(outer):
            low, high = inner, outer
            for _ in range(_HALVINGS):
                middle = float(np.sqrt(low * high))
                low, high = (middle, high) if same(middle) else (low, middle)
            return low
    return None
