"""Exact sums for everybody and for each level of each attribute, whatever the order of the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from evalharness.records import OVERALL, Group

UNIT = 1 << 32
"""Chances are summed as whole multiples of 2**-32, so that sums are exact."""
CHUNK = 2**20
"""Rows summed at a time in float64: 2**20 chances of at most 2**32 units stay below 2**53."""

Groups = Mapping[str, NDArray[np.int32]]


@dataclass(slots=True)
class GroupSums:
    """`width` sums for each group. Memory: 8 bytes a sum."""

    levels: Mapping[str, tuple[str, ...]]
    width: int
    groups: tuple[Group, ...] = field(init=False)
    """Everybody first, then each level in declared order."""
    sums: NDArray[np.int64] = field(init=False)
    """[groups, width]."""

    def __post_init__(self) -> None:
        singles = [((attribute, name),) for attribute, names in self.levels.items() for name in names]
        self.groups = (OVERALL, *singles)
        self.sums = np.zeros((len(self.groups), self.width), dtype=np.int64)

    def add(
        self,
        groups: Groups,
        places: NDArray[np.int64],
        weights: NDArray[np.float64],
        within: Mapping[str, NDArray[np.float64]] | None = None,
    ) -> None:
        """Adds each row's whole-number weight to the sum at its place; for the levels of an attribute in `within`, that weight instead."""
        for start in range(0, len(places), CHUNK):
            rows = slice(start, start + CHUNK)
            self._add(0, 1, places[rows], weights[rows])
            first = 1
            for attribute, names in self.levels.items():
                own = (within or {}).get(attribute, weights)
                self._add(first, len(names), groups[attribute][rows].astype(np.int64) * self.width + places[rows], own[rows])
                first += len(names)

    def _add(self, first: int, levels: int, keys: NDArray[np.int64], weights: NDArray[np.float64]) -> None:
        sums = np.bincount(keys, weights=weights, minlength=levels * self.width)
        self.sums[first : first + levels] += sums.astype(np.int64).reshape(levels, self.width)


def units_of(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chances in multiples of 2**-32."""
    units: NDArray[np.float64] = np.rint(chances * UNIT)
    return units
