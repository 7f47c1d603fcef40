"""Two models on the same items: bounds of how much more often one is wrong than the other, and which of several stand.

b: items that only the incumbent gets right (lost by a change), c: items that only the challenger gets right (gained), n: all items.
The difference is (b - c) / n: positive where the challenger is wrong more often. Every function broadcasts over arrays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

Floats = NDArray[np.float64]
_HALVINGS = 60


def lost_at_most(b: ArrayLike, n: ArrayLike, alpha: ArrayLike) -> Floats:
    """Upper bound at confidence 1 - alpha of the difference: Clopper-Pearson's of b / n, the share lost.

    Conservative: what is gained elsewhere is not set against it, so the bound is never below 0. Exact at any n; with b / n times an
    effective size for `b` and that size for `n` (real-valued) it holds for clusters as the bound of one proportion does. NaN where n <= 0.
    Source: the difference is the share lost less the share gained; statistics.md, "not worse than another model on the same items".
    """
    return clopper_pearson_upper(b, n, alpha)


def difference_at_least(b: ArrayLike, c: ArrayLike, n: ArrayLike, alpha: ArrayLike) -> Floats:
    """Lower bound at confidence 1 - alpha of the difference: the lower bound of what is lost less the upper bound of what is gained.

    Each is Clopper-Pearson's at alpha / 2, so nothing is assumed of how the two depend on one another. NaN where n <= 0.
    Source: Bonferroni's inequality over two exact bounds.
    """
    half = np.asarray(alpha, dtype=np.float64) / 2
    return clopper_pearson_lower(b, n, half) - clopper_pearson_upper(c, n, half)


def not_worse_p(b: ArrayLike, n: ArrayLike, margin: ArrayLike) -> Floats:
    """p value of "the share lost is `margin` or more": P(X <= b) for X binomial (n, margin), for real-valued counts.

    It is at most alpha exactly where `lost_at_most` is at most the margin. 1 where b >= n, NaN where n <= 0.
    """
    b_, n_, m_ = (np.asarray(v, dtype=np.float64) for v in (b, n, margin))
    b_, n_, m_ = np.broadcast_arrays(b_, n_, m_)
    inside = (n_ > 0) & (b_ < n_)
    p = special.betaincc(np.where(inside, b_, 0.0) + 1.0, np.where(inside, n_ - b_, 1.0), m_)
    return np.where(n_ > 0, np.where(inside, p, 1.0), np.nan)


def tango(b: ArrayLike, c: ArrayLike, n: ArrayLike, alpha: ArrayLike) -> tuple[Floats, Floats]:
    """Tango's score limits of (b - c) / n for independent items, each at confidence 1 - alpha. Asymptotic: it describes.

    Solves z(D) = (b - c - n D) / sqrt(n (2 q + D (1 - D))) = -+z_alpha by bisection, q the share gained that is most likely under D.
    NaN where n <= 0; -1 and 1 where no root lies inside. Source: Tango, Statistics in Medicine 17 (1998) 891-908.
    """
    values = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (b, c, n, alpha)))
    lost, gained, items, a = values
    size = np.where(items > 0, items, 1.0)
    z = special.ndtri(1.0 - a)
    middle = (lost - gained) / size
    lower = _crossing((lost, gained, size), z, -np.ones_like(middle), middle)
    upper = _crossing((lost, gained, size), -z, middle, np.ones_like(middle))
    return np.where(items > 0, lower, np.nan), np.where(items > 0, upper, np.nan)


def _crossing(counts: tuple[Floats, Floats, Floats], z: Floats, low: Floats, high: Floats) -> Floats:
    """Where the falling statistic passes `z` between `low` and `high`."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = _statistic(*counts, middle) > z
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return (low + high) / 2


def _statistic(b: Floats, c: Floats, n: Floats, difference: Floats) -> Floats:
    linear = -b - c + (2 * n - b + c) * difference
    constant = -c * difference * (1 - difference)
    q = (np.sqrt(np.maximum(linear * linear - 8 * n * constant, 0.0)) - linear) / (4 * n)
    variance = n * (2 * q + difference * (1 - difference))
    gap = b - c - n * difference
    return np.where(variance > 0, gap / np.sqrt(np.where(variance > 0, variance, 1.0)), np.copysign(np.inf, gap))


def mcnemar(b: ArrayLike, c: ArrayLike) -> tuple[Floats, Floats]:
    """Two-sided p values of "as much is lost as is gained": exact, and mid-P. 1 where the models never disagree.

    Describes: it tests equality, which is not what a policy asks, and a large p value shows nothing. Independent items only.
    Source: McNemar 1947; mid-P of Fagerland, Lydersen and Laake, BMC Medical Research Methodology 13 (2013) 91.
    """
    lost, gained = np.broadcast_arrays(np.asarray(b, dtype=np.float64), np.asarray(c, dtype=np.float64))
    fewer, differing = np.minimum(lost, gained), lost + gained
    exact = np.minimum(2 * special.bdtr(fewer, differing.astype(np.int64), 0.5), 1.0)
    here = np.exp(
        special.gammaln(differing + 1) - special.gammaln(fewer + 1) - special.gammaln(differing - fewer + 1) - differing * np.log(2.0)
    )
    mid = np.where(lost == gained, 1 - here / 2, exact - here)
    some = differing > 0
    return np.where(some, exact, 1.0), np.where(some, np.clip(mid, 0.0, 1.0), 1.0)


def holm_levels(p: ArrayLike, alpha: float) -> tuple[NDArray[np.bool_], Floats]:
    """Which of several null hypotheses Holm's step-down rejects, and the alpha that each was held against.

    p: [m] p values; NaN is never rejected. The smallest is held against alpha / m, the next against alpha / (m - 1), until one stays above:
    all others are held against that same alpha. In all runs the probability of any wrongful rejection is at most alpha, whatever the
    dependence. Source: Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.
    """
    values = np.nan_to_num(np.asarray(p, dtype=np.float64), nan=np.inf)
    rejected = np.zeros(len(values), dtype=bool)
    against = np.zeros(len(values))
    step, open_still = alpha, True
    for place, index in enumerate(np.argsort(values, kind="stable")):
        if open_still:
            step = alpha / (len(values) - place)
            rejected[index] = open_still = bool(values[index] <= step)
        against[index] = step
    return rejected, against
