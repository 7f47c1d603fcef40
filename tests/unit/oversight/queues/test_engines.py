"""When readings begin: without a clock, in SimPy, and minute by minute by hand; and what queueing theory says."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.errors import BadInput
from evalharness.oversight.queues import fast, simpy_engine
from evalharness.oversight.queues.calendar import ALWAYS, DAY, HOUR, MINUTE, WEEK, Calendar, shifts
from evalharness.oversight.queues.jobs import NOT_BEGUN, Jobs
from evalharness.records.oversight_work import Work


def shifts_of(minutes: float, per_week: float) -> Calendar:
    return shifts(Work(officers=1, minutes_per_shift=minutes, shifts_per_week=per_week))


def jobs_of(arrived: list[int], line: list[int], key: list[int]) -> Jobs:
    """Times are rising; in a line the higher key goes first."""
    rank = np.empty(len(arrived), dtype=np.int64)
    rank[np.lexsort((-np.array(key), np.array(line)))] = np.arange(len(arrived))
    return Jobs(arrived=np.array(arrived, dtype=np.int64), line=np.array(line, dtype=np.int8), rank=rank)


@st.composite
def queues(draw: st.DrawFn) -> tuple[Jobs, Calendar, int, int]:
    """In whole quarters of an hour, shifts too, so that much happens at the same moment."""
    count = draw(st.integers(0, 40))
    arrived = sorted(draw(st.lists(st.integers(0, 9 * 96), min_size=count, max_size=count)))
    line = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    key = draw(st.lists(st.integers(0, 5), min_size=count, max_size=count))
    calendar = shifts_of(draw(st.sampled_from([60, 330, 720, 1440])), draw(st.sampled_from([0.5, 1, 5, 7])))
    quarter = 15 * MINUTE
    return jobs_of([at * quarter for at in arrived], line, key), calendar, draw(st.integers(1, 4)), draw(st.integers(1, 30)) * quarter


def by_hand(jobs: Jobs, calendar: Calendar, officers: int, length: int, until: int) -> list[int]:
    """A clock that ticks four times an hour, and officers with a number of ticks left."""
    quarter = 15 * MINUTE
    begun, left, waiting = [NOT_BEGUN] * len(jobs.arrived), [0] * officers, set(range(len(jobs.arrived)))
    for now in range(0, until, quarter):
        if not any(a <= now % WEEK < b for a, b in zip(calendar.opens, calendar.closes, strict=True)):
            continue
        for officer in range(officers):
            here = [job for job in waiting if jobs.arrived[job] <= now]
            if not left[officer] and here:
                job = min(here, key=lambda one: jobs.rank[one])
                waiting.remove(job)
                begun[job], left[officer] = now, length // quarter
            left[officer] = max(0, left[officer] - 1)
    return begun


@settings(max_examples=120)
@given(queues())
def test_three_ways_to_the_same_moments(given_queue: tuple[Jobs, Calendar, int, int]):
    jobs, calendar, officers, length = given_queue
    for order in (jobs, jobs.in_order_of_arrival()):
        expected = by_hand(order, calendar, officers, length, 10 * DAY)
        assert fast.starts(order, calendar, officers, length, 10 * DAY).tolist() == expected
        assert simpy_engine.starts(order, calendar, officers, length, 10 * DAY).tolist() == expected


@settings(max_examples=80)
@given(
    st.lists(st.tuples(st.integers(0, 9 * DAY), st.integers(0, 2), st.integers(0, 3)), max_size=40), st.floats(0.001, 1440),
    st.floats(0.01, 7), st.integers(1, 4), st.integers(1, 5 * HOUR),
)  # fmt: skip
def test_both_engines_agree_to_the_last_millisecond(
    items: list[tuple[int, int, int]], minutes: float, per_week: float, officers: int, length: int
):
    jobs = jobs_of(*([item[at] for item in sorted(items)] for at in range(3)))
    calendar = shifts_of(minutes, per_week)
    for order in (jobs, jobs.in_order_of_arrival()):
        begun = [engine(order, calendar, officers, length, 30 * DAY).tolist() for engine in (fast.starts, simpy_engine.starts)]
        assert begun[0] == begun[1]


@settings(max_examples=60)
@given(queues(), st.randoms(use_true_random=False))
def test_every_order_does_the_same_work_and_waits_as_long_in_sum(given_queue: tuple[Jobs, Calendar, int, int], luck: object):
    """Kleinrock's conservation law: with readings of one length, any order only moves waiting from one item to another."""
    jobs, calendar, officers, length = given_queue
    shuffled = np.array(luck.sample(range(len(jobs.rank)), len(jobs.rank)), dtype=np.int64)  # type: ignore[attr-defined]
    other = Jobs(arrived=jobs.arrived, line=np.zeros_like(jobs.line), rank=shuffled)
    for until in (3 * DAY, 10_000 * DAY):
        found = [fast.starts(order, calendar, officers, length, until) for order in (jobs, jobs.in_order_of_arrival(), other)]
        assert len({tuple(sorted(one.tolist())) for one in found}) == 1
        if until > 3 * DAY:
            assert len({int((one - jobs.arrived).sum()) for one in found}) == 1
            assert all((one >= jobs.arrived).all() for one in found)


