"""The area under the ROC curve and its variance by DeLong: from counts at sorted distinct scores, and of two models from rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from evalharness.stats.transformed import FEWEST_UNITS, transformed_limits

Floats = NDArray[np.float64]


def roc_auc(positive: ArrayLike, negative: ArrayLike) -> Floats:
    """Chance that a positive scores above a negative, ties counting half. NaN where a class is empty.

    `positive`, `negative` (..., D): counts (whole, or weights) at D distinct scores, rising. The Mann-Whitney statistic over its pairs;
    equals scikit-learn's `roc_auc_score`.
    """
    p, n = _counts(positive, negative)
    halves = _up_to(n)
    halves *= 2
    halves -= n
    halves *= p
    pairs = p.sum(axis=-1) * n.sum(axis=-1)
    return _divided(halves.sum(axis=-1), 2 * pairs)


def delong_variance(positive: ArrayLike, negative: ArrayLike) -> Floats:
    """DeLong's variance of `roc_auc` over items drawn independently; NaN where a class has fewer than two.

    With V10 the placement of a positive among the negatives ((midrank among all - midrank among the positives) / N0) and V01 that of a
    negative among the positives: S10 / N1 + S01 / N0, S the sample variances. Counts (..., D) as in `roc_auc`; a weight stands for that
    many equal items. Source: DeLong, DeLong and Clarke-Pearson 1988; midranks after Sun and Xu 2014.
    """
    p, n = _counts(positive, negative)
    ones, zeros = p.sum(axis=-1), n.sum(axis=-1)
    auc = roc_auc(p, n)
    of_positives = _divided(_up_to(n) - n / 2, zeros[..., None])
    of_negatives = 1 - _divided(_up_to(p) - p / 2, ones[..., None])
    s10 = _divided(np.sum(p * (of_positives - auc[..., None]) ** 2, axis=-1), ones - 1)
    s01 = _divided(np.sum(n * (of_negatives - auc[..., None]) ** 2, axis=-1), zeros - 1)
    enough = (ones >= 2) & (zeros >= 2)
    return np.where(enough, _divided(s10, ones) + _divided(s01, zeros), np.nan)


def logit_limits(
    auc: ArrayLike, variance: ArrayLike, positives: ArrayLike, negatives: ArrayLike, alpha: ArrayLike
) -> tuple[Floats, Floats]:
    """Limits of an area, each at confidence 1 - alpha, on the logit scale, so that they stay inside 0 and 1. Describes only.

    NaN where `no_limits` has a reason: fewer than 20 independent units of a class, or a variance that is 0 or undefined. Broadcasts.
    Source: Qin and Hotilovac 2008 (logit transformed DeLong).
    """
    area, var, ones, zeros, a = np.broadcast_arrays(
        *(np.asarray(v, dtype=np.float64) for v in (auc, variance, positives, negatives, alpha))
    )
    return transformed_limits(area, np.where((ones >= FEWEST_UNITS) & (zeros >= FEWEST_UNITS), var, np.nan), a, "logit")


def no_limits(auc: float, variance: float, positives: float, negatives: float) -> str:
    """Why `logit_limits` gives none; empty where it does."""
    if positives <= 0 or negatives <= 0:
        return "all items are of one class, so there is no pair to order"
    if positives < FEWEST_UNITS or negatives < FEWEST_UNITS:
        fewer = min(positives, negatives)
        return f"{fewer:g} independent units on one side; DeLong's limits need {FEWEST_UNITS} on each"
    if not variance > 0 or not 0 < auc < 1:
        return "the estimated variance is 0, which says nothing about the uncertainty"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedAuc:
    """Two models' areas on the same items. Tests equality, so it describes; what cannot be computed is null, with a reason."""

    first: float | None
    second: float | None
    difference: float | None
    """First minus second."""
    variance: float | None
    """DeLong's variance of the difference, with the covariance of the two areas."""
    z: float | None
    p: float | None
    """Two-sided, of equal areas."""
    reason: str
    """Why a figure is null; empty when none is."""


