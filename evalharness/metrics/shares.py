"""Estimates of proportions, and of known functions of one, for slices of a tally."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import TaskMetrics
from evalharness.metrics import methods
from evalharness.metrics.arrays import limits, rates
from evalharness.metrics.counted import clusters_of, one_more_of_all, second_of
from evalharness.metrics.quantities import Quantity
from evalharness.metrics.refusals import Floats, Ints, answers_count, refused, worst_limits
from evalharness.metrics.rules import TODAY, Rules
from evalharness.metrics.weighted import weighted_shares
from evalharness.records import Estimate, Group
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally


class _Share(NamedTuple):
    """One proportion of one slice, as plain numbers; value and bounds are NaN where undefined."""

    value: float
    lower: float
    upper: float
    n: int
    clusters: int
    n_eff: float
    size_lower: float
    size_upper: float
    worst_lower: float
    worst_upper: float
    refused: bool
    """Whether an item of the slice has no answer; only then are the worst limits asked for."""


def share_estimates(
    tally: ConfusionTally, wanted: Sequence[Quantity], level: float, at: Sequence[int] | None = None, *, rules: Rules = TODAY
) -> Iterator[tuple[Estimate, ...]]:
    """For each slice (or those `at` these positions), in order, the estimates of `wanted`."""
    if not wanted:
        return
    chosen = range(len(tally.counts)) if at is None else at
    if tally.weighted:
        yield from _weighted(tally, wanted, level, chosen, rules)
        return
    counts, second = tally.counts[chosen], second_of(tally, chosen)
    denominators = [q.denominator for q in wanted]
    clusters = clusters_of(tally, denominators)[chosen]
    weights = np.array([q.numerator for q in wanted]), np.array(denominators)
    sizes = (clusters, one_more_of_all(tally, denominators, chosen)) if rules.by_size else (None, None)
    of = rates(counts, second, *weights, *sizes)
    lower, upper = limits(of.plain, methods.alpha_of(level))
    by_size = limits(of, methods.alpha_of(level)) if of.uneven is not None else (lower, upper)
    names = [_method(q, level, tally.clustered, rules) for q in wanted]
    worst = _worst(tally.of, (counts, second, *sizes), wanted, level, by_size)
    numbers = (of.value, lower, upper, of.total.astype(np.int64), clusters, of.n_eff, *by_size, *worst)
    columns = [column.tolist() for column in numbers]
    for s, position in enumerate(chosen):
        group = tally.slices.groups[position]
        rows = zip(*(column[s] for column in columns), strict=True)
        yield tuple(_estimate(q, group, _Share(*row), level, method) for q, row, method in zip(wanted, rows, names, strict=True))


def _weighted(
    tally: ConfusionTally, wanted: Sequence[Quantity], level: float, at: Sequence[int], rules: Rules
) -> Iterator[tuple[Estimate, ...]]:
    """Of a sample whose items were drawn with different chances: counts are of the sample, values and bounds of what it was drawn from."""
    denominators = [q.denominator for q in wanted]
    weights = np.array([q.numerator for q in wanted]), np.array(denominators)
    found = weighted_shares(tally, at, *weights, methods.alpha_of(level), by_size=rules.by_size)
    any_refused = np.broadcast_to(refused(tally.of, tally.counts[at])[:, None], found.value.shape)
    total = tally.counts[at] @ weights[1].T
    numbers = (found.value, found.lower, found.upper, total, clusters_of(tally, denominators)[at], found.n_eff,
               found.size_lower, found.size_upper, found.worst_lower, found.worst_upper, any_refused)  # fmt: skip
    columns = [column.tolist() for column in numbers]
    for s, position in enumerate(at):
        group = tally.slices.groups[position]
        names = [_stratified(q, level, tally, rules) for q in wanted]
        rows = zip(*(column[s] for column in columns), strict=True)
        yield tuple(_estimate(q, group, _Share(*row), level, method) for q, row, method in zip(wanted, rows, names, strict=True))


def _stratified(quantity: Quantity, level: float, tally: ConfusionTally, rules: Rules) -> str:
    text = methods.stratified(level, tally.clustered, len(tally.strata), by_size=rules.by_size)
    return f"{text}; {quantity.note}" if quantity.note else text


def _worst(
    task: TaskMetrics,
    counted: tuple[Ints, Ints | None, Ints | None, Floats | None],
    wanted: Sequence[Quantity],
    level: float,
    plain: tuple[Floats, Floats],
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Limits had the refused items been answered in the worst way, and whether there are any; the plain limits where there are none.

    Metrics of an ordinal task are at their worst as they are, unless they leave an item without an answer out.
    """
    counts, second, clusters, one_more = counted
    numerators, denominators = np.array([q.numerator for q in wanted]), np.array([q.denominator for q in wanted])
    rows = refused(task, counts)
    at = np.flatnonzero(answers_count(task, denominators)) if task.ordinal else np.arange(len(wanted))
    low, high, any_refused = plain[0].copy(), plain[1].copy(), np.zeros(plain[0].shape, dtype=np.bool_)
    any_refused[np.ix_(rows, at)] = True
    if any_refused.any():
        moments = None if second is None else second[rows]
        low[np.ix_(rows, at)], high[np.ix_(rows, at)] = worst_limits(
            task,
            counts[rows],
            moments,
            numerators[at],
            denominators[at],
            alpha=methods.alpha_of(level),
            clusters=None if clusters is None else clusters[np.ix_(rows, at)],
            one_more=None if one_more is None else one_more[np.ix_(rows, at)],
        )
    return low, high, any_refused


