"""A log beside the list of what was assigned: what was left out is there as a reading that nobody made."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from evalharness.oversight.reviews.cells import Coded, RowProblems
from evalharness.oversight.reviews.check import Assigned, keys
from evalharness.oversight.reviews.readings import NOTHING, Ints, Known, Readings


def aligned(log: Readings, reviewers: Coded, assigned: Assigned, known: Known, where: str) -> Readings:
    """One reading for each that was assigned, in that order.

    Raises BadInput for rows of the log that nobody assigned, that were assigned blind and are not, or seeded and are not.
    """
    theirs = _codes_among(reviewers, assigned.reviewer)
    mine = keys(log.item, np.maximum(theirs, 0), len(assigned.reviewer.texts), log.reading)
    asked = keys(assigned.item, assigned.reviewer.codes, len(assigned.reviewer.texts), assigned.reading)
    order = np.argsort(mine, kind="stable")
    sorted_keys = mine[order]
    asked_order = np.argsort(asked, kind="stable")
    place = np.searchsorted(sorted_keys, asked[asked_order])
    hit = (place < len(mine)) & (sorted_keys[np.minimum(place, len(mine) - 1)] == asked[asked_order])
    row = np.full(len(asked), NOTHING, dtype=np.int64)
    row[asked_order[hit]] = order[place[hit]]
    at = np.flatnonzero(row >= 0)
    problems = RowProblems(where)
    met = np.zeros(log.number, dtype=np.bool_)
    met[row[at]] = True
    problems.add(
        ~met | (theirs < 0), "nobody assigned this reading", got=reviewers.text, hint="what was assigned is listed before anybody reads"
    )
    for name, told, was in (("blind", log.blind, assigned.blind), ("seeded", log.seeded, assigned.seeded)):
        other = told[row[at]] != was[at]
        problems.add(row[at][other].tolist(), f"it was not assigned so: {name}", expected="as the list of what was assigned has it")
    problems.raise_if_any()
    return _taken(log, assigned, row, known)


def _codes_among(reviewers: Coded, assigned: Coded) -> Ints:
    """[N] the code of each row's reviewer among the assigned; -1 for nobody who was."""
    places = pc.fill_null(pc.index_in(reviewers.texts, value_set=assigned.texts), NOTHING).to_numpy(zero_copy_only=False)
    found: Ints = places.astype(np.int32)[reviewers.codes]
    return found


def _taken(log: Readings, assigned: Assigned, row: npt.NDArray[np.int64], known: Known) -> Readings:
    read = row >= 0
    at = np.maximum(row, 0)
    shifts = int(log.shift.max(initial=0)) + 1
    return Readings(
        item=assigned.item,
        reviewer=assigned.reviewer.codes,
        reading=assigned.reading,
        blind=assigned.blind,
        seeded=assigned.seeded,
        shown=np.where(read, log.shown[at], known.decisions[assigned.item]),
        said=np.where(read, log.said[at], np.int8(NOTHING)),
        read=read,
        shift=np.where(read, log.shift[at], shifts + assigned.reviewer.codes).astype(np.int32),
        seconds=np.where(read, log.seconds[at], np.nan),
        time=np.where(read, log.time[at], 0),
        opened=None if log.opened is None else np.where(read, log.opened[at], 0),
        views=None if log.views is None else np.where(read, log.views[at], 0).astype(np.int32),
    )
