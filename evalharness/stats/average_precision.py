"""Average precision, and its variance, from counts at sorted distinct scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.stats.ordering import precision_influences

Floats = NDArray[np.float64]


def average_precision(positive: ArrayLike, negative: ArrayLike) -> Floats:
    """Sum over thresholds of (rise in recall) x precision, items of one score taken together; NaN where there is no positive.

    `positive`, `negative` (..., D): counts (whole, or weights) at D distinct scores, rising. Equals scikit-learn's
    `average_precision_score`, never the trapezoid, which is too high (Davis and Goadrich 2006). Where scores tie it is not the
    expectation over random orders: that is `ranking.expected_average_precision`.
    """
    p, n = np.broadcast_arrays(np.asarray(positive, dtype=np.float64), np.asarray(negative, dtype=np.float64))
    p, n = p[..., ::-1], n[..., ::-1]
    found = np.cumsum(p, axis=-1)
    flagged = np.cumsum(n, axis=-1)
    flagged += found
    precision = np.divide(found, flagged, out=np.zeros_like(found), where=flagged > 0)
    precision *= p
    total = p.sum(axis=-1)
    some = total > 0
    return np.where(some, np.sum(precision, axis=-1) / np.where(some, total, 1.0), np.nan)


def precision_variance(positive: ArrayLike, negative: ArrayLike) -> float:
    """Variance of `average_precision` over items drawn independently, linearised; NaN without a positive or with a single item.

    `positive`, `negative` [D] as there. n / (n - 1) times the sum of the squared influences of n items. It describes.
    """
    p, n = np.asarray(positive, dtype=np.float64), np.asarray(negative, dtype=np.float64)
    some = p + n > 0
    p, n = p[some], n[some]
    items = float(p.sum() + n.sum())
    if not p.sum() or items < 2:
        return float("nan")
    up, down = precision_influences(p, n)
    return float(np.sum(p * up**2 + n * down**2) * items / (items - 1))
