"""How well probabilities match outcomes: Brier's score and its decomposition by isotonic regression (CORP)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_FEW = 5_000
"""Up to so many scores are pooled here, which takes less time than loading scipy.optimize; a test holds both against each other."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Corp:
    """Brier = miscalibration - discrimination + uncertainty, and the reliability curve. All are squared differences of probabilities."""

    brier: float
    """Mean squared difference of score and outcome."""
    miscalibration: float
    """What recalibrating the scores, keeping their order, would take off; 0 or more."""
    discrimination: float
    """What the recalibrated scores gain over giving everybody the prevalence; 0 or more."""
    uncertainty: float
    """Brier's score of the prevalence: prevalence x (1 - prevalence)."""
    scores: Floats
    """[D] distinct scores that have items, rising: the reliability curve's x."""
    recalibrated: Floats
    """[D] share of positives at each, made monotone: the reliability curve's y."""
    items: Floats
    """[D] items at each."""


def brier_score(scores: ArrayLike, positive: ArrayLike, negative: ArrayLike) -> Floats:
    """Mean squared difference of score and outcome, from counts (..., D) at `scores` [D]; NaN where there are no items.

    Equals scikit-learn's `brier_score_loss`. Raises ValueError for a score outside [0, 1].
    """
    s, p, n = _probabilities(scores, positive, negative)
    total = (p + n).sum(axis=-1)
    summed = np.sum(p * (1 - s) ** 2 + n * s * s, axis=-1)
    return np.where(total > 0, summed / np.where(total > 0, total, 1.0), np.nan)


def corp(scores: ArrayLike, positive: ArrayLike, negative: ArrayLike) -> Corp | None:
    """The decomposition from counts [D] at distinct, rising scores [D]; None where there are no items.

    The recalibrated scores are the isotonic regression of the outcome on the score (pool adjacent violators, weighted by items), so no
    bins are chosen. Raises ValueError for a score outside [0, 1] or scores that do not rise. Source: Dimitriadis, Gneiting and Jordan 2021.
    """
    s, p, n = _probabilities(scores, positive, negative)
    if (np.diff(s) <= 0).any():
        raise ValueError("scores must be distinct and rising")
    has = p + n > 0
    s, p, n = s[has], p[has], n[has]
    items = p + n
    total = items.sum()
    if not total:
        return None
    fitted = _isotonic(p / items, items)
    prevalence = p.sum() / total
    brier, recalibrated = (float(np.sum(p * (1 - q) ** 2 + n * q * q) / total) for q in (s, fitted))
    uncertainty = float(prevalence * (1 - prevalence))
    return Corp(
        brier=brier,
        miscalibration=max(brier - recalibrated, 0.0),
        discrimination=max(uncertainty - recalibrated, 0.0),
        uncertainty=uncertainty,
        scores=s,
        recalibrated=fitted,
        items=items,
    )


def _isotonic(shares: Floats, weights: Floats) -> Floats:
    if len(shares) <= _FEW:
        return _pooled(shares, weights)
    from scipy.optimize import isotonic_regression  # noqa: PLC0415  slow to load

    fitted: Floats = isotonic_regression(shares, weights=weights).x
    return np.clip(fitted, 0.0, 1.0)


def _pooled(shares: Floats, weights: Floats) -> Floats:
    """Pool adjacent violators: a block that is not above the one before is joined with it."""
    values: list[float] = []
    sizes: list[float] = []
    lengths: list[int] = []
    for share, weight in zip(shares.tolist(), weights.tolist(), strict=True):
        value, size, length = share, weight, 1
        while values and values[-1] >= value:
            both = sizes[-1] + size
            value = (values.pop() * sizes.pop() + value * size) / both
            size, length = both, length + lengths.pop()
        values.append(value)
        sizes.append(size)
        lengths.append(length)
    pooled: Floats = np.clip(np.repeat(values, lengths), 0.0, 1.0)
    return pooled


def _probabilities(scores: ArrayLike, positive: ArrayLike, negative: ArrayLike) -> tuple[Floats, Floats, Floats]:
    s, p, n = (np.asarray(v, dtype=np.float64) for v in (scores, positive, negative))
    if not ((s >= 0) & (s <= 1)).all():
        raise ValueError("scores must lie in [0, 1] to be read as probabilities")
    return s, p, n
