"""Which readings are of one shift: names of shifts are the log's own, and one for each reviewer would hide a day that is bad for all."""

from __future__ import annotations

import numpy as np

from evalharness.oversight.reviews.readings import Ints, Readings

_DAY = 86_400_000_000
"""Microseconds."""


def shifts_together(readings: Readings) -> Ints:
    """[N] codes of shifts. Shifts whose name only one reviewer has are one where they begin on the same day (UTC); what nobody read stays
    as it is."""
    made = np.flatnonzero(readings.read)
    name, reviewer = readings.shift[made], readings.reviewer[made]
    if not len(made):
        return readings.shift
    some = np.zeros(int(name.max()) + 1, dtype=np.int64)
    some[name] = reviewer  # any one of those who have it
    shared = np.zeros(len(some), dtype=np.bool_)
    shared[name[reviewer != some[name]]] = True
    alone = ~shared[name]
    if not alone.any():
        return readings.shift
    begins = np.full(len(some), np.iinfo(np.int64).max)
    np.minimum.at(begins, name[alone], readings.time[made[alone]])
    _, day = np.unique(begins[name[alone]] // _DAY, return_inverse=True)
    found = readings.shift.copy()
    found[made[alone]] = day + int(readings.shift.max()) + 1
    return found
