"""The shifts of each reviewer, from the times of a log: a shift that is given many names is one shift all the same."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evalharness.oversight.reviews.readings import Ints

HOUR = 3_600_000_000
"""Microseconds."""
REST = 8 * HOUR
"""Readings of one person with less between them are of one shift, whatever its name."""
DAY = 24 * HOUR
"""With the same name, with less than this between them."""
_FITS = 1 << 62
Places = npt.NDArray[np.int64]


def shifts_of(reviewer: Ints, shift: Ints, time: Places) -> Places:
    """[N] codes of the shifts of each reviewer, 0 and up, rising by reviewer and by time.

    reviewer, shift: [N] codes. time: [N] microseconds. A name that comes back another day is another shift; one that changes while the
    person goes on reading is not.
    """
    order = _order(reviewer, time)
    who, name, when = reviewer[order], shift[order], time[order]
    apart = np.diff(when)
    new = (who[1:] != who[:-1]) | (apart >= DAY) | ((apart >= REST) & (name[1:] != name[:-1]))
    found = np.empty(len(order), dtype=np.int64)
    found[order] = np.concatenate([np.zeros(min(1, len(order)), dtype=np.int64), np.cumsum(new)])
    return found


def _order(reviewer: Ints, time: Places) -> Places:
    """By reviewer and time; where both are the same, as they come."""
    if not len(time):
        return np.zeros(0, dtype=np.int64)
    least = int(time.min())
    span = int(time.max()) - least + 1
    if (int(reviewer.max()) + 1) * span >= _FITS:
        return np.lexsort((time, reviewer))
    return np.argsort(reviewer.astype(np.int64) * span + (time - least), kind="stable")
