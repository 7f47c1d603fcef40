"""Readings that wait, and the two things that say when each begins: an order, and officers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from evalharness.oversight.queues.calendar import Calendar, Ticks

NOT_BEGUN = -1
"""In place of a time: not within the period."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Jobs:
    """n readings in order of arrival; each takes equally long."""

    arrived: Ticks
    line: NDArray[np.int8]
    """A reading in a lower line goes before every one in a higher."""
    rank: NDArray[np.int64]
    """No two are equal; the lower goes first, and lines agree with it."""

    def in_order_of_arrival(self) -> Jobs:
        """The same readings, first in first out."""
        return replace(self, line=np.zeros_like(self.line), rank=np.arange(len(self.rank), dtype=np.int64))


class Engine(Protocol):
    """When each reading begins. An officer who is free in a shift takes the reading that waits with the lowest rank, and finishes it; where
    the shift ends meanwhile, in the next one. What arrives at the moment when somebody is free is among those that wait."""

    def __call__(self, jobs: Jobs, calendar: Calendar, officers: int, length: int, until: int) -> Ticks:
        """[n] clock times, NOT_BEGUN from `until` on. length: of one reading, in milliseconds. All officers work the same hours."""
        ...
