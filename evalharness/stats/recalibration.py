"""Calibration in the large and the calibration slope, by logistic recalibration of the scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

_MOST_STEPS = 1_000
_CLOSE = 1e-12
_LONGEST = 5.0
"""No step moves a log odds further: where chances are all but 0 or 1, Newton's own step overshoots by orders of magnitude."""
_NO_CONVERGENCE = "the fit did not converge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalibration:
    """How the log odds of the scores must be moved to fit the outcomes. What cannot be computed is null, with a reason."""

    intercept: float | None
    """Calibration in the large: added to every log odds (slope kept at 1); 0 is right, above 0 the scores are too low."""
    intercept_error: float | None
    """Its standard error, from the information."""
    slope: float | None
    """Calibration slope, fitted with an intercept of its own; 1 is right, below 1 the scores are too extreme."""
    slope_error: float | None
    """Its standard error, from the information."""
    reason: str
    """Why a figure is null; empty when none is."""


def recalibrate(scores: ArrayLike, positive: ArrayLike, negative: ArrayLike) -> Recalibration:
    """Logistic recalibration from counts [D] at distinct scores [D], items taken as independent.

    Null where the fit does not exist: a score of exactly 0 or 1 has no log odds, one class only, one score only (no slope), scores
    that separate the classes (the slope is without limit). ValueError for a score outside [0, 1].
    Source: Cox 1958; Van Calster et al. 2019.
    """
    s, p, n = (np.asarray(v, dtype=np.float64) for v in (scores, positive, negative))
    if not ((s >= 0) & (s <= 1)).all():
        raise ValueError("scores must lie in [0, 1] to be read as probabilities")
    has = p + n > 0
    s, p, n = s[has], p[has], n[has]
    why = _no_intercept(s, p, n)
    if why:
        return Recalibration(intercept=None, intercept_error=None, slope=None, slope_error=None, reason=why)
    odds = special.logit(s)
    intercept, intercept_error = _fitted(np.ones((1, len(odds))), odds, p, p + n)
    why = _no_slope(odds, p, n)
    slope, slope_error = (None, None) if why else _slope(odds, p, p + n)
    unfit = _NO_CONVERGENCE if intercept is None or slope is None else ""
    return Recalibration(intercept=intercept, intercept_error=intercept_error, slope=slope, slope_error=slope_error, reason=why or unfit)


def _no_intercept(scores: Floats, positive: Floats, negative: Floats) -> str:
    if not positive.sum() or not negative.sum():
        return "all items are of one class" if len(scores) else "there are no items"
    if scores.min() <= 0 or scores.max() >= 1:
        return "a score of exactly 0 or 1 has no log odds"
    return ""


def _no_slope(odds: Floats, positive: Floats, negative: Floats) -> str:
    """In one dimension the fit exists exactly where the classes overlap (Albert and Anderson 1984)."""
    if len(odds) < 2 or odds.min() == odds.max():
        return "all scores are equal, so there is no slope"
    ones, zeros = odds[positive > 0], odds[negative > 0]
    if zeros.max() <= ones.min() or ones.max() <= zeros.min():
        return "the scores separate the classes, so the slope has no limit"
    return ""


def _slope(odds: Floats, positive: Floats, items: Floats) -> tuple[float | None, float | None]:
    """Fitted on standardised log odds, so that Newton's steps are well scaled, and turned back."""
    mean = float(np.average(odds, weights=items))
    spread = float(np.sqrt(np.average((odds - mean) ** 2, weights=items)))
    design = np.stack([(odds - mean) / spread, np.ones(len(odds))])
    value, error = _fitted(design, np.zeros(len(odds)), positive, items)
    return None if value is None else value / spread, None if error is None else error / spread


def _fitted(design: Floats, offset: Floats, positive: Floats, items: Floats) -> tuple[float | None, float | None]:
    """First coefficient of a binomial logit and its standard error: Newton's method, each step halved until the likelihood rises."""
    beta = np.zeros(len(design))
    best = _log_likelihood(beta, design, offset, positive, items)
    for _ in range(_MOST_STEPS):
        chance = special.expit(beta @ design + offset)
        slope = design @ (positive - items * chance)
        information = (design * (items * chance * (1 - chance))) @ design.T
        if not np.linalg.cond(information) < 1 / np.finfo(float).eps:
            return None, None
        step = np.linalg.solve(information, slope)
        if slope @ step <= _CLOSE:
            return float((beta + step)[0]), float(np.sqrt(np.linalg.inv(information)[0, 0]))
        step *= min(1.0, _LONGEST / float(np.abs(step @ design).max()))
        beta, best = _raised(beta, step, best, (design, offset, positive, items))
    return None, None


def _raised(beta: Floats, step: Floats, best: float, data: tuple[Floats, Floats, Floats, Floats]) -> tuple[Floats, float]:
    for halvings in range(60):
        tried = beta + step * 0.5**halvings
        likelihood = _log_likelihood(tried, *data)
        if likelihood >= best - _CLOSE * abs(best):  # what lies between is rounding
            return tried, likelihood
    return beta, best


def _log_likelihood(beta: Floats, design: Floats, offset: Floats, positive: Floats, items: Floats) -> float:
    line = beta @ design + offset
    return float(positive @ special.log_expit(line) + (items - positive) @ special.log_expit(-line))
