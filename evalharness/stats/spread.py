"""Quantiles of values that are each spread evenly over equally likely places, with limits whose independent units are groups of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from evalharness.stats.transformed import FEWEST_UNITS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_LISTED = 8
"""Up to so many places a value on average are listed and sorted; beyond, the quantile is searched."""
_STEPS = 80
_NO_VARIANCE = 1e-20
"""Of the weight, squared: above the rounding error of an exact 0."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spread:
    """Value i is `start + k step` for k = 0 … count - 1, each equally likely."""

    start: Floats
    """[n]."""
    step: Floats
    """[n], 0 or more."""
    count: Integers
    """[n], 1 or more where the weight is not 0."""
    weight: Floats
    """[n] of the value as a whole, 0 or more."""
    unit: Integers
    """[n] the independent unit it belongs to, numbered from 0."""

    def of(self, chosen: NDArray[np.bool_]) -> Spread:
        """Those that are chosen [n] and have a weight."""
        rows = chosen & (self.weight > 0)
        return Spread(
            start=self.start[rows], step=self.step[rows], count=self.count[rows], weight=self.weight[rows], unit=self.unit[rows]
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """A quantile with its limits."""

    value: float | None
    """Null without weight."""
    lower: float | None
    upper: float | None
    units: int
    """Independent units with weight."""


def quantile(spread: Spread, share: float, alpha: float) -> Limited:
    """The smallest value by which at least `share` of the weight is reached, and limits each at 1 - alpha.

    Limits are Woodruff's: the share at the found value has a linearised variance over units, and its normal limits are read back as
    quantiles; none below FEWEST_UNITS units, without variance, or beyond the ends. Memory: 8 _LISTED numbers a value.
    Raises ValueError for a share that does not lie above 0 and up to 1. Source: Woodruff 1952.
    """
    if not 0 < share <= 1:
        raise ValueError(f"the share must lie above 0 and up to 1, got {share!r}")
    some = spread.of(np.ones(len(spread.start), dtype=bool))
    units = len(np.unique(some.unit))
    if not units:
        return Limited(value=None, lower=None, upper=None, units=0)
    at = _Quantiles(some)
    value = at(share)
    total = float(some.weight.sum())
    over = np.bincount(some.unit, weights=_reached(some, value) * some.weight - share * some.weight)
    over = over - over.sum() / units * (np.bincount(some.unit) > 0)  # a step of the distribution may carry it past the share
    if units < FEWEST_UNITS or float(over @ over) <= _NO_VARIANCE * float(some.weight.sum()) ** 2:
        return Limited(value=value, lower=None, upper=None, units=units)
    error = float(np.sqrt(units / (units - 1) * (over @ over)) / total)
    half = float(special.ndtri(1 - alpha)) * error
    return Limited(
        value=value,
        lower=min(at(share - half), value) if share - half > 0 else None,
        upper=max(at(share + half), value) if share + half < 1 else None,
        units=units,
    )


class _Quantiles:
    """Reads quantiles off a spread whose every weight is above 0."""

    def __init__(self, spread: Spread) -> None:
        self._spread, self._total = spread, float(spread.weight.sum())
        self._listed: tuple[Floats, Floats] | None = None
        if int(spread.count.sum()) <= _LISTED * len(spread.start):
            rows = np.repeat(np.arange(len(spread.start)), spread.count)
            k = np.arange(len(rows)) - np.repeat(np.cumsum(spread.count) - spread.count, spread.count)
            values = spread.start[rows] + k * spread.step[rows]
            order = np.argsort(values, kind="stable")
            self._listed = values[order], np.cumsum((spread.weight / spread.count)[rows][order])

    def __call__(self, share: float) -> float:
        wanted = share * self._total * (1 - 1e-12)
        if self._listed is not None:
            values, reached = self._listed
            return float(values[min(int(np.searchsorted(reached, wanted, side="left")), len(values) - 1)])
        return self._searched(wanted)

    def _searched(self, wanted: float) -> float:
        s = self._spread
        low = float(s.start.min()) - 1.0
        high = float((s.start + (s.count - 1) * s.step).max())
        for _ in range(_STEPS):
            middle = (low + high) / 2
            if not low < middle < high:
                break
            if float(_reached(s, middle) @ s.weight) >= wanted:
                high = middle
            else:
                low = middle
        return float(_first_above(s, low).min())


def _reached(spread: Spread, value: float) -> Floats:
    """[n] share of each one's places that lie at `value` or below."""
    beyond = value - spread.start
    slack = 1e-9 * (1 + abs(value))
    flat = spread.step <= 0
    whole = np.floor((beyond + slack) / np.where(flat, 1.0, spread.step)) + 1
    places = np.where(flat, np.where(beyond >= -slack, spread.count, 0), np.clip(whole, 0, spread.count))
    reached: Floats = places / spread.count
    return reached


def _first_above(spread: Spread, value: float) -> Floats:
    """[n] the lowest place of each above `value`; infinite where there is none."""
    flat = spread.step <= 0
    k = np.maximum(np.floor((value - spread.start) / np.where(flat, 1.0, spread.step) + 1e-12) + 1, 0)
    found: Floats = np.where(
        flat,
        np.where(spread.start > value, spread.start, np.inf),
        np.where(k < spread.count, spread.start + k * spread.step, np.inf),
    )
    return found
