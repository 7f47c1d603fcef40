"""The shape of a simulated queue in an evidence document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from evalharness.evidence.part import Count, Part

NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]


def rising(values: Sequence[float | None]) -> bool:
    """Whether they rise, null being more than any number."""
    return list(values) == sorted(values, key=lambda value: (value is None, value or 0.0))


def _range(value: tuple[float | None, float | None, float | None]) -> tuple[float | None, float | None, float | None]:
    if not rising(value):
        raise ValueError("the least, the middle and the most do not rise")
    return value


RangePart = Annotated[tuple[NotNegative | None, NotNegative | None, NotNegative | None], AfterValidator(_range)]
"""The least over the repeats, the middle one, and the most; null: longer than the period."""
Repeats = Annotated[tuple[Count, ...], Field(min_length=1, max_length=99)]


class InOrderPart(Part):
    """Waits in one order; hours until the first reading begins."""

    not_reached: Repeats
    """To be read, and not begun by the end of the period."""
    median: RangePart
    p95: RangePart


class WaitsPart(Part):
    """Items of one class, or of one band, that arrived in the days that are followed."""

    what: str
    band: bool
    items: Repeats
    unread: Repeats
    """Those that nobody is to read at all."""
    by_bands: InOrderPart
    by_arrival: InOrderPart


class DayEndPart(Part):
    """What waits at the end of a day."""

    day: Annotated[int, Field(ge=1)]
    minutes: RangePart
    pile_minutes: RangePart
    """Of piles that are to be opened within days."""
    relevant: RangePart
    """Relevant items to be read that nobody has opened, in the order of the bands."""
    relevant_by_arrival: RangePart


class CapacityPart(Part):
    """The same arrivals with so many officers, in the order of the bands."""

    officers: Annotated[int, Field(ge=1)]
    minutes: RangePart
    """That wait at the end of the period, piles apart."""
    pile_minutes: RangePart
    classes: dict[str, RangePart]
    """95th percentile of waits."""
    bands: dict[str, RangePart]
    """Likewise, of bands that have a deadline."""
    keeps: bool | None
    """Whether every deadline is kept in every repeat; null where there is none, or no item to keep it for."""


class QueuePart(Part):
    """A simulated period, several times over. Ranges are over the repeats, and no bounds."""

    engine: Literal["fast", "simpy"]
    seed: Count
    days: Annotated[int, Field(ge=1, le=366)]
    followed_days: Annotated[int, Field(ge=1, le=366)]
    items_per_week: Annotated[int, Field(ge=1)]
    arrivals: Literal["even", "office_hours"]
    officers: Annotated[int, Field(ge=1)]
    minutes_per_review: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    arrived: Repeats
    readings: Repeats
    begun: Repeats
    waits: tuple[WaitsPart, ...]
    first_find: RangePart
    """Minutes of work from the beginning of a shift until a relevant item is opened, the median over shifts."""
    first_find_by_arrival: RangePart
    backlog: tuple[DayEndPart, ...]
    deadlines: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]]
    capacity: Annotated[tuple[CapacityPart, ...], Field(min_length=1)]
    least_officers: Annotated[int, Field(ge=1)] | None
    least_reason: str

    def of(self, what: str, *, band: bool = False) -> WaitsPart | None:
        """Waits of a class, or of a band."""
        return next(self._named(what, band=band), None)

    def _named(self, what: str, *, band: bool) -> Iterator[WaitsPart]:
        return (one for one in self.waits if one.what == what and one.band is band)
