"""Shifts with names of each reviewer's own are told together by their day; shared names stay as they are."""

from __future__ import annotations

import numpy as np
import pytest

from evalharness.oversight.reviews.readings import Readings
from evalharness.oversight.reviews.together import shifts_together

DAY = 86_400_000_000


def readings(reviewer: list[int], shift: list[int], time: list[float], read: list[bool] | None = None) -> Readings:
    number = len(reviewer)
    zero, no = np.zeros(number, dtype=np.int8), np.zeros(number, dtype=np.bool_)
    return Readings(
        item=np.arange(number, dtype=np.int32), reviewer=np.array(reviewer, dtype=np.int32), reading=zero + 1, blind=no, seeded=no,
        shown=zero, said=zero, read=~no if read is None else np.array(read), shift=np.array(shift, dtype=np.int32),
        seconds=np.ones(number), time=(np.array(time) * DAY).astype(np.int64),
    )  # fmt: skip


def alike(of: Readings) -> list[list[int]]:
    codes = shifts_together(of)
    return [np.flatnonzero(codes == code).tolist() for code in dict.fromkeys(codes.tolist())]


@pytest.mark.parametrize(
    ("reviewer", "shift", "time", "together"),
    [
        ([0, 1, 0, 1], [0, 0, 1, 1], [0, 0, 0.5, 0.5], [[0, 1], [2, 3]]),
        ([0, 1, 0, 1], [0, 1, 2, 3], [0, 0.3, 1, 1.2], [[0, 1], [2, 3]]),
        ([0, 0, 1], [0, 0, 1], [0.9, 1.1, 1.1], [[0, 1], [2]]),
        ([0, 1, 2], [0, 0, 1], [0, 0, 0], [[0, 1], [2]]),
        ([], [], [], []),
    ],
    ids=["shared names", "a name for each", "over midnight", "both", "nothing"],
)
def test_shifts_of_one_reviewer_are_told_by_their_day(reviewer: list[int], shift: list[int], time: list[float], together: list[list[int]]):
    assert alike(readings(reviewer, shift, time)) == together


def test_what_nobody_read_stays_as_it_is():
    of = readings([0, 1, 1], [0, 1, 5], [0, 0, 0], [True, True, False])
    assert alike(of) == [[0, 1], [2]]
    assert shifts_together(of)[2] == 5
