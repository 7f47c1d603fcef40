"""How often measured minutes would be told to be fewer, or more, than they are: slow reviewers, slow shifts, rare long readings."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pytest

from evalharness.catalogue import EVERY_METRIC
from evalharness.metrics.oversight_minutes import minutes_estimate
from evalharness.oversight.reviews.ladder import ladder_rows
from evalharness.oversight.reviews.outcomes import Counting
from evalharness.oversight.reviews.readings import Known, Readings
from evalharness.oversight.reviews.seconds import classes_of
from evalharness.oversight.workload import reading_row
from evalharness.records import Policy
from evalharness.records.oversight_bands import Band, Bands
from evalharness.records.oversight_reviews import ReviewStudy
from evalharness.records.oversight_work import Work
from evalharness.records.share import AS_LOGGED

REPEATS, ALPHA, SLOWEST, ITEMS, REVIEWERS, SHIFTS = 400, 0.05, 300.0, 600, 12, 5
BANDS = Bands(bands=(Band(name="once", selected=True, readers=1), Band(name="rest", rest=True)))
WORK = Work(officers=1, minutes_per_shift=100, shifts_per_week=5, measured=True)
POLICY = cast(Policy, SimpleNamespace(human_in_the_loop=SimpleNamespace(
    bands=BANDS, work=WORK, items_per_week=1_000, minutes_per_review=1, review_study=ReviewStudy(slowest_seconds=SLOWEST))))  # fmt: skip


def logged(rng: np.random.Generator, of_reviewer: float, of_shift: float, rare: float) -> Readings:
    """Seconds are 12, 40 or 250: as the reviewer, or the shift, has them, or drawn for each reading."""
    reviewer, shift = rng.integers(0, REVIEWERS, ITEMS), rng.integers(0, SHIFTS, ITEMS)
    values, chances = np.array([12.0, 40.0, 250.0]), [0.5, 0.5 - rare, rare]
    own, whole, each = (rng.choice(values, size, p=chances) for size in (REVIEWERS, SHIFTS, ITEMS))
    which = rng.random(ITEMS)
    seconds = np.where(which < of_reviewer, own[reviewer], np.where(which < of_reviewer + of_shift, whole[shift], each))
    no, yes = np.zeros(ITEMS, dtype=np.bool_), np.ones(ITEMS, dtype=np.bool_)
    bytes_ = np.ones(ITEMS, dtype=np.int8)
    return Readings(
        item=np.arange(ITEMS, dtype=np.int32), reviewer=reviewer.astype(np.int32), reading=bytes_, blind=no, seeded=no, shown=bytes_,
        said=bytes_, read=yes, shift=shift.astype(np.int32), seconds=seconds, time=np.arange(ITEMS, dtype=np.int64),
    )  # fmt: skip


@pytest.mark.parametrize(("of_reviewer", "of_shift", "rare"), [(0.0, 0.0, 0.002), (1.0, 0.0, 0.1), (0.0, 1.0, 0.1), (0.5, 0.5, 0.02)])
def test_either_bound_is_wrong_in_at_most_one_of_twenty(of_reviewer: float, of_shift: float, rare: float):
    rng = np.random.default_rng([3, int(of_reviewer * 10), int(of_shift * 10), int(rare * 1_000)])
    ids = pa.array([str(place) for place in range(ITEMS)])
    known = Known(ids=ids, labels=np.ones(ITEMS, dtype=np.int8), decisions=np.ones(ITEMS, dtype=np.int8), words={})
    share, mean = 0.2, 12 * 0.5 + 40 * (0.5 - rare) + 250 * rare
    true = 1_000 * share * mean / 60
    wrong: dict[str, Any] = {"below": 0, "above": 0}
    for _ in range(REPEATS):
        readings = logged(rng, of_reviewer, of_shift, rare)
        rows = ladder_rows(readings, known, Counting(rests_on=(), slowest=SLOWEST), classes_of(readings.seconds), "log")
        load = reading_row(BANDS, (rng.random(2_000) >= share).astype(np.int8), None, measured=True)
        low, high = minutes_estimate(load, rows, EVERY_METRIC["weekly_minutes"], POLICY, 1 - ALPHA).bounds
        assert low is not None
        assert high is not None
        wrong["below"] += high < true
        wrong["above"] += low > true
    assert max(wrong.values()) <= ALPHA * REPEATS + 2.6 * np.sqrt(ALPHA * (1 - ALPHA) * REPEATS), wrong


def test_a_log_of_other_items_than_the_bands_have_read_tells_too_few_minutes_and_says_what_it_rests_on():
    """Selected items, one in five, take 40 seconds and the others 8; the log has items picked at random, the bands read the selected."""
    rng = np.random.default_rng(4)
    ids, share, below = pa.array([str(place) for place in range(ITEMS)]), 0.2, 0
    for _ in range(20):
        chosen = (rng.random(ITEMS) < share).astype(np.int8)
        known = Known(ids=ids, labels=chosen, decisions=chosen, words={})
        readings = replace(logged(rng, 0.0, 0.0, 0.0), seconds=np.where(chosen == 1, 40.0, 8.0), reviewer=np.arange(ITEMS, dtype=np.int32))
        readings = replace(readings, shift=np.arange(ITEMS, dtype=np.int32), time=np.arange(ITEMS, dtype=np.int64) * 86_400_000_000)
        rows = ladder_rows(readings, known, Counting(rests_on=(), slowest=SLOWEST), classes_of(readings.seconds), "log")
        load = reading_row(BANDS, (rng.random(20_000) >= share).astype(np.int8), None, measured=True)
        told = minutes_estimate(load, rows, EVERY_METRIC["weekly_minutes"], POLICY, 1 - ALPHA)
        assert told.rests_on == (AS_LOGGED,)
        high = told.bounds[1]
        assert high is not None
        below += high < 1_000 * share * 40 / 60
    assert below >= 18
