"""Plans over clusters of unequal size: what they are like, limits of counts to come, and how many effective units clear a goal.

All numbers are in effective units, as in `stats.uneven`; the new sample's clusters are taken to be as those at hand. Whoever plans looks at
misses: a goal allows a share of them, and a sample of n units with y misses clears it where three conditions hold, each of the form
I_allowed(a, b) >= 1 - alpha (regularised incomplete beta function):

    Clopper and Pearson's            a = y + 1                        b = n - y
    of what is missed                a = (y + w)^2 / (h y + w^2)      b = (n - y) (y + w) / (h y + w^2)
    of what is not                   a = (y + w) / g                  b = (n - y) / g

with w the size of one more cluster, h and g the sum of squares of misses, and of the rest, for each unit of them. All three are met by the
same n and any larger one, so the fewest n for y misses has a closed form.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.stats.uneven import Uneven

Floats = NDArray[np.float64]
_Misses = TypeVar("_Misses", float, Floats)

_NO_MORE = 1e-6
"""Rounding of what is 1 for clusters of equal size."""
_CLOSE = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Clusters of unequal size; None stands wherever size makes no difference: independent items, clusters of one size."""

    one_more: float
    """Size of one more cluster, in effective units."""
    hits: float = 1.0
    """Sum of squares of what counts, for each effective unit that counts; 1 where clusters count as a whole or not at all."""
    misses: float = 1.0
    """Likewise of what does not count."""

    @property
    def turned(self) -> Clusters:
        """What counts and what does not, exchanged."""
        return Clusters(one_more=self.one_more, hits=self.misses, misses=self.hits)


def unequal(one_more: float, hits: float = 1.0, misses: float = 1.0) -> Clusters | None:
    """Clusters, or None where Clopper and Pearson's limits are the widest ones."""
    same = max(one_more, hits, misses) <= 1 + _NO_MORE
    return None if same else Clusters(one_more=one_more, hits=hits, misses=misses)


def observed(k: ArrayLike, n_eff: ArrayLike, uneven: Uneven | None) -> tuple[Clusters | None, ...]:
    """Of each share (R,), from the effective count `k` of `n_eff` and the squares found; None for each where `uneven` is not known.

    Where nothing counts, or everything does, clusters are taken to do so as a whole.
    """
    counts, sizes = np.atleast_1d(np.asarray(k, dtype=np.float64)), np.atleast_1d(np.asarray(n_eff, dtype=np.float64))
    if uneven is None:
        return (None,) * len(counts)
    parts = (
        np.atleast_1d(uneven.one_more), _each(np.atleast_1d(uneven.hits), counts), _each(np.atleast_1d(uneven.misses), sizes - counts)
    )  # fmt: skip
    return tuple(unequal(*map(float, of)) for of in zip(*parts, strict=True))


def upper_limit(k: ArrayLike, n: ArrayLike, alpha: float, clusters: Clusters | None) -> Floats:
    """Upper limit at confidence 1 - alpha for counts to come, `k` of `n` effective units; broadcasts."""
    if clusters is None:
        return clopper_pearson_upper(k, n, alpha)
    part = np.asarray(k, dtype=np.float64)
    left = np.asarray(n, dtype=np.float64) - part
    bounds = (special.betainccinv(a, np.where(left > 0, left, 1.0) * scale, alpha) for a, scale in _three(part, clusters))
    return np.where(left > 0, np.maximum.reduce(list(bounds)), 1.0)


def lower_limit(k: ArrayLike, n: ArrayLike, alpha: float, clusters: Clusters | None) -> Floats:
    """Lower limit, likewise."""
    if clusters is None:
        return clopper_pearson_lower(k, n, alpha)
    return 1 - upper_limit(np.asarray(n, dtype=np.float64) - np.asarray(k, dtype=np.float64), n, alpha, clusters.turned)


def power_of_misses(missed: float, allowed: float, n: float, alpha: float, clusters: Clusters) -> float:
    """Chance that `n` effective units, each missed with chance `missed`, show that at most `allowed` are; `clusters`: hits are misses."""
    if not _clears(0.0, n, allowed, alpha, clusters):
        return 0.0
    low, high = 0.0, float(n)
    while high - low > _CLOSE * (1 + math.sqrt(low)):
        middle = (low + high) / 2
        low, high = (middle, high) if _clears(middle, n, allowed, alpha, clusters) else (low, middle)
    return _at_most(low, n, missed)


def needed_for_misses(missed: float, allowed: float, alpha: float, power: float, clusters: Clusters, *, most: float) -> float | None:
    """Fewest effective units with that power, to one in ten thousand from above; None where more than `most` would be needed.

    For each number of misses the fewest units that clear, and the first of these with enough power.
    """

    least = _fewest(0.0, allowed, alpha, clusters)  # at strict levels more than for a miss of less than a cluster

    def tried(misses: float) -> tuple[float, float, bool]:
        units = max(least, _fewest(misses, allowed, alpha, clusters))
        return misses, units, _at_most(misses, units, missed) >= power

    low, high = tried(0.0), tried(1.0)
    if low[2]:
        return low[1]
    while not high[2]:
        if not high[1] <= most:
            return None
        low, high = high, tried(2 * high[0])
    while high[1] - low[1] > max(_CLOSE * high[1], 1 / 4):
        middle = tried((low[0] + high[0]) / 2)
        low, high = (low, middle) if middle[2] else (middle, high)
    return high[1]


def _at_most(misses: float, n: float, rate: float) -> float:
    """Chance of at most so many misses: clusters of unequal size add up to more than whole numbers, so half-way between two of them.

    That of Binomial(n, rate), continued, at `misses` - 1/2.
    """
    return float(special.betainc(n - misses + 0.5, misses + 0.5, 1.0 - rate)) if misses < n else 1.0


def _each(squares: Floats, parts: Floats) -> Floats:
    some = (squares > 0) & (parts > 0)
    return np.where(some, squares / np.where(some, parts, 1.0), 1.0)


def _clears(misses: float, n: float, allowed: float, alpha: float, clusters: Clusters) -> bool:
    left = n - misses
    if left <= 0:
        return False
    return all(special.betaincc(a, left * scale, allowed) <= alpha for a, scale in _three(misses, clusters))


def _fewest(misses: float, allowed: float, alpha: float, clusters: Clusters) -> float:
    """Real n at which `misses` misses are just few enough."""
    return misses + max(float(special.btdtria(alpha, a, 1.0 - allowed)) / scale for a, scale in _three(misses, clusters))


def _three(misses: _Misses, clusters: Clusters) -> tuple[tuple[_Misses, _Misses | float], ...]:
    """a, and b for each unit that is not missed, of the three conditions."""
    beyond = misses + clusters.one_more
    squares = clusters.hits * misses + clusters.one_more**2
    return (misses + 1, 1.0), (beyond * beyond / squares, beyond / squares), (beyond / clusters.misses, 1 / clusters.misses)
