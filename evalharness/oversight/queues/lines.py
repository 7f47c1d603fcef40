"""From the bands of a policy: how often an item of each fate is read, and before or after which others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.oversight.queues.calendar import DAY, Ticks
from evalharness.oversight.queues.jobs import Jobs
from evalharness.records.oversight_bands import Bands

UNREAD = -1
"""In place of the first reading of an item that nobody reads."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """[fates] each. Bands with readers come first, in the policy's order; what goes to a person comes behind the first of them, as nobody
    knows how grave it is; then spot checks; then the piles that are to be opened within days, by the day when that is over."""

    line: NDArray[np.int8]
    readings: NDArray[np.int64]
    share: NDArray[np.float64]
    """Of the items that are read at all."""
    due: Ticks
    """Time until an item of a pile is to be opened; 0 where that is no matter."""
    by_key: NDArray[np.bool_]
    """Whether the item with the highest key goes first; otherwise the earliest."""

    @property
    def piles(self) -> NDArray[np.bool_]:
        """[fates] whether it is a pile."""
        return self.due > 0


def lines_of(bands: Bands) -> Lines:
    """As many readings as `reading_load` counts: a third reader, where there may be one, reads every item."""
    read = [band.readers > 0 for band in bands.bands]
    first = read.index(True) if True in read else -1
    spots, piles = 2 * len(read) + 1, 2 * len(read) + 2
    line, readings, share, due = [], [], [], []
    for at, band in enumerate(bands.bands):
        check, days = band.spot_check, band.opened_within_days
        pile = not band.readers and days is not None
        spot = check if not band.readers and days is None else None
        line.append(2 * at if band.readers else piles if pile else spots)
        readings.append(band.readers + band.third_reader if band.readers else 1 if pile else 0 if spot is None else spot.readers)
        share.append(1.0 if spot is None else spot.share)
        due.append((days or 0) * DAY if pile else 0)
    return Lines(
        line=np.array([*line, 2 * first + 1], dtype=np.int8), readings=np.array([*readings, 1], dtype=np.int64),
        share=np.array([*share, 1.0]), due=np.array([*due, 0], dtype=np.int64), by_key=np.array([*read, False]),
    )  # fmt: skip


def jobs_of(
    lines: Lines, arrived: Ticks, fates: NDArray[np.int8], keys: NDArray[np.float64], coins: NDArray[np.float64]
) -> tuple[Jobs, NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """The readings of n items in order of arrival; of each reading its item; of each item its first reading, UNREAD where there is none.

    keys: an item with a higher one goes first in its band. coins: evenly between 0 and 1; a spot check takes the items below its share.
    Readings of one item follow one another, as officers are free.
    """
    times = np.where(coins < lines.share[fates], lines.readings[fates], 0)
    first = np.where(times > 0, np.cumsum(times) - times, UNREAD)
    items = np.repeat(np.arange(len(arrived)), times)
    own = fates[items]
    line, due = lines.line[own], lines.due[own]
    second = np.where(lines.by_key[own], -keys[items], 0.0) + np.where(due > 0, arrived[items] + due, 0)
    rank = np.empty(len(items), dtype=np.int64)
    rank[np.lexsort((second, line))] = np.arange(len(items))
    return Jobs(arrived=arrived[items], line=line, rank=rank), items, first
