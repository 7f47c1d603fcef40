"""Quantiles of values that are each spread evenly over equally likely places, with limits whose independent units are groups of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from evalharness.stats.transformed import FEWEST_UNITS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_LISTED = 2
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
    some = spread if (spread.weight > 0).all() else spread.of(np.ones(len(spread.start), dtype=bool))
    there = np.bincount(some.unit) > 0
    units = int(np.count_nonzero(there))
    if not units:
        return Limited(value=None, lower=None, upper=None, units=0)
    at = _Quantiles(some)
    value = at(share)
    total = float(some.weight.sum())
    over = np.bincount(some.unit, weights=_reached(some, value) * some.weight - share * some.weight)
    over = over - over.sum() / units * there  # a step of the distribution may carry it past the share
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
        few = int(spread.count.sum()) <= _LISTED * len(spread.start)
        self._listed = _list(spread, np.zeros(len(spread.start)), spread.count.astype(np.float64)) if few else None

    def __call__(self, share: float) -> float:
        wanted = share * self._total * (1 - 1e-12)
        return _read(*(self._searched(wanted) if self._listed is None else self._listed), wanted)

    def _searched(self, wanted: float) -> tuple[Floats, Floats]:
        """The places around the quantile: halves the range until few enough lie in it."""
        s = self._spread
        low, high = float(s.start.min()) - 1.0, float((s.start + (s.count - 1) * s.step).max())
        below, upto = _places(s, low), _places(s, high)
        for _ in range(_STEPS):
            middle = (low + high) / 2
            if not low < middle < high or float((upto - below).sum()) <= _LISTED * len(s.start):
                break
            places = _places(s, middle)
            if float((places / s.count) @ s.weight) >= wanted:
                high, upto = middle, places
            else:
                low, below = middle, places
        return _list(s, below, upto)


def _list(spread: Spread, below: Floats, upto: Floats) -> tuple[Floats, Floats]:
    """(places in rising order from the number `below` to `upto` of each value, the weight that each of them reaches)."""
    times = (upto - below).astype(np.int64)
    rows = np.repeat(np.arange(len(times)), times)
    k = np.arange(len(rows)) - np.repeat(np.cumsum(times) - times, times) + below[rows]
    values = spread.start[rows] + k * spread.step[rows]
    order = np.argsort(values, kind="stable")
    each = spread.weight / spread.count
    return values[order], float(below @ each) + np.cumsum(each[rows][order])


def _read(values: Floats, reached: Floats, wanted: float) -> float:
    return float(values[min(int(np.searchsorted(reached, wanted, side="left")), len(values) - 1)])


def _reached(spread: Spread, value: float) -> Floats:
    """[n] share of each one's places that lie at `value` or below."""
    reached: Floats = _places(spread, value) / spread.count
    return reached


def _places(spread: Spread, value: float) -> Floats:
    """[n] how many of each one's places lie at `value` or below."""
    beyond = value - spread.start
    slack = 1e-9 * (1 + abs(value))
    flat = spread.step <= 0
    whole = np.floor((beyond + slack) / np.where(flat, 1.0, spread.step)) + 1
    places: Floats = np.where(flat, np.where(beyond >= -slack, spread.count, 0), np.clip(whole, 0, spread.count))
    return places
