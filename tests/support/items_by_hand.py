"""The metrics of items that are relevant or not, or that have a level, by scikit-learn, statsmodels and plain Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise, product
from typing import Any

import numpy as np
import statsmodels.api as sm
from scipy import stats
from sklearn import metrics
from sklearn.isotonic import IsotonicRegression

Answer = int | None
THRESHOLD, MINUTES, SENSITIVITY, MISSED = 0.5, 3, 0.7, 30
"""As the page words them."""


def judged(truth: Sequence[int], selected: Sequence[Answer]) -> dict[str, float]:
    """Every metric of items that are relevant (1) or not (0); a None among `selected` has no answer."""
    y = np.array(truth)
    wrong, aside, opened = (np.array([no(t) if s is None else s for t, s in zip(truth, selected, strict=True)]) for no in _NO_ANSWER)
    answered = np.array([s is not None for s in selected])
    known, given = y[answered], wrong[answered]
    recall, specificity = metrics.recall_score(y, wrong), metrics.recall_score(y, wrong, pos_label=0)
    precision, set_aside = metrics.precision_score(known, given), metrics.precision_score(known, given, pos_label=0)
    routed = metrics.recall_score(y, opened)
    return {
        "recall": recall,
        "false_negative_rate": 1 - recall,
        "specificity": specificity,
        "false_positive_rate": 1 - specificity,
        "precision": precision,
        "false_discovery_rate": 1 - precision,
        "negative_predictive_value": set_aside,
        "selection_rate": aside.mean(),
        "accuracy": metrics.accuracy_score(y, wrong),
        "review_rate": opened.mean(),
        "set_aside_rate": 1 - opened.mean(),
        "elusion": 1 - set_aside,
        "no_answer_rate": 1 - answered.mean(),
        "routed_recall": routed,
        "system_recall": routed * SENSITIVITY,
        "review_minutes_per_1000": 1000 * MINUTES * opened.mean(),
        "reviews_per_find": 1 / metrics.precision_score(y, opened),
        "expected_cost": cost_of_each(truth, selected).mean(),
        "recall_of_answered": metrics.recall_score(known, given),
        "f1": metrics.f1_score(y, wrong),
        "fbeta_0_5": metrics.fbeta_score(y, wrong, beta=0.5),
        "fbeta_2": metrics.fbeta_score(y, wrong, beta=2),
        "balanced_accuracy": metrics.balanced_accuracy_score(y, wrong),
        "youden": metrics.balanced_accuracy_score(y, wrong, adjusted=True),
        "cohen_kappa": metrics.cohen_kappa_score(y, wrong),
        "matthews_corrcoef": metrics.matthews_corrcoef(y, wrong),
    }


_NO_ANSWER: tuple[Callable[[int], int], ...] = (lambda truth: 1 - truth, lambda _: 0, lambda _: 1)


def cost_of_each(truth: Sequence[int], selected: Sequence[Answer]) -> np.ndarray:
    """What each item costs; without an answer the dearer of review and set aside."""
    costs = []
    for relevant, chosen in zip(truth, selected, strict=True):
        review, left = MINUTES, MISSED if relevant else 0
        costs.append(max(review, left) if chosen is None else review if chosen else left)
    return np.array(costs, dtype=float)


def ladder(costs: np.ndarray, alpha: float = 0.05) -> tuple[float, float]:
    """Bounds of a mean cost: exact ones of the share at or above every distinct cost (with 0), each at alpha / rungs."""
    steps = sorted({0.0, *costs.tolist()})
    each = 2 * alpha / (len(steps) - 1)
    lower = upper = steps[0]
    for below, above in pairwise(steps):
        low, high = exact(int((costs >= above).sum()), len(costs), each)
        lower, upper = lower + (above - below) * low, upper + (above - below) * high
    return lower, upper


def exact(hits: float, n: float, both: float = 0.1) -> tuple[float, float]:
    """Clopper and Pearson's limits by their tails: each at both / 2."""
    low = 0.0 if hits == 0 else stats.beta.ppf(both / 2, hits, n - hits + 1)
    high = 1.0 if hits == n else stats.beta.ppf(1 - both / 2, hits + 1, n - hits)
    return float(low), float(high)


def scored(truth: Sequence[int], scores: Sequence[float]) -> dict[str, float]:
    """Every measure of the scores of items that have one."""
    y, p = np.array(truth), np.array(scores)
    brier, share = metrics.brier_score_loss(y, p), y.mean()
    fitted = IsotonicRegression(y_min=0, y_max=1).fit(p, y).predict(p)
    best, uncertainty = metrics.brier_score_loss(y, fitted), share * (1 - share)
    at_large, slope = recalibrated(truth, scores)
    return {
        "roc_auc": metrics.roc_auc_score(y, p),
        "average_precision": metrics.average_precision_score(y, p),
        "brier_score": brier,
        "miscalibration": brier - best,
        "discrimination": uncertainty - best,
        "uncertainty": uncertainty,
        "calibration_in_the_large": at_large.params[0],
        "calibration_slope": slope.params[1],
        **_calibration_error(y, p),
    }


