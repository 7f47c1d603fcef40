"""The expected calibration error (ECE), never without its bins and what it would be if the scores were perfectly calibrated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Binning = Literal["equal_width", "equal_mass"]

_NORMAL_FROM = 25.0
"""From this variance on, the mean deviation of a bin's positives is taken from its Edgeworth expansion (within 1 in 10,000 there)."""
_AT_A_TIME = 2**20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CalibrationError:
    """ECE over B bins: the mean, over items, of |positives - sum of scores| a bin. Depends on the bins, so it describes."""

    value: float
    expected_if_calibrated: float
    """Its mean if every item were positive with exactly its score as chance, independently: above 0 by chance alone."""
    deviation_if_calibrated: float
    """Its standard deviation then."""
    binning: Binning
    """`equal_width`: bins [i/B, (i+1)/B), the last closed; `equal_mass`: about as many items each, items of one score kept together."""
    bins: int
    """Bins asked for."""
    used: int
    """Bins that have items."""


def calibration_error(
    scores: ArrayLike, positive: ArrayLike, negative: ArrayLike, *, bins: int = 15, binning: Binning = "equal_width"
) -> CalibrationError | None:
    """ECE and its null reference from whole counts [D] at distinct, rising scores [D]; None where there are no items.

    The null reference is exact to 1 in 10,000, without simulation: in each bin the positives are then Poisson-binomial, whose mean absolute
    deviation comes from its characteristic function or, where the variance is 25 or more, from its Edgeworth expansion. Raises ValueError
    for a score outside [0, 1] or fewer than one bin. Source: Naeini et al. 2015; Roelofs et al. 2022 on its bias.
    """
    s, p, n = (np.asarray(v, dtype=np.float64) for v in (scores, positive, negative))
    if bins < 1 or not ((s >= 0) & (s <= 1)).all():
        raise ValueError("calibration error needs at least one bin, and scores in [0, 1]")
    items = p + n
    total = float(items.sum())
    if not total:
        return None
    s, p, items = s[items > 0], p[items > 0], items[items > 0]
    bin_of = _bins(s, items, bins, binning)
    gaps = np.bincount(bin_of, weights=p - items * s, minlength=bins)
    taken = np.bincount(bin_of, weights=items, minlength=bins) > 0
    deviations = np.array([_mean_deviation(s[bin_of == b], items[bin_of == b]) for b in np.flatnonzero(taken)])
    return CalibrationError(
        value=float(np.abs(gaps).sum() / total),
        expected_if_calibrated=float(deviations[:, 0].sum() / total),
        deviation_if_calibrated=float(np.sqrt(np.maximum(deviations[:, 1] - deviations[:, 0] ** 2, 0.0).sum()) / total),
        binning=binning,
        bins=bins,
        used=int(taken.sum()),
    )


def _bins(scores: Floats, items: Floats, bins: int, binning: Binning) -> NDArray[np.int64]:
    if binning == "equal_width":
        edges = np.arange(1, bins) / bins
        return np.asarray(np.searchsorted(edges, scores, side="right"), dtype=np.int64)
    middle = (np.cumsum(items) - items / 2) / items.sum()
    return np.asarray(np.minimum(middle * bins, bins - 1), dtype=np.int64)


def _mean_deviation(chances: Floats, items: Floats) -> tuple[float, float]:
    """E|X - E X| and the variance of X, the sum of independent items that are 1 with these chances."""
    variance = float(np.sum(items * chances * (1 - chances)))
    if variance == 0:
        return 0.0, 0.0
    if variance >= _NORMAL_FROM:
        return _by_expansion(chances, items, variance), variance
    return _by_characteristic_function(chances, items, variance), variance


def _by_expansion(chances: Floats, items: Floats, variance: float) -> float:
    """sigma sqrt(2 / pi) (1 + (skewness^2 - kurtosis) / 24), less the density at the mean times B2 of its fraction (whole numbers only)."""
    part = items * chances * (1 - chances)
    skewness = float(np.sum(part * (1 - 2 * chances))) / variance**1.5
    kurtosis = float(np.sum(part * (1 - 6 * chances * (1 - chances)))) / variance**2
    smooth = np.sqrt(2 * variance / np.pi) * (1 + (skewness**2 - kurtosis) / 24)
    fraction = float(np.sum(items * chances)) % 1.0
    lattice = (fraction * fraction - fraction + 1 / 6) / np.sqrt(2 * np.pi * variance)
    return float(smooth - lattice)


def _by_characteristic_function(chances: Floats, items: Floats, variance: float) -> float:
    """Chances of X modulo M by a discrete Fourier transform, M wide enough that what lies beyond is below rounding."""
    mean = float(np.sum(items * chances))
    span = 2 * int(10 * np.sqrt(variance) + 30)
    turn = 2 * np.pi * np.arange(span // 2 + 1) / span
    logs, angles = np.zeros(len(turn)), np.zeros(len(turn))
    step = max(_AT_A_TIME // len(turn), 1)
    for start in range(0, len(chances), step):
        share, weight = chances[start : start + step, None], items[start : start + step]
        away = share * (1 - np.cos(turn))
        with np.errstate(divide="ignore"):  # a factor of 0 has the logarithm minus infinity, and its exponential is 0
            logs += weight @ np.log1p(np.maximum(-2 * (1 - share) * away, -1.0)) / 2
        angles += weight @ np.arctan2(share * np.sin(turn), 1 - away)
    chance_of = np.fft.irfft(np.exp(logs) * np.exp(-1j * angles), span)
    lowest = round(mean) - span // 2
    values = lowest + np.arange(span)
    return float(np.sum(np.abs(values - mean) * chance_of[values % span]))
