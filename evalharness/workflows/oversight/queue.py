"""How long things wait, simulated from the items of a run where its policy declares work: for the evidence, and for `evalharness queue`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from evalharness.errors import Fault, bad_input
from evalharness.evidence.oversight.queue import queue_as_json
from evalharness.oversight.queues import fast, simpy_engine
from evalharness.oversight.queues.arrivals import Pool
from evalharness.oversight.queues.calendar import MINUTE, shifts
from evalharness.oversight.queues.jobs import Engine
from evalharness.oversight.queues.lines import lines_of
from evalharness.oversight.queues.period import Office
from evalharness.oversight.queues.simulate import Asked, simulate
from evalharness.records import Policy
from evalharness.records.human_in_the_loop import HumanInTheLoop
from evalharness.records.oversight_bands import Bands
from evalharness.records.oversight_queue import REPEATS, SEED, TASKS, Queue, days_with_a_run, followed_of
from evalharness.records.oversight_work import Work
from evalharness.records.progress import Progress, silent
from evalharness.workflows.oversight.provided import Provided

ENGINES: dict[str, Engine] = {"fast": fast.starts, "simpy": simpy_engine.starts}
_WEEK = 7
_SIMULATED = (
    "How long things wait was simulated: items like those of this run arrive at made-up moments, and officers, hours and minutes are those "
    "that the policy declares. It describes, and decides nothing."
)
_NOT_HERE = "How long things wait was not simulated: {}."
_NOT_ONE_BY_ONE = "which band an item is in depends on the others of its day"
_NO_HOURS = "shifts of {:g} minutes do not fit into the day {:g} times a week"


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What is added to a run."""

    part: dict[str, Any]
    """`{"queue": …}`, or nothing."""
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """What is simulated, beside what the policy says."""

    days: int
    repeats: int
    seed: int
    engine: str = "fast"


def queue_with_run(policy: Policy, provided: Provided) -> Simulated:
    """Some whole days, as many as a run has time for. Nothing where the policy declares no work, or has no bands."""
    human, pool = policy.human_in_the_loop, provided.pool
    if human is None or human.work is None or human.bands is None:
        return Simulated(part={})
    if policy.task not in TASKS or pool is None:
        return Simulated(part={}, limits=(_NOT_HERE.format(_NOT_ONE_BY_ONE),))
    ranked = [at for at, band in enumerate(human.bands.bands) if band.readers]
    days = days_with_a_run(human.items_per_week, int(np.isin(pool.fates, ranked).sum()), len(pool.fates))
    if not days:
        many = f"{human.items_per_week:,} items a week are more than a run has time for; `evalharness queue` has"
        return Simulated(part={}, limits=(_NOT_HERE.format(many),))
    if (why := not_simulated(human.work, pool)) is not None:
        return Simulated(part={}, limits=(_NOT_HERE.format(why),))
    queue = simulated(policy, pool, Wished(days=days, repeats=REPEATS, seed=SEED), silent)
    return Simulated(part={"queue": queue_as_json(queue)}, limits=(_SIMULATED,))


def not_simulated(work: Work, pool: Pool) -> str | None:
    """Why there is nothing to simulate."""
    if not len(pool.fates):
        return "no item has a label"
    if not work.fits_the_day:
        return _NO_HOURS.format(work.minutes_per_shift, work.shifts_per_week)
    return None


def check_simulated(policy: Policy, wished: Wished, most: int) -> tuple[HumanInTheLoop, Work, Bands]:
    """What a queue needs of a policy. Raises BadInput where it is not there, and for more than `most` items in all repeats."""
    human, where = policy.human_in_the_loop, f"policy {policy.name}"
    if policy.task not in TASKS:
        raise bad_input(
            f"no queue can be simulated: {_NOT_ONE_BY_ONE}", where=where, got=policy.task, expected="the task " + " or ".join(TASKS),
            hint="the report of a run describes in what order items are looked at",
        )  # fmt: skip
    if human is None or human.work is None or human.bands is None:
        raise bad_input(
            "a queue needs bands, and people who read", where=where, expected="human_in_the_loop with bands and work",
            hint="add human_in_the_loop: {work: {officers: NUMBER, minutes_per_shift: NUMBER, shifts_per_week: NUMBER}}, and bands",
        )  # fmt: skip
    items = human.items_per_week * wished.days // _WEEK * wished.repeats
    if items > most:
        raise bad_input(
            "more items would arrive than can be simulated", where="--days, --repeats", got=f"some {items:,} in all repeats",
            expected=f"at most {most:,}", hint="simulate fewer days, or fewer repeats",
        )  # fmt: skip
    return human, human.work, human.bands


def simulated(policy: Policy, pool: Pool | None, wished: Wished, progress: Progress) -> Queue:
    """Raises BadInput where the policy has no bands or no work, or nothing can be simulated, or the engine is not installed."""
    human, work, bands = check_simulated(policy, wished, sys.maxsize)
    if pool is None:
        raise Fault("the policy declares work, and nobody kept the items")
    if (why := not_simulated(work, pool)) is not None:
        raise bad_input(f"no queue can be simulated: {why}", where=f"policy {policy.name}", hint="look at human_in_the_loop.work")
    office = Office(
        engine=ENGINES[wished.engine], calendar=shifts(work), length=max(1, round(human.minutes_per_review * MINUTE)), days=wished.days,
        followed_days=followed_of(wished.days),
    )  # fmt: skip
    asked = Asked(
        engine=wished.engine, seed=wished.seed, repeats=wished.repeats, items_per_week=human.items_per_week, arrivals=work.arrivals,
        officers=work.officers, minutes_per_review=human.minutes_per_review, fates=bands.fates, deadlines=work.deadlines,
    )  # fmt: skip
    return simulate(pool, lines_of(bands), office, asked, lambda done, of: progress("queue", done, of))
