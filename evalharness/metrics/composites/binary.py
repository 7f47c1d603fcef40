"""F-beta, balanced accuracy, Youden's J, Cohen's kappa and MCC of items that are relevant or not: scikit-learn's values, with gradients.

An item without an answer counts as wrong: a relevant one as missed, an irrelevant one as wrongly flagged.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from evalharness.metrics.composites.composite import Composite, Floats, divisor, where


def fbeta(counts: Floats, beta: float) -> tuple[Floats, Floats]:
    """(1 + b^2) tp / ((1 + b^2) tp + b^2 missed + wrongly flagged), with its gradient; recall counts `beta` times as much as precision.

    Source: van Rijsbergen, Information Retrieval (1979); sklearn.metrics.fbeta_score.
    """
    tp, fp, fn, _ = _confusion(counts)
    own, missed = 1 + beta**2, beta**2
    size = own * tp + missed * fn + fp
    d = divisor(size)
    wrong = -own * tp / d**2
    return where(size > 0, own * tp / d), _gradient(own * (missed * fn + fp) / d**2, wrong, missed * wrong, np.zeros_like(wrong))


def f1(counts: Floats) -> tuple[Floats, Floats]:
    """2 tp / (2 tp + wrongly flagged + missed), with its gradient."""
    return fbeta(counts, 1.0)


def balanced_accuracy(counts: Floats) -> tuple[Floats, Floats]:
    """(recall + specificity) / 2, with its gradient."""
    tp, fp, fn, tn = _confusion(counts)
    p, q = divisor(tp + fn), divisor(tn + fp)
    value = where((tp + fn > 0) & (tn + fp > 0), (tp / p + tn / q) / 2)
    return value, _gradient(fn / p**2 / 2, -tn / q**2 / 2, -tp / p**2 / 2, fp / q**2 / 2)


def youden(counts: Floats) -> tuple[Floats, Floats]:
    """Recall + specificity - 1, with its gradient. Source: Youden, Cancer 3 (1950); balanced_accuracy_score(adjusted=True)."""
    value, gradient = balanced_accuracy(counts)
    return 2 * value - 1, 2 * gradient


def cohen_kappa(counts: Floats) -> tuple[Floats, Floats]:
    """Agreement of true and predicted class beyond that of their shares alone, with its gradient; undefined where both are constant.

    2 (tp tn - fp fn) / ((tp + fp)(fp + tn) + (tp + fn)(fn + tn)). Source: Cohen, Educ. Psychol. Meas. 20 (1960); cohen_kappa_score.
    """
    tp, fp, fn, tn = _confusion(counts)
    p, q, s, u = tp + fn, tn + fp, tp + fp, tn + fn
    size = s * q + p * u
    d = divisor(size)
    kappa = 2 * (tp * tn - fp * fn) / d
    return where(size > 0, kappa), _gradient(
        (2 * tn - kappa * (q + u)) / d,
        (-2 * fn - kappa * (q + s)) / d,
        (-2 * fp - kappa * (p + u)) / d,
        (2 * tp - kappa * (p + s)) / d,
    )


def matthews_corrcoef(counts: Floats) -> tuple[Floats, Floats]:
    """Correlation of true and predicted class, with its gradient; undefined where either is constant."""
    tp, fp, fn, tn = _confusion(counts)
    p, q, s, u = (divisor(x) for x in (tp + fn, tn + fp, tp + fp, tn + fn))
    defined = (tp + fn > 0) & (tn + fp > 0) & (tp + fp > 0) & (tn + fn > 0)
    root = np.sqrt(p) * np.sqrt(q) * np.sqrt(s) * np.sqrt(u)
    mcc = (tp * tn - fp * fn) / root
    half = mcc / 2
    return where(defined, mcc), _gradient(
        tn / root - half * (1 / p + 1 / s),
        -fn / root - half * (1 / q + 1 / s),
        -fp / root - half * (1 / p + 1 / u),
        tp / root - half * (1 / q + 1 / u),
    )


_NOTHING = "no relevant and no selected items"
_ONE_CLASS = "only one class is present"

BINARY_COMPOSITES: tuple[Composite, ...] = (
    Composite(name="f1", scale="logit", undefined=_NOTHING, by_class=True, compute=f1),
    Composite(name="fbeta_0_5", scale="logit", undefined=_NOTHING, by_class=True, compute=partial(fbeta, beta=0.5)),
    Composite(name="fbeta_2", scale="logit", undefined=_NOTHING, by_class=True, compute=partial(fbeta, beta=2.0)),
    Composite(name="balanced_accuracy", scale="logit", undefined=_ONE_CLASS, by_class=True, compute=balanced_accuracy),
    Composite(name="youden", scale="atanh", undefined=_ONE_CLASS, by_class=True, compute=youden),
    Composite(
        name="cohen_kappa", scale="atanh", undefined="every item is of one class, and was given it", by_class=True, compute=cohen_kappa
    ),
    Composite(
        name="matthews_corrcoef",
        scale="atanh",
        undefined="only one class, or only one decision, is present",
        by_class=True,
        compute=matthews_corrcoef,
    ),
)


def _confusion(counts: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """tp, fp, fn, tn with items without an answer counted as wrong."""
    tp, fp, fn, tn, unanswered_positive, unanswered_negative = np.moveaxis(counts, -1, 0)
    return tp, fp + unanswered_negative, fn + unanswered_positive, tn


def _gradient(tp: Floats, fp: Floats, fn: Floats, tn: Floats) -> Floats:
    """By tp, fp, fn, tn to by outcome: items without an answer move fn and fp."""
    return np.stack([tp, fp, fn, tn, fn, fp], axis=-1)
