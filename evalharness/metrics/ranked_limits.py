"""A quantile over relevant leads and a mean over days, as estimates whose independent units are days."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import special

from evalharness.metrics.methods import alpha_of
from evalharness.metrics.shares import none_of
from evalharness.records import OVERALL, Estimate, Group
from evalharness.stats.rounding import Direction, outward
from evalharness.stats.spread import Floats, Spread, quantile
from evalharness.stats.transformed import FEWEST_UNITS, transformed_limits

_NO_VARIANCE = 1e-20
Limits = tuple[float | None, float | None]


def median_of(
    metric: str, group: Group, spread: Spread, *, share: float, scale: float, level: float, what: str, reason: str = ""
) -> Estimate:
    """The quantile of `share`, divided by `scale`, with Woodruff's limits over days. A `reason` not to compute it makes it null.

    `what`: in words, what its values are of.
    """
    found = quantile(spread, share, alpha_of(level))
    known = found.value is not None and not reason
    short = _why(found.units, (found.lower, found.upper))
    n = round(float(spread.weight.sum()))
    return Estimate(
        metric=metric,
        group=group,
        value=_scaled(found.value, scale) if known else None,
        lower=_scaled(found.lower, scale, "down") if known else None,
        upper=_scaled(found.upper, scale, "up") if known else None,
        level=level,
        method=f"quantile(share={share!r}), ties by expectation; woodruff(one-sided, alpha={alpha_of(level)!r}, linearised over days)",
        n=n,
        clusters=found.units,
        n_eff=float(found.units),
        reason=reason or (short if known else none_of(what, group)),
        decides=False,
    )


def mean_of_days(
    metric: str, values: Floats, *, scale: Literal["log", "logit"], level: float, less: float = 0.0, reason: str = ""
) -> Estimate:
    """The mean of `values` [days], minus `less`, with limits of a normal approximation on `scale`; null with a `reason`."""
    days = len(values)
    known = days > 0 and not reason
    value = float(values.mean()) if known else None
    limits = _limits(values, scale, level) if known and days >= FEWEST_UNITS else (None, None)
    return Estimate(
        metric=metric,
        group=OVERALL,
        value=None if value is None else outward(value - less),
        lower=None if limits[0] is None else outward(limits[0] - less, direction="down"),
        upper=None if limits[1] is None else outward(limits[1] - less, direction="up"),
        level=level,
        method=f"mean over days, ties by expectation; delta(scale={scale}, one-sided, alpha={alpha_of(level)!r}, over days)",
        n=days,
        clusters=days,
        n_eff=float(days),
        reason=reason or (_why(days, limits) if known else "no day with a relevant lead"),
        decides=False,
    )


def _limits(values: Floats, scale: Literal["log", "logit"], level: float) -> Limits:
    mean, variance = values.mean(), values.var(ddof=1) / len(values)
    if scale == "logit":
        lower, upper = transformed_limits(mean, variance, alpha_of(level), "logit")
        return (None, None) if np.isnan(lower) else (float(lower), float(upper))
    if variance <= _NO_VARIANCE * mean**2:
        return None, None
    half = float(special.ndtri(1 - alpha_of(level)) * np.sqrt(variance) / mean)
    return float(mean * np.exp(-half)), float(mean * np.exp(half))


def _why(units: int, limits: Limits) -> str:
    """Why there is no interval, or only half of one; empty where there is one."""
    if None not in limits:
        return ""
    if units < FEWEST_UNITS:
        return f"no interval: fewer than {FEWEST_UNITS} days"
    return "no interval: the days do not differ" if limits == (None, None) else "a limit lies beyond all that was seen"


def _scaled(value: float | None, scale: float, direction: Direction = "nearest") -> float | None:
    return None if value is None else outward(value / scale, direction=direction)
