"""A describing metric that is a smooth function of counts, and the asymptotic interval it is drawn with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

_NO_VARIANCE = 1e-20
_AT_THE_END = 1e-12
# Both are far below what counts can produce and above the rounding error of an exact 0.


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """One describing metric of a task."""

    name: str
    scale: Literal["logit", "atanh"]
    """Where the interval is symmetric: logit for 0 to `most`, atanh for -1 to 1."""
    most: float = 1.0
    """The greatest value; `value / most` is what is put on the logit scale."""
    undefined: str
    """Why the value is null where it is NaN."""
    compute: Callable[[Floats], tuple[Floats, Floats]]
    """Counts (..., O) in the order of the task's outcomes to value (...) and gradient (..., O); value NaN where undefined."""

    @property
    def scale_name(self) -> str:
        """For the name of the method: `logit`, `atanh`, `logit of value/3`."""
        return self.scale if self.most == 1 else f"{self.scale} of value/{self.most:g}"


def interval(value: Floats, variance: Floats, alpha: float, scale: str, most: float = 1.0) -> tuple[Floats, Floats]:
    """Limits, each at 1 - alpha, of a normal approximation on the logit or atanh scale; NaN at its ends and without variance.

    `value` and `variance` broadcast. With `most`, value / most is what is put on the scale. Source: the delta method.
    """
    start = 0.0 if scale == "logit" else -1.0
    part, spread = value / most, variance / most**2
    inside = (spread > _NO_VARIANCE) & (part < 1 - _AT_THE_END) & (part > start + _AT_THE_END)
    v = np.where(inside, part, 0.5)
    slope = v * (1 - v) if scale == "logit" else 1 - v * v
    centre = special.logit(v) if scale == "logit" else np.arctanh(v)
    half = special.ndtri(1 - alpha) * np.sqrt(np.where(inside, spread, 0.0)) / slope
    back = special.expit if scale == "logit" else np.tanh
    return where(inside, most * back(centre - half)), where(inside, most * back(centre + half))


def divisor(x: Floats) -> Floats:
    """x, and 1 where there is nothing to divide by."""
    return np.where(x > 0, x, 1.0)


def where(defined: NDArray[np.bool_], value: Floats) -> Floats:
    """The value, and NaN where it is not defined."""
    return np.where(defined, value, np.nan)
