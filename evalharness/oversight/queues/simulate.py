"""Several repeats of a period, and what they tell: waits, what is left over, and what other numbers of officers would change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evalharness.oversight.queues.arrivals import Pool, draw
from evalharness.oversight.queues.lines import Lines
from evalharness.oversight.queues.period import NEVER, Begun, Office, Period, Places
from evalharness.records.oversight_queue import DayEnd, InOrder, Queue, Range, Staffed, Waits

_AROUND = 3
"""So many smaller and so many larger numbers of officers beside the declared one, each a tenth of it further."""
NO_ITEM = "no item of a band with a deadline arrived"
TOO_LATE = "however many officers there are, some items arrive outside their hours and wait for longer than that"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is simulated."""

    engine: str
    seed: int
    repeats: int
    items_per_week: int
    arrivals: str
    officers: int
    minutes_per_review: float
    fates: tuple[str, ...]
    deadlines: tuple[tuple[str, float], ...]


def simulate(pool: Pool, lines: Lines, office: Office, asked: Asked, heard: Callable[[int, int], None]) -> Queue:
    """The same seed gives the same arrivals, whatever the order, the engine and the officers. heard: steps done, and of how many."""
    periods = []
    for repeat in range(asked.repeats):
        drawn = draw(len(pool.fates), asked.items_per_week, office.days, asked.arrivals, (asked.seed, repeat))
        periods.append(Period(pool, drawn, lines, office))
    steps = len(_numbers(asked.officers)) + 2
    by_bands = [period.read(asked.officers) for period in periods]
    heard(1, steps)
    by_arrival = [period.read(asked.officers, by_arrival=True) for period in periods]
    heard(2, steps)
    capacity = {asked.officers: _staffed(asked, periods, asked.officers, by_bands)}
    for officers in _numbers(asked.officers):
        capacity[officers] = capacity.get(officers) or _staffed(asked, periods, officers)
        heard(2 + len(capacity), steps)
    least, reason = _least(asked, periods, capacity)
    for officers in () if least is None else (least - 1, least):
        if officers and officers not in capacity:
            capacity[officers] = _staffed(asked, periods, officers)
    return Queue(
        engine=asked.engine,
        seed=asked.seed,
        days=office.days,
        followed_days=office.followed_days,
        items_per_week=asked.items_per_week,
        arrivals=asked.arrivals,
        officers=asked.officers,
        minutes_per_review=asked.minutes_per_review,
        arrived=tuple(period.items for period in periods),
        readings=tuple(len(period.jobs.arrived) for period in periods),
        begun=tuple(int((begun.jobs < NEVER).sum()) for begun in by_bands),
        waits=tuple(_waits(asked, periods, by_bands, by_arrival)),
        first_find=_range(period.first_find(begun) for period, begun in zip(periods, by_bands, strict=True)),
        first_find_by_arrival=_range(period.first_find(begun) for period, begun in zip(periods, by_arrival, strict=True)),
        backlog=tuple(_backlog(periods, by_bands, by_arrival)),
        deadlines=asked.deadlines,
        capacity=tuple(capacity[officers] for officers in sorted(capacity)),
        least_officers=least,
        least_reason=reason,
    )


def _numbers(officers: int) -> list[int]:
    step = max(1, round(officers / 10))
    return sorted({officers + step * way for way in range(-_AROUND, _AROUND + 1) if officers + step * way > 0})


def _waits(asked: Asked, periods: Sequence[Period], by_bands: Sequence[Begun], by_arrival: Sequence[Begun]) -> Iterator[Waits]:
    kinds = [(name, False, [period.classes[name] for period in periods]) for name in periods[0].classes]
    kinds += [(name, True, [period.bands[at] for period in periods]) for at, name in enumerate(asked.fates)]
    for what, band, members in kinds:
        of = list(zip(periods, members, strict=True))
        yield Waits(
            what=what, band=band, items=tuple(len(own) for own in members), unread=tuple(period.unread(own) for period, own in of),
            by_bands=_in_order(of, by_bands), by_arrival=_in_order(of, by_arrival),
        )  # fmt: skip


