"""What repeats of a period tell, against reckoning item by item."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from evalharness.oversight.queues import fast
from evalharness.oversight.queues.arrivals import Pool, draw
from evalharness.oversight.queues.calendar import DAY, HOUR, MINUTE, OFFICE_HOURS, WEEK, shifts
from evalharness.oversight.queues.lines import lines_of
from evalharness.oversight.queues.period import Office, Period
from evalharness.oversight.queues.simulate import NO_ITEM, TOO_LATE, Asked, simulate
from evalharness.records.oversight_bands import Band, Bands, SpotCheck
from evalharness.records.oversight_queue import Queue
from evalharness.records.oversight_work import Work

BANDS = Bands(
    bands=(
        Band(name="first", at_least=0.9, readers=2),
        Band(name="read", selected=True, readers=1),
        Band(name="rest", rest=True, spot_check=SpotCheck(share=0.1, readers=1, blind=True)),
    )
)


def pool_of(count: int = 800) -> Pool:
    rng = np.random.default_rng(3)
    relevant = rng.random(count) < 0.1
    scores = np.clip(rng.normal(0.25 + 0.45 * relevant, 0.2), 0, 1)
    fates = np.where(scores >= 0.9, 0, np.where(scores >= 0.5, 1, 2)).astype(np.int8)
    return Pool(fates=fates, keys=scores, relevant=relevant, low=relevant & (scores < 0.5), top=None)


def office_of(days: int = 14) -> Office:
    calendar = shifts(Work(officers=2, minutes_per_shift=120, shifts_per_week=5))
    return Office(engine=fast.starts, calendar=calendar, length=7 * MINUTE, days=days, followed_days=days // 2)


def queue_of(pool: Pool | None = None, office: Office | None = None, **changes: Any) -> Queue:
    asked: dict[str, Any] = {
        "engine": "fast", "seed": 5, "repeats": 3, "items_per_week": 500, "arrivals": "even", "officers": 2, "minutes_per_review": 7.0,
        "fates": BANDS.fates, "deadlines": (("first", 70.0), ("read", 100.0)), **changes,
    }  # fmt: skip
    return simulate(pool or pool_of(), lines_of(BANDS), office or office_of(), Asked(**asked), lambda _done, _of: None)


def test_percentiles_and_what_is_left_are_those_of_the_items():
    pool, office = pool_of(), office_of()
    queue = queue_of(pool, office)
    late, left, minutes = [], [], []
    for repeat in range(3):
        drawn = draw(len(pool.fates), 500, 14, "even", (5, repeat))
        period = Period(pool, drawn, lines_of(BANDS), office)
        begun = period.read(2)
        waits = []
        for arrived, item, opened in zip(drawn.arrived.tolist(), drawn.item.tolist(), begun.opened.tolist(), strict=True):
            if pool.relevant[item] and arrived < 7 * DAY:
                waits.append((opened - arrived) / HOUR if opened < 14 * DAY else math.inf)
        waits.sort()
        late.append(waits[math.ceil(0.95 * len(waits)) - 1])
        left.append(sum(wait == math.inf for wait in waits))
        minutes.append(7.0 * sum(arrived < 3 * DAY <= start for arrived, start in zip(period.jobs.arrived, begun.jobs, strict=True)))
    told = next(one for one in queue.waits if one.what == "relevant")
    assert [math.inf if one is None else one for one in told.by_bands.p95] == pytest.approx(sorted(late))
    assert [a + b for a, b in zip(told.by_bands.not_reached, told.unread, strict=True)] == left
    assert list(queue.backlog[2].minutes) == sorted(minutes)
    assert queue.backlog[2].pile_minutes == (0.0, 0.0, 0.0)


def test_either_order_begins_as_many_readings_and_only_the_order_differs():
    queue = queue_of()
    everything = queue.waits[0]
    first = next(one for one in queue.waits if one.what == "first")
    assert first.by_bands.p95[1] is not None
    assert first.by_arrival.p95[1] is not None
    assert first.by_bands.p95[1] < first.by_arrival.p95[1]
    assert sum(everything.items) == sum(sum(one.items) for one in queue.waits if one.band)


def test_the_same_arrivals_whatever_the_officers():
    few, many = queue_of(officers=1), queue_of(officers=9)
    assert (few.arrived, few.readings) == (many.arrived, many.readings)
    assert all(a < b for a, b in zip(few.begun, many.begun, strict=True))
    assert [one.items for one in few.waits] == [one.items for one in many.waits]
    assert queue_of(seed=6).arrived != few.arrived
    shared = {row.officers: row for row in few.capacity}
    assert next(row for row in queue_of(officers=2).capacity if row.officers == 2) == shared[2]


def test_the_least_number_of_officers_is_found_from_either_side():
    found = {queue_of(officers=officers).least_officers for officers in (1, 2, 5, 30)}
    assert len(found) == 1
    (least,) = found
    assert least is not None
    assert least > 1
    kept = {officers: {row.officers: row.keeps for row in queue_of(officers=officers).capacity} for officers in (least - 1, least)}
    assert (kept[least][least], kept[least - 1][least - 1]) == (True, False)


def test_deadlines_that_cannot_be_kept_and_those_of_nothing():
    assert (queue_of(deadlines=()).least_officers, queue_of(deadlines=()).least_reason) == (None, "")
    impossible = queue_of(deadlines=(("read", 1.0),))
    assert (impossible.least_officers, impossible.least_reason) == (None, TOO_LATE)
    nothing = queue_of(deadlines=(("to_a_person", 50.0),))
    assert (nothing.least_officers, nothing.least_reason) == (None, NO_ITEM)
    assert {row.keeps for row in nothing.capacity} == {None}


def test_nobody_arrives():
    queue = queue_of(items_per_week=1, office=office_of(days=1), seed=0)
    assert min(queue.arrived) == 0
    assert queue.first_find[2] is None


def test_arrivals_are_spread_as_declared():
    drawn = draw(50, 20_000, 28, "office_hours", (1, 0))
    assert len(drawn.arrived) == pytest.approx(80_000, rel=0.02)
    assert (np.diff(drawn.arrived) >= 0).all()
    rest = drawn.arrived % WEEK
    assert all(
        ((rest >= a) & (rest < b)).sum() == pytest.approx(16_000, rel=0.05)
        for a, b in zip(OFFICE_HOURS.opens, OFFICE_HOURS.closes, strict=True)
    )
    assert np.bincount(drawn.item, minlength=50).min() > 1_400
    assert (drawn.coin < 0.3).mean() == pytest.approx(0.3, abs=0.01)


def test_the_first_find_of_a_shift_is_the_next_relevant_item_opened():
    pool, office = pool_of(), office_of()
    queue = queue_of(pool, office, repeats=1)
    period = Period(pool, draw(len(pool.fates), 500, 14, "even", (5, 0)), lines_of(BANDS), office)
    drawn = draw(len(pool.fates), 500, 14, "even", (5, 0))
    opened = sorted(int(t) for t, item in zip(period.read(2).opened, drawn.item, strict=True) if pool.relevant[item] and t < 14 * DAY)
    minutes = []
    for week in range(2):
        for day in range(5):
            begin = week * WEEK + day * DAY
            following = next((t for t in opened if t >= begin), None)
            minutes.append(math.inf if following is None else office.calendar.worked(np.array([following, begin])))
    told = sorted(value if isinstance(value, float) else (value[0] - value[1]) / MINUTE for value in minutes)
    assert queue.first_find == (pytest.approx(told[4]),) * 3
