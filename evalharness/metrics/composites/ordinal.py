"""Kappas and absolute errors of K rising levels: scikit-learn's and imbalanced-learn's values, with gradients.

An item without an answer counts in the worst way: for an absolute error at the level farthest from its true one (of two equally far,
it does not matter which), for a kappa at whatever level makes that kappa least. So no answer that could have been given is worse.

Shapes: counts (..., K * K + K), true by predicted level row by row, then the items without an answer by true level; K = `size`.
"""

from __future__ import annotations

from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from evalharness.metrics.composites.composite import Composite, Floats, divisor, where

Ints = NDArray[np.int64]

_MOST_ROUNDS = 64
"""The worst answers are found in a handful of rounds; every round improves on the last."""
_SAME_LEVEL = "every item is of one level, and was given it"
_NO_ITEMS = "no items"


def disagreement(size: int, power: int) -> Floats:
    """(K, K): |i - j|^power, and for power 0 whether they differ: scikit-learn's weights None, 'linear', 'quadratic' for 0, 1, 2."""
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))).astype(np.float64)
    return np.asarray(np.sign(apart) if power == 0 else apart**power, dtype=np.float64)


def mean_absolute_error(counts: Floats, size: int) -> tuple[Floats, Floats]:
    """Mean number of levels between the given and the true one, with its gradient."""
    weights = _errors(size)
    total = counts.sum(axis=-1)
    n = divisor(total)
    value = counts @ weights / n
    return where(total > 0, value), (weights - value[..., None]) / n[..., None]


def macro_averaged_mean_absolute_error(counts: Floats, size: int) -> tuple[Floats, Floats]:
    """Mean of the absolute errors of the true levels, each counted once however many items it has, with its gradient.

    A level without items is left out of the mean. Source: Baccianella, Esuli and Sebastiani (ISDA 2009);
    imblearn.metrics.macro_averaged_mean_absolute_error.
    """
    weights, true = _errors(size), _true_levels(size)
    total = counts @ true
    n = divisor(total)
    error = (counts * weights) @ true / n
    levels = divisor((total > 0).sum(axis=-1).astype(np.float64))
    slope = (weights - (error @ true.T)) / (n @ true.T) / levels[..., None]
    return where(total.sum(axis=-1) > 0, error.sum(axis=-1) / levels), np.where(total @ true.T > 0, slope, 0.0)


def kappa(counts: Floats, size: int, power: int) -> tuple[Floats, Floats]:
    """Cohen's kappa with weights |i - j|^power, with its gradient; undefined where truth and answers are one and the same level.

    1 - D / E: D the weighted disagreement, E the one to be expected from the shares of the true and of the given levels alone.
    Source: Cohen, Psychol. Bull. 70 (1968); sklearn.metrics.cohen_kappa_score.
    """
    weights = disagreement(size, power)
    matrix = counts[..., : size * size].reshape(*counts.shape[:-1], size, size)
    refused = counts[..., size * size :]
    true = matrix.sum(axis=-1) + refused
    total = divisor(true.sum(axis=-1))[..., None]
    expected_at = true @ weights / total  # (..., K): expected disagreement of an item that is given this level
    given = _worst_answers(matrix, refused, expected_at, weights)
    full = matrix + refused[..., None] * (given[..., None] == np.arange(size))
    predicted = full.sum(axis=-2)
    seen, expected = (full * weights).sum(axis=(-2, -1)), (predicted * expected_at).sum(axis=-1)
    defined = expected > 0
    e = divisor(expected)[..., None, None]
    moves = expected_at[..., None, :] + (predicted @ weights / total)[..., :, None] - (expected[..., None] / total)[..., None]
    slope = (seen[..., None, None] / e * moves - weights) / e
    of_refused = np.take_along_axis(slope, given[..., None], axis=-1)[..., 0]
    gradient = np.concatenate([slope.reshape(*counts.shape[:-1], size * size), of_refused], axis=-1)
    return where(defined, 1 - seen / e[..., 0, 0]), gradient


def _worst_answers(matrix: Floats, refused: Floats, expected_at: Floats, weights: Floats) -> Ints:
    """(..., K): the level that the items without an answer of each true level are given so that D / E is greatest.

    D and E are linear in the answers, so the extreme is where all of a true level are given the same; Dinkelbach's iteration (Management
    Science 13, 1967) finds it: the answers that maximise D - ratio x E, until the ratio rises no more.
    """
    size = weights.shape[0]
    farthest = np.broadcast_to(weights.argmax(axis=-1), refused.shape)
    if not refused.any():
        return farthest
    answered = (matrix * weights).sum(axis=(-2, -1)), (matrix.sum(axis=-2) * expected_at).sum(axis=-1)
    cost, chance = np.broadcast_to(weights, (*refused.shape, size)), np.broadcast_to(expected_at[..., None, :], (*refused.shape, size))

    def ratio_of(given: Ints) -> Floats:
        picked = (np.take_along_axis(x, given[..., None], axis=-1)[..., 0] for x in (cost, chance))
        seen, expected = (base + (refused * x).sum(axis=-1) for base, x in zip(answered, picked, strict=True))
        return np.where(expected > 0, seen / divisor(expected), 0.0)

    best, ratio = farthest, ratio_of(farthest)
    for _ in range(_MOST_ROUNDS):
        given = (cost - ratio[..., None, None] * chance).argmax(axis=-1)
        other = ratio_of(given)
        better = other > ratio
        if not better.any():
            break
        best, ratio = np.where(better[..., None], given, best), np.maximum(ratio, other)
    return best


def _errors(size: int) -> Floats:
    """(K * K + K,): levels between the given and the true one; without an answer as many as there can be."""
    apart = disagreement(size, 1)
    return np.concatenate([apart.ravel(), apart.max(axis=1)])


def _true_levels(size: int) -> Floats:
    """(K * K + K, K): 1 at the true level of each outcome."""
    each = np.eye(size)
    return np.concatenate([np.repeat(each, size, axis=0), each])


@cache
def ordinal_composites(size: int) -> tuple[Composite, ...]:
    """The describing metrics of `size` levels, in the catalogue's order."""
    errors = {"mean_absolute_error": mean_absolute_error, "macro_averaged_mean_absolute_error": macro_averaged_mean_absolute_error}
    powers = {"quadratic_weighted_kappa": 2, "linear_weighted_kappa": 1, "cohen_kappa": 0}
    return (
        *(
            Composite(name=name, scale="atanh", undefined=_SAME_LEVEL, compute=partial(kappa, size=size, power=power))
            for name, power in powers.items()
        ),
        *(
            Composite(
                name=name,
                scale="logit",
                most=size - 1.0,
                undefined=_NO_ITEMS,
                by_class=name.startswith("macro"),
                compute=partial(compute, size=size),
            )
            for name, compute in errors.items()
        ),
    )
