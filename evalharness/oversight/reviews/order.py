"""In which order people read: early and late in a shift, and in their first and last shifts. Chance does not say what came first."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from evalharness.catalogue.oversight.reviews import ORDER_SHARES
from evalharness.oversight.reviews.kinds import Kinds
from evalharness.oversight.reviews.outcomes import Counting, ways_of
from evalharness.oversight.reviews.readings import Flags, Known, Readings
from evalharness.oversight.reviews.seconds import half_within
from evalharness.records.oversight_reviews import SECOND_EDGES
from evalharness.records.share import ShareRow
from evalharness.tally.share_kinds import KindShare, count_kinds

Long = npt.NDArray[np.int64]
Thirds = npt.NDArray[np.uint8]
FIRST, MIDDLE, LAST = range(3)
IN_SHIFT, OF_SHIFTS = "readings of a shift", "shifts of a reviewer"
_BITS = 63
_SPARSE = 4
"""Places a row that a table of reviewers by shifts may have."""
_FEW = 10_000


def order_of(
    readings: Readings, known: Known, how: Counting, kinds: Kinds, seconds: Thirds
) -> tuple[list[ShareRow], list[dict[str, Any]]]:  # fmt: skip
    """The rows of `catalogue.oversight.reviews.ORDER_SHARES`, and `evidence.oversight.reviews.OrderPart` for each third in either order.

    First readings of labelled items without a seed, that are in the log. seconds: [N] the class of each reading's seconds.
    """
    in_shift, of_shifts = thirds(readings)
    of = kinds.facts
    inside = of.first & ~of.seeded & of.labelled & of.read
    decided = inside & ~of.blind & of.answered & ~of.silent
    coarse = (9 * (8 * inside + 4 * of.right + 2 * decided + of.same)).astype(np.uint16)[kinds.of]
    coarse += in_shift * np.uint8(3) + of_shifts
    number = np.bincount(coarse)
    there = np.flatnonzero(number)
    facts, rest = np.divmod(there, 9)
    places = dict(zip((IN_SHIFT, OF_SHIFTS), np.divmod(rest, 3), strict=True))
    counted, right, shown, same = ((facts >> bit & 1).astype(np.bool_) for bit in (3, 2, 1, 0))
    shares = [
        KindShare(metric=metric.name, part=total & ~right, total=total, rests_on=tuple(how.rests_on))
        for metric, (by, third) in zip(ORDER_SHARES, _ASKED, strict=True)
        for total in (counted & (places[by] == third),)
    ]
    order = np.argsort(coarse, kind="stable")
    rows = count_kinds(shares, number[there], ways_of(readings, known, how, order))
    del order, coarse
    slow = _by_third(in_shift, of_shifts, seconds, readings.read)

    def part(by: str, third: int) -> dict[str, Any]:
        at = places[by] == third
        some = {
            "readings": counted, "right": counted & right, "shown": shown, "override": shown & ~same,
        }  # fmt: skip
        counts = {name: int(number[there[flags & at]].sum()) for name, flags in some.items()}
        return {"by": by, "third": third + 1, **counts, "half_within_seconds": half_within(slow[by][third].tolist())}

    parts = [part(by, third) for by in places for third in range(3)]
    return [row for of_metric in rows.values() for row in of_metric], parts


_ASKED = ((IN_SHIFT, FIRST), (IN_SHIFT, LAST), (OF_SHIFTS, FIRST), (OF_SHIFTS, LAST))
"""What each of ORDER_SHARES is of."""


def thirds(readings: Readings) -> tuple[Thirds, Thirds]:
    """[N] of which third of the reviewer's readings in that shift a reading is; and of which third of the reviewer's shifts the shift is,
    by when it begins. What nobody read is in the middle of both."""
    some = readings.read
    every = bool(some.all())
    reviewer, shift = (codes if every else codes[some] for codes in (readings.reviewer, readings.shift))
    time = readings.time if every else readings.time[some]
    if not len(time):
        return np.full(len(some), MIDDLE, dtype=np.uint8), np.full(len(some), MIDDLE, dtype=np.uint8)
    shifts = int(shift.max()) + 1
    pair = reviewer.astype(np.int64) * shifts + shift
    if int(pair.max()) > _SPARSE * max(len(pair), _FEW):
        distinct, run = np.unique(pair, return_inverse=True)
    else:
        there = np.bincount(pair) > 0
        distinct, run = np.flatnonzero(there).astype(np.int64), (np.cumsum(there) - 1)[pair]
    del pair
    place, begins = thirds_within(run, time - int(time.min()), len(distinct))
    readers, reader = np.unique(distinct // shifts, return_inverse=True)
    of_shift, _ = thirds_within(reader.astype(np.int64), begins, len(readers))
    found = place, of_shift[run]
    return found if every else (_spread(found[0], some), _spread(found[1], some))


def _spread(values: Thirds, some: Flags) -> Thirds:
    found = np.full(len(some), MIDDLE, dtype=np.uint8)
    found[some] = values
    return found


def thirds_within(of: Long, value: Long, number: int) -> tuple[Thirds, Long]:
    """[N] the third of its set that each value is in, and [number] the least value of each set. of: [N] the set, below `number`, none
    empty; value: [N] 0 and up.

    A third of n is of n // 3: the first are those below the next one, the last those above the one before, so what is as great as the first
    or the last of the middle is of the middle, whatever the order of rows. Values that differ by less than 2**-k of their range, k the bits
    that are left beside the sets, are the same.
    """
    needed = int(value.max(initial=0)).bit_length()
    width = min(needed, _BITS - (number - 1).bit_length())
    lost = needed - width
    own = (of.astype(np.int64) << width) + (value >> lost)
    key = np.sort(own)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(key >> width)) + 1])
    ends = np.append(starts[1:], len(key))
    third = (ends - starts) // 3
    found = np.full(len(own), MIDDLE, dtype=np.uint8)
    found[own < key[starts + third][of]] = FIRST
    found[own > key[ends - 1 - third][of]] = LAST
    least: Long = (key[starts] & ((1 << width) - 1)) << lost
    return found, least


def _by_third(in_shift: Thirds, of_shifts: Thirds, seconds: Thirds, read: Flags) -> dict[str, Long]:
    """By order, [3, classes] readings."""
    classes = len(SECOND_EDGES)
    both = (in_shift * np.uint8(3) + of_shifts) * np.uint8(classes) + seconds  # below 9 * 20
    counts = np.bincount(both if read.all() else both[read], minlength=9 * classes).reshape(3, 3, classes)
    return {IN_SHIFT: counts.sum(axis=1), OF_SHIFTS: counts.sum(axis=0)}
