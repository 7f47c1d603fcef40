"""Asymptotic limits on a scale on which a value has no end, so that they stay inside the value's own range. They describe."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Scale = Literal["logit", "atanh"]

FEWEST_UNITS = 20
"""Below this many independent units (on each side, where there are two) no asymptotic interval is drawn (statistics.md)."""
_NO_VARIANCE = 1e-20
_AT_THE_END = 1e-12
# Both are far below what counts can produce and above the rounding error of an exact 0.


def transformed_limits(value: Floats, variance: Floats, alpha: Floats | float, scale: Scale, most: float = 1.0) -> tuple[Floats, Floats]:
    """Limits, each at 1 - alpha, of a normal approximation on the logit or atanh scale; NaN at its ends and without variance.

    Arrays broadcast. With `most`, value / most is what is put on the scale. Source: the delta method.
    """
    start = 0.0 if scale == "logit" else -1.0
    part, spread = value / most, variance / most**2
    inside = (spread > _NO_VARIANCE) & (part < 1 - _AT_THE_END) & (part > start + _AT_THE_END)
    v = np.where(inside, part, 0.5)
    slope = v * (1 - v) if scale == "logit" else 1 - v * v
    centre = special.logit(v) if scale == "logit" else np.arctanh(v)
    half = special.ndtri(1 - np.asarray(alpha)) * np.sqrt(np.where(inside, spread, 0.0)) / slope
    back = special.expit if scale == "logit" else np.tanh
    return np.where(inside, most * back(centre - half), np.nan), np.where(inside, most * back(centre + half), np.nan)