def test_the_wait_of_one_officer_is_that_of_the_textbook():
    """M/D/1: rho / (2 (1 - rho)) readings on average (Pollaczek and Khinchine), in any order; here rho is .7."""
    rng, length = np.random.default_rng(1), 10 * MINUTE
    count = 400_000
    arrived = np.cumsum(rng.exponential(length / 0.7, count)).astype(np.int64)
    begun = fast.starts(jobs_of(arrived.tolist(), [0] * count, [0] * count), ALWAYS, 1, length, int(arrived[-1]) * 2)
    assert (begun - arrived).mean() / length == pytest.approx(0.7 / (2 * 0.3), rel=0.02)


def test_two_classes_wait_as_the_textbook_says():
    """Cobham: W_1 = R / (1 - rho_1), W_2 = W_1 / (1 - rho) with R = rho / 2 readings, one officer; here rho_1 is .3 and rho .8."""
    rng, length, count = np.random.default_rng(2), 10 * MINUTE, 400_000
    arrived = np.cumsum(rng.exponential(length / 0.8, count)).astype(np.int64)
    second = rng.random(count) < 0.5 / 0.8
    begun = fast.starts(jobs_of(arrived.tolist(), second.astype(int).tolist(), [0] * count), ALWAYS, 1, length, int(arrived[-1]) * 2)
    waits = (begun - arrived) / length
    assert waits[~second].mean() == pytest.approx(0.4 / 0.7, rel=0.03)
    assert waits[second].mean() == pytest.approx(0.4 / 0.7 / 0.2, rel=0.04)


def test_what_ends_the_day_is_finished_the_next_day_and_nothing_begins_at_night():
    calendar = shifts_of(60, 2)
    jobs = jobs_of([50 * MINUTE, 55 * MINUTE, 2 * HOUR], [1, 1, 0], [0, 0, 0])
    for engine in (fast.starts, simpy_engine.starts):
        assert engine(jobs, calendar, 1, 20 * MINUTE, 14 * DAY).tolist() == [50 * MINUTE, DAY + 30 * MINUTE, DAY + 10 * MINUTE]
        assert engine(jobs, calendar, 1, 20 * MINUTE, DAY).tolist() == [50 * MINUTE, NOT_BEGUN, NOT_BEGUN]


def test_without_simpy_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "simpy", None)
    with pytest.raises(BadInput) as found:
        simpy_engine.simpy_package()
    (problem,) = found.value.problems
    assert "simpy" in problem.what
    assert problem.hint == "pip install 'evalharness[queues]'"


def test_a_reading_that_takes_longer_than_any_life_is_not_begun():
    calendar = shifts_of(0.00002, 0.1)  # a millisecond a week
    assert calendar.each_week == 1
    jobs = jobs_of([0] * 50, [0] * 50, [0] * 50)
    begun = fast.starts(jobs, calendar, 1, 100_000 * MINUTE, 30 * DAY)
    assert begun.tolist() == [0] + [NOT_BEGUN] * 49
