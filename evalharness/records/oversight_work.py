"""The people that there are for the reading, and how much of it the bands of a policy make."""

from __future__ import annotations

import math
from dataclasses import dataclass

from evalharness.records.oversight_bands import Band, Bands

MINUTES = "declared: minutes"
EVEN, IN_OFFICE_HOURS = "even", "office_hours"
"""How items arrive through the week."""
_PARTS = 100
"""Readings are counted in hundredths: a spot check reads a share of its band. Less than a hundredth counts as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a policy declares of those who read."""

    officers: int
    minutes_per_shift: float
    """Of reading, for one officer."""
    shifts_per_week: float
    """Of one officer."""
    measured: bool = False
    """Whether the minutes of a reading come from a review log; else they are declared."""
    arrivals: str = EVEN
    """For the queue: EVEN through the week, or IN_OFFICE_HOURS."""
    deadlines: tuple[tuple[str, float], ...] = ()
    """By band: hours within which its items are to be opened; in the order of their names."""

    @property
    def shifts_a_day(self) -> int:
        """As few as suffice."""
        return max(1, math.ceil(self.shifts_per_week / 7))

    @property
    def fits_the_day(self) -> bool:
        """Whether a day has time for so many shifts one after the other."""
        return self.minutes_per_shift * self.shifts_a_day <= 24 * 60

    @property
    def minutes_each(self) -> float:
        """Of one officer in a week."""
        return self.minutes_per_shift * self.shifts_per_week

    @property
    def minutes(self) -> float:
        """Of all of them in a week."""
        return self.officers * self.minutes_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """How often an item of each fate is read, in equal parts of a reading."""

    by_fate: tuple[int, ...]
    """In the order of the fates."""
    most: int
    """The largest of them."""
    parts: int
    """Parts in one reading."""


def readings_of(bands: Bands) -> Readings:
    """A third reader, where there may be one, reads every item; a pile that is to be opened is opened whole."""
    hundredths = [*(_hundredths(band) for band in bands.bands), _PARTS]
    common = math.gcd(*hundredths, _PARTS)
    return Readings(by_fate=tuple(one // common for one in hundredths), most=max(hundredths) // common, parts=_PARTS // common)


def _hundredths(band: Band) -> int:
    if band.readers:
        return _PARTS * (band.readers + band.third_reader)
    if band.opened_within_days is not None:
        return _PARTS
    check = band.spot_check
    return 0 if check is None else math.ceil(round(_PARTS * check.share * check.readers, 9))