def _in_order(of: Sequence[tuple[Period, Places]], every: Sequence[Begun]) -> InOrder:
    each = [(period, own, begun) for (period, own), begun in zip(of, every, strict=True)]
    return InOrder(
        not_reached=tuple(period.not_reached(own, begun) for period, own, begun in each),
        median=_range(period.wait(own, begun, 1, 2) for period, own, begun in each),
        p95=_range(period.late(own, begun) for period, own, begun in each),
    )


def _backlog(periods: Sequence[Period], by_bands: Sequence[Begun], by_arrival: Sequence[Begun]) -> Iterator[DayEnd]:
    of = list(zip(periods, by_bands, strict=True))
    columns = (
        [period.waiting(begun, piles=False) for period, begun in of],
        [period.waiting(begun, piles=True) for period, begun in of],
        [period.relevant_waiting(begun) for period, begun in of],
        [period.relevant_waiting(begun) for period, begun in zip(periods, by_arrival, strict=True)],
    )
    for at in range(len(columns[0][0])):
        minutes, piles, relevant, other = (_range(float(one[at]) for one in column) for column in columns)
        yield DayEnd(day=at + 1, minutes=minutes, pile_minutes=piles, relevant=relevant, relevant_by_arrival=other)


def _staffed(asked: Asked, periods: Sequence[Period], officers: int, begun: Sequence[Begun] | None = None) -> Staffed:
    of = list(zip(periods, begun or [period.read(officers) for period in periods], strict=True))
    return Staffed(
        officers=officers,
        minutes=_range(float(period.waiting(one, piles=False)[-1]) for period, one in of),
        pile_minutes=_range(float(period.waiting(one, piles=True)[-1]) for period, one in of),
        classes=tuple((name, _range(period.late(period.classes[name], one) for period, one in of)) for name in periods[0].classes),
        bands=tuple(
            (band, _range(period.late(period.bands[asked.fates.index(band)], one) for period, one in of)) for band, _ in asked.deadlines
        ),
        keeps=_keeps(asked, of),
    )


def _keeps(asked: Asked, of: Sequence[tuple[Period, Begun]]) -> bool | None:
    """Every deadline in every repeat; a band without an item in some repeat has none to keep there, so nothing can be said."""
    answers = []
    for band, hours in asked.deadlines:
        at = asked.fates.index(band)
        for period, begun in of:
            if not len(period.bands[at]):
                return None
            late = period.late(period.bands[at], begun)
            answers.append(late is not None and late <= hours)
    return all(answers) if answers else None


def _least(asked: Asked, periods: Sequence[Period], known: Mapping[int, Staffed]) -> tuple[int | None, str]:
    """Found by halving: it keeps every deadline, one officer fewer does not, and neither do all of those in `known` that do not.

    One more officer can make somebody wait longer, by less than one reading; so it need not be the least of all."""
    if not asked.deadlines:
        return None, ""
    if known[asked.officers].keeps is None:
        return None, NO_ITEM
    most = max(len(period.jobs.arrived) for period in periods)  # officers who never let anything wait

    def keeps(officers: int) -> bool:
        return all(_keeps(asked, [(period, period.read(officers))]) for period in periods)

    low = max((one for one, staffed in known.items() if not staffed.keeps), default=0)
    high = min((one for one, staffed in known.items() if staffed.keeps and one > low), default=0)
    if not high:
        if not keeps(max(most, low + 1)):
            return None, TOO_LATE
        high = 2 * low
        while not keeps(high):
            low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if keeps(middle) else (middle, high)
    return high, ""


def _range(values: Iterable[float | None]) -> Range:
    rising = sorted(values, key=lambda value: (value is None, value or 0.0))
    return rising[0], rising[len(rising) // 2], rising[-1]