def _method(quantity: Quantity, level: float, clustered: bool, rules: Rules) -> str:
    text = methods.clopper_pearson(level, clustered, by_size=rules.by_size)
    return f"{text}; {quantity.note}" if quantity.note else text


def _estimate(q: Quantity, group: Group, share: _Share, level: float, method: str) -> Estimate:
    value, lower, upper, reason = _reciprocal(q, share) if q.reciprocal else _scaled(q, share)
    if not share.n:
        value, lower, upper, reason = None, None, None, none_of(q.denominator_name, group)
    bounds = _outward(lower, upper)
    by_size = _pair_of(q, share.size_lower, share.size_upper) if share.n else bounds
    worst_case = _pair_of(q, share.worst_lower, share.worst_upper) if share.n and share.refused else None
    return Estimate(
        metric=q.name,
        group=group,
        value=None if value is None else outward(value),
        lower=bounds[0],
        upper=bounds[1],
        worst_case=None if worst_case == by_size else worst_case,
        by_size=None if by_size == bounds else by_size,
        level=level,
        method=method,
        n=share.n,
        clusters=share.clusters,
        n_eff=outward(share.n_eff),
        reason=reason,
        decides=q.decides,
    )


def _outward(lower: float | None, upper: float | None) -> tuple[float | None, float | None]:
    return (None if lower is None else outward(lower, direction="down")), (None if upper is None else outward(upper, direction="up"))


def _pair_of(q: Quantity, lower: float, upper: float) -> tuple[float | None, float | None]:
    return (None, None) if np.isnan(lower) or np.isnan(upper) else bounds_of(q, lower, upper)


def bounds_of(q: Quantity, lower: float, upper: float) -> tuple[float | None, float | None]:
    """The bounds of the quantity from those of its share, rounded outward as they are judged; None where one is infinite."""
    if q.reciprocal:
        return _outward(q.scale / upper if upper > 0 else None, q.scale / lower if lower > 0 else None)
    return _outward(q.scale * lower, q.scale * upper)


def _scaled(q: Quantity, share: _Share) -> tuple[float | None, float | None, float | None, str]:
    return q.scale * share.value, q.scale * share.lower, q.scale * share.upper, ""


def _reciprocal(q: Quantity, share: _Share) -> tuple[float | None, float | None, float | None, str]:
    """Bounds swap and invert; nothing is divided by 0."""
    value, lower, upper = (q.scale / x if x > 0 else None for x in (share.value, share.upper, share.lower))
    if value is None:
        return None, lower, None, f"none of the {q.denominator_name} is relevant, so the ratio has no finite value"
    return value, lower, upper, "" if upper is not None else "no upper bound: the lower bound of the share is 0"


def none_of(denominator_name: str, group: Group) -> str:
    """Why a quantity without a denominator is null."""
    return f"no {denominator_name} in this group" if group else f"no {denominator_name}"
