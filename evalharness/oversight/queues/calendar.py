"""Hours of the week in which something happens: work, or arrivals. Times are whole milliseconds from Monday, 08:00."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import Fault
from evalharness.records.oversight_work import Work

Ticks = NDArray[np.int64]
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Open hours that are the same every week, in order and apart; one may end where the next begins.

    Time that is open is counted: `worked` goes from the clock to it, `at` back to the earliest moment that is not yet over. What begins
    when a shift is over begins with the next one.
    """

    opens: tuple[int, ...]
    closes: tuple[int, ...]

    @classmethod
    def of(cls, hours: Sequence[tuple[int, int]]) -> Calendar:
        """Raises Fault for hours that are empty, overlap, or leave the week."""
        edges = [edge for pair in hours for edge in pair]
        if not edges or edges != sorted(edges) or edges[0] < 0 or edges[-1] > WEEK or any(a == b for a, b in hours):
            raise Fault("hours of a week must be in order, and each longer than nothing")
        return cls(opens=tuple(a for a, _ in hours), closes=tuple(b for _, b in hours))

    @property
    def each_week(self) -> int:
        """Open time of one week."""
        return sum(self.closes) - sum(self.opens)

    def worked(self, times: Ticks) -> Ticks:
        """Open time before each of these."""
        opens, lengths, before = self._arrays()
        week, rest = np.divmod(times, WEEK)
        place = np.searchsorted(opens, rest, side="right") - 1
        inside = np.minimum(rest - opens[place], lengths[place]) + before[place]
        return week * self.each_week + np.where(place >= 0, inside, 0)

    def at(self, worked: Ticks) -> Ticks:
        """The last moment with so much open time before it that is open itself."""
        opens, lengths, before = self._arrays()
        week, rest = np.divmod(worked, self.each_week)
        place = np.searchsorted(before + lengths, rest, side="right")
        return week * WEEK + opens[place] + rest - before[place]

    def _arrays(self) -> tuple[Ticks, Ticks, Ticks]:
        opens, closes = (np.array(one, dtype=np.int64) for one in (self.opens, self.closes))
        lengths = closes - opens
        return opens, lengths, np.cumsum(lengths) - lengths


ALWAYS = Calendar(opens=(0,), closes=(WEEK,))
OFFICE_HOURS = Calendar.of([(day * DAY, day * DAY + 10 * HOUR) for day in range(5)])
"""Monday to Friday, 08:00 to 18:00."""


def shifts(work: Work) -> Calendar:
    """Those of an officer, the same ones for all: from Monday on, the first of a day at 08:00 and the others evenly after it. Half a shift
    is half as long. Raises Fault where they do not fit into the day."""
    if not work.fits_the_day:
        raise Fault("shifts that do not fit into the day")
    apart, whole = DAY // work.shifts_a_day, math.ceil(work.shifts_per_week)
    hours = []
    for number in range(whole):
        start = number // work.shifts_a_day * DAY + number % work.shifts_a_day * apart
        length = round(work.minutes_per_shift * MINUTE * min(1.0, work.shifts_per_week - number))
        hours.append((start, start + min(apart, max(1, length))))
    return Calendar.of(hours)
