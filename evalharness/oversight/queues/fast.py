"""The queue without a clock.

All readings take equally long, so *when* an officer begins one does not depend on *which* one: the moments are those of first in first out,
`begin(k) = max(arrival(k), begin(k - officers) + length)`. Each line then takes the earliest moments that the lines before it have left.
"""

from __future__ import annotations

import heapq

import numpy as np

from evalharness.oversight.queues.calendar import Calendar, Ticks
from evalharness.oversight.queues.jobs import NOT_BEGUN, Jobs

_NEVER = np.iinfo(np.int64).max // 4


def starts(jobs: Jobs, calendar: Calendar, officers: int, length: int, until: int) -> Ticks:
    """As `jobs.Engine`. Time and memory grow with the readings, and not with officers or days."""
    worked = calendar.worked(jobs.arrived)
    taken = _taken(jobs, worked, moments(worked, officers, length))
    inside = taken < calendar.worked(np.array([until], dtype=np.int64))  # beyond, the clock could leave what an integer holds
    begun = np.full(len(taken), NOT_BEGUN, dtype=np.int64)
    begun[inside] = calendar.at(taken[inside])
    return begun


def moments(arrived: Ticks, officers: int, length: int) -> Ticks:
    """[n] rising: when somebody begins a reading, in the time of `arrived` (rising)."""
    count = len(arrived)
    if officers >= count:
        return arrived
    rows = -(-count // officers)
    table = np.full(rows * officers, _NEVER, dtype=np.int64)
    table[:count] = arrived
    before = (np.arange(rows, dtype=np.int64) * length)[:, None]
    table = table.reshape(rows, officers) - before
    np.maximum.accumulate(table, axis=0, out=table)
    return (table + before).ravel()[:count]


def _taken(jobs: Jobs, worked: Ticks, free: Ticks) -> Ticks:
    """[n] the moment that each reading gets."""
    found = np.empty_like(worked)
    lines = np.unique(jobs.line)
    for line in lines:
        own = np.arange(len(worked)) if len(lines) == 1 else np.flatnonzero(jobs.line == line)
        arrived, rank = worked[own], jobs.rank[own]
        counted = np.arange(len(own))
        places = np.maximum.accumulate(np.searchsorted(free, arrived) - counted) + counted
        moments_of_line = free[places]
        left = np.ones(len(free), dtype=np.bool_)
        left[places] = False
        free = free[left]
        found[own] = moments_of_line if np.all(rank[1:] > rank[:-1]) else _by_rank(arrived, moments_of_line, rank)
    return found


def _by_rank(arrived: Ticks, free: Ticks, rank: Ticks) -> Ticks:
    """[m] the moment that each reading gets, where at every moment the lowest rank that waits is taken."""
    order = np.argsort(rank)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    places, here = place.tolist(), np.searchsorted(arrived, free, side="right").tolist()
    waiting: list[int] = []
    push, pop, exchange = heapq.heappush, heapq.heappop, heapq.heappushpop
    taken, come = [], 0
    for upto in here:
        if come == upto:
            taken.append(pop(waiting))
            continue
        while come < upto - 1:
            push(waiting, places[come])
            come += 1
        taken.append(exchange(waiting, places[come]))
        come = upto
    found = np.empty_like(free)
    found[order[np.array(taken, dtype=np.int64)]] = free
    return found
