"""True chances of many rows, binned for everybody and for each group."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

EVERYONE = "everyone"
STEPS = 10_000
"""Inside a bin the best rule is taken to draw lots, which changes what it finds by less than the bin holds."""

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.integer]


class ChanceBins:
    """For each group: items and sum of chances in each bin of the chance."""

    def __init__(self, levels: Mapping[str, tuple[str, ...]]) -> None:
        self._levels = levels
        self.groups = [EVERYONE, *(f"{attribute}={name}" for attribute, names in levels.items() for name in names)]
        self.items = np.zeros((len(self.groups), STEPS), dtype=np.int64)
        self.chances = np.zeros((len(self.groups), STEPS))

    def add(self, chances: Floats, groups: Mapping[str, Codes], within: Mapping[str, Floats]) -> None:
        """Rows: chances, group codes, and for some attributes the chances given also the own level."""
        self._add(0, 1, np.zeros(len(chances), dtype=np.int64), chances)
        first = 1
        for attribute, names in self._levels.items():
            self._add(first, len(names), groups[attribute].astype(np.int64), within.get(attribute, chances))
            first += len(names)

    def _add(self, first: int, count: int, codes: npt.NDArray[np.int64], chances: Floats) -> None:
        keys = codes * STEPS + np.minimum((chances * STEPS).astype(np.int64), STEPS - 1)
        own = slice(first, first + count)
        self.items[own] += np.bincount(keys, minlength=count * STEPS).reshape(count, STEPS)
        self.chances[own] += np.bincount(keys, weights=chances, minlength=count * STEPS).reshape(count, STEPS)
