"""Called by bench_oversight.py: a month of a large queue, in the order of the bands and by arrival."""

from __future__ import annotations

import time

import numpy as np

from evalharness.oversight.queues import fast
from evalharness.oversight.queues.arrivals import Pool, draw
from evalharness.oversight.queues.calendar import MINUTE, shifts
from evalharness.oversight.queues.lines import lines_of
from evalharness.oversight.queues.period import Office, Period
from evalharness.records.oversight_bands import Band, Bands
from evalharness.records.oversight_work import EVEN, Work

MESSAGES, DAYS, GOAL = 500_000, 30, 30.0
BANDS = Bands(
    bands=(
        Band(name="first", at_least=0.9, readers=2, third_reader=True),
        Band(name="read", selected=True, readers=1),
        Band(name="rest", rest=True, opened_within_days=90),
    )
)
WORK = Work(officers=180, minutes_per_shift=300, shifts_per_week=5)


def missed() -> list[str]:
    """The goal that is missed, in words; prints what was measured."""
    rng = np.random.default_rng(1)
    relevant = rng.random(MESSAGES // 10) < 0.05
    scores = np.clip(rng.normal(0.2 + 0.5 * relevant, 0.2), 0, 1)
    fates = np.where(scores >= 0.9, 0, np.where(scores >= 0.5, 1, 2)).astype(np.int8)
    pool = Pool(fates=fates, keys=scores, relevant=relevant, low=relevant & (scores < 0.5), top=None)
    begun = time.process_time()
    drawn = draw(len(fates), MESSAGES * 7 / DAYS, DAYS, EVEN, (0, 0))
    office = Office(engine=fast.starts, calendar=shifts(WORK), length=3 * MINUTE, days=DAYS, followed_days=23)
    period = Period(pool, drawn, lines_of(BANDS), office)
    orders = [period.read(WORK.officers, by_arrival=by_arrival) for by_arrival in (False, True)]
    told = [period.late(members, read) for read in orders for members in period.classes.values()]
    taken = time.process_time() - begun
    print(f"queue, {period.items:,} messages over {DAYS} days, {len(told)} waits in two orders: {taken:.1f} s CPU (goal {GOAL:g})")
    return [f"queue: {taken:.1f} s, goal {GOAL:g}"] if taken > GOAL else []


if __name__ == "__main__":
    raise SystemExit("\n".join(missed()))