def paired_delong(labels: ArrayLike, first: ArrayLike, second: ArrayLike, weights: ArrayLike | None = None) -> PairedAuc:
    """Compares two models' scores [n] on the same items with labels [n] of 0 and 1; a weight [n] stands for that many equal items.

    Raises ValueError for unequal lengths, other labels, or scores that are not finite. Source: DeLong, DeLong and Clarke-Pearson 1988.
    """
    truth, scores, share = rows_of(labels, (first, second), weights)
    ones, zeros = float(share[truth].sum()), float(share[~truth].sum())
    if ones == 0 or zeros == 0:
        return _undone(None, None, "all items are of one class, so there is no pair to order")
    v10, v01 = placements(truth, scores, share)
    areas = v10 @ share[truth] / ones
    first_area, second_area = (float(area) for area in areas)
    if ones < 2 or zeros < 2:
        return _undone(first_area, second_area, "a class has a single item, so no variance can be estimated")
    s10, s01 = _covariance(v10, share[truth], areas), _covariance(v01, share[~truth], areas)
    variance = max(float(np.array([1, -1]) @ (s10 / ones + s01 / zeros) @ np.array([1, -1])), 0.0)
    difference = first_area - second_area
    if min(ones, zeros) < FEWEST_UNITS or variance <= _NOTHING:
        few = min(ones, zeros) < FEWEST_UNITS
        why = f"fewer than {FEWEST_UNITS} independent units on one side" if few else "the variance of the difference is 0"
        return PairedAuc(first=first_area, second=second_area, difference=difference, variance=variance, z=None, p=None, reason=why)
    z = difference / variance**0.5
    p = float(2 * special.ndtr(-abs(z)))
    return PairedAuc(first=first_area, second=second_area, difference=difference, variance=variance, z=z, p=p, reason="")


_NOTHING = 1e-24
"""A variance of a difference of areas below this is rounding: areas are sums of numbers from 0 to 1."""


def _undone(first: float | None, second: float | None, why: str) -> PairedAuc:
    difference = None if first is None or second is None else first - second
    return PairedAuc(first=first, second=second, difference=difference, variance=None, z=None, p=None, reason=why)


def rows_of(labels: ArrayLike, scores: tuple[ArrayLike, ...], weights: ArrayLike | None) -> tuple[NDArray[np.bool_], Floats, Floats]:
    """Checked rows: whether each is positive [n], scores [models, n], weights [n]. Raises ValueError as `paired_delong` does."""
    truth = np.asarray(labels)
    values = [np.asarray(s, dtype=np.float64) for s in scores]
    share = np.ones(truth.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    if truth.ndim != 1 or any(v.shape != truth.shape for v in (*values, share)):
        raise ValueError("labels, scores and weights must be one-dimensional and of one length")
    if not np.isin(truth, (0, 1)).all():
        raise ValueError("labels must be 0 or 1")
    if not all(np.isfinite(v).all() for v in (*values, share)) or (share < 0).any():
        raise ValueError("scores and weights must be finite, and weights not below 0")
    return truth.astype(bool), np.stack(values), share


def placements(truth: NDArray[np.bool_], scores: Floats, share: Floats) -> tuple[Floats, Floats]:
    """DeLong's placements V10 [models, positives] and V01 [models, negatives]: the share of the other class that is on the right side."""
    v10 = np.stack([_below(row[~truth], share[~truth], row[truth]) for row in scores])
    v01 = np.stack([1 - _below(row[truth], share[truth], row[~truth]) for row in scores])
    return v10, v01


def _below(others: Floats, share: Floats, values: Floats) -> Floats:
    """Share of the others below each value, ties counting half."""
    order = np.argsort(others, kind="stable")
    ranked, summed = others[order], np.concatenate([[0.0], np.cumsum(share[order])])
    both = summed[np.searchsorted(ranked, values, "left")] + summed[np.searchsorted(ranked, values, "right")]
    halves: Floats = both / (2 * summed[-1])
    return halves


def _covariance(placements: Floats, share: Floats, means: Floats) -> Floats:
    apart = placements - means[:, None]
    matrix: Floats = (apart * share) @ apart.T / (share.sum() - 1)
    return matrix


def _counts(positive: ArrayLike, negative: ArrayLike) -> tuple[Floats, Floats]:
    p, n = np.broadcast_arrays(np.asarray(positive, dtype=np.float64), np.asarray(negative, dtype=np.float64))
    return p, n


def _up_to(counts: Floats) -> Floats:
    return np.cumsum(counts, axis=-1)


def _divided(above: Floats, below: Floats) -> Floats:
    some = below > 0
    return np.where(some, above / np.where(some, below, 1.0), np.nan)
