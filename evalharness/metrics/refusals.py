"""Items without an answer, counted whichever way is worse.

Some metrics leave an item without an answer out (precision) or count it as found (routed recall, because a person reviews it). A model
that refuses exactly the items it would get wrong must gain nothing from that. So wherever items were refused, a requirement is met only
if it would also be met had each of them been answered in the way that is worst for it.

Most metrics of an ordinal task count no answer as wrong wherever it could be, so they are at their worst already; the precision of a
level is not, and neither is a gap between groups, because refusing items of the group that fares better would hide it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.catalogue import OUTCOMES, TaskMetrics
from evalharness.metrics.arrays import Rates, limits, rates, sum_of_squares
from evalharness.stats.clusters import kish_n_eff
from evalharness.stats.uneven import Uneven, one_more_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_Sizes = tuple[ArrayLike | None, ArrayLike | None]
"""Clusters with an item in each denominator, and items of one more cluster at least, as in `arrays.rates`."""

_REFUSED = tuple(OUTCOMES.index(name) for name in ("no_answer_positive", "no_answer_negative"))


def _answered(relevant_as: Sequence[str], irrelevant_as: Sequence[str]) -> Ints:
    """(ways, 6, 6): what becomes of each relevant, and of each irrelevant, item without an answer; counts @ matrix is the result."""
    matrices = []
    for relevant, irrelevant in product(relevant_as, irrelevant_as):
        matrix = np.eye(len(OUTCOMES), dtype=np.int64)
        for source, target in zip(_REFUSED, (relevant, irrelevant), strict=True):
            matrix[source, source] = 0
            matrix[source, OUTCOMES.index(target)] = 1
        matrices.append(matrix)
    return np.array(matrices)


_ANSWERED = _answered(("tp", "fn"), ("fp", "tn"))
_VERTICES = _answered(("tp", "fn", "no_answer_positive"), ("fp", "tn", "no_answer_negative"))
"""The last one leaves everything as it is."""


def refused(of: TaskMetrics, counts: ArrayLike) -> NDArray[np.bool_]:
    """Where any item (...) has no answer."""
    return np.asarray(np.asarray(counts)[..., of.refused].sum(axis=-1) > 0)


def ways(of: TaskMetrics, counts: ArrayLike, second: ArrayLike | None, numerators: ArrayLike, denominators: ArrayLike) -> list[Rates]:
    """Rates (..., Q) of the counts as they are, then of the ways of answering what was refused; arguments as in `arrays.rates`.

    An item that is relevant or not has four ways: each class all one way. For an ordinal task: each metric at its least, at its greatest,
    and with as many items in its denominator as there can be, on its own.
    """
    numbers = np.asarray(counts)
    found = [rates(numbers, second, numerators, denominators)]
    if of.ordinal:
        return [*found, *(rates(numbers, second, *extreme) for extreme in _graded(of, numerators, denominators))]
    for matrix in _ANSWERED:
        moments = None if second is None else matrix.T @ np.asarray(second) @ matrix
        found.append(rates(numbers @ matrix, moments, numerators, denominators))
    return found


def answers_count(of: TaskMetrics, denominators: ArrayLike) -> NDArray[np.bool_]:
    """(Q,): whether an answer would change how many items are in the denominator (Q, O)."""
    counted = np.asarray(denominators)
    changed = np.zeros(len(counted), dtype=np.bool_)
    for source, targets in zip(of.refused, of.answers, strict=True):
        changed |= (counted[:, list(targets)] != counted[:, [source]]).any(axis=1)
    return changed


def _graded(of: TaskMetrics, numerators: ArrayLike, denominators: ArrayLike) -> tuple[tuple[Ints, Ints], ...]:
    """Weights (Q, O) with every refused item answered, or left, so that each metric is least; greatest; of the most items.

    An item can count as a success (1, 1), as a failure (0, 1), or not at all (0, 0): twice the first less the second puts these in order.
    """
    inside, whole = np.asarray(numerators), np.asarray(denominators)
    found = tuple((inside.copy(), whole.copy()) for _ in range(3))
    rows = np.arange(len(inside))
    for source, targets in zip(of.refused, of.answers, strict=True):
        can_be = [source, *targets]
        parts, sizes = inside[:, can_be], whole[:, can_be]
        gain = 2 * parts - sizes
        for (numerator, denominator), chosen in zip(
            found, (gain.argmin(axis=1), gain.argmax(axis=1), (2 * sizes + parts).argmax(axis=1)), strict=True
        ):
            numerator[:, source], denominator[:, source] = parts[rows, chosen], sizes[rows, chosen]
    return found


def worst_limits(
    of: TaskMetrics,
    counts: ArrayLike,
    second: ArrayLike | None,
    numerators: ArrayLike,
    denominators: ArrayLike,
    *,
    alpha: float,
    clusters: ArrayLike | None = None,
    one_more: ArrayLike | None = None,
) -> tuple[Floats, Floats]:
    """Least lower and greatest upper limit (..., Q) whichever of the refused items are answered, and however; NaN where some way has none.

    Independent items: the limits move one way with every item of a class, so the extremes are among the four uniform `ways`. In clusters
    they are not: answers that differ from item to item, or only some answers, can leave fewer effective items than any uniform way. The
    rate is a ratio of linear functions of the answers, so its extremes are at vertices (each class all one way, or left as it is); n_eff
    is at least (least total)^2 / (greatest d'Md), both again at vertices. The extreme rates are bounded at that.
    Ordinal: the same for each metric on its own; where answers leave its denominator, and so n_eff, as they are, the limits move with the
    numerator alone.

    clusters: (..., Q) with an item in the denominators as they are, where limits shall hold also if large clusters are missed more often:
    then what counts, and what does not, has the greatest sum of squares that answers can give, and every item that can enter a denominator
    is taken to bring a cluster of its own.
    """
    if of.ordinal:
        return _graded_limits(of, (counts, second, numerators, denominators), alpha, (clusters, one_more))
    if second is None:
        bounds = [limits(way, alpha) for way in ways(of, counts, None, numerators, denominators)]
        return np.minimum.reduce([lower for lower, _ in bounds]), np.maximum.reduce([upper for _, upper in bounds])
    weights = np.asarray(numerators), np.asarray(denominators)
    low, high = _extremes(np.asarray(counts), np.asarray(second), *weights, (clusters, one_more))
    return limits(low, alpha)[0], limits(high, alpha)[1]


def _graded_limits(
    of: TaskMetrics, counted: tuple[ArrayLike, ArrayLike | None, ArrayLike, ArrayLike], alpha: float, sizes: _Sizes
) -> tuple[Floats, Floats]:
    counts, second, numerators, denominators = counted
    ways_out = _graded(of, numerators, denominators)
    low, high = (rates(counts, second, *extreme) for extreme in ways_out[:2])
    if second is not None:
        as_it_is, (_, most) = rates(counts, second, numerators, denominators, *sizes), ways_out[2]
        total = np.asarray(counts, dtype=np.float64) @ np.minimum(np.asarray(denominators), most).T
        fewest = kish_n_eff(total, sum_of_squares(second, most))
        parts = np.maximum.reduce([part for part, _ in ways_out])
        rest = np.maximum.reduce([whole - part for part, whole in ways_out])
        uneven = _uneven((counts, second, sizes), (parts, rest, most - np.asarray(denominators)), total, fewest)
        low, high = _at(low.value, total, fewest, as_it_is, uneven), _at(high.value, total, fewest, as_it_is, uneven)
    return limits(low, alpha)[0], limits(high, alpha)[1]


def _extremes(
    numbers: NDArray[np.generic], moments: NDArray[np.generic], numerators: Floats, denominators: Floats, sizes: _Sizes
) -> tuple[Rates, Rates]:
    """The least and the greatest rate (..., Q) that answers can give, each with the fewest effective items that they can leave."""
    parts = [rates(numbers @ m, m.T @ moments @ m, numerators, denominators) for m in _VERTICES]
    total = np.minimum.reduce([of.total for of in parts])
    fewest = kish_n_eff(total, np.maximum.reduce([sum_of_squares(m.T @ moments @ m, denominators) for m in _VERTICES]))
    values, as_it_is = [of.value for of in parts], rates(numbers, moments, numerators, denominators, *sizes)
    entering = [np.maximum.reduce([weights @ m.T for m in _VERTICES]) for weights in (numerators, denominators - numerators, denominators)]
    weights = entering[0], entering[1], entering[2] - denominators
    uneven = _uneven((numbers, moments, sizes), weights, total, fewest)
    least, most = np.minimum.reduce(values), np.maximum.reduce(values)
    return _at(least, total, fewest, as_it_is, uneven), _at(most, total, fewest, as_it_is, uneven)


def _uneven(counted: tuple[ArrayLike, ArrayLike, _Sizes], weights: tuple[Ints, Ints, Ints], total: Floats, n_eff: Floats) -> Uneven | None:
    """What clusters are like at worst. weights: (Q, O) the most of an outcome that can count, that can not, and that can enter besides."""
    counts, second, (clusters, one_more) = counted
    if clusters is None:
        return None
    some = total > 0
    scale = np.where(some, n_eff / np.where(some, total, 1.0), 0.0) ** 2
    hits, misses = (sum_of_squares(second, most) * scale for most in weights[:2])
    entering = np.asarray(counts, dtype=np.float64) @ np.maximum(weights[2], 0).T
    more = one_more_of(np.asarray(clusters) + entering, n_eff)
    if one_more is not None:
        more = np.maximum(more, np.asarray(one_more, dtype=np.float64) * np.sqrt(scale))
    return Uneven(hits=hits, misses=misses, one_more=more)


def _at(value: Floats, total: Floats, n_eff: Floats, as_it_is: Rates, uneven: Uneven | None) -> Rates:
    """`value` of n_eff items; the very numbers of `as_it_is` where nothing differs, so that the same limits come out."""
    same = (value == as_it_is.value) & (n_eff == as_it_is.n_eff)
    successes = np.where(same, as_it_is.successes, np.where(n_eff > 0, value * n_eff, 0))
    return Rates(value=value, total=total, n_eff=n_eff, successes=successes, uneven=uneven)
