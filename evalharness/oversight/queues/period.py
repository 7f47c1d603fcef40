"""One simulated period: the same arrivals in the order of the bands, in order of arrival, and with other numbers of officers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.oversight.queues.arrivals import Drawn, Pool
from evalharness.oversight.queues.calendar import DAY, HOUR, MINUTE, WEEK, Calendar, Ticks
from evalharness.oversight.queues.jobs import Engine
from evalharness.oversight.queues.lines import Lines, jobs_of
from evalharness.records.oversight_queue import EVERYTHING, LATE, LOW, RELEVANT, TOP
from evalharness.stats.rounding import outward

NEVER = np.iinfo(np.int64).max
Hours = float | None
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """How the work is done."""

    engine: Engine
    calendar: Calendar
    length: int
    """Of one reading, in milliseconds."""
    days: int
    followed_days: int
    """Waits are of what arrives in these first days."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Begun:
    """When what arrived in a period is read, with one order and so many officers. Later than any time: not within the period."""

    jobs: Ticks
    """[readings]"""
    opened: Ticks
    """[items] when the first reading begins."""


class Period:
    """Arrivals of one repeat, and what can be asked of them."""

    def __init__(self, pool: Pool, drawn: Drawn, lines: Lines, office: Office) -> None:
        fates = pool.fates[drawn.item]
        self._office, self._arrived = office, drawn.arrived
        self.jobs, items, self._first = jobs_of(lines, drawn.arrived, fates, pool.keys[drawn.item], drawn.coin)
        self._pile = lines.piles[fates][items]
        self._relevant = pool.relevant[drawn.item]
        followed = drawn.arrived < office.followed_days * DAY
        classes = {EVERYTHING: followed, RELEVANT: followed & self._relevant, LOW: followed & pool.low[drawn.item]}
        if pool.top is not None:
            classes[TOP] = followed & pool.top[drawn.item]
        self.classes = {name: np.flatnonzero(mask) for name, mask in classes.items()}
        self.bands = [np.flatnonzero(followed & (fates == fate)) for fate in range(len(lines.line))]

    @property
    def items(self) -> int:
        """That arrive."""
        return len(self._arrived)

    def read(self, officers: int, *, by_arrival: bool = False) -> Begun:
        """By so many officers, in the order of the bands or in order of arrival."""
        office = self._office
        jobs = self.jobs.in_order_of_arrival() if by_arrival else self.jobs
        begun = office.engine(jobs, office.calendar, officers, office.length, office.days * DAY)
        begun = np.where(begun >= 0, begun, NEVER)
        opened = np.full(len(self._arrived), NEVER, dtype=np.int64)
        read = self._first >= 0
        opened[read] = begun[self._first[read]]
        return Begun(jobs=begun, opened=opened)

    def unread(self, members: Places) -> int:
        """How many of these nobody is to read."""
        return int((self._first[members] < 0).sum())

    def not_reached(self, members: Places, begun: Begun) -> int:
        """How many of these are to be read and are not, within the period."""
        return int((begun.opened[members] == NEVER).sum()) - self.unread(members)

    def wait(self, members: Places, begun: Begun, part: int, of: int) -> Hours:
        """The least number of hours that `part` of `of` of these wait at most until they are opened. None: longer than the period, or there
        are none of these."""
        if not len(members):
            return None
        opened = begun.opened[members]
        place = -(-part * len(members) // of) - 1
        waits = np.where(opened == NEVER, NEVER, opened - self._arrived[members])
        found = int(np.partition(waits, place)[place])
        return None if found == NEVER else outward(found / HOUR)

    def late(self, members: Places, begun: Begun) -> Hours:
        """The 95th percentile of their waits."""
        return self.wait(members, begun, *LATE)

    def first_find(self, begun: Begun) -> float | None:
        """Minutes of work from the beginning of a shift until a relevant item is opened, in half of the shifts at most. None: longer than
        the period. A find belongs to every shift since the one before it."""
        office = self._office
        opened = np.sort(begun.opened[self._relevant & (begun.opened < NEVER)])
        begins = np.array([week * WEEK + opens for week in range(office.days // 7 + 1) for opens in office.calendar.opens], dtype=np.int64)
        begins = begins[begins < office.days * DAY]
        following = np.searchsorted(opened, begins)
        found = np.append(office.calendar.worked(opened), NEVER)[following]
        minutes = np.sort(np.where(found == NEVER, NEVER, found - office.calendar.worked(begins)))
        middle = int(minutes[(len(minutes) - 1) // 2])
        return None if middle == NEVER else outward(middle / MINUTE)

    def waiting(self, begun: Begun, *, piles: bool) -> NDArray[np.float64]:
        """[days] minutes of reading, of the piles or of everything else, that wait at the end of each day."""
        own = self._pile == piles
        left: NDArray[np.float64] = self._left(self.jobs.arrived[own], begun.jobs[own]) * np.float64(self._office.length / MINUTE)
        return left

    def relevant_waiting(self, begun: Begun) -> NDArray[np.int64]:
        """[days] relevant items that are to be read, and that nobody has opened by the end of each day."""
        own = self._relevant & (self._first >= 0)
        return self._left(self._arrived[own], begun.opened[own])

    def _left(self, arrived: Ticks, begun: Ticks) -> NDArray[np.int64]:
        ends = np.arange(1, self._office.days + 1, dtype=np.int64) * DAY
        return np.searchsorted(arrived, ends) - np.searchsorted(np.sort(begun), ends)
