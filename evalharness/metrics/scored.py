"""Scores to estimates that describe: how well they order, and how far they can be read as chances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from evalharness.metrics import methods
from evalharness.metrics.counted import clusters_of, everything, second_of
from evalharness.metrics.shares import none_of
from evalharness.records import Estimate, Group
from evalharness.stats.average_precision import average_precision, precision_variance
from evalharness.stats.calibration import Corp, corp
from evalharness.stats.calibration_error import calibration_error
from evalharness.stats.clusters import kish_n_eff
from evalharness.stats.recalibration import recalibrate
from evalharness.stats.roc import delong_variance, logit_limits, no_limits, roc_auc
from evalharness.stats.rounding import outward
from evalharness.stats.transformed import FEWEST_UNITS, transformed_limits
from evalharness.tally import ConfusionTally
from evalharness.tally.score_groups import BITS, MOST_GROUPED, MOST_ROWS, GroupOrder, ScoreGroups

Floats = NDArray[np.float64]

ECE_BINS = 15
_NONE_DRAWN = "no interval: none is known for it that simulation supports"
_DEPENDENT = "no interval: items of one cluster depend on each other, and none is known for it then"
_TOO_MANY = "no interval: with more than {:,} items it is not computed"
_NO_CHANCES = "the scores need not be chances (score_range: any)"


class _Found(NamedTuple):
    """One measure of one group; `reason` says why the value or the limits are absent."""

    metric: str
    value: float | None
    limits: tuple[float, float] | None
    method: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    """What a group's estimates have in common."""

    group: Group
    n: int
    clusters: int
    n_eff: float


def score_estimates(found: ScoreGroups, tally: ConfusionTally, level: float, *, chances: bool) -> Iterator[Estimate]:
    """For everybody, then for each level of each attribute: the measures of `catalogue.SCORE_METRICS`, fewer for groups.

    `tally` counts the same rows, for the worth of clustered items. `chances`: whether scores claim to be chances; where they do not, what
    reads them so is null. Intervals are drawn only with 20 independent units on each side and a variance above 0.
    """
    for k, size in enumerate(_sizes(found, tally)):
        for one in _of_group(found, k, level, chances):
            low, high = one.limits or (None, None)
            yield Estimate(
                metric=one.metric,
                group=size.group,
                value=None if one.value is None else outward(one.value),
                lower=None if low is None else outward(low, direction="down"),
                upper=None if high is None else outward(high, direction="up"),
                level=level,
                method=one.method,
                n=size.n,
                clusters=size.clusters,
                n_eff=outward(size.n_eff),
                reason=none_of("items with a score", size.group) if not size.n else one.reason,
                decides=False,
            )


def _sizes(found: ScoreGroups, tally: ConfusionTally) -> Iterator[_Size]:
    """Clusters and worth are those of the tally, never more than there are scored items."""
    second, counts = second_of(tally), tally.counts.sum(axis=1)
    worth = kish_n_eff(counts, counts if second is None else second.sum(axis=(1, 2)))
    clusters = clusters_of(tally, [everything(tally.of)])[:, 0]
    for k, group in enumerate(found.groups):
        n = int(found.counts[k].sum())
        if not found.clustered:
            yield _Size(group=group, n=n, clusters=n, n_eff=float(n))
            continue
        at = tally.slices.position(group)
        yield _Size(group=group, n=n, clusters=min(int(clusters[at]), n), n_eff=min(float(worth[at]), float(n)))


def _of_group(found: ScoreGroups, k: int, level: float, chances: bool) -> Iterator[_Found]:
    order, everybody = found.orders[k], not k
    rounded = f"; scores rounded to {BITS} binary digits" if found.rounded else ""
    placed = rounded + (f"; scores merged into {len(found.means):,} steps" if k and found.by_steps and found.merged else "")
    yield _auc(found, order, level, placed)
    yield _precision(found, order, level, placed, coarse=bool(k) and found.by_steps)
    names = _CHANCES if everybody else tuple(name for name in _CHANCES if name not in _EVERYBODY)
    if not chances:
        yield from (_Found(name, None, None, "not computed", _NO_CHANCES) for name in names)
        return
    steps = f"; scores merged into {len(found.means):,} steps" if found.merged else ""
    yield from (one for one in _calibration(found, k, level, (rounded, steps)) if one.metric in names)


_EVERYBODY = ("discrimination", "uncertainty")
"""Not told of groups."""
_CHANCES = (
    "brier_score",
    "miscalibration",
    *_EVERYBODY,
    "calibration_in_the_large",
    "calibration_slope",
    "expected_calibration_error",
    "expected_calibration_error_if_calibrated",
)


def _auc(found: ScoreGroups, order: GroupOrder, level: float, rounded: str) -> _Found:
    auc = float(roc_auc(order.positive, order.negative))
    alpha = methods.alpha_of(level)
    if found.clustered:
        method = f"obuchowski(scale=logit, one-sided, alpha={alpha!r}, variance=linearised over clusters){rounded}"
        if order.clustered is None:
            return _Found("roc_auc", _number(auc), None, method, _TOO_MANY.format(MOST_ROWS if found.rounded else MOST_GROUPED))
        variance, ones, zeros = order.clustered
    else:
        method = f"delong(scale=logit, one-sided, alpha={alpha!r}){rounded}"
        variance = float(delong_variance(order.positive, order.negative))
        ones, zeros = int(order.positive.sum()), int(order.negative.sum())
    why = no_limits(auc, variance, ones, zeros)
    if why:
        return _Found("roc_auc", _number(auc), None, method, why if np.isnan(auc) else f"no interval: {why}")
    low, high = logit_limits(auc, variance, ones, zeros, alpha)
    if np.isnan(low):
        return _Found("roc_auc", auc, None, method, "no interval: the estimated variance is 0")
    return _Found("roc_auc", auc, (float(low), float(high)), method, "")


