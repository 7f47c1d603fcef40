"""Proportions and costs of a sample whose items were drawn with different, known chances: each stratum by itself, weighted together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import TaskMetrics
from evalharness.metrics.arrays import sum_of_squares
from evalharness.stats.clusters import kish_n_eff
from evalharness.stats.ladder import cost_ladder
from evalharness.stats.stratified import Strata, stratified_limits, stratified_mean_limits, stratified_ratio
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
    worst_lower: Floats
    """Limits whichever items without an answer were answered, and however."""
    worst_upper: Floats


def strata_of(tally: ConfusionTally) -> Strata:
    """The strata of a tally that has some; each has an item at least."""
    totals = np.array([part.counts[0].sum() for _, part in tally.strata], dtype=np.float64)
    squares = np.array([part.second[0].sum() if part.clustered else part.counts[0].sum() for _, part in tally.strata], dtype=np.float64)
    population = totals / np.array([inclusion for inclusion, _ in tally.strata])
    return Strata(totals=totals, n_eff=kish_n_eff(totals, squares), shares=population / population.sum())


def weighted_counts(tally: ConfusionTally) -> Floats:
    """[S, O]: items of the population that the counts stand for, on the scale of the sample: they add up to its items."""
    strata = strata_of(tally)
    weights = strata.shares / strata.totals
    counts: Floats = np.stack([weight * part.counts for weight, (_, part) in zip(weights, tally.strata, strict=True)]).sum(axis=0)
    return counts * float(strata.totals.sum())


def weighted_shares(tally: ConfusionTally, at: Sequence[int], numerators: Ints, denominators: Ints, alpha: float) -> WeightedShares:
    """Every quantity of every slice `at` these positions; numerators and denominators are [Q, O]."""
    strata = strata_of(tally)
    parts, rest = _by_stratum(tally, at, numerators), _by_stratum(tally, at, denominators - numerators)
    value = stratified_ratio(parts, rest, strata)
    lower, upper = stratified_limits(parts, rest, strata, alpha, worth=worth_of(tally, at, denominators))
    (worst_lower, _), (_, worst_upper) = (
        stratified_limits(
            _by_stratum(tally, at, part), _by_stratum(tally, at, other), strata, alpha, worth=worth_of(tally, at, part + other)
        )
        for part, other in _extremes(tally.of, numerators, denominators)
    )
    return WeightedShares(
        value=value, lower=lower, upper=upper, n_eff=_n_eff(tally, at, denominators, strata),
        worst_lower=np.fmin(worst_lower, lower), worst_upper=np.fmax(worst_upper, upper),
    )  # fmt: skip


def worth_of(tally: ConfusionTally, at: Sequence[int], denominators: Ints) -> Floats:
    """[S, Q, H] what an item of a denominator [Q, O] is worth beside any item of its stratum; 1 at the most, and where none is counted.

    Kish's effective number of the denominator over that of the stratum, an item each: less where the items that count come in larger
    clusters than others do.
    """
    strata = strata_of(tally)
    worth = np.ones((len(at), len(denominators), len(tally.strata)))
    for h, (_, part) in enumerate(tally.strata):
        if part.clustered:
            items, squares = _counted(part, at, denominators)
            own = np.where(items > 0, kish_n_eff(items, squares) / np.maximum(items, 1), np.inf)
            worth[..., h] = np.minimum(own * (strata.totals[h] / strata.n_eff[h]), 1.0)
    return worth


def weighted_costs(tally: ConfusionTally, at: Sequence[int], cost_of_outcome: Floats, alpha: float) -> tuple[Floats, Floats, Floats]:
    """Mean cost an item with bounds, each at 1 - alpha; of everybody alone, NaN for groups: their part of a stratum is not known.

    The ladder of each stratum, and how many items it has, at alpha / 3H each.
    """
    strata = strata_of(tally)
    value, lower, upper = mean_cost([part.counts[0] for _, part in tally.strata], cost_of_outcome, strata, alpha)
    everybody = np.array([tally.slices.groups[position] == () for position in at])
    return np.where(everybody, value, np.nan), np.where(everybody, lower, np.nan), np.where(everybody, upper, np.nan)


def mean_cost(counts: Sequence[Ints], cost_of_outcome: Floats, strata: Strata, alpha: float) -> tuple[float, float, float]:
    """Mean cost an item with bounds, each at 1 - alpha. counts: those of each stratum by outcome."""
    each = alpha / (3 * len(strata.totals))
    found = [cost_ladder(cost_of_outcome, row, n_eff, each) for row, n_eff in zip(counts, strata.n_eff, strict=True)]
    value, lower, upper = (np.array(column, dtype=np.float64) for column in zip(*found, strict=True))
    return float(value @ strata.shares), *stratified_mean_limits(lower, upper, strata, each)


def _by_stratum(tally: ConfusionTally, at: Sequence[int], weights: Ints) -> Floats:
    """[S, Q, H] counts of each stratum."""
    return np.stack([part.counts[at] @ weights.T for _, part in tally.strata], axis=-1).astype(np.float64)


def _extremes(of: TaskMetrics, numerators: Ints, denominators: Ints) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """(part, rest) weights at their least and at their most, each refused item answered, or left, as it moves a share most."""
    least = numerators.copy(), denominators - numerators
    most = numerators.copy(), denominators - numerators
    for source, targets in zip(of.refused, of.answers, strict=True):
        can_be = [source, *targets]
        part, rest = numerators[:, can_be], (denominators - numerators)[:, can_be]
        least[0][:, source], least[1][:, source] = part.min(axis=1), rest.max(axis=1)
        most[0][:, source], most[1][:, source] = part.max(axis=1), rest.min(axis=1)
    return least, most


def _n_eff(tally: ConfusionTally, at: Sequence[int], denominators: Ints, strata: Strata) -> Floats:
    weights = strata.shares / strata.totals
    total = squares = np.zeros((len(at), len(denominators)))
    for weight, (_, part) in zip(weights, tally.strata, strict=True):
        items, second = _counted(part, at, denominators)
        total, squares = total + weight * items, squares + weight**2 * second
    return kish_n_eff(total, squares)


def _counted(part: ConfusionTally, at: Sequence[int], denominators: Ints) -> tuple[Floats, Floats]:
    """[S, Q] items of each denominator, and the sum over clusters of the square of their number."""
    items = (part.counts[at] @ denominators.T).astype(np.float64)
    return items, sum_of_squares(part.second[at], denominators) if part.clustered else items
