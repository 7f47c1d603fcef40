"""What a comparison of groups of given sizes could show at all: noise floor, smallest detectable gap, least attainable p."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from evalharness.stats.gaps import difference_of_limits, mover_difference
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

Floats = NDArray[np.float64]

POWER = 0.8
LEAST_P = 1e-99
"""No smaller p is told."""

_POINTS = 64
_REACH = 6.0
_STEPS = 40
_HALVINGS = 16


def noise_floor(rate: ArrayLike, sizes: ArrayLike) -> Floats:
    """Expected max - min of the observed rates of groups that all have the true `rate` (Q,), with `sizes` (Q, G) independent units.

    E(max - min) = integral of 1 - prod F_g(x) - prod (1 - F_g(x)), with F_g the distribution function of Binomial(n_g, rate) / n_g; by
    the midpoints of 64 steps over six standard deviations of the smallest group, without a random number. Sizes are rounded down to whole
    units, at least 1; a group of size 0 is left out. Relative error below 3 %. NaN with fewer than two groups, and for a rate of 0 or 1:
    that nothing varied does not tell how much would.
    """
    p, n = np.asarray(rate, dtype=np.float64), np.asarray(sizes, dtype=np.float64)
    there = n > 0
    units = np.where(there, np.maximum(np.floor(n), 1.0), 1.0)
    several = there.sum(axis=-1) >= 2
    certain = np.isnan(p) | (p <= 0) | (p >= 1)
    chance = np.where(certain, 0.5, p)
    smallest = np.where(there, units, np.inf).min(axis=-1)
    smallest = np.where(np.isfinite(smallest), smallest, 1.0)
    reach = _REACH * np.sqrt(chance * (1 - chance) / smallest) + 1 / smallest
    low, high = np.maximum(chance - reach, 0.0), np.minimum(chance + reach, 1.0)
    step = (high - low) / _POINTS
    x = low[..., None] + step[..., None] * (np.arange(_POINTS) + 0.5)
    below = _distribution(np.floor(x[..., None] * units[..., None, :]), units[..., None, :], chance[..., None, None])
    all_below = np.where(there[..., None, :], below, 1.0).prod(axis=-1)
    all_above = np.where(there[..., None, :], 1.0 - below, 1.0).prod(axis=-1)
    expected = ((1.0 - all_below - all_above) * step[..., None]).sum(axis=-1)
    return np.where(several & ~certain, np.maximum(expected, 0.0), np.nan)


def detectable_gap(rate: ArrayLike, first: ArrayLike, second: ArrayLike, alpha: ArrayLike, *, spanned: bool = False) -> Floats:
    """The least gap from `rate` that the lower bound of a difference, at `alpha`, would show to be above 0 with probability .8.

    The group of `first` independent units lies apart from the one of `second`, which has the true `rate`: below it where the rate is a
    half at least, above it otherwise. The observed gap counts as normal around the true one, and MOVER's bound (where clusters span
    groups the difference of limits) is taken at the expected counts. NaN where no gap on that side could be shown so often. Broadcasts.
    """
    p, n1, n2, a = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (rate, first, second, alpha)))
    usable = (n1 > 0) & (n2 > 0) & ~np.isnan(p)
    p, n1, n2 = np.where(usable, p, 0.5), np.where(usable, n1, 1.0), np.where(usable, n2, 1.0)
    q = np.minimum(p, 1 - p)  # the mirror image: the group apart always lies above
    room = 1 - q
    l2 = clopper_pearson_lower(q * n2, n2, a)
    u2 = clopper_pearson_upper(q * n2, n2, a)
    z = special.ndtri(POWER)

    def spare(gap: Floats) -> Floats:
        apart = q + gap
        l1 = clopper_pearson_lower(apart * n1, n1, a)
        lower, _ = difference_of_limits(l1, apart, l2, u2) if spanned else mover_difference(apart, l1, apart, q, l2, u2)
        return np.asarray(lower - z * np.sqrt(apart * (1 - apart) / n1 + q * (1 - q) / n2))

    low, high = np.zeros_like(q), room.copy()
    possible = spare(high) > 0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        seen = spare(middle) > 0
        low, high = np.where(seen, low, middle), np.where(seen, middle, high)
    return np.where(usable & possible, high, np.nan)


def least_p(first: ArrayLike, second: ArrayLike, *, spanned: bool = False) -> Floats:
    """The smallest alpha at which the lower bound of a difference could exceed 0 for groups of so many independent units.

    The most telling outcome is all of one and none of the other: with limits a^(1/n1) and 1 - a^(1/n2), MOVER's bound is above 0 while
    (1 - a^(1/n1))^2 + (1 - a^(1/n2))^2 < 1, and the difference of limits while their sum is below 1. Never below LEAST_P; NaN where a
    group is empty.
    """
    n1, n2 = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (first, second)))
    usable = (n1 > 0) & (n2 > 0)
    m1, m2 = np.where(usable, n1, 1.0), np.where(usable, n2, 1.0)
    power = 1 if spanned else 2
    low, high = np.full(m1.shape, np.log(LEAST_P)), np.zeros(m1.shape)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        shown = (-np.expm1(middle / m1)) ** power + (-np.expm1(middle / m2)) ** power < 1
        low, high = np.where(shown, low, middle), np.where(shown, middle, high)
    return np.where(usable, np.exp(high), np.nan)


def _distribution(k: Floats, n: Floats, p: Floats) -> Floats:
    """P(K <= k) of Binomial(n, p)."""
    inside = k < n
    return np.where(inside, special.betainc(np.where(inside, n - k, 1.0), k + 1.0, 1.0 - p), 1.0)
