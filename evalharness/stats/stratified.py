"""Bounds of a proportion from a sample in strata with known chances of being drawn. They hold for every sample size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from evalharness.stats.uneven import Uneven

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strata:
    """H strata of a sample. A stratum is drawn from with one known chance for each of its items."""

    totals: Floats
    """[H] items in the sample."""
    n_eff: Floats
    """[H] what they are worth in independent items."""
    shares: Floats
    """[H] part of the population that each stratum is taken to be by its sample; they add up to 1."""


def stratified_ratio(parts: ArrayLike, rest: ArrayLike, strata: Strata) -> Floats:
    """Weighted part over weighted part and rest (...): the ratio estimator of sum N_h a_h / sum N_h (a_h + c_h).

    parts, rest: (..., H) counts a and c. NaN where nothing is counted. Equals the point of R survey's svyratio, and counting each row
    1 / its chance times.
    """
    weights = strata.shares / strata.totals
    part, other = (np.asarray(x, dtype=np.float64) @ weights for x in (parts, rest))
    return _ratio(part, other)


def stratified_limits(
    parts: ArrayLike, rest: ArrayLike, strata: Strata, alpha: float, *, worth: ArrayLike = 1.0, uneven: Uneven | None = None
) -> tuple[Floats, Floats]:
    """Limits (...) of the ratio above, each at confidence 1 - alpha; NaN where nothing is counted.

    worth: (..., H) what an item that is counted is worth beside any item of its stratum, above 0: less than 1 where it comes in larger
    clusters.
    uneven: (..., H) what clusters are like, in effective units of their stratum (items over totals / n_eff), where the limits shall hold
    also if large ones count more often, or less often, than small ones: then the wider of `uneven_number_limits` and Garwood's stand.

    How many items a stratum has is known from the sample alone: where each item is drawn by lot, that number is left to chance too. So the
    part and the rest of each stratum are bounded as numbers (Garwood's exact limits of a Poisson mean, at n_eff), each at
    alpha / 2H, and added up by what an item stands for: lower = L_part / (L_part + U_rest). All hold together with probability 1 - alpha by
    Bonferroni; numbers that are fixed beforehand vary less, so for these the limits are wider than need be. Shares known exactly would not
    do: a stratum of few items that happens to send half of them counts half (tests/unit/stats/test_stratified.py). Sources: Garwood,
    Biometrika 28 (1936) 437-442; that a binomial lies outside less often: Anderson and Samuels, 5th Berkeley Symposium (1967) 1-12.
    """
    part, other = np.asarray(parts, dtype=np.float64), np.asarray(rest, dtype=np.float64)
    each, scale = alpha / (2 * len(strata.totals)), np.asarray(worth, dtype=np.float64)
    hits, misses = (None, None) if uneven is None else ((uneven.hits, uneven.one_more), (uneven.misses, uneven.one_more))
    part_lower, part_upper = _added(part, strata, each, scale, hits)
    rest_lower, rest_upper = _added(other, strata, each, scale, misses)
    some = (part + other).sum(axis=-1) > 0
    lower, upper = _ratio(part_lower, rest_upper), _ratio(part_upper, rest_lower)
    return np.where(some, lower, np.nan), np.where(some, np.minimum(upper, 1.0), np.nan)


def stratified_mean_limits(
    lower: ArrayLike, upper: ArrayLike, strata: Strata, alpha: float, *, one_more: ArrayLike | None = None
) -> tuple[float, float]:
    """Limits of a mean over all strata from limits [H] of the mean in each, where how many items each has is known from the sample alone.

    Those numbers lie between Garwood's limits, each at confidence 1 - alpha; among all such numbers the mean is greatest where the strata
    with the greatest means have the most and all others the least, and least the other way round.

    one_more: [H] size of one more cluster, in effective units, where clusters are of unequal size: the numbers lie between the wider of
    `uneven_number_limits` and Garwood's.
    """
    low, high = (np.asarray(x, dtype=np.float64) for x in (lower, upper))
    clusters = None if one_more is None else (strata.n_eff, np.asarray(one_more, dtype=np.float64))
    least, most = (strata.shares / strata.n_eff * x for x in _widest(strata.n_eff, np.ones(len(low)), alpha, clusters))
    return -_greatest(-low, least, most), _greatest(high, least, most)


def _greatest(means: Floats, least: Floats, most: Floats) -> float:
    order = np.argsort(-means, kind="stable")
    found = []
    for many in range(len(means) + 1):
        sizes = least.copy()
        sizes[order[:many]] = most[order[:many]]
        found.append(float(sizes @ means / sizes.sum()) if sizes.sum() > 0 else float(means.max()))
    return max(found)


def uneven_number_limits(number: ArrayLike, squares: ArrayLike, one_more: ArrayLike, alpha: float) -> tuple[Floats, Floats]:
    """Limits of the mean of a number of items that comes in clusters of unequal size, each at confidence 1 - alpha.

    With y items, v the sum over clusters of squared parts and w the size of one more cluster, in one unit: between
    GammaInv(alpha; shape y^2 / v, scale v / y), 0 without items, and GammaInv(1 - alpha; shape (y + w)^2 / (v + w^2),
    scale (v + w^2) / (y + w)), and there no less than without items, -w ln(alpha): at strict levels a small cluster more would lower it.
    For clusters of size w these are Garwood's limits of their number, times w. Source: Fay and Feuer, Statistics in Medicine 16 (1997)
    791-801.
    """
    y, v, w = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in (number, squares, one_more)))
    some = (y > 0) & (v > 0)
    scale = np.where(some, v / np.where(some, y, 1.0), 1.0)
    lower = np.where(some, special.gammaincinv(np.where(some, y, 1.0) / scale, alpha) * scale, 0.0)
    scale = (v + w * w) / (y + w)
    return lower, np.maximum(special.gammainccinv((y + w) / scale, alpha) * scale, -np.log(alpha) * w)


Clusters = tuple[Floats, Floats]
"""Sum over clusters of squared parts, and the size of one more cluster, in effective units (..., H)."""


def _added(counts: Floats, strata: Strata, alpha: float, worth: Floats, clusters: Clusters | None) -> tuple[Floats, Floats]:
    effective = np.where(counts == strata.totals, strata.n_eff, counts / strata.totals * strata.n_eff)
    lower, upper = _widest(effective, worth, alpha, clusters)
    stands_for = strata.shares / strata.n_eff
    return lower @ stands_for, upper @ stands_for


def _widest(effective: Floats, worth: Floats, alpha: float, clusters: Clusters | None) -> tuple[Floats, Floats]:
    """Limits of numbers in effective units."""
    lower, upper = (limit / worth for limit in _number_limits(effective * worth, alpha))
    if clusters is None:
        return lower, upper
    least, most = uneven_number_limits(effective, *clusters, alpha)
    return np.minimum(lower, least), np.maximum(upper, most)


def _number_limits(counts: Floats, alpha: float) -> tuple[Floats, Floats]:
    """Garwood's limits of the mean of a Poisson count, for real-valued counts too, each at confidence 1 - alpha."""
    some = counts > 0
    lower = np.where(some, special.gammaincinv(np.where(some, counts, 1.0), alpha), 0.0)
    return lower, special.gammainccinv(counts + 1.0, alpha)


def _ratio(part: Floats, rest: Floats) -> Floats:
    some = part + rest > 0
    return np.where(some, part / np.where(some, part + rest, 1.0), np.nan)
