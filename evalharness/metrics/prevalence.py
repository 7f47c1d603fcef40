"""A metric at a stated prevalence: what a requirement asks of the place where the classifier will be used.

Two rates are measured, one of the relevant items and one of the irrelevant ones; the prevalence only weighs them anew. That holds where
within each class answers, and the mix of groups, are the same there as here. An item without an answer counts as it does in the metric,
and in the worst case whichever way is worse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalharness.catalogue import Metric, Weights
from evalharness.catalogue.prevalence import IRRELEVANT, RELEVANT, Shift, class_part, shift_of
from evalharness.errors import Fault
from evalharness.metrics import methods
from evalharness.metrics.arrays import Rates, rates
from evalharness.metrics.counted import clusters_of, everything, second_of
from evalharness.metrics.shares import none_of
from evalharness.records import Estimate, Question
from evalharness.stats.prevalence import mean_at, part_at
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

_CLASSES: tuple[tuple[Weights, str], ...] = ((RELEVANT, "relevant items"), (IRRELEVANT, "irrelevant items"))
Pair = tuple[float, float]
"""A number of the relevant items, and one of the irrelevant ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRates:
    """How many items of each class enter, in one group, and of how many."""

    shift: Shift
    parts: Pair
    """Items that enter."""
    least: Pair
    """The fewest that could, were the items without an answer answered."""
    most: Pair
    totals: Pair
    n_eff: Pair
    """What the items of each class are worth as independent ones."""

    @property
    def values(self) -> Pair:
        return self.parts[0] / self.totals[0], self.parts[1] / self.totals[1]

    def bounds(self, alpha: float, low: Pair, high: Pair) -> tuple[Pair, Pair]:
        """Lower limits of both rates where so many enter, and upper limits where so many do, each at 1 - alpha."""
        lower = [float(clopper_pearson_lower(_worth(low[k], self.totals[k], self.n_eff[k]), self.n_eff[k], alpha)) for k in (0, 1)]
        upper = [float(clopper_pearson_upper(_worth(high[k], self.totals[k], self.n_eff[k]), self.n_eff[k], alpha)) for k in (0, 1)]
        return (lower[0], lower[1]), (upper[0], upper[1])

    def corner(self, *, high: bool) -> Pair:
        """The rates at which the metric is greatest, or least."""
        if self.shift == "mean":
            return (1.0, 1.0) if high else (0.0, 0.0)
        return (1.0, 0.0) if high == (self.shift == "relevant part") else (0.0, 1.0)


def class_rates(tally: ConfusionTally, metric: Metric, question: Question) -> ClassRates | str:
    """The rates of a group, or why there are none. Raises KeyError for a group that the tally does not count."""
    at = tally.slices.position(question.group)
    counts = tally.counts[at]
    shift = shift_of(metric)
    entering = metric.numerator if shift == "mean" else metric.denominator
    whole: Rates = rates(tally.counts[[at]], second_of(tally, [at]), [c for c, _ in _CLASSES], [c for c, _ in _CLASSES]).take(0)
    missing = [none_of(name, question.group) for (_, name), some in zip(_CLASSES, whole.defined, strict=True) if not some]
    if missing:
        return "; ".join(missing)
    parts, least, most = [], [], []
    for members, _ in _CLASSES:
        weights = np.array(class_part(entering, members))
        ways = [int(weights[k]) for k, inside in enumerate(members) if inside]
        refused = [k for k in tally.of.refused if members[k]]
        sure = int(counts @ weights) - sum(int(counts[k] * weights[k]) for k in refused)
        unanswered = sum(int(counts[k]) for k in refused)
        parts.append(float(counts @ weights))
        least.append(float(sure + min(ways) * unanswered))
        most.append(float(sure + max(ways) * unanswered))
    return ClassRates(
        shift=shift,
        parts=(parts[0], parts[1]),
        least=(least[0], least[1]),
        most=(most[0], most[1]),
        totals=(float(whole.total[0]), float(whole.total[1])),
        n_eff=(float(whole.n_eff[0]), float(whole.n_eff[1])),
    )


def at_prevalence(tally: ConfusionTally, question: Question, level: float) -> Estimate:
    """The estimate that answers a question at a stated prevalence, without its condition. Raises Fault where none is stated."""
    metric, prevalence = tally.of.metrics[question.metric], question.on.prevalence
    if prevalence is None:
        raise Fault(f"{question.metric} is asked at no prevalence")
    at = tally.slices.position(question.group)
    whole = everything(tally.of)
    every = rates(tally.counts[[at]], second_of(tally, [at]), [whole], [whole])
    of = class_rates(tally, metric, question)
    value = lower = upper = None
    reason, worst = of if isinstance(of, str) else "", None
    if not isinstance(of, str):
        value = _number(_function(of.shift, of.values, prevalence))
        if value is None:
            reason = none_of(metric.denominator_name, question.group)
        else:
            value = outward(value)
            lower, upper = limits_at(of, prevalence, level, of.parts, of.parts)
            worst = limits_at(of, prevalence, level, of.least, of.most)
    return Estimate(
        metric=question.metric,
        group=question.group,
        value=value,
        lower=lower,
        upper=upper,
        worst_case=None if worst == (lower, upper) else worst,
        level=level,
        method=methods.at_prevalence(level, tally.clustered, prevalence),
        n=int(every.total[0, 0]),
        clusters=int(clusters_of(tally, [whole])[at, 0]),
        n_eff=outward(float(every.n_eff[0, 0])),
        reason=reason,
    )


def limits_at(of: ClassRates, prevalence: float, level: float, low: Pair, high: Pair) -> tuple[float | None, float | None]:
    """Lower and upper bound, where at least `low` and at most `high` items of each class enter; rounded outward."""
    (a_low, b_low), (a_high, b_high) = of.bounds(methods.alpha_of(level), low, high)
    ends = [(a_low, b_low), (a_high, b_high)] if of.shift == "mean" else [(a_low, b_high), (a_high, b_low)]
    found = [_number(_function("mean" if of.shift == "mean" else "relevant part", end, prevalence)) for end in ends]
    if of.shift == "irrelevant part":
        found = [None if x is None else 1 - x for x in reversed(found)]
    lower, upper = found
    return (
        None if lower is None else outward(max(lower, 0.0), direction="down"),
        None if upper is None else outward(min(upper, 1.0), direction="up"),
    )


def best_limits(of: ClassRates, prevalence: float, level: float, *, high: bool) -> tuple[float | None, float | None]:
    """The bounds had every answer been as the goal would have it."""
    corner = of.corner(high=high)
    parts = corner[0] * of.totals[0], corner[1] * of.totals[1]
    return limits_at(of, prevalence, level, parts, parts)


def _function(shift: Shift, of: Pair, prevalence: float) -> float:
    if shift == "mean":
        return float(mean_at(*of, prevalence))
    part = float(part_at(*of, prevalence))
    return part if shift == "relevant part" else 1 - part


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value


def _worth(part: float, total: float, n_eff: float) -> float:
    return n_eff if part == total else part / total * n_eff
