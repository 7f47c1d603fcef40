"""F1, balanced accuracy and MCC: scikit-learn's values with an asymptotic interval. They describe and never decide.

An item without an answer counts as wrong: a relevant one as missed, an irrelevant one as wrongly flagged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from evalharness.metrics import methods
from evalharness.metrics.counted import clusters_of, everything, second_of
from evalharness.metrics.shares import none_of
from evalharness.records import Estimate, Group
from evalharness.stats.clusters import kish_n_eff, linearised_variance
from evalharness.stats.rounding import outward
from evalharness.tally import ConfusionTally

Floats = NDArray[np.float64]

FEWEST_CLUSTERS = 20
"""Below this many independent units no asymptotic interval is drawn (statistics.md)."""

_NO_VARIANCE = 1e-20
_AT_THE_END = 1e-12
# Both are far below what counts can produce and above the rounding error of an exact 0.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Composite:
    name: str
    scale: str
    undefined: str
    """Why the value is null where it is NaN."""
    compute: Callable[[Floats], tuple[Floats, Floats]]
    """Counts (..., 6) to value (...) and gradient (..., 6); NaN where undefined."""


def f1(counts: Floats) -> tuple[Floats, Floats]:
    """2 tp / (2 tp + wrongly flagged + missed), with its gradient."""
    tp, fp, fn, _ = _confusion(counts)
    size = 2 * tp + fp + fn
    d = _divisor(size)
    wrong = -2 * tp / d**2
    return _where(size > 0, 2 * tp / d), _gradient(2 * (fp + fn) / d**2, wrong, wrong, np.zeros_like(wrong))


def balanced_accuracy(counts: Floats) -> tuple[Floats, Floats]:
    """(recall + specificity) / 2, with its gradient."""
    tp, fp, fn, tn = _confusion(counts)
    p, q = _divisor(tp + fn), _divisor(tn + fp)
    value = _where((tp + fn > 0) & (tn + fp > 0), (tp / p + tn / q) / 2)
    return value, _gradient(fn / p**2 / 2, -tn / q**2 / 2, -tp / p**2 / 2, fp / q**2 / 2)


def matthews_corrcoef(counts: Floats) -> tuple[Floats, Floats]:
    """Correlation of true and predicted class, with its gradient; undefined where either is constant."""
    tp, fp, fn, tn = _confusion(counts)
    p, q, s, u = (_divisor(x) for x in (tp + fn, tn + fp, tp + fp, tn + fn))
    defined = (tp + fn > 0) & (tn + fp > 0) & (tp + fp > 0) & (tn + fn > 0)
    root = np.sqrt(p) * np.sqrt(q) * np.sqrt(s) * np.sqrt(u)
    mcc = (tp * tn - fp * fn) / root
    half = mcc / 2
    return _where(defined, mcc), _gradient(
        tn / root - half * (1 / p + 1 / s),
        -fn / root - half * (1 / q + 1 / s),
        -fp / root - half * (1 / p + 1 / u),
        tp / root - half * (1 / q + 1 / u),
    )


_COMPOSITES = (
    _Composite(name="f1", scale="logit", undefined="no relevant and no selected items", compute=f1),
    _Composite(name="balanced_accuracy", scale="logit", undefined="only one class is present", compute=balanced_accuracy),
    _Composite(
        name="matthews_corrcoef", scale="atanh", undefined="only one class, or only one decision, is present", compute=matthews_corrcoef
    ),
)


def composite_estimates(tally: ConfusionTally, level: float) -> Iterator[tuple[Estimate, ...]]:
    """For each slice, in order, the describing composites that the task has: all of them, or none."""
    if not all(composite.name in tally.of.metrics for composite in _COMPOSITES):
        yield from (() for _ in tally.slices.groups)
        return
    counts = np.asarray(tally.counts, dtype=np.float64)
    second = second_of(tally)
    moments = counts[:, :, None] * np.eye(6) if second is None else np.asarray(second, dtype=np.float64)
    clusters = clusters_of(tally, [everything(tally.of)])[:, 0]
    n_eff = kish_n_eff(counts.sum(axis=1), moments.sum(axis=(1, 2)))
    columns = []
    for composite in _COMPOSITES:
        value, gradient = composite.compute(counts)
        variance = linearised_variance(gradient, counts, moments, clusters)
        columns.append((value, *interval(value, variance, methods.alpha_of(level), composite.scale)))
    for s, group in enumerate(tally.slices.groups):
        size = (int(counts[s].sum()), int(clusters[s]), float(n_eff[s]))
        yield tuple(
            _estimate(composite, group, tuple(float(x[s]) for x in column), size, (level, tally.clustered))
            for composite, column in zip(_COMPOSITES, columns, strict=True)
        )


def interval(value: Floats, variance: Floats, alpha: float, scale: str) -> tuple[Floats, Floats]:
    """Limits, each at 1 - alpha, of a normal approximation on the logit or atanh scale; NaN at its ends and without variance."""
    start = 0.0 if scale == "logit" else -1.0
    inside = (variance > _NO_VARIANCE) & (value < 1 - _AT_THE_END) & (value > start + _AT_THE_END)
    v = np.where(inside, value, 0.5)
    slope = v * (1 - v) if scale == "logit" else 1 - v * v
    centre = special.logit(v) if scale == "logit" else np.arctanh(v)
    half = special.ndtri(1 - alpha) * np.sqrt(np.where(inside, variance, 0.0)) / slope
    back = special.expit if scale == "logit" else np.tanh
    return _where(inside, back(centre - half)), _where(inside, back(centre + half))


def _estimate(
    composite: _Composite, group: Group, numbers: tuple[float, ...], size: tuple[int, int, float], how: tuple[float, bool]
) -> Estimate:
    value, lower, upper = numbers
    n, clusters, n_eff = size
    reason = _reason(composite, group, (value, lower), size, how[1])
    bounded = not reason
    return Estimate(
        metric=composite.name,
        group=group,
        value=None if np.isnan(value) else outward(value),
        lower=outward(lower, direction="down") if bounded else None,
        upper=outward(upper, direction="up") if bounded else None,
        level=how[0],
        method=methods.delta(how[0], how[1], composite.scale),
        n=n,
        clusters=clusters,
        n_eff=outward(n_eff),
        reason=reason,
        decides=False,
    )


def _reason(composite: _Composite, group: Group, numbers: tuple[float, float], size: tuple[int, int, float], clustered: bool) -> str:
    value, lower = numbers
    if not size[0]:
        return none_of("items", group)
    if np.isnan(value):
        return composite.undefined
    if size[1] < FEWEST_CLUSTERS:
        return f"no interval: fewer than {FEWEST_CLUSTERS} independent {'clusters' if clustered else 'items'}"
    return "no interval: the estimated variance is 0" if np.isnan(lower) else ""


def _confusion(counts: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """tp, fp, fn, tn with items without an answer counted as wrong."""
    tp, fp, fn, tn, unanswered_positive, unanswered_negative = np.moveaxis(counts, -1, 0)
    return tp, fp + unanswered_negative, fn + unanswered_positive, tn


def _gradient(tp: Floats, fp: Floats, fn: Floats, tn: Floats) -> Floats:
    """By tp, fp, fn, tn to by outcome: items without an answer move fn and fp."""
    return np.stack([tp, fp, fn, tn, fn, fp], axis=-1)


def _divisor(x: Floats) -> Floats:
    return np.where(x > 0, x, 1.0)


def _where(defined: NDArray[np.bool_], value: Floats) -> Floats:
    return np.where(defined, value, np.nan)