def recalibrated(truth: Sequence[int], scores: Sequence[float]) -> tuple[Any, Any]:
    """Logistic regressions of what is true: of the intercept alone, the log odds of the score given; and of their slope too."""
    odds = np.log(np.array(scores) / (1 - np.array(scores)))
    one = np.ones(len(odds))
    fits = (
        sm.GLM(truth, one, family=sm.families.Binomial(), offset=odds),
        sm.GLM(truth, sm.add_constant(odds), family=sm.families.Binomial()),
    )
    return tuple(fit.fit(tol=1e-13) for fit in fits)


def _calibration_error(y: np.ndarray, p: np.ndarray) -> dict[str, float]:
    """No two scores of the example are in one bin, so a bin's chances are binomial."""
    error = by_chance = 0.0
    assert len(set(np.minimum((p * 15).astype(int), 14))) == len(set(p))
    for score in set(p.tolist()):
        own = y[p == score]
        k = np.arange(len(own) + 1)
        error += len(own) / len(y) * abs(own.mean() - score)
        by_chance += (stats.binom.pmf(k, len(own), score) * abs(k - len(own) * score)).sum() / len(y)
    return {"expected_calibration_error": error, "expected_calibration_error_if_calibrated": by_chance}


def delong(truth: Sequence[int], scores: Sequence[float]) -> tuple[float, float]:
    """One-sided 95 % limits of the area under the ROC curve, on the logit scale, pair by pair."""
    found, other = ([s for t, s in zip(truth, scores, strict=True) if t == kind] for kind in (1, 0))
    wins = np.array([[1.0 if a > b else 0.5 if a == b else 0.0 for b in other] for a in found])
    area = wins.mean()
    spread = np.sqrt(wins.mean(axis=1).var(ddof=1) / len(found) + wins.mean(axis=0).var(ddof=1) / len(other))
    ends = np.log(area / (1 - area)) + np.array([-1, 1]) * stats.norm.ppf(0.95) * spread / (area * (1 - area))
    low, high = 1 / (1 + np.exp(-ends))
    return float(low), float(high)


def graded(truth: Sequence[int], given: Sequence[Answer], levels: int) -> dict[str, float]:
    """Every metric of items of so many levels, 0 the lowest; a None among `given` has no answer."""
    n, pairs, top = len(truth), list(zip(truth, given, strict=True)), levels - 1
    found = {
        "exact_agreement": sum(t == g for t, g in pairs) / n,
        "adjacent_agreement": sum(g is not None and abs(t - g) <= 1 for t, g in pairs) / n,
        "gross_error": sum(max(t, top - t) >= 2 if g is None else abs(t - g) >= 2 for t, g in pairs) / n,
        "critical_miss": np.mean([g is None or g == 0 for t, g in pairs if t == top]),
        "no_answer_rate": sum(g is None for g in given) / n,
        "mean_absolute_error": np.mean([_off(t, g, top) for t, g in pairs]),
        "macro_averaged_mean_absolute_error": np.mean([np.mean([_off(t, g, top) for t, g in pairs if t == own]) for own in range(levels)]),
    }
    for steps in range(1, levels):
        found[f"under_grading_{steps}"] = sum(t >= steps if g is None else t - g >= steps for t, g in pairs) / n
        found[f"over_grading_{steps}"] = sum(top - t >= steps if g is None else g - t >= steps for t, g in pairs) / n
    known, answers = [t for t, g in pairs if g is not None], [g for _, g in pairs if g is not None]
    recall = metrics.recall_score(truth, [-1 if g is None else g for g in given], labels=list(range(levels)), average=None)
    precision = metrics.precision_score(known, answers, labels=list(range(levels)), average=None)
    found |= {f"recall_level_{own + 1}": share for own, share in enumerate(recall)}
    found |= {f"precision_level_{own + 1}": share for own, share in enumerate(precision)}
    for name, weights in (("quadratic_weighted_kappa", "quadratic"), ("linear_weighted_kappa", "linear"), ("cohen_kappa", None)):
        found[name] = _least_kappa(truth, given, levels, weights)
    return found


def _off(true: int, given: Answer, top: int) -> int:
    return max(true, top - true) if given is None else abs(true - given)


def _least_kappa(truth: Sequence[int], given: Sequence[Answer], levels: int, weights: str | None) -> float:
    """Over everything that could have been given to the items without an answer."""
    silent = [place for place, answer in enumerate(given) if answer is None]
    found = []
    for filled in product(range(levels), repeat=len(silent)):
        whole = [dict(zip(silent, filled, strict=True)).get(place, answer) for place, answer in enumerate(given)]
        found.append(metrics.cohen_kappa_score(truth, whole, labels=list(range(levels)), weights=weights))
    return min(found)
