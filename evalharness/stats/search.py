"""Parts of planning by simulation: the search for the smallest size, and bounds of thousands of drawn counts at once."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

_PRECISION = 1.01
_TRIALS = 200
_NODES = 65
_FEW_NODES = 25
_SMOOTH = 100.0
"""From this standard deviation on, a binomial's quantiles are taken from its normal approximation, corrected for skewness."""


def smallest(holds: Callable[[float], bool], start: float, least: float, most: float, step: float = 2.0) -> float | None:
    """Smallest positive number, to one per cent from above, at which a test that stays true once true holds. None beyond `most`."""
    high = start
    while not holds(high):
        high *= step
        if high > most:
            return None
    low = high / step
    while low > least and holds(low):
        high, low = low, low / step
    low = max(low, min(least, high))
    while high / low > _PRECISION:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def smallest_drawn(  # noqa: PLR0917  those of `smallest`, and draws
    enough: Callable[[float, int], bool], start: float, least: float, most: float, few: int, draws: int
) -> float | None:
    """`smallest` of a test by so many `draws`; a `few` find the neighbourhood."""
    near = smallest(lambda size: enough(size, few), start, least, most)
    return None if near is None else smallest(lambda size: enough(size, draws), near, least, most, step=1.1)


def crossing(f: Callable[[Floats], Floats], low: Floats, high: Floats, close: Floats) -> tuple[Floats, Floats]:
    """Numbers no farther than `close` from each other between which each of several rising functions crosses 0, from below and from above.

    f: (N,) -> (N,), below 0 or 0 at `low` and not below 0 at `high`. By straight lines between both ends; an end that stays has its value
    halved (Illinois).
    """
    at_low, at_high, before = f(low), f(high), np.zeros(len(low))
    for _ in range(_TRIALS):
        wide = high - low > close
        if not wide.any():
            break
        rise = np.where(at_high > at_low, at_high - at_low, 1.0)
        apart = np.minimum(close / 2, (high - low) / 2)
        middle = np.where(wide, np.clip(low - at_low * (high - low) / rise, low + apart, high - apart), low)
        found = f(middle)
        side = np.where(found < 0, -1.0, 1.0)
        stays = np.where(side == before, 0.5, 1.0)
        below, above = wide & (side < 0), wide & (side > 0)
        at_low, at_high = (
            np.where(below, found, np.where(above, at_low * stays, at_low)),
            np.where(above, found, np.where(below, at_high * stays, at_high)),
        )
        low, high, before = np.where(below, middle, low), np.where(above, middle, high), np.where(wide, side, before)
    return low, high


def quantiles(shares: Floats, n: float, rate: float) -> Floats:
    """Quantiles of Binomial(n, rate) at rising `shares`."""
    spread = math.sqrt(n * rate * (1 - rate))
    if spread == 0:
        return np.full(len(shares), n * rate)
    z = special.ndtri(shares)
    if spread > _SMOOTH:
        skewed: Floats = np.round(n * rate + spread * z + (1 - 2 * rate) * (z * z - 1) / 6)
        return np.clip(skewed, 0.0, n)
    first = max(0.0, math.floor(n * rate - 10 * spread - 10))
    counts = np.arange(first, min(n, math.ceil(n * rate + 10 * spread + 10)) + 1)
    at_most = np.where(counts < n, special.betainc(np.maximum(n - counts, 1.0), counts + 1, 1 - rate), 1.0)
    inside: Floats = counts[np.minimum(np.searchsorted(at_most, shares), len(counts) - 1)]
    return inside


def within(counts: Floats) -> Floats:
    """For each of rising whole `counts` its place among its equals, evenly from -1/2 to 1/2: what counts between whole numbers lack."""
    _, first, number = np.unique(counts, return_index=True, return_counts=True)
    place = np.arange(len(counts)) - np.repeat(first, number)
    return np.asarray((place + 0.5) / np.repeat(number, number) - 0.5)


def at_counts(bound: Callable[[ArrayLike], Floats], counts: Floats) -> Floats:
    """A smooth `bound` of `counts`: once for each different count, or at 65 nodes and straight between them where there are more."""
    different, inverse = np.unique(counts, return_inverse=True)
    if len(different) <= _NODES:
        return bound(different)[inverse]
    nodes = np.linspace(different[0], different[-1], _NODES)
    return np.interp(counts, nodes, bound(nodes))


def at_spread_counts(bound: Callable[[ArrayLike], Floats], counts: Floats, n: float) -> Floats:
    """Likewise of `counts` between 0 and `n` that hardly ever repeat: 25 nodes, closer near 0 and `n`, where bounds bend most."""
    first, last = np.arcsin(np.sqrt(np.array([counts.min(), counts.max()]) / n))
    if first == last:
        return np.full(len(counts), bound(counts[:1])[0])
    nodes = n * np.sin(np.linspace(first, last, _FEW_NODES)) ** 2
    return np.interp(counts, nodes, bound(nodes))
