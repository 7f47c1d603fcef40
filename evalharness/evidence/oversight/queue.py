"""How long things wait, simulated: for an evidence document, and what of it must agree there. A replay alone makes it again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from evalharness.errors import shown
from evalharness.evidence.oversight.bands import BandsPart
from evalharness.evidence.oversight.queue_parts import InOrderPart, QueuePart, WaitsPart
from evalharness.records import Policy
from evalharness.records.oversight_queue import (
    EVERYTHING,
    LATE,
    LOW,
    RELEVANT,
    REPEATS,
    SEED,
    TASKS,
    TOP,
    Queue,
    days_with_a_run,
    followed_of,
)

_NAME = "oversight.queue"


def queue_as_json(queue: Queue) -> dict[str, Any]:
    """As in `oversight.queue`."""
    document: dict[str, Any] = json.loads(json.dumps(asdict(queue)))
    document["deadlines"] = dict(document["deadlines"])
    for row in document["capacity"]:
        row["classes"], row["bands"] = dict(row["classes"]), dict(row["bands"])
    return document


def queue_inconsistencies(part: QueuePart | None, bands: BandsPart | None, policy: Policy) -> Iterator[str]:
    """What cannot be so, in words."""
    human = policy.human_in_the_loop
    works = None if human is None or human.bands is None else human.work
    days = _days(policy, bands)
    simulated = works is not None and works.fits_the_day and days > 0
    if human is None or human.bands is None or works is None or part is None or not simulated:
        if (part is not None) != simulated:
            yield f"{_NAME}: " + ("the policy declares work, and no queue was simulated" if simulated else "there is nothing to simulate")
        return
    told = (part.items_per_week, part.arrivals, part.officers, part.minutes_per_review, tuple(sorted(part.deadlines.items())))
    if told != (human.items_per_week, works.arrivals, works.officers, human.minutes_per_review, works.deadlines):
        yield f"{_NAME}: not the work that the policy declares"
    names = [(one.what, one.band) for one in part.waits]
    wanted = [(name, False) for name in (EVERYTHING, RELEVANT, LOW, *((TOP,) if policy.task == "ordinal" else ()))]
    if names != [*wanted, *((fate, True) for fate in human.bands.fates)]:
        yield f"{_NAME}: not the classes, or not the bands, of the policy"
        return
    repeats = len(part.arrived)
    if any(len(one) != repeats for one in _by_repeat(part)):
        yield f"{_NAME}: not as many repeats everywhere"
        return
    fixed = (part.engine, part.seed, part.days, part.followed_days, repeats)
    if fixed != ("fast", SEED, days, followed_of(days), REPEATS) or [one.day for one in part.backlog] != list(range(1, part.days + 1)):
        yield f"{_NAME}: not the period that belongs to a run"
    yield from _sums(part)
    yield from _late(part)
    yield from _capacity(part)
    if bands is not None:
        yield from _known(part, bands)


def _days(policy: Policy, bands: BandsPart | None) -> int:
    """That belong to a run; 0 where nothing is simulated."""
    human = policy.human_in_the_loop
    if human is None or human.bands is None or bands is None or not any(bands.items.values()) or policy.task not in TASKS:
        return 0
    ranked = sum(bands.items.get(band.name, 0) for band in human.bands.bands if band.readers)
    return days_with_a_run(human.items_per_week, ranked, sum(bands.items.values()))


def _by_repeat(part: QueuePart) -> Iterator[Sequence[int]]:
    yield part.readings
    yield part.begun
    for one in part.waits:
        yield from (one.items, one.unread, one.by_bands.not_reached, one.by_arrival.not_reached)


def _sums(part: QueuePart) -> Iterator[str]:
    """The bands make up everything; what is relevant is part of it, and what is ranked low part of that."""
    whole, relevant, low, *_ = part.waits
    bands = [one for one in part.waits if one.band]
    for what, column in (
        ("items", [one.items for one in (whole, *bands)]),
        ("unread", [one.unread for one in (whole, *bands)]),
        ("not_reached", [one.by_bands.not_reached for one in (whole, *bands)]),
        ("not_reached by arrival", [one.by_arrival.not_reached for one in (whole, *bands)]),
    ):
        if tuple(map(sum, zip(*column[1:], strict=True))) != column[0]:
            yield f"{_NAME}: {what} of the bands do not add up to everything"
    for less, more in ((relevant, whole), (low, relevant), *((top, relevant) for top in part.waits if top.what == TOP and not top.band)):
        if any(a > b for a, b in zip(less.items, more.items, strict=True)):
            yield f"{_NAME}: {less.what}: more than there are of {more.what}"
    for one in part.waits:
        for order in (one.by_bands, one.by_arrival):
            if any(a + b > c for a, b, c in zip(one.unread, order.not_reached, one.items, strict=True)):
                yield f"{_NAME}: {shown(one.what)}: more are not read than there are"
    pairs = ((whole.items, part.arrived, "followed", "arrive"), (part.begun, part.readings, "readings begun", "there are"))
    for some, every, what, of in pairs:
        if any(a > b for a, b in zip(some, every, strict=True)):
            yield f"{_NAME}: more {what} than {of}"


def _late(part: QueuePart) -> Iterator[str]:
    """A percentile is null in as many repeats as leave too many unread, and the 95th is no less than the median."""
    for one in part.waits:
        for order in (one.by_bands, one.by_arrival):
            for told, (some, of) in ((order.median, (1, 2)), (order.p95, LATE)):
                if told != _nulls(told, _unanswered(one, order, some, of), len(one.items)):
                    yield f"{_NAME}: {shown(one.what)}: the wait of {some} in {of} is not that of what was reached"
            if not all(_most(a) <= _most(b) for a, b in zip(order.median, order.p95, strict=True)):
                yield f"{_NAME}: {shown(one.what)}: half of them wait longer than 95 in 100"


def _unanswered(one: WaitsPart, order: InOrderPart, some: int, of: int) -> int:
    """Repeats in which more are left than the percentile may leave."""
    each = zip(one.items, one.unread, order.not_reached, strict=True)
    return sum(items == 0 or items - unread - left < -(-some * items // of) for items, unread, left in each)


def _nulls(told: tuple[float | None, ...], missing: int, repeats: int) -> tuple[float | None, ...]:
    """`told` with null exactly where so many of the repeats have none; where a number is missing that should be there, one that differs."""
    return tuple(
        None if place >= repeats - missing else (-1.0 if value is None else value)
        for place, value in zip((0, repeats // 2, repeats - 1), told, strict=True)
    )


def _most(value: float | None) -> float:
    return float("inf") if value is None else value


def _capacity(part: QueuePart) -> Iterator[str]:
    """The declared officers wait as told above, and what each number of them keeps follows from the waits."""
    rows = {row.officers: row for row in part.capacity}
    if list(rows) != sorted(rows) or len(rows) < len(part.capacity) or part.officers not in rows:
        yield f"{_NAME}: capacity: not rising numbers of officers with the declared one among them"
        return
    own = rows[part.officers]
    if own.classes != {one.what: one.by_bands.p95 for one in part.waits if not one.band} or own.bands != {
        one.what: one.by_bands.p95 for one in part.waits if one.band and one.what in part.deadlines
    }:  # fmt: skip
        yield f"{_NAME}: capacity: the declared officers wait differently there"
    if (own.minutes, own.pile_minutes) != (part.backlog[-1].minutes, part.backlog[-1].pile_minutes):
        yield f"{_NAME}: capacity: the declared officers leave something else at the end"
    for row in part.capacity:
        if row.classes.keys() != own.classes.keys() or row.bands.keys() != part.deadlines.keys():
            yield f"{_NAME}: capacity: not the same classes and bands for {row.officers} officers"
            return
        kept = all(row.bands[band][-1] is not None and _most(row.bands[band][-1]) <= hours for band, hours in part.deadlines.items())
        if row.keeps not in ({None, kept} if part.deadlines else {None}) or (row.keeps is None) != (own.keeps is None):
            yield f"{_NAME}: capacity: what {row.officers} officers keep does not follow from the waits"
    yield from _least(part)


def _least(part: QueuePart) -> Iterator[str]:
    """It keeps every deadline, one officer fewer does not, and nobody who is told of beyond it does not."""
    keeps, least = {row.officers: row.keeps for row in part.capacity}, part.least_officers
    right = least is None or (
        keeps.get(least) is True
        and (least == 1 or keeps.get(least - 1) is False)
        and not any(kept is False and officers > least for officers, kept in keeps.items())
    )
    if not right or (least is None) != bool(part.least_reason or not part.deadlines):
        yield f"{_NAME}: least_officers does not follow from what each number of officers keeps"


def _known(part: QueuePart, bands: BandsPart) -> Iterator[str]:
    """What no judged item is, none that arrives is either."""
    for one in part.waits:
        if one.band and not bands.items.get(one.what, 0) and any(one.items):
            yield f"{_NAME}: {shown(one.what)}: items arrive there, and no item of the run is in that band"
