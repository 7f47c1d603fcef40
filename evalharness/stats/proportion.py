"""Bounds of one proportion, for real-valued counts, broadcasting over arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]


def clopper_pearson_lower(k: ArrayLike, n: ArrayLike, alpha: ArrayLike) -> Floats:
    """One-sided lower bound at confidence 1 - alpha of the proportion behind `k` of `n`: BetaInv(alpha; k, n - k + 1).

    `k` and `n` may be real (effective counts). 0 where k <= 0; NaN where n <= 0: there is nothing to bound.
    Source: Clopper and Pearson 1934; statistics.md, Formulas.
    """
    k_, n_, a_ = _floats(k, n, alpha)
    defined = n_ > 0
    inside = defined & (k_ > 0)
    successes = np.where(inside, np.minimum(k_, n_), 1.0)
    bound = special.betaincinv(successes, np.where(inside, n_ - successes, 0.0) + 1.0, a_)
    return _filled(np.where(inside, bound, 0.0), defined)


def clopper_pearson_upper(k: ArrayLike, n: ArrayLike, alpha: ArrayLike) -> Floats:
    """One-sided upper bound at confidence 1 - alpha: BetaInv(1 - alpha; k + 1, n - k).

    1 where k >= n; NaN where n <= 0. `k` and `n` may be real.
    """
    k_, n_, a_ = _floats(k, n, alpha)
    defined = n_ > 0
    inside = defined & (k_ < n_)
    failures = np.where(inside, np.minimum(n_ - k_, n_), 1.0)
    bound = special.betainccinv(np.where(inside, n_ - failures, 0.0) + 1.0, failures, a_)
    return _filled(np.where(inside, bound, 1.0), defined)


def wilson(k: ArrayLike, n: ArrayLike, alpha: ArrayLike) -> tuple[Floats, Floats]:
    """Wilson's score limits, each at confidence 1 - alpha. An oracle and a description, never deciding (minimum coverage .931)."""
    k_, n_, a_ = _floats(k, n, alpha)
    defined = n_ > 0
    size = np.where(defined, n_, 1.0)
    z = special.ndtri(1.0 - a_)
    p = k_ / size
    middle = (p + z * z / (2 * size)) / (1 + z * z / size)
    half = z / (1 + z * z / size) * np.sqrt(np.maximum(p * (1 - p), 0.0) / size + z * z / (4 * size * size))
    return _filled(np.maximum(middle - half, 0.0), defined), _filled(np.minimum(middle + half, 1.0), defined)


def _floats(*values: ArrayLike) -> tuple[Any, ...]:
    return np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in values))


def _filled(bound: Floats, defined: NDArray[np.bool_]) -> Floats:
    return np.where(defined, bound, np.nan)
