"""A metric at a stated prevalence: what a requirement asks of the place where the classifier will be used.

Two rates are measured, one of the relevant items and one of the irrelevant ones; the prevalence only weighs them anew. That holds where
within each class answers, and the mix of groups, are the same there as here. An item without an answer counts as it does in the metric,
and in the worst case whichever way is worse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import Metric, Weights
from evalharness.catalogue.prevalence import IRRELEVANT, RELEVANT, Shift, class_part, shift_of
from evalharness.errors import Fault
from evalharness.metrics import methods
from evalharness.metrics.arrays import Rates, rates, sum_of_squares
from evalharness.metrics.counted import clusters_of, everything, second_of
from evalharness.metrics.rules import TODAY, Rules
from evalharness.metrics.shares import none_of
from evalharness.records import Estimate, Question
from evalharness.stats.prevalence import mean_at, part_at
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.stats.rounding import outward
from evalharness.stats.uneven import Uneven, all_alike, limits_by_size, one_more_of
from evalharness.tally import ConfusionTally

_CLASSES: tuple[tuple[Weights, str], ...] = ((RELEVANT, "relevant items"), (IRRELEVANT, "irrelevant items"))
Pair = tuple[float, float]
"""A number of the relevant items, and one of the irrelevant ones."""
Bounds = tuple[float | None, float | None]
Ints = NDArray[np.int64]


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
    uneven: tuple[Uneven, Uneven] | None = None
    """What the clusters of each class are like, at worst; None for independent items."""

    @property
    def values(self) -> Pair:
        return self.parts[0] / self.totals[0], self.parts[1] / self.totals[1]

    def bounds(self, alpha: float, low: Pair, high: Pair, *, by_size: bool = False) -> tuple[Pair, Pair]:
        """Lower limits of both rates where so many enter, and upper limits where so many do, each at 1 - alpha.

        by_size: such as hold also if large clusters are missed more often than small ones.
        """
        (a_low, _), (b_low, _) = (self._limits(k, low[k], alpha, by_size) for k in (0, 1))
        (_, a_high), (_, b_high) = (self._limits(k, high[k], alpha, by_size) for k in (0, 1))
        return (a_low, b_low), (a_high, b_high)

    def _limits(self, k: int, part: float, alpha: float, by_size: bool) -> Pair:
        n_eff = self.n_eff[k]
        worth = _worth(part, self.totals[k], n_eff)
        if not by_size or self.uneven is None:
            return float(clopper_pearson_lower(worth, n_eff, alpha)), float(clopper_pearson_upper(worth, n_eff, alpha))
        uneven = self.uneven[k]
        if part in {0.0, self.totals[k]}:  # whatever is seen is all alike
            uneven = all_alike(n_eff, uneven.one_more, hits=part > 0)
        lower, upper = limits_by_size(worth, n_eff, uneven, alpha)
        return float(lower), float(upper)

    def corner(self, *, high: bool) -> Pair:
        """The rates at which the metric is greatest, or least."""
        if self.shift == "mean":
            return (1.0, 1.0) if high else (0.0, 0.0)
        return (1.0, 0.0) if high == (self.shift == "relevant part") else (0.0, 1.0)


def class_rates(tally: ConfusionTally, metric: Metric, question: Question, rules: Rules = TODAY) -> ClassRates | str:
    """The rates of a group, or why there are none. Raises KeyError for a group that the tally does not count."""
    at = tally.slices.position(question.group)
    counts = tally.counts[at]
    shift = shift_of(metric)
    entering = metric.numerator if shift == "mean" else metric.denominator
    whole: Rates = rates(tally.counts[[at]], second_of(tally, [at]), [c for c, _ in _CLASSES], [c for c, _ in _CLASSES]).take(0)
    missing = [none_of(name, question.group) for (_, name), some in zip(_CLASSES, whole.defined, strict=True) if not some]
    if missing:
        return "; ".join(missing)
    parts, least, most, entered, stayed = [], [], [], [], []
    for members, _ in _CLASSES:
        weights = np.array(class_part(entering, members))
        ways = [int(weights[k]) for k, inside in enumerate(members) if inside]
        refused = [k for k in tally.of.refused if members[k]]
        sure = int(counts @ weights) - sum(int(counts[k] * weights[k]) for k in refused)
        unanswered = sum(int(counts[k]) for k in refused)
        parts.append(float(counts @ weights))
        least.append(float(sure + min(ways) * unanswered))
        most.append(float(sure + max(ways) * unanswered))
        can = weights if not unanswered else np.where(_among(refused, len(weights)), max(ways), weights)
        cannot = np.array(members) - (weights if not unanswered else np.where(_among(refused, len(weights)), min(ways), weights))
        entered.append(can)
        stayed.append(np.where(members, cannot, 0))
    return ClassRates(
        shift=shift,
        parts=(parts[0], parts[1]),
        least=(least[0], least[1]),
        most=(most[0], most[1]),
        totals=(float(whole.total[0]), float(whole.total[1])),
        n_eff=(float(whole.n_eff[0]), float(whole.n_eff[1])),
        uneven=_uneven(tally, at, whole, (entered, stayed)) if tally.clustered and rules.by_size else None,
    )


def _among(refused: Sequence[int], outcomes: int) -> NDArray[np.bool_]:
    return np.isin(np.arange(outcomes), refused)


def _uneven(tally: ConfusionTally, at: int, whole: Rates, weights: tuple[Sequence[Ints], Sequence[Ints]]) -> tuple[Uneven, Uneven]:
    """Of each class. weights: by class, the most of each outcome that can enter; and the most that can stay out."""
    classes = [members for members, _ in _CLASSES]
    clusters = clusters_of(tally, classes)[at]
    scale = (whole.n_eff / whole.total) ** 2
    hits, misses = (sum_of_squares(tally.second[at], np.array(part)) * scale for part in weights)
    one_more = one_more_of(clusters, whole.n_eff)
    first, second = (Uneven(hits=hits[k], misses=misses[k], one_more=one_more[k]) for k in (0, 1))
    return first, second


def at_prevalence(tally: ConfusionTally, question: Question, level: float, rules: Rules = TODAY) -> Estimate:
    """The estimate that answers a question at a stated prevalence, without its condition. Raises Fault where none is stated."""
    metric, prevalence = tally.of.metrics[question.metric], question.on.prevalence
    if prevalence is None:
        raise Fault(f"{question.metric} is asked at no prevalence")
    at = tally.slices.position(question.group)
    whole = everything(tally.of)
    every = rates(tally.counts[[at]], second_of(tally, [at]), [whole], [whole])
    of = class_rates(tally, metric, question, rules)
    value = lower = upper = None
    reason, worst = of if isinstance(of, str) else "", None
    by_size: Bounds = (None, None)
    if not isinstance(of, str):
        value = _number(_function(of.shift, of.values, prevalence))
        if value is None:
            reason = none_of(metric.denominator_name, question.group)
        else:
            value = outward(value)
            lower, upper = limits_at(of, prevalence, level, of.parts, of.parts)
            by_size = limits_at(of, prevalence, level, of.parts, of.parts, by_size=True)
            worst = limits_at(of, prevalence, level, of.least, of.most, by_size=True)
    return Estimate(
        metric=question.metric,
        group=question.group,
        value=value,
        lower=lower,
        upper=upper,
        worst_case=None if worst == by_size else worst,
        by_size=None if by_size == (lower, upper) else by_size,
        level=level,
        method=methods.at_prevalence(level, tally.clustered, prevalence, by_size=rules.by_size),
        n=int(every.total[0, 0]),
        clusters=int(clusters_of(tally, [whole])[at, 0]),
        n_eff=outward(float(every.n_eff[0, 0])),
        reason=reason,
    )


def limits_at(of: ClassRates, prevalence: float, level: float, low: Pair, high: Pair, *, by_size: bool = False) -> Bounds:
    """Lower and upper bound, where at least `low` and at most `high` items of each class enter; rounded outward."""
    (a_low, b_low), (a_high, b_high) = of.bounds(methods.alpha_of(level), low, high, by_size=by_size)
    ends = [(a_low, b_low), (a_high, b_high)] if of.shift == "mean" else [(a_low, b_high), (a_high, b_low)]
    found = [_number(_function("mean" if of.shift == "mean" else "relevant part", end, prevalence)) for end in ends]
    if of.shift == "irrelevant part":
        found = [None if x is None else 1 - x for x in reversed(found)]
    lower, upper = found
    return (
        None if lower is None else outward(max(lower, 0.0), direction="down"),
        None if upper is None else outward(min(upper, 1.0), direction="up"),
    )


def best_limits(of: ClassRates, prevalence: float, level: float, *, high: bool) -> Bounds:
    """The bounds had every answer been as the goal would have it."""
    corner = of.corner(high=high)
    parts = corner[0] * of.totals[0], corner[1] * of.totals[1]
    return limits_at(of, prevalence, level, parts, parts, by_size=True)


def _function(shift: Shift, of: Pair, prevalence: float) -> float:
    if shift == "mean":
        return float(mean_at(*of, prevalence))
    part = float(part_at(*of, prevalence))
    return part if shift == "relevant part" else 1 - part


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value


def _worth(part: float, total: float, n_eff: float) -> float:
    return n_eff if part == total else part / total * n_eff
