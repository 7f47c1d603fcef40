"""Plans over clusters of unequal size: what they are like, limits of counts to come, and how many effective units clear a goal.

All numbers are in effective units, as in `stats.uneven`; the new sample's clusters are drawn from such as those at hand. Whoever plans
looks at misses: a goal allows a share of them, and a sample of n units with y misses clears it where three conditions hold, each of the
form I_allowed(a, b) >= 1 - alpha (regularised incomplete beta function):

    Clopper and Pearson's            a = y + 1                        b = n - y
    of what is missed                a = (y + w)^2 / (v + w^2)        b = (n - y) (y + w) / (v + w^2)
    of what is not                   a = (y + w) / g                  b = (n - y) / g

with w the size of one more cluster, v the sum of squares of misses, and g that of the rest for each unit of them. Chance decides how many
are missed (y), which clusters (v), and how unequal the clusters of the sample are (n, w). Sizes are taken to be of the gamma family (the
geometric and the exponential distribution, and near to others with the coefficient of variation c at hand), with c^2 = a:

    y        has the mean n p and the variance d n p (1 - p), d = (1 - p) h + p g, h the sum of squares for each unit missed
    v        given y, on average h (n p + t (y - n p)), t = (1 + 2 a) / (1 + a): many units are missed where large clusters are
    log n    has the variance 2 a^2 / (n (1 + a)^2) by the delta method, and w = 1 + BEYOND c' with 1 + c'^2 = (1 + a) E(n) / n, as the
             number of clusters is fixed. The share that is missed hangs on none of this, but for the n in its variance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.stats.search import crossing
from evalharness.stats.uneven import BEYOND, Uneven

Floats = NDArray[np.float64]
_Misses = TypeVar("_Misses", float, Floats)

_NO_MORE = 1e-6
"""Rounding of what is 1 for clusters of equal size."""
_CLOSE = 1e-4
_DUST, _LEAST = 1e-9, 1e-300
_FAR, _NEAR = 8.0, 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Clusters of unequal size; None stands wherever size makes no difference: independent items, clusters of one size."""

    one_more: float
    """Size of one more cluster, in effective units."""
    hits: float = 1.0
    """Sum of squares of what counts, for each effective unit that counts; 1 where clusters count as a whole or not at all."""
    misses: float = 1.0
    """Likewise of what does not count."""
    by_chance: bool = True
    """Whether chance decides how unequal new clusters are, and which are missed; False: exactly as at hand, as earlier evidence has it."""

    @property
    def variation(self) -> float:
        """Square of the coefficient of variation of the sizes."""
        return ((self.one_more - 1) / BEYOND) ** 2

    @property
    def turned(self) -> Clusters:
        """What counts and what does not, exchanged."""
        return replace(self, hits=self.misses, misses=self.hits)


def unequal(one_more: float, hits: float = 1.0, misses: float = 1.0, *, by_chance: bool = True) -> Clusters | None:
    """Clusters, or None where Clopper and Pearson's limits are the widest ones."""
    same = max(one_more, hits, misses) <= 1 + _NO_MORE
    return None if same else Clusters(one_more=one_more, hits=hits, misses=misses, by_chance=by_chance)


def observed(k: ArrayLike, n_eff: ArrayLike, uneven: Uneven | None, *, by_chance: bool = True) -> tuple[Clusters | None, ...]:
    """Of each share (R,), from the effective count `k` of `n_eff` and the squares found; None for each where `uneven` is not known.

    Misses that fall on small clusters, or on parts of clusters, are no promise: few were seen, and a new sample's may fall on others. So
    clusters are taken to count as a whole, and no smaller ones than the rest; where the squares found are larger than that, as they are.
    `by_chance` false takes them as they are either way.
    """
    counts, sizes = np.atleast_1d(np.asarray(k, dtype=np.float64)), np.atleast_1d(np.asarray(n_eff, dtype=np.float64))
    if uneven is None:
        return (None,) * len(counts)
    least = 1.0 if by_chance else 0.0
    hits, misses = (
        np.maximum(_each(np.atleast_1d(squares), parts), least)
        for squares, parts in ((uneven.hits, counts), (uneven.misses, sizes - counts))
    )
    ones = np.atleast_1d(uneven.one_more)
    return tuple(unequal(float(w), float(h), float(g), by_chance=by_chance) for w, h, g in zip(ones, hits, misses, strict=True))


def upper_limit(k: ArrayLike, n: ArrayLike, alpha: float, clusters: Clusters | None) -> Floats:
    """Upper limit at confidence 1 - alpha for counts to come, `k` of `n` effective units; broadcasts."""
    if clusters is None:
        return clopper_pearson_upper(k, n, alpha)
    part = np.asarray(k, dtype=np.float64)
    left = np.asarray(n, dtype=np.float64) - part
    bounds = (special.betainccinv(a, np.where(left > 0, left, 1.0) * scale, alpha) for a, scale in three(part, clusters))
    return np.where(left > 0, np.maximum.reduce(list(bounds)), 1.0)


