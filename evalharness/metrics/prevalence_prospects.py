"""What more data could show of a share at a stated prevalence."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue.prevalence import Shift
from evalharness.errors import Fault
from evalharness.metrics import methods
from evalharness.metrics.prevalence import ClassRates, best_limits, class_rates
from evalharness.metrics.rules import TODAY, Rules
from evalharness.records import Estimate, Prospect, Question
from evalharness.stats.planning import LIMIT
from evalharness.stats.planning_clusters import Clusters, observed
from evalharness.stats.planning_prevalence import Clear, needed_for_classes
from evalharness.stats.prevalence import mean_at, part_at
from evalharness.tally import ConfusionTally

Floats = NDArray[np.float64]
Two = tuple[Floats, Floats]


def prevalence_prospect(tally: ConfusionTally, question: Question, estimate: Estimate, level: float, rules: Rules = TODAY) -> Prospect:
    """Attainable: with the rates at their best for the goal, this many items of each class would have cleared it.
    Needed: items of both classes together, in their present proportion, at the observed rates.
    """
    of = class_rates(tally, tally.of.metrics[question.metric], question, rules)
    prevalence = question.on.prevalence
    if prevalence is None:
        raise Fault(f"{question.metric} is asked at no prevalence")
    if isinstance(of, str):
        return Prospect(attainable=False, needed=None, reason=of)
    more = question.comparison == "at_least"
    lower, upper = best_limits(of, prevalence, level, high=more)
    reached = lower if more else upper
    attainable = reached is not None and (reached >= question.bound if more else reached <= question.bound)
    if estimate.value is None:
        return Prospect(attainable=attainable, needed=None, reason=estimate.reason)
    reason = _wrong_side(estimate.value, question.bound, more=more)
    if reason:
        return Prospect(attainable=attainable, needed=None, reason=reason)
    clear, alike = cleared(of.shift, question, prevalence), _alike(of, by_chance=rules.by_chance)
    factor = needed_for_classes(of.values, of.n_eff, methods.alpha_of(level), clear, clusters=alike)
    items = None if factor is None else math.ceil(factor * sum(of.totals))
    if items is None or items > LIMIT:
        return Prospect(attainable=attainable, needed=None, reason=f"more than {LIMIT:,} items would be needed")
    return Prospect(attainable=attainable, needed=items)


def _alike(of: ClassRates, *, by_chance: bool) -> tuple[Clusters | None, Clusters | None]:
    """What the clusters of each class are like; where items have no answer, at worst."""
    if of.uneven is None:
        return None, None
    first, second = (
        observed(value * n_eff, n_eff, uneven, by_chance=by_chance)[0]
        for value, n_eff, uneven in zip(of.values, of.n_eff, of.uneven, strict=True)
    )
    return first, second


def cleared(shift: Shift, question: Question, prevalence: float) -> Clear:
    """The deciding bound against the goal, for many draws at once; an irrelevant part is 1 less the relevant one."""
    turned = shift == "irrelevant part"
    more = (question.comparison == "at_least") != turned
    goal = 1 - question.bound if turned else question.bound

    def clear(lower: Two, upper: Two) -> NDArray[np.bool_]:
        ends = lower if more else upper
        if shift != "mean":
            ends = (lower[0], upper[1]) if more else (upper[0], lower[1])
        bound = (mean_at if shift == "mean" else part_at)(*ends, prevalence)
        return np.asarray(bound >= goal if more else bound <= goal)

    return clear


def _wrong_side(value: float, goal: float, *, more: bool) -> str:
    if value == goal:
        return "the value equals the goal: no amount of data of this kind would show it"
    clear = value > goal if more else value < goal
    return "" if clear else "the value is on the wrong side of the goal: more data of this kind would not show it"
