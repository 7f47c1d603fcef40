"""What every threshold does: errors, workload, net benefit, and predictive value at a stated deployment prevalence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.stats.gaps import mover_difference, mover_ratio

Floats = NDArray[np.float64]

PREVALENCE_SHIFT_ASSUMPTION = (
    "Assumes that only the share of positives differs in deployment: within each class, scores and the mix of groups are distributed "
    "as they are here."
)
"""To be printed beside every figure at a stated prevalence."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OperatingCurve:
    """Counts (..., T) at T thresholds, rising: an item is selected when score >= threshold. The last, infinity, selects nothing."""

    thresholds: Floats
    """[T]: each distinct score, then infinity."""
    tp: Floats
    fp: Floats
    fn: Floats
    """Positives not selected: misses."""
    tn: Floats
    workload: Floats
    """Share of all items that is selected; NaN where there are no items."""


def operating_curve(scores: ArrayLike, positive: ArrayLike, negative: ArrayLike) -> OperatingCurve:
    """Every threshold from counts (..., D) at D distinct, rising scores. T = D + 1. Raises ValueError for scores that do not rise."""
    s, p, n = _curve_counts(scores, positive, negative)
    tp, fp = _selected(p), _selected(n)
    total = tp[..., :1] + fp[..., :1]
    workload = np.where(total > 0, (tp + fp) / np.where(total > 0, total, 1.0), np.nan)
    return OperatingCurve(thresholds=np.append(s, np.inf), tp=tp, fp=fp, fn=tp[..., :1] - tp, tn=fp[..., :1] - fp, workload=workload)


def net_benefit(true_positive_rate: ArrayLike, false_positive_rate: ArrayLike, prevalence: ArrayLike, odds_at: ArrayLike) -> Floats:
    """Net benefit an item, in true positives: prevalence x TPR - (1 - prevalence) x FPR x w / (1 - w). Broadcasts.

    `odds_at` w in (0, 1) is the threshold probability: the chance at which selecting and not selecting are worth the same. Source:
    Vickers and Elkin 2006. NaN where w is not inside (0, 1).
    """
    r, f, pi, w = (np.asarray(v, dtype=np.float64) for v in (true_positive_rate, false_positive_rate, prevalence, odds_at))
    inside = (w > 0) & (w < 1)
    price = np.where(inside, w / np.where(inside, 1 - w, 1.0), np.nan)
    return pi * r - (1 - pi) * f * price


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DecisionCurve:
    """Net benefit (..., W) at W threshold probabilities, in true positives an item. Selecting nobody has net benefit 0."""

    probabilities: Floats
    """[W]."""
    model: Floats
    """Of selecting every item whose score is at least the probability."""
    everybody: Floats
    """Of selecting every item."""


def decision_curve(
    scores: ArrayLike, positive: ArrayLike, negative: ArrayLike, probabilities: ArrayLike, prevalence: float | None = None
) -> DecisionCurve:
    """Net benefit of scores read as probabilities, from counts (..., D) at distinct, rising scores; at their own prevalence unless stated.

    NaN where a class is empty or a probability is not inside (0, 1). A stated prevalence needs `PREVALENCE_SHIFT_ASSUMPTION` in words.
    Raises ValueError for scores that do not rise.
    """
    s, p, n = _curve_counts(scores, positive, negative)
    w = np.asarray(probabilities, dtype=np.float64)
    at = np.searchsorted(s, w, side="left")
    ones, zeros = p.sum(axis=-1, keepdims=True), n.sum(axis=-1, keepdims=True)
    both = (ones > 0) & (zeros > 0)
    own = np.where(both, ones / np.where(both, ones + zeros, 1.0), np.nan) if prevalence is None else np.where(both, prevalence, np.nan)
    recall, alarms = (_selected(c)[..., at] / np.where(c_all > 0, c_all, 1.0) for c, c_all in ((p, ones), (n, zeros)))
    return DecisionCurve(probabilities=w, model=net_benefit(recall, alarms, own, w), everybody=net_benefit(1.0, 1.0, own, w))