def lower_limit(k: ArrayLike, n: ArrayLike, alpha: float, clusters: Clusters | None) -> Floats:
    """Lower limit, likewise."""
    if clusters is None:
        return clopper_pearson_lower(k, n, alpha)
    return 1 - upper_limit(np.asarray(n, dtype=np.float64) - np.asarray(k, dtype=np.float64), n, alpha, clusters.turned)


def power_of_misses(missed: float, allowed: float, n: float, alpha: float, clusters: Clusters) -> float:
    """Chance that about `n` effective units, each missed with chance `missed`, show that at most `allowed` are. clusters: hits are misses.

    The mean over three samples that are worth differently much, by Gauss and Hermite's rule.
    """
    c2 = clusters.variation
    apart = math.exp(math.sqrt(6 / n) * c2 / (1 + c2))
    dispersion = _dispersion(missed, clusters)
    power = 0.0
    for size, weight in ((n / apart, 1 / 6), (n, 2 / 3), (n * apart, 1 / 6)):
        one_more = 1 + BEYOND * math.sqrt(max((1 + c2) * n / size - 1, 0.0))
        misses = _most_misses(size, one_more, missed, allowed, alpha, clusters)
        power += 0.0 if misses is None else weight * _at_most(misses, size, missed, dispersion)
    return power


def needed_for_misses(missed: float, allowed: float, alpha: float, power: float, clusters: Clusters, *, most: float) -> float | None:
    """Fewest effective units with that power, to one in ten thousand of it; None where more than `most` would be needed.

    Quantiles of the normal distribution hang on roots of counts in nearly straight lines, so that is what is searched.
    """
    wanted = float(special.ndtri(power))

    def spare(root: float) -> float:
        return max(float(special.ndtri(power_of_misses(missed, allowed, root * root, alpha, clusters))), -_FAR) - wanted

    varied = _dispersion(missed, clusters) * missed * (1 - missed)
    slope = 1.5 * (allowed - missed) / math.sqrt(varied + _DUST)  # of many units, and steeper, as it is with few
    low, at_low, high = 0.0, 0.0, math.sqrt(_without_a_miss(allowed, alpha, clusters) * (1 + _DUST))
    at_high = spare(high)
    while at_high < 0:
        if high * high > most:
            return None
        low, at_low, high = high, at_high, max(high - at_high / slope, 1.1 * high)
        at_high = spare(high)
    return high**2 if not low else crossing(spare, (low, at_low), (high, at_high), _CLOSE * low / 2, 3 * _CLOSE) ** 2


def _most_misses(  # noqa: PLR0917  a sample, the truth, the goal and the level
    n: float, one_more: float, missed: float, allowed: float, alpha: float, clusters: Clusters
) -> float | None:
    """The most misses with which `n` effective units clear, with one more cluster of that size; None where they never do."""
    c2, expected, level = clusters.variation, missed * n, float(special.ndtri(alpha))
    rise, least = (1 + 2 * c2) / (1 + c2), 1 / (1 + c2)  # at least as many squares as of clusters of the mean size

    def beyond(root: float) -> float:
        more = root * root
        misses = more - one_more
        squares = clusters.hits * max(expected + rise * (misses - expected), least * misses) + one_more**2
        left, scale = n - misses, more / squares
        p = max(
            special.betaincc(misses + 1, left, allowed),
            special.betaincc(more * scale, left * scale, allowed),
            special.betaincc(more / clusters.misses, left / clusters.misses, allowed),
        )
        return float(special.ndtri(min(max(float(p), _LEAST), 0.5))) - level

    none, many = math.sqrt(one_more), math.sqrt(allowed * n + one_more)
    at_none = beyond(none)
    if at_none > _DUST:
        return None
    return max(crossing(beyond, (none, at_none), (many, -level), _DUST, _NEAR) ** 2 - one_more, 0.0)


def _without_a_miss(allowed: float, alpha: float, clusters: Clusters) -> float:
    """Effective units that clear without a miss: each condition has a closed form."""
    w, g = clusters.one_more, clusters.misses
    return max(w * math.log(alpha) / math.log1p(-allowed), float(special.btdtria(alpha, w / g, 1.0 - allowed)) * g)


def _dispersion(missed: float, clusters: Clusters) -> float:
    """The variance of misses for that of as many equal clusters."""
    return (1 - missed) * clusters.hits + missed * clusters.misses


def _at_most(misses: float, n: float, rate: float, dispersion: float) -> float:
    """Chance of at most so many misses: clusters of unequal size add up to more than whole numbers, so half-way between two of them.

    That of Binomial(n / d, rate), continued, at `misses` / d - 1/2, d the `dispersion`.
    """
    return float(special.betainc((n - misses) / dispersion + 0.5, misses / dispersion + 0.5, 1.0 - rate))


def _each(squares: Floats, parts: Floats) -> Floats:
    some = (squares > 0) & (parts > 0)
    return np.where(some, squares / np.where(some, parts, 1.0), 1.0)


def three(misses: _Misses, clusters: Clusters) -> tuple[tuple[_Misses, _Misses | float], ...]:
    """a, and b for each unit that is not missed, of the three conditions."""
    beyond = misses + clusters.one_more
    squares = clusters.hits * misses + clusters.one_more**2
    return (misses + 1, 1.0), (beyond * beyond / squares, beyond / squares), (beyond / clusters.misses, 1 / clusters.misses)
