"""Average precision from counts at sorted distinct scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
