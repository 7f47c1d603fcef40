"""Sorted distinct scores with counts a class: what every exact statistic of an ordering is computed from."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_ONE = np.uint64(1)


def distinct_counts(
    scores: ArrayLike, classes: ArrayLike, number: int = 2, weights: ArrayLike | None = None
) -> tuple[Floats, NDArray[np.generic]]:
    """Distinct scores [D], rising, and the rows of each class at each of them [number, D].

    `scores` [n] float64, `classes` [n] whole numbers 0 to number - 1; counts are int64, or float64 sums of `weights` [n] where given.
    -0.0 and 0.0 are one score. Two classes without weights take one sort of 64-bit keys: the label is packed below the bits of the score,
    whose sign is taken out by sorting scores below 0 apart. Raises ValueError for unequal lengths, NaN, infinities, a class out of range,
    or a negative weight.
    """
    values, codes = np.asarray(scores, dtype=np.float64), np.asarray(classes)
    share = None if weights is None else np.asarray(weights, dtype=np.float64)
    _check(values, codes, number, share)
    if number == 2 and share is None:
        return _two_classes(values, codes)
    distinct, places = np.unique(values + 0.0, return_inverse=True)
    keys = codes.astype(np.int64) * len(distinct) + places
    return distinct, np.bincount(keys, weights=share, minlength=number * len(distinct)).reshape(number, len(distinct))


def _check(values: Floats, codes: NDArray[np.generic], number: int, weights: Floats | None) -> None:
    if values.ndim != 1 or values.shape != codes.shape or (weights is not None and weights.shape != values.shape):
        raise ValueError("scores, classes and weights must be one-dimensional and of one length")
    if not len(values):
        return
    if not (np.isfinite(values.min()) and np.isfinite(values.max())):
        raise ValueError("scores must be finite")
    if codes.dtype.kind not in "biu":
        raise ValueError(f"classes must be whole numbers, got {codes.dtype}")
    if int(codes.min()) < 0 or int(codes.max()) >= number:
        raise ValueError(f"classes must lie from 0 to {number - 1}, got {int(codes.min())} to {int(codes.max())}")
    if weights is not None and not (np.isfinite(weights).all() and weights.min() >= 0):
        raise ValueError("weights must be finite and not below 0")


def _two_classes(values: Floats, labels: NDArray[np.generic]) -> tuple[Floats, Integers]:
    """Bits of floats of one sign sort as whole numbers, so each sign is sorted apart; the shift drops the sign, also of -0.0."""
    keys = np.ascontiguousarray(values).view(np.uint64) << _ONE
    keys |= labels.astype(np.uint64)
    below = values < 0
    if not below.any():
        return _runs(keys)
    low, low_counts = _runs(keys[below])
    high, high_counts = _runs(keys[~below])
    return np.concatenate([-low[::-1], high]), np.concatenate([low_counts[:, ::-1], high_counts], axis=1)


def _runs(keys: NDArray[np.uint64]) -> tuple[Floats, Integers]:
    """Distinct magnitudes, rising, and counts; sorts the keys in place."""
    keys.sort()
    if not len(keys):
        return np.zeros(0), np.zeros((2, 0), dtype=np.int64)
    begins = np.empty(len(keys), dtype=bool)
    begins[0] = True
    np.greater(keys[1:] ^ keys[:-1], _ONE, out=begins[1:])
    starts = np.flatnonzero(begins)
    counts = np.empty((2, len(starts)), dtype=np.int64)
    np.subtract(starts[1:], starts[:-1], out=counts[0, :-1])
    counts[0, -1] = len(keys) - starts[-1]
    np.add.reduceat((keys & _ONE).view(np.int64), starts, out=counts[1])
    counts[0] -= counts[1]
    return (keys[starts] >> _ONE).view(np.float64), counts