def predictive_value(  # noqa: PLR0917  the limits of two rates, as in stats.gaps
    rate: ArrayLike,
    rate_lower: ArrayLike,
    rate_upper: ArrayLike,
    other: ArrayLike,
    other_lower: ArrayLike,
    other_upper: ArrayLike,
    prevalence: ArrayLike,
) -> tuple[Floats, Floats, Floats]:
    """Value and limits of PPV = pi r / (pi r + (1 - pi) f) at prevalence pi, from recall r, false positive rate f and the limits of each.

    NPV is the same function of specificity, false negative rate and 1 - pi. Limits by MOVER on f / r; where it has none, because a limit
    of r or f is 0, the limit is 0 or 1 by continuity. NaN where r = f = 0, or pi is not inside (0, 1). Broadcasts. Holds under
    `PREVALENCE_SHIFT_ASSUMPTION`. Source: statistics.md, Prevalence shift; Donner and Zou 2012.
    """
    r, rl, ru, f, fl, fu, pi = np.broadcast_arrays(
        *(np.asarray(v, dtype=np.float64) for v in (rate, rate_lower, rate_upper, other, other_lower, other_upper, prevalence))
    )
    given = (pi > 0) & (pi < 1) & (r + f > 0)
    share = np.where(given, pi, 0.5)
    found = share * r + (1 - share) * f
    value = np.where(given, share * r / np.where(given, found, 1.0), np.nan)
    least, most = mover_ratio(f, fl, fu, r, rl, ru)
    lower, upper = _from_ratio(share, np.where(np.isnan(most), np.inf, most)), _from_ratio(share, np.where(np.isnan(least), 0.0, least))
    known = given & ~np.isnan(rl + ru + fl + fu)
    return value, np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def selected_share(  # noqa: PLR0917  the limits of two rates, as in stats.gaps
    rate: ArrayLike,
    rate_lower: ArrayLike,
    rate_upper: ArrayLike,
    other: ArrayLike,
    other_lower: ArrayLike,
    other_upper: ArrayLike,
    prevalence: ArrayLike,
) -> tuple[Floats, Floats, Floats]:
    """Value and limits of the workload pi r + (1 - pi) f, as a share of the items, at prevalence pi; times a volume it is items.

    Limits by MOVER of a sum. Broadcasts; NaN in gives NaN out. Holds under `PREVALENCE_SHIFT_ASSUMPTION`.
    """
    r, rl, ru, f, fl, fu, pi = (
        np.asarray(v, dtype=np.float64) for v in (rate, rate_lower, rate_upper, other, other_lower, other_upper, prevalence)
    )
    rest = 1 - pi
    lower, upper = mover_difference(pi * r, pi * rl, pi * ru, -rest * f, -rest * fu, -rest * fl)
    return pi * r + rest * f, lower, upper


def _from_ratio(prevalence: Floats, ratio: Floats) -> Floats:
    value: Floats = 1 / (1 + (1 - prevalence) / prevalence * ratio)
    return value


def _selected(counts: Floats) -> Floats:
    """(..., T): counts at or above each threshold, and 0 for infinity."""
    sums = np.cumsum(counts[..., ::-1], axis=-1)[..., ::-1]
    return np.concatenate([sums, np.zeros((*sums.shape[:-1], 1))], axis=-1)


def _curve_counts(scores: ArrayLike, positive: ArrayLike, negative: ArrayLike) -> tuple[Floats, Floats, Floats]:
    s = np.asarray(scores, dtype=np.float64)
    if not (np.diff(s) > 0).all():
        raise ValueError("scores must be distinct and rising")
    p, n = np.broadcast_arrays(np.asarray(positive, dtype=np.float64), np.asarray(negative, dtype=np.float64))
    return s, p, n
