"""A describing metric that is a smooth function of counts, and the asymptotic interval it is drawn with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.stats.transformed import Scale

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """One describing metric of a task."""

    name: str
    scale: Scale
    """Where the interval is symmetric: logit for 0 to `most`, atanh for -1 to 1."""
    most: float = 1.0
    """The greatest value; `value / most` is what is put on the logit scale."""
    undefined: str
    """Why the value is null where it is NaN."""
    by_class: bool = False
    """Whether it looks at each true class by itself, so that its interval wants enough of every one."""
    compute: Callable[[Floats], tuple[Floats, Floats]]
    """Counts (..., O) in the order of the task's outcomes to value (...) and gradient (..., O); value NaN where undefined."""

    @property
    def scale_name(self) -> str:
        """For the name of the method: `logit`, `atanh`, `logit of value/3`."""
        return self.scale if self.most == 1 else f"{self.scale} of value/{self.most:g}"


def divisor(x: Floats) -> Floats:
    """x, and 1 where there is nothing to divide by."""
    return np.where(x > 0, x, 1.0)


def where(defined: NDArray[np.bool_], value: Floats) -> Floats:
    """The value, and NaN where it is not defined."""
    return np.where(defined, value, np.nan)
