"""Bounds of a share where large clusters may be missed more often than small ones.

Kish's effective number knows how unequal clusters are, and not which of them are missed. Fay and Feuer (Statistics in Medicine 16 (1997)
791-801) bound a weighted sum of rare events by a gamma distribution that has the mean and the variance of the sum after one more event of
the largest weight. Here a beta distribution takes its place, and the one more is a cluster beyond those that were seen: for clusters of
equal size of which each is a hit or a miss as a whole the bounds are Clopper and Pearson's at Kish's effective number.

All numbers are in effective units: items over s, the size of the cluster in which an item is on average (s = sum P_c^2 / sum P_c), so that
the sum of all is Kish's n_eff. The bounds depend on no unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

Floats = NDArray[np.float64]

BEYOND = 3.0
"""How many standard deviations of the sizes the one more cluster lies beyond s; fewer break 5 % (docs/decisions/0031)."""
_LEAST = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Uneven:
    """What the bounds need to know of clusters beside Kish's effective number; arrays of the shape of the share."""

    hits: Floats
    """Sum over clusters of the square of what counts, in effective units squared; the count itself where clusters are hit as a whole and
    equal."""
    misses: Floats
    """The same of what does not count."""
    one_more: Floats
    """Size of one more cluster, in effective units: 1 + BEYOND c, c the coefficient of variation of the sizes."""


def one_more_of(clusters: ArrayLike, n_eff: ArrayLike) -> Floats:
    """Size of one more cluster in effective units, from the number of clusters and Kish's n_eff: c^2 = clusters / n_eff - 1."""
    some = np.asarray(n_eff, dtype=np.float64) > 0
    ratio = np.asarray(clusters, dtype=np.float64) / np.where(some, n_eff, 1.0)
    return np.where(some, 1.0 + BEYOND * np.sqrt(np.maximum(ratio - 1.0, 0.0)), 1.0)


def all_alike(n_eff: ArrayLike, one_more: Floats, *, hits: bool) -> Uneven:
    """What clusters would be like if every item counted, or none did: the sum of all squares is then n_eff."""
    everything = np.asarray(n_eff, dtype=np.float64)
    nothing = np.zeros_like(everything)
    return Uneven(hits=everything if hits else nothing, misses=nothing if hits else everything, one_more=one_more)


def limits_by_size(k: ArrayLike, n: ArrayLike, uneven: Uneven, alpha: ArrayLike) -> tuple[Floats, Floats]:
    """Lower and upper limit of the share behind `k` of `n` effective units, each at confidence 1 - alpha; NaN where n <= 0.

    The widest of Clopper and Pearson's, of the bounds below for what counts, and of those for what does not.
    """
    part, total, a = (np.asarray(v, dtype=np.float64) for v in (k, n, alpha))
    left = np.maximum(total - part, 0.0)
    lower = np.minimum(
        weighted_lower(part, uneven.hits, total, uneven.one_more, a), 1 - weighted_upper(left, uneven.misses, total, uneven.one_more, a)
    )
    upper = np.maximum(
        weighted_upper(part, uneven.hits, total, uneven.one_more, a), 1 - weighted_lower(left, uneven.misses, total, uneven.one_more, a)
    )
    return np.minimum(lower, clopper_pearson_lower(part, total, a)), np.maximum(upper, clopper_pearson_upper(part, total, a))


def weighted_lower(part: ArrayLike, squares: ArrayLike, total: ArrayLike, one_more: ArrayLike, alpha: ArrayLike) -> Floats:
    """Lower bound of part / total from the sum of squares over clusters: BetaInv(alpha; y^2 / v, (N + w - y) y / v). 0 without a part.

    y, v, N, w: `part`, `squares`, `total`, `one_more`, in any unit of size. NaN where `total` <= 0.
    """
    y, v, n, w, a = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in (part, squares, total, one_more, alpha)))
    inside = (v > 0) & (y > 0)
    scale = np.where(inside, y / np.where(inside, v, 1.0), 1.0)
    bound = special.betaincinv(np.where(inside, y * scale, 1.0), np.maximum((n + w - y) * scale, _LEAST), a)
    return np.where(n > 0, np.where(inside, bound, 0.0), np.nan)


def weighted_upper(part: ArrayLike, squares: ArrayLike, total: ArrayLike, one_more: ArrayLike, alpha: ArrayLike) -> Floats:
    """Upper bound: BetaInv(1 - alpha; m S, (1 - m) S), m = (y + w) / (N + w), S = (y + w)(N + w) / (v + w^2). 1 where the part is all.

    Never below that of no part at all, 1 - alpha^(w / N): at strict levels the beta distribution alone lies lower after a small cluster, so
    that whoever misses one on purpose would gain by it.
    """
    first, second, inside, defined = _after_one_more(part, squares, total, one_more)
    a, n = np.asarray(alpha, dtype=np.float64), np.where(defined, np.asarray(total, dtype=np.float64), 1.0)
    nothing = -np.expm1(np.log(a) * np.asarray(one_more, dtype=np.float64) / n)
    bound = np.maximum(special.betainccinv(first, np.where(inside, second, 1.0), a), nothing)
    return np.where(defined, np.where(inside, bound, 1.0), np.nan)


def p_at_most(k: ArrayLike, n: ArrayLike, uneven: Uneven, goal: ArrayLike) -> Floats:
    """The least alpha at which the upper limit of `limits_by_size`, but for Clopper and Pearson's part in it, is at most `goal`."""
    part, total, share = (np.asarray(v, dtype=np.float64) for v in (k, n, goal))
    first, second, inside, defined = _after_one_more(part, uneven.hits, total, uneven.one_more)
    of_nothing = (1.0 - share) ** (np.where(defined, total, 1.0) / uneven.one_more)
    p_part = np.where(inside, np.maximum(special.betaincc(first, np.where(inside, second, 1.0), share), of_nothing), 1.0)
    left = np.maximum(total - part, 0.0)
    some = (uneven.misses > 0) & (left > 0)
    scale = np.where(some, left / np.where(some, uneven.misses, 1.0), 1.0)
    beyond = np.maximum((total + uneven.one_more - left) * scale, _LEAST)
    p_left = np.where(some, special.betainc(np.where(some, left * scale, 1.0), beyond, 1.0 - share), 1.0)
    return np.where(defined, np.maximum(p_part, p_left), np.nan)


def _after_one_more(
    part: ArrayLike, squares: ArrayLike, total: ArrayLike, one_more: ArrayLike
) -> tuple[Floats, Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """Both parameters of the beta distribution, where the second is above 0, and where there is anything to bound."""
    y, v, n, w = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in (part, squares, total, one_more)))
    mean = (y + w) / (n + w)
    size = (y + w) * (n + w) / (v + w * w)
    second = (1 - mean) * size
    return mean * size, second, (second > _LEAST) & (y < n), n > 0
