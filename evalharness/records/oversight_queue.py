"""What a simulated queue tells: counts by repeat, and ranges over the repeats. None of it is a bound."""

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[float | None, float | None, float | None]
"""The least over the repeats, the middle one, and the most; None: longer than the period, and more than any number; of waits
also where there was no such item in the repeat."""
LATE = (95, 100)
"""Of so many in a hundred items it is asked how long they wait at most."""
EVERYTHING, RELEVANT, LOW, TOP = "everything", "relevant", "relevant_ranked_low", "top_class"
TASKS = ("binary", "ordinal", "risk")
"""Whose items have a fate of their own; leads compete for the budget of their day, and pairs have no arrival."""
REPEATS, SEED = 3, 0
"""Of the simulation that belongs to a run: nobody picks them."""
_ITEMS, _RANKED = 100_000, 30_000
_WEEK, _MOST_DAYS = 7, 28


def days_with_a_run(items_per_week: int, ranked: int, of: int) -> int:
    """Days that are simulated with a run: at most four weeks, as many as it has time for; 0 where one week has too many items.

    ranked: of so many items of the run, those in bands with readers. An order by score takes longer than one by arrival; two weeks it gets
    all the same, so that the days that are followed have a weekend.
    """
    days = _ITEMS * _WEEK // items_per_week
    if days < _WEEK:
        return 0
    read = items_per_week * ranked
    return max(min(2 * _WEEK, days), min(_MOST_DAYS, days, _RANKED * _WEEK * of // read if read else _MOST_DAYS))


def followed_of(days: int) -> int:
    """Waits are of what arrives up to a week before the end, so that it can still be reached; of short periods, of the first half."""
    return max(days - _WEEK, (days + 1) // 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class InOrder:
    """Waits of one kind of item in one order."""

    not_reached: tuple[int, ...]
    """By repeat: to be read, and not begun by the end of the period."""
    median: Range
    """Hours until the first reading begins, of all of them, read or not."""
    p95: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Items of one class, or of one band, that arrived in the days that are followed."""

    what: str
    band: bool
    """Whether `what` is a band, and not a class."""
    items: tuple[int, ...]
    """By repeat."""
    unread: tuple[int, ...]
    """By repeat: those that nobody is to read at all."""
    by_bands: InOrder
    by_arrival: InOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEnd:
    """What waits at the end of a day."""

    day: int
    """From 1."""
    minutes: Range
    """Of readings before anything is decided, and of spot checks."""
    pile_minutes: Range
    """Of piles that are to be opened within days."""
    relevant: Range
    """Relevant items that are to be read and nobody has opened yet, in the order of the bands."""
    relevant_by_arrival: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffed:
    """The same arrivals with another number of officers, in the order of the bands."""

    officers: int
    minutes: Range
    """Of reading, piles apart, that wait at the end of the period."""
    pile_minutes: Range
    classes: tuple[tuple[str, Range], ...]
    """By class, the 95th percentile of waits."""
    bands: tuple[tuple[str, Range], ...]
    """Likewise by band that has a deadline."""
    keeps: bool | None
    """Whether every deadline is kept in every repeat; None where there is none to keep, or no item to keep it for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A simulated period."""

    engine: str
    seed: int
    days: int
    followed_days: int
    """Waits are of items that arrived in these first days; what arrives later stands in their way."""
    items_per_week: int
    arrivals: str
    officers: int
    minutes_per_review: float
    arrived: tuple[int, ...]
    """Items, by repeat."""
    readings: tuple[int, ...]
    """That they are to get."""
    begun: tuple[int, ...]
    """Of these, within the period: the same in either order."""
    waits: tuple[Waits, ...]
    first_find: Range
    """Minutes of work from the beginning of a shift until a relevant item is opened, the median over shifts, in the order of the bands."""
    first_find_by_arrival: Range
    backlog: tuple[DayEnd, ...]
    deadlines: tuple[tuple[str, float], ...]
    capacity: tuple[Staffed, ...]
    """Rising numbers of officers."""
    least_officers: int | None
    """That keep every deadline; None where none was asked for, or `least_reason` says why."""
    least_reason: str