def _precision(found: ScoreGroups, order: GroupOrder, level: float, placed: str, *, coarse: bool) -> _Found:
    """Linearised, of exact scores only: from coarse steps it is another figure. coarse: the order is one of steps."""
    value = _number(float(average_precision(order.positive, order.negative)))
    ones, zeros = int(order.positive.sum()), int(order.negative.sum())
    variance, plain = order.clustered_precision, f"sum over thresholds{placed}"
    if value is None:
        return _Found("average_precision", None, None, plain, "no relevant item")
    if coarse or found.rounded:
        return _Found("average_precision", value, None, plain, _TOO_MANY.format(MOST_ROWS if found.rounded else MOST_GROUPED))
    if order.clustered is not None:
        _, ones, zeros = order.clustered
    if variance is None:
        variance = precision_variance(order.positive, order.negative)
    over = ", variance=linearised over clusters" if found.clustered else ""
    method = f"sum over thresholds, delta(scale=logit, one-sided, alpha={methods.alpha_of(level)!r}{over}){placed}"
    if min(ones, zeros) < FEWEST_UNITS:
        why = f"{min(ones, zeros)} independent units on one side; an asymptotic interval needs {FEWEST_UNITS} on each"
        return _Found("average_precision", value, None, method, f"no interval: {why}")
    low, high = transformed_limits(np.array(value), np.array(variance), methods.alpha_of(level), "logit")
    if np.isnan(low):
        return _Found("average_precision", value, None, method, "no interval: the estimated variance is 0")
    return _Found("average_precision", value, (float(low), float(high)), method, "")


def _calibration(found: ScoreGroups, k: int, level: float, how: tuple[str, str]) -> Iterator[_Found]:
    rounded, steps = how
    some = found.counts[k].sum(axis=0) > 0
    means, (negative, positive) = found.means[some], found.counts[k][:, some].astype(np.float64)
    parts = corp(means, positive, negative)
    if parts is None:
        yield from (_Found(name, None, None, "not computed", "no items") for name in _CHANCES)
        return
    yield _brier(found, k, parts, level, rounded + (steps if k and found.by_steps else ""))
    for name, value in (
        ("miscalibration", parts.miscalibration),
        ("discrimination", parts.discrimination),
        ("uncertainty", parts.uncertainty),
    ):
        yield _Found(name, value, None, f"corp(isotonic){rounded}{steps}", _NONE_DRAWN)
    yield from _recalibration(found, (means, positive, negative), level, f"{rounded}{steps}")
    error = calibration_error(means, positive, negative, bins=ECE_BINS)
    if error is not None:
        binned = f"ece(bins={error.bins}, equal width, {error.used} used){rounded}{steps}"
        yield _Found("expected_calibration_error", error.value, None, binned, _NONE_DRAWN)
        by_chance = f"mean if calibrated; standard deviation {error.deviation_if_calibrated:.3g}; {binned}"
        yield _Found("expected_calibration_error_if_calibrated", error.expected_if_calibrated, None, by_chance, _NONE_DRAWN)


def _brier(found: ScoreGroups, k: int, parts: Corp, level: float, rounded: str) -> _Found:
    n = float(parts.items.sum())
    value = found.orders[k].squared_error / n
    if found.clustered:
        return _Found("brier_score", value, None, f"mean{rounded}", _DEPENDENT)
    alpha = methods.alpha_of(level)
    method = f"delta(scale=logit, one-sided, alpha={alpha!r}, variance=of squared errors){rounded}"
    if n < FEWEST_UNITS:
        return _Found("brier_score", value, None, method, f"no interval: fewer than {FEWEST_UNITS} independent items")
    negative, positive = found.counts[k]
    fourth = float(np.sum(positive * (1 - found.means) ** 4 + negative * found.means**4)) / n
    variance = max(fourth - value * value, 0.0) / (n - 1)
    low, high = transformed_limits(np.float64(value), np.float64(variance), alpha, "logit")  # type: ignore[arg-type]
    if np.isnan(low):
        return _Found("brier_score", value, None, method, "no interval: the estimated variance is 0")
    return _Found("brier_score", value, (float(low), float(high)), method, "")


def _recalibration(found: ScoreGroups, counts: tuple[Floats, Floats, Floats], level: float, how: str) -> Iterator[_Found]:
    alpha = methods.alpha_of(level)
    fit = recalibrate(*counts)
    sides = min(counts[1].sum(), counts[2].sum())
    for name, value, error in (
        ("calibration_in_the_large", fit.intercept, fit.intercept_error),
        ("calibration_slope", fit.slope, fit.slope_error),
    ):
        method = f"logistic recalibration(wald, one-sided, alpha={alpha!r}){how}"
        if value is None or error is None:
            yield _Found(name, None, None, method, fit.reason)
        elif found.clustered:
            yield _Found(name, value, None, f"logistic recalibration{how}", _DEPENDENT)
        elif sides < FEWEST_UNITS or not error > 0:
            yield _Found(name, value, None, method, f"no interval: fewer than {FEWEST_UNITS} independent items on one side")
        else:
            half = float(special.ndtri(1 - alpha)) * error
            yield _Found(name, value, (value - half, value + half), method, "")


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value
