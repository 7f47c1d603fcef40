"""Proportions and costs of a sample whose items were drawn with different, known chances: each stratum by itself, weighted together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.metrics.arrays import costs_by_size
from evalharness.metrics.weighted_clusters import (
    Spans,
    clusters_at_worst,
    clusters_of_all,
    counted,
    counts_by_stratum,
    spans_of,
    strata_of,
    worth_of,
)
from evalharness.stats.clusters import kish_n_eff
from evalharness.stats.ladder import cost_ladder, steps
from evalharness.stats.stratified import Strata, stratified_limits, stratified_mean_limits, stratified_ratio
from evalharness.stats.uneven import one_more_of
from evalharness.tally import ConfusionTally

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightedShares:
    """S slices, Q quantities."""

    value: Floats
    """[S, Q]; NaN without a denominator."""
    lower: Floats
    upper: Floats
    n_eff: Floats
    """Kish's, of weights and clusters together: a description, the bounds hold each stratum apart."""
    size_lower: Floats
    """Limits that hold also if large clusters are missed more often than small ones; lower and upper where items are independent."""
    size_upper: Floats
    worst_lower: Floats
    """Limits, by size too, whichever items without an answer were answered, and however."""
    worst_upper: Floats


def weighted_counts(tally: ConfusionTally) -> Floats:
    """[S, O]: items of the population that the counts stand for, on the scale of the sample: they add up to its items."""
    strata = strata_of(tally)
    weights = strata.shares / strata.totals
    counts: Floats = np.stack([weight * part.counts for weight, (_, part) in zip(weights, tally.strata, strict=True)]).sum(axis=0)
    return counts * float(strata.totals.sum())


def weighted_shares(
    tally: ConfusionTally, at: Sequence[int], numerators: Ints, denominators: Ints, alpha: float, *, by_size: bool = True
) -> WeightedShares:
    """Every quantity of every slice `at` these positions; numerators and denominators are [Q, O].

    by_size: where items are in clusters there is a second pair of limits, and the worst ones are of that pair.
    """
    strata = strata_of(tally)
    as_it_is, answered = (spans_of(tally.of, numerators, denominators, refused=refused) for refused in (False, True))
    parts, rest = (counts_by_stratum(tally, at, weights) for weights in (as_it_is.most_part, as_it_is.most_rest))
    lower, upper = stratified_limits(parts, rest, strata, alpha, worth=worth_of(tally, at, denominators))
    limits = _by_size if by_size and tally.clustered else _by_number
    wider, worst = (limits(tally, at, spans, alpha) for spans in (as_it_is, answered))
    size_lower, size_upper = np.minimum(wider[0], lower), np.maximum(wider[1], upper)
    return WeightedShares(
        value=stratified_ratio(parts, rest, strata), lower=lower, upper=upper, n_eff=_n_eff(tally, at, denominators, strata),
        size_lower=size_lower, size_upper=size_upper,
        worst_lower=np.fmin(worst[0], size_lower), worst_upper=np.fmax(worst[1], size_upper),
    )  # fmt: skip


def _by_number(tally: ConfusionTally, at: Sequence[int], spans: Spans, alpha: float) -> tuple[Floats, Floats]:
    """Least lower and greatest upper limit [S, Q] at Kish's effective number."""
    (lower, _), (_, upper) = (
        stratified_limits(
            counts_by_stratum(tally, at, part), counts_by_stratum(tally, at, rest), strata_of(tally), alpha,
            worth=worth_of(tally, at, part + rest),
        )
        for part, rest in ((spans.least_part, spans.most_rest), (spans.most_part, spans.least_rest))
    )  # fmt: skip
    return lower, upper


def _by_size(tally: ConfusionTally, at: Sequence[int], spans: Spans, alpha: float) -> tuple[Floats, Floats]:
    """The same where large clusters may count more often, or less often, than small ones."""
    worth, uneven = clusters_at_worst(tally, at, spans)
    (lower, _), (_, upper) = (
        stratified_limits(
            counts_by_stratum(tally, at, part), counts_by_stratum(tally, at, rest), strata_of(tally), alpha, worth=worth, uneven=uneven
        )
        for part, rest in ((spans.least_part, spans.most_rest), (spans.most_part, spans.least_rest))
    )
    return lower, upper


def weighted_costs(
    tally: ConfusionTally, at: Sequence[int], cost_of_outcome: Floats, alpha: float, *, by_size: bool = True
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Mean cost an item with bounds, each at 1 - alpha, and by size; of everybody alone, NaN for groups: their part of a stratum is not
    known.

    The ladder of each stratum, and how many items it has, at alpha / 3H each.
    """
    counts = [part.counts[0] for _, part in tally.strata]
    value, lower, upper = mean_cost(counts, cost_of_outcome, strata_of(tally), alpha)
    wider = lower, upper
    if by_size and tally.clustered and len(steps(cost_of_outcome)[1]):
        least, most = mean_cost_by_size(tally, counts, [part.second[0] for _, part in tally.strata], cost_of_outcome, alpha)
        wider = min(least, lower), max(most, upper)
    everybody = np.array([tally.slices.groups[position] == () for position in at])
    first, second, third, fourth, fifth = (np.where(everybody, number, np.nan) for number in (value, lower, upper, *wider))
    return first, second, third, fourth, fifth


def mean_cost(counts: Sequence[Ints], cost_of_outcome: Floats, strata: Strata, alpha: float) -> tuple[float, float, float]:
    """Mean cost an item with bounds, each at 1 - alpha. counts: those of each stratum by outcome."""
    each = alpha / (3 * len(strata.totals))
    found = [cost_ladder(cost_of_outcome, row, n_eff, each) for row, n_eff in zip(counts, strata.n_eff, strict=True)]
    value, lower, upper = (np.array(column, dtype=np.float64) for column in zip(*found, strict=True))
    return float(value @ strata.shares), *stratified_mean_limits(lower, upper, strata, each)


def mean_cost_by_size(
    tally: ConfusionTally, counts: Sequence[Ints], seconds: Sequence[Ints], cost_of_outcome: Floats, alpha: float
) -> tuple[float, float]:
    """Bounds that hold also if large clusters cost more, or less. counts [O], seconds [O, O]: of each stratum, its clusters as they are."""
    strata, clusters = strata_of(tally), clusters_of_all(tally)
    each = alpha / (3 * len(strata.totals))
    rows = zip(counts, seconds, clusters, strict=True)
    found = [costs_by_size(row, second, cost_of_outcome, each, many) for row, second, many in rows]
    lower, upper = (np.array(column, dtype=np.float64) for column in zip(*found, strict=True))
    return stratified_mean_limits(lower, upper, strata, each, one_more=one_more_of(clusters, strata.n_eff))


def _n_eff(tally: ConfusionTally, at: Sequence[int], denominators: Ints, strata: Strata) -> Floats:
    weights = strata.shares / strata.totals
    total = squares = np.zeros((len(at), len(denominators)))
    for weight, (_, part) in zip(weights, tally.strata, strict=True):
        items, second = counted(part, at, denominators)
        total, squares = total + weight * items, squares + weight**2 * second
    return kish_n_eff(total, squares)
