"""Bounds of a difference and of a ratio of two proportions from the limits of each: MOVER, and what holds without independence."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def mover_difference(  # noqa: PLR0917  the six numbers of the formula
    p1: ArrayLike, l1: ArrayLike, u1: ArrayLike, p2: ArrayLike, l2: ArrayLike, u2: ArrayLike
) -> tuple[Floats, Floats]:
    """Limits of p1 - p2 from the limits (l, u) of each; broadcasts, NaN in gives NaN out.

    L = d - sqrt((p1 - l1)^2 + (u2 - p2)^2), U = d + sqrt((u1 - p1)^2 + (p2 - l2)^2). With Wilson limits this is Newcombe's method 10.
    Source: Zou and Donner 2008; statistics.md, Formulas.
    """
    x, xl, xu, y, yl, yu = (np.asarray(v, dtype=np.float64) for v in (p1, l1, u1, p2, l2, u2))
    return x - y - np.hypot(x - xl, yu - y), x - y + np.hypot(xu - x, y - yl)


def mover_ratio(  # noqa: PLR0917  the six numbers of the formula
    p1: ArrayLike, l1: ArrayLike, u1: ArrayLike, p2: ArrayLike, l2: ArrayLike, u2: ArrayLike
) -> tuple[Floats, Floats]:
    """Limits of p1 / p2 from the limits of each; NaN where there is no bound (upper: l2 = 0; lower: l1 = 0).

    Upper: A = y^2 - (y - y_l)^2, C = x^2 - (x_u - x)^2, (xy + sqrt((xy)^2 - AC)) / A, none where A <= 0; lower = 1 / upper of p2 / p1.
    Source: Donner and Zou 2012; statistics.md, Formulas.
    """
    x, xl, xu, y, yl, yu = (np.asarray(v, dtype=np.float64) for v in (p1, l1, u1, p2, l2, u2))
    inverse = _upper_of_ratio(y, yu, x, xl)
    positive = inverse > 0
    lower = np.where(positive, 1.0 / np.where(positive, inverse, 1.0), np.nan)
    return lower, _upper_of_ratio(x, xu, y, yl)


def difference_of_limits(l1: ArrayLike, u1: ArrayLike, l2: ArrayLike, u2: ArrayLike) -> tuple[Floats, Floats]:
    """Limits of p1 - p2 that need no independence of the two: L = l1 - u2, U = u1 - l2. Broadcasts; never inside MOVER's."""
    xl, xu, yl, yu = (np.asarray(v, dtype=np.float64) for v in (l1, u1, l2, u2))
    return xl - yu, xu - yl


def ratio_of_limits(l1: ArrayLike, u1: ArrayLike, l2: ArrayLike, u2: ArrayLike) -> tuple[Floats, Floats]:
    """Limits of p1 / p2 that need no independence: l1 / u2 and u1 / l2; NaN where MOVER has none either (upper: l2 = 0; lower: l1 = 0)."""
    xl, xu, yl, yu = (np.asarray(v, dtype=np.float64) for v in (l1, u1, l2, u2))
    return _quotient(np.where(xl > 0, xl, np.nan), yu), _quotient(xu, yl)


def _quotient(x: Floats, y: Floats) -> Floats:
    return np.where(y > 0, x / np.where(y > 0, y, 1.0), np.nan)


def _upper_of_ratio(x: Floats, xu: Floats, y: Floats, yl: Floats) -> Floats:
    a = yl * (2 * y - yl)
    c = x * x - (xu - x) ** 2
    bounded = a > 0
    root = np.sqrt(np.maximum((x * y) ** 2 - a * c, 0.0))
    return np.where(bounded, (x * y + root) / np.where(bounded, a, 1.0), np.nan)
