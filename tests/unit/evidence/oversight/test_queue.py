"""What is recorded of a simulated queue agrees with itself whatever was simulated, and does not once a number is changed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bands_policy import FIRST, REST, REVIEW, TODAY, read_bands
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalharness.evidence.oversight.bands import BandsPart
from evalharness.evidence.oversight.queue import queue_inconsistencies
from evalharness.evidence.oversight.queue_parts import QueuePart
from evalharness.oversight.queues.arrivals import Pool
from evalharness.records import Policy
from evalharness.records.oversight_queue import days_with_a_run
from evalharness.workflows.oversight.provided import Provided
from evalharness.workflows.oversight.queue import queue_with_run

CHECKED = {"name": "rest", "rest": True, "readers": 0, "spot_check": {"share": 0.2, "readers": 2, "blind": True}}
Json = dict[str, Any]


def policy_of(folder: Path, rest: Json, items: int, **work: Any) -> Policy:
    declared = {"officers": 2, "minutes_per_shift": 60, "shifts_per_week": 5, **work}
    closes = {"machine_closes": {"why": "w"}} if rest is CHECKED else {}
    bands = [FIRST, REVIEW, rest]
    return read_bands(folder, "binary", bands, work=declared, items_per_week=items, defer={"within": 0.05}, **closes)


def pool_of(fates: list[int], seed: int) -> Pool:
    rng = np.random.default_rng(seed)
    relevant = rng.random(len(fates)) < 0.4
    low = relevant & (np.array(fates) == 2)
    return Pool(fates=np.array(fates, dtype=np.int8), keys=rng.integers(0, 4, len(fates)) / 4, relevant=relevant, low=low, top=None)


def counted(pool: Pool, policy: Policy) -> BandsPart:
    assert policy.human_in_the_loop is not None
    assert policy.human_in_the_loop.bands is not None
    names = policy.human_in_the_loop.bands.fates
    every, relevant = (np.bincount(one, minlength=len(names)).tolist() for one in (pool.fates, pool.fates[pool.relevant]))
    return BandsPart(items=dict(zip(names, every, strict=True)), relevant=dict(zip(names, relevant, strict=True)))


def problems(told: Json | None, bands: BandsPart, policy: Policy) -> list[str]:
    part = None if told is None else QueuePart.model_validate_json(json.dumps(told))
    return list(queue_inconsistencies(part, bands, policy))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Pool, Json, int, Json]:
    """Items, their last band, how many a week, and the work."""
    pool = pool_of(draw(st.lists(st.integers(0, 3), min_size=1, max_size=12)), draw(st.integers(0, 9)))
    asked = [None, {"first": 70.0}, {"review": 1.0}, {"first": 90.0, "review": 120.0, "to_a_person": 200.0}]
    deadlines = draw(st.sampled_from(asked))
    work = {"officers": draw(st.integers(1, 4)), "arrivals": draw(st.sampled_from(["even", "office_hours"]))}
    more = {} if deadlines is None else {"deadline_hours": deadlines}
    return pool, draw(st.sampled_from([REST, CHECKED])), draw(st.integers(1, 60)), {**work, **more}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cases())
def test_whatever_was_simulated_agrees_with_itself(tmp_path: Path, case: tuple[Pool, Json, int, Json]):
    pool, rest, items, work = case
    policy = policy_of(tmp_path, rest, items, **work)
    told = queue_with_run(policy, Provided(pool=pool)).part["queue"]
    assert problems(told, counted(pool, policy), policy) == []


def changed(told: Json, change: Callable[[Json], None]) -> Json:
    again = copy.deepcopy(told)
    change(again)
    assert again != told
    return again


def row(told: Json, what: str) -> Json:
    return next(one for one in told["waits"] if one["what"] == what)


CHANGES: dict[str, Callable[[Json], None]] = {
    "fewer officers": lambda told: told.update(officers=1),
    "more items a week": lambda told: told.update(items_per_week=99),
    "another pattern": lambda told: told.update(arrivals="office_hours"),
    "no deadline": lambda told: told["deadlines"].clear(),
    "another seed": lambda told: told.update(seed=1),
    "another engine": lambda told: told.update(engine="simpy"),
    "fewer days": lambda told: told.update(days=told["days"] - 1),
    "one repeat less": lambda told: [told[name].pop() for name in ("arrived", "readings", "begun")],
    "a day less": lambda told: told["backlog"].pop(),
    "a class less": lambda told: told["waits"].pop(1),
    "more ranked low than relevant": lambda told: row(told, "relevant_ranked_low").update(items=[10**6] * 3),
    "fewer items in a band": lambda told: row(told, "first").update(items=[0, 0, 0]),
    "more unread": lambda told: row(told, "everything").update(unread=[10**6] * 3),
    "all reached": lambda told: row(told, "rest")["by_bands"].update(not_reached=[0, 0, 0]),
    "an answer where most were not reached": lambda told: row(told, "rest")["by_bands"].update(p95=[1.0, 2.0, 3.0]),
    "none where all were reached": lambda told: row(told, "first")["by_bands"].update(p95=[None, None, None]),
    "a median above": lambda told: row(told, "first")["by_bands"].update(median=[500.0, 500.0, 500.0]),
    "more begun than there are": lambda told: told.update(begun=[10**6] * 3),
    "more followed than arrived": lambda told: told.update(arrived=[1, 1, 1]),
    "the declared officers leave less": lambda told: told["backlog"][-1].update(pile_minutes=[0.0, 0.0, 0.0]),
    "the declared officers wait less": lambda told: row(told, "review")["by_bands"].update(p95=[0.1, 0.1, 0.1]),
    "kept all the same": lambda told: told["capacity"][0].update(keeps=not told["capacity"][0]["keeps"]),
    "falling numbers of officers": lambda told: told["capacity"].reverse(),
    "another least number": lambda told: told.update(least_officers=told["least_officers"] + 1),
    "no least number": lambda told: told.update(least_officers=None),
    "another class in a row": lambda told: told["capacity"][-1]["classes"].pop("relevant"),
}


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Policy, BandsPart, Json]:
    rng = np.random.default_rng(1)
    pool = pool_of(rng.choice(4, 300, p=[0.05, 0.15, 0.75, 0.05]).tolist(), 1)
    policy = policy_of(tmp_path_factory.mktemp("queue"), REST, 300, deadline_hours={"first": 70.0, "review": 90.0})
    told = queue_with_run(policy, Provided(pool=pool)).part["queue"]
    assert told["least_officers"] is not None
    assert {one["keeps"] for one in told["capacity"]} == {True, False}
    return policy, counted(pool, policy), told


@pytest.mark.parametrize("name", list(CHANGES))
def test_a_changed_number_is_noticed(simulated: tuple[Policy, BandsPart, Json], name: str):
    policy, bands, told = simulated
    assert problems(told, bands, policy) == []
    assert problems(changed(told, CHANGES[name]), bands, policy) != []


def test_a_queue_is_there_where_one_belongs_and_nowhere_else(simulated: tuple[Policy, BandsPart, Json], tmp_path: Path):
    policy, bands, told = simulated
    assert problems(None, bands, policy) == ["oversight.queue: the policy declares work, and no queue was simulated"]
    none_labelled = BandsPart(items=dict.fromkeys(bands.items, 0), relevant=dict.fromkeys(bands.items, 0))
    for other in (policy_of(tmp_path, REST, 10**6), policy_of(tmp_path, REST, 50, minutes_per_shift=900, shifts_per_week=8)):
        assert problems(told, bands, other) == ["oversight.queue: there is nothing to simulate"]
        assert problems(None, bands, other) == []
    assert problems(None, none_labelled, policy) == []
    assert problems(told, none_labelled, policy) != []


def test_items_of_a_band_that_no_item_is_in(simulated: tuple[Policy, BandsPart, Json]):
    policy, bands, told = simulated
    fewer = BandsPart(items={**bands.items, "first": 0}, relevant={**bands.relevant, "first": 0})
    assert problems(told, fewer, policy) == ["oversight.queue: first: items arrive there, and no item of the run is in that band"]


def test_leads_have_no_queue_of_this_kind(simulated: tuple[Policy, BandsPart, Json], tmp_path: Path):
    _, _, told = simulated
    work = {"officers": 2, "minutes_per_shift": 60, "shifts_per_week": 5}
    leads = read_bands(tmp_path, "ranking", [TODAY, REST], work=work, items_per_week=300)
    bands = BandsPart(items={"today": 10, "rest": 90, "to_a_person": 0}, relevant={"today": 5, "rest": 5, "to_a_person": 0})
    assert problems(None, bands, leads) == []
    assert problems(told, bands, leads) == ["oversight.queue: there is nothing to simulate"]
    added = queue_with_run(leads, Provided())
    assert added.part == {}
    assert "depends on the others of its day" in added.limits[0]


@pytest.mark.parametrize(
    ("items", "ranked", "days"),
    [
        (100, 50, 28),
        (25_000, 10, 28),
        (50_000, 10, 14),
        (50_000, 100, 14),
        (20_000, 100, 14),
        (100_000, 0, 7),
        (70_000, 0, 10),
        (100_001, 0, 0),
    ],
)
def test_a_run_simulates_at_most_four_weeks_and_two_if_a_week_has_half_of_what_it_can(items: int, ranked: int, days: int):
    """ranked: in a hundred items."""
    assert days_with_a_run(items, ranked, 100) == days
