"""Items without an answer, counted whichever way is worse.

Some metrics leave an item without an answer out (precision) or count it as found (routed recall, because a person reviews it). A model
that refuses exactly the items it would get wrong must gain nothing from that. So wherever items were refused, a requirement is met only
if it would also be met had each of them been answered in the way that is worst for it.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.catalogue import OUTCOMES
from evalharness.metrics.arrays import Rates, limits, rates

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_REFUSED = tuple(OUTCOMES.index(name) for name in ("no_answer_positive", "no_answer_negative"))


def _answered() -> Ints:
    """(4, 6, 6): each relevant item without an answer becomes tp or fn, each irrelevant one fp or tn; counts @ matrix is the result."""
    matrices = []
    for relevant, irrelevant in product(("tp", "fn"), ("fp", "tn")):
        matrix = np.eye(len(OUTCOMES), dtype=np.int64)
        for source, target in zip(_REFUSED, (relevant, irrelevant), strict=True):
            matrix[source, source] = 0
            matrix[source, OUTCOMES.index(target)] = 1
        matrices.append(matrix)
    return np.array(matrices)


_ANSWERED = _answered()


def refused(counts: ArrayLike) -> NDArray[np.bool_]:
    """Where any item (...) has no answer."""
    return np.asarray(np.asarray(counts)[..., _REFUSED].sum(axis=-1) > 0)


def ways(counts: ArrayLike, second: ArrayLike | None, numerators: ArrayLike, denominators: ArrayLike) -> list[Rates]:
    """Rates (..., Q) of the counts as they are, then of the four ways of answering what was refused; arguments as in `arrays.rates`."""
    numbers = np.asarray(counts)
    found = [rates(numbers, second, numerators, denominators)]
    for matrix in _ANSWERED:
        moments = None if second is None else matrix.T @ np.asarray(second) @ matrix
        found.append(rates(numbers @ matrix, moments, numerators, denominators))
    return found


def worst_limits(
    counts: ArrayLike, second: ArrayLike | None, numerators: ArrayLike, denominators: ArrayLike, alpha: float
) -> tuple[Floats, Floats]:
    """Least lower and greatest upper limit (..., Q) over all `ways`; NaN where some way has none."""
    bounds = [limits(of, alpha) for of in ways(counts, second, numerators, denominators)]
    return np.minimum.reduce([lower for lower, _ in bounds]), np.maximum.reduce([upper for _, upper in bounds])
