"""The same queue, told as it happens: officers who come, take, read and leave, in SimPy. Slow, and easy to follow."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from evalharness.errors import bad_input
from evalharness.oversight.queues.calendar import WEEK, Calendar, Ticks
from evalharness.oversight.queues.jobs import NOT_BEGUN, Jobs

if TYPE_CHECKING:
    from types import ModuleType

_HINT = "pip install 'evalharness[queues]'"


def simpy_package() -> ModuleType:
    """Raises BadInput where SimPy is not installed."""
    try:
        import simpy  # noqa: PLC0415  optional
    except ImportError:
        raise bad_input("the engine needs the package simpy, which is not installed", where="--engine", got="simpy", hint=_HINT) from None
    return simpy


def starts(jobs: Jobs, calendar: Calendar, officers: int, length: int, until: int) -> Ticks:
    """As `jobs.Engine`. Raises BadInput where SimPy is not installed."""
    env = simpy_package().Environment()
    office = _Office(env, jobs, calendar, length)
    env.process(office.arrivals())
    for _ in range(min(officers, len(jobs.arrived))):
        env.process(office.officer())
    env.run(until=until)
    return office.begun


class _Office:
    def __init__(self, env: Any, jobs: Jobs, calendar: Calendar, length: int) -> None:
        self._env, self._calendar, self._length = env, calendar, length
        self._arrived, self._rank = jobs.arrived.tolist(), jobs.rank.tolist()
        self._waiting: list[tuple[int, int]] = []
        self._idle: list[Any] = []
        self.begun = np.full(len(jobs.arrived), NOT_BEGUN, dtype=np.int64)

    def arrivals(self) -> Iterator[Any]:
        """All that come at one moment come together."""
        at = 0
        while at < len(self._arrived):
            yield self._env.timeout(self._arrived[at] - self._env.now)
            while at < len(self._arrived) and self._arrived[at] == self._env.now:
                heapq.heappush(self._waiting, (self._rank[at], at))
                at += 1
                if self._idle:
                    self._idle.pop().succeed()

    def officer(self) -> Iterator[Any]:
        """Works in shifts, for ever."""
        while True:
            yield from self._on_shift()
            yield self._env.timeout(0)  # whatever arrives at this very moment comes first
            if not self._waiting:
                called = self._env.event()
                self._idle.append(called)
                yield called
                continue
            _, job = heapq.heappop(self._waiting)
            self.begun[job] = self._env.now
            left = self._length
            while left:
                yield from self._on_shift()
                here = min(left, self._closes() - self._env.now)
                yield self._env.timeout(here)
                left -= here

    def _on_shift(self) -> Iterator[Any]:
        week, rest = divmod(self._env.now, WEEK)
        place = bisect_right(self._calendar.opens, rest) - 1
        if place >= 0 and rest < self._calendar.closes[place]:
            return
        following = (place + 1) % len(self._calendar.opens)
        yield self._env.timeout((week + (following == 0 and place >= 0)) * WEEK + self._calendar.opens[following] - self._env.now)

    def _closes(self) -> int:
        week, rest = divmod(self._env.now, WEEK)
        return int(week * WEEK + self._calendar.closes[bisect_right(self._calendar.opens, rest) - 1])
