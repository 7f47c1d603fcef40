"""A log beside the list of what was assigned: what was left out is there as a reading that nobody made."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from evalharness.oversight.reviews.cells import Coded, RowProblems
from evalharness.oversight.reviews.check import Assigned, Keys, keys
from evalharness.oversight.reviews.readings import NOTHING, Flags, Ints, Known, Readings

_BLIND, _SEEDED = 2, 1
_KINDS = 4


def aligned(log: Readings, reviewers: Coded, assigned: Assigned, known: Known, where: str) -> Readings:
    """The readings of the log in their order, and behind them those that were assigned and are not in it.

    Raises BadInput for rows of the log that nobody assigned, that were assigned blind and are not, or seeded and are not.
    """
    number = len(assigned.reviewer.texts)
    reviewer = _codes_among(reviewers, assigned.reviewer)
    asked = _kinds(keys(assigned.item, assigned.reviewer.codes, number, assigned.reading), assigned.blind, assigned.seeded)
    asked.sort()
    mine = _kinds(keys(log.item, np.maximum(reviewer, 0), number, log.reading), log.blind, log.seeded)
    mine.sort()
    unread = asked[:0] if np.array_equal(mine, asked) else asked[~_met(asked, mine)]
    if (reviewer < 0).any() or len(unread) + len(mine) != len(asked):
        mine = _kinds(keys(log.item, np.maximum(reviewer, 0), number, log.reading), log.blind, log.seeded)
        _refuse(mine, asked, reviewer < 0, reviewers, where)
    del mine, asked
    return _with_unread(replace(log, reviewer=reviewer), unread, number, known)


def _met(asked: Keys, mine: Keys) -> Flags:
    """Which of the rising keys `asked` are among the rising `mine`."""
    place = np.searchsorted(mine, asked)
    np.minimum(place, len(mine) - 1, out=place)
    met: Flags = mine[place] == asked
    return met


def _codes_among(reviewers: Coded, assigned: Coded) -> Ints:
    """[N] the code of each row's reviewer among the assigned; -1 for nobody who was."""
    places = pc.fill_null(pc.index_in(reviewers.texts, value_set=assigned.texts), NOTHING).to_numpy(zero_copy_only=False)
    found: Ints = places.astype(np.int32)[reviewers.codes]
    return found


def _kinds(key: Keys, blind: Flags, seeded: Flags) -> Keys:
    """A number for each reading and how it was to be made."""
    key *= _KINDS
    key += _BLIND * blind
    key += _SEEDED * seeded
    return key


def _refuse(mine: Keys, asked: Keys, unknown: Flags, reviewers: Coded, where: str) -> None:
    """Raises BadInput: some row was not assigned, or otherwise."""
    problems = RowProblems(where)
    reading = unknown | ~np.isin(mine // _KINDS, asked // _KINDS)
    problems.add(
        reading, "nobody assigned this reading", got=reviewers.text, hint="what was assigned is listed before anybody reads",
    )  # fmt: skip
    problems.add(
        ~reading & ~np.isin(mine, asked), "it was not assigned so", got=lambda row: _words(int(mine[row])),
        expected="shown or blind, and seeded or not, as the list of what was assigned has it",
    )  # fmt: skip
    problems.raise_if_any()


def _words(key: int) -> str:
    return f"{'blind' if key & _BLIND else 'shown'}{', seeded' if key & _SEEDED else ''}"


def _with_unread(log: Readings, unread: Keys, reviewers: int, known: Known) -> Readings:
    """The log, and readings that nobody made: no decision, no time, and a shift for each reviewer."""
    if not len(unread):
        return log
    rest, kind = np.divmod(unread, _KINDS)
    rest, reading = np.divmod(rest, 4)
    item, reviewer = (part.astype(np.int32) for part in np.divmod(rest, reviewers))
    size, shifts = len(unread), int(log.shift.max(initial=0)) + 1
    zero: npt.NDArray[np.int64] = np.zeros(size, dtype=np.int64)
    return Readings(
        item=np.concatenate([log.item, item]),
        reviewer=np.concatenate([log.reviewer, reviewer]),
        reading=np.concatenate([log.reading, reading.astype(np.int8)]),
        blind=np.concatenate([log.blind, (kind & _BLIND) > 0]),
        seeded=np.concatenate([log.seeded, (kind & _SEEDED) > 0]),
        shown=np.concatenate([log.shown, known.decisions[item]]),
        said=np.concatenate([log.said, np.full(size, NOTHING, dtype=np.int8)]),
        read=np.concatenate([log.read, np.zeros(size, dtype=np.bool_)]),
        shift=np.concatenate([log.shift, shifts + reviewer]),
        seconds=np.concatenate([log.seconds, np.full(size, np.nan, dtype=log.seconds.dtype)]),
        time=np.concatenate([log.time, zero]),
        opened=None if log.opened is None else np.concatenate([log.opened, zero]),
        views=None if log.views is None else np.concatenate([log.views, zero.astype(np.int32)]),
    )
