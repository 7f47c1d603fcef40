"""Parts of planning by simulation: the search for the smallest size, and bounds of thousands of drawn counts at once."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Pair = tuple[float, float]

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


def crossing(f: Callable[[float], float], low: Pair, high: Pair, close: float, near: float) -> float:
    """Where a rising function crosses 0: where it is no farther than `near` from it, or, at a step, at or above it no farther than `close`.

    low, high: where to look, and the function there, at most 0 at `low` and at least 0 at `high`. By a straight line, then by inverse
    parabolas where these may be trusted, or half-way (Chandrupatla, Advances in Engineering Software 28 (1997) 145-149).
    """
    (a, at_a), (b, at_b) = low, high
    part = at_a / (at_a - at_b) if at_b > at_a else 0.5
    for _ in range(_TRIALS):
        if abs(b - a) <= close:
            break
        least = min(close / abs(b - a), 1.0) / 2
        place = a + min(max(part, least), 1 - least) * (b - a)
        found = f(place)
        if abs(found) <= near:
            return place
        if (found > 0) == (at_a > 0):
            c, at_c = a, at_a
        else:
            c, at_c, b, at_b = b, at_b, a, at_a
        a, at_a = place, found
        part = _inverse_parabola((a, at_a), (b, at_b), (c, at_c))
    return max(a, b)


def _inverse_parabola(a: Pair, b: Pair, c: Pair) -> float:
    """How far from a to b the parabola through three places crosses 0; half-way where it bends too much."""
    at_a, at_b, at_c = a[1], b[1], c[1]
    if at_b in {at_a, at_c} or at_c == at_a:
        return 0.5
    xi, phi = (a[0] - b[0]) / (c[0] - b[0]), (at_a - at_b) / (at_c - at_b)
    if not (phi * phi < xi and (1 - phi) ** 2 < 1 - xi):
        return 0.5
    return at_a / (at_b - at_a) * at_c / (at_b - at_c) + (c[0] - a[0]) / (b[0] - a[0]) * at_a / (at_c - at_a) * at_b / (at_c - at_b)


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
