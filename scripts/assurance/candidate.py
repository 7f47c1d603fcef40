"""A bound that might take the place of Kish's effective number: it keeps the promise where misses grow with the size of a cluster.

Fay and Feuer (1997) bound a weighted sum of rare events by a gamma distribution with the mean and variance of the sum after one more event
of the largest weight. Here a beta distribution takes its place, so that equal clusters give Clopper and Pearson's bounds exactly. With y
items missed, v the sum over clusters of the square of what is missed, N all items, and w the size of one more missed cluster, the share
missed is at most BetaInv(1 - alpha; m S, (1 - m) S) with m = (y + w) / (N + w) and S = (y + w) (N + w) / (v + w^2); and at least
BetaInv(alpha; y^2 / v, (N + w - y) y / v). Of the share found likewise; the wider of both answers stands.

w = s (1 + 2 c): s is the size of the cluster in which an item is on average, c the coefficient of variation of the sizes. The rule decides
nothing: decision 26 says what is missing.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from assurance.drawing import Drawn, Floats
from evalharness.catalogue import Metric

_BEYOND = 2.0


def limits(drawn: Drawn, metric: Metric, at: int, alpha: float) -> tuple[Floats, Floats] | None:
    """Lower and upper bound of a proportion in every run, each at 1 - alpha; `at`: its place among the denominators that were asked for.

    None where items are independent: Clopper and Pearson's bounds stay.
    """
    if drawn.second is None or drawn.clusters is None:
        return None
    inside, whole = np.array(metric.numerator, dtype=np.float64), np.array(metric.denominator, dtype=np.float64)
    total, found = drawn.counts @ whole, drawn.counts @ inside
    squares, hits, misses = (np.einsum("rij,i,j->r", drawn.second, w, w) for w in (whole, inside, whole - inside))
    some = total > 0
    size = np.where(some, total, 1.0)
    mean = squares / size
    spread = np.sqrt(np.maximum(drawn.clusters[:, at] * squares / size**2 - 1, 0.0))
    one_more = np.where(some, mean * (1 + _BEYOND * spread), 1.0)
    left = size - found
    lower = np.minimum(lower_bound(found, hits, size, one_more, alpha), 1 - upper_bound(left, misses, size, one_more, alpha))
    upper = np.maximum(upper_bound(found, hits, size, one_more, alpha), 1 - lower_bound(left, misses, size, one_more, alpha))
    return np.where(some, lower, np.nan), np.where(some, upper, np.nan)


def lower_bound(part: Floats, squares: Floats, total: Floats, one_more: Floats, alpha: float) -> Floats:
    """Of the share `part` / `total`; 0 where there is no part."""
    inside = squares > 0
    scale = np.where(inside, part / np.where(inside, squares, 1.0), 1.0)
    bound = special.betaincinv(np.where(inside, part * scale, 1.0), np.maximum((total + one_more - part) * scale, 1e-12), alpha)
    return np.where(inside, bound, 0.0)


def upper_bound(part: Floats, squares: Floats, total: Floats, one_more: Floats, alpha: float) -> Floats:
    """Of the share `part` / `total`, from the sum over clusters of the squares of their parts; 1 where the part is all."""
    mean = (part + one_more) / (total + one_more)
    size = (part + one_more) * (total + one_more) / (squares + one_more**2)
    rest = (1 - mean) * size
    inside = rest > 1e-12
    bound = special.betaincinv(mean * size, np.where(inside, rest, 1.0), 1 - alpha)
    return np.where(inside, bound, 1.0)
