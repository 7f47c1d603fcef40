"""Dependent observations: effective sizes and linearised variances from sums over clusters."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

Floats = NDArray[np.float64]


def kish_n_eff(total: ArrayLike, total_of_squares: ArrayLike) -> Floats:
    """Kish's effective number of units, (sum P_c)^2 / sum P_c^2; 0 where there is nothing.

    Takes the correlation inside a cluster as 1: equal clusters give the number of clusters, independent units give `total`.
    """
    sums = np.asarray(total, dtype=np.float64)
    squares = np.asarray(total_of_squares, dtype=np.float64)
    some = squares > 0
    return np.where(some, sums * sums / np.where(some, squares, 1.0), 0.0)


def linearised_variance(gradient: ArrayLike, counts: ArrayLike, second: ArrayLike, clusters: ArrayLike) -> Floats:
    """Variance of a smooth function of totals, over clusters drawn independently (Taylor linearisation).

    With g the gradient (..., K) at the totals `counts` (..., K), M = sum over clusters of outer(n_c, n_c) = `second` (..., K, K) and
    m = `clusters` (...): m / (m - 1) (g' M g - (g' counts)^2 / m). NaN where m < 2.
    """
    g = np.asarray(gradient, dtype=np.float64)
    totals = np.asarray(counts, dtype=np.float64)
    moments = np.asarray(second, dtype=np.float64)
    m = np.asarray(clusters, dtype=np.float64)
    squares = np.einsum("...i,...ij,...j->...", g, moments, g)
    mean_part = np.einsum("...i,...i->...", g, totals)
    several = m >= 2
    size = np.where(several, m, 2.0)
    variance = size / (size - 1) * np.maximum(squares - mean_part * mean_part / size, 0.0)
    return np.where(several, variance, np.nan)


def korn_graubard(r: ArrayLike, n: ArrayLike, m: ArrayLike, se2: ArrayLike, alpha: ArrayLike) -> tuple[Floats, Floats]:
    """Korn and Graubard's limits of a proportion `r` from `n` units in `m` clusters with linearised variance `se2`, each at 1 - alpha.

    n_eff = r (1 - r) / se2 (t_{n-1} / t_{m-1})^2 at alpha, capped at n; where se2 is 0, n_eff = m. Clopper-Pearson at n_eff.
    Equals R survey::svyciprop(method="beta") with alpha halved for its two sides. Describes only: it approved wrongly in up to 53 % of
    simulated runs and is not monotone (statistics.md). NaN where m < 2 or n < 2.
    """
    rate, units, groups, variance, a = (np.asarray(v, dtype=np.float64) for v in (r, n, m, se2, alpha))
    possible = (groups >= 2) & (units >= 2)
    t_units = special.stdtrit(np.where(possible, units, 2.0) - 1, a)
    t_groups = special.stdtrit(np.where(possible, groups, 2.0) - 1, a)
    some = variance > 0
    simple = rate * (1 - rate) / np.where(some, variance, 1.0) * (t_units / t_groups) ** 2
    n_eff = np.where(some, np.minimum(simple, units), groups)
    size = np.where(possible, n_eff, np.nan)
    return clopper_pearson_lower(rate * size, size, a), clopper_pearson_upper(rate * size, size, a)


def sum_of_squares(sums: Floats, level: NDArray[np.integer], levels: int) -> Floats:
    """[levels] sum of the squares of `sums` [n] whose `level` [n] it is.

    They are rounded first, by less than 1 part in a hundred thousand of their root mean square, to where the sum of the squares is exact:
    the order changes no bit.
    """
    size = float(np.sum(sums * sums))
    if not size:
        return np.zeros(levels)
    step = 2.0 ** (np.ceil(np.log2(size) / 2) - 26)
    whole = np.rint(sums / step)
    squares: Floats = np.bincount(level, weights=whole * whole, minlength=levels) * (step * step)
    return squares
