"""Bell-shaped whole numbers with a known, exact distribution: a binomial one, cut at 4.5 standard deviations."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import comb

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.families.ingredients.shares import ONE_16, whole_numbers

SD = 16
"""Steps of one standard deviation: a feature of unit spread is a whole number of sixteenths."""
REACH = 72
"""Greatest distance from 0, in steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """Values -REACH … REACH."""

    lookup: npt.NDArray[np.int16]
    """[65,536] 16 random bits -> value in steps."""
    weights: npt.NDArray[np.int64]
    """[2 REACH + 1] how many of 65,536 draws give each value; none is 0."""

    def chance(self, values: npt.NDArray[np.integer], shift: int = 0) -> npt.NDArray[np.float64]:
        """Chance of each value when `shift` was added to the draw; 0 out of reach."""
        place = values.astype(np.int64) - shift + REACH
        inside = (place >= 0) & (place < len(self.weights))
        return np.where(inside, self.weights[np.where(inside, place, 0)], 0) / ONE_16


@cache
def bell() -> Bell:
    """Binomial(1024, 1/2) around 0: its standard deviation is 16 steps."""
    trials = 4 * SD * SD
    raw = [comb(trials, trials // 2 + k) for k in range(-REACH, REACH + 1)]
    weights = whole_numbers([Fraction(v, sum(raw)) for v in raw], ONE_16)
    values = np.repeat(np.arange(-REACH, REACH + 1, dtype=np.int16), weights)
    return Bell(lookup=values, weights=np.array(weights, dtype=np.int64))
