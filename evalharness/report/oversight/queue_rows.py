"""A simulated queue as rows of text, for the annex and for the command line. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.evidence.oversight.queue_parts import QueuePart, WaitsPart
from evalharness.records.oversight_queue import EVERYTHING, LOW, RELEVANT, TOP
from evalharness.report import numbers

WAITS = ("Who waits", "How many", "50th in 100", "95th in 100", "By arrival, 95th", "Not opened", "By arrival")
"""Columns of `waits`."""
_HOW = (
    "This was simulated: {days} days, {repeats}, beginning on a Monday at 08:00 with nothing waiting, with {items} {many} a week "
    "that arrive {when}, each like one of this run. {officers} officers work the hours that the policy declares, all of them the same; a "
    "reading takes {minutes} minutes. Bands are read in the policy's order, and in a band the highest score first. What goes to a person "
    "comes behind the first band; piles that are to be opened within days come last. Waits are of what arrives in the first {followed} "
    "days."
)
MADE_UP = (
    "Arrivals are made up, and hours and minutes are declared: nobody has measured how long anybody waits. So this describes, supports no "
    "requirement, and decides nothing. Ranges are over the repeats of the simulation; they are no bounds."
)
_WEEK = 7
_NO_WEEK = "These are no whole week: how long a weekend makes people wait is not in them."
_WHEN = {"even": "evenly through the week", "office_hours": "Monday to Friday from 08:00 to 18:00"}


def how(part: QueuePart, many: str) -> str:
    """What was simulated, in words."""
    said = _HOW.format(
        repeats=f"{len(part.arrived)} times over" if len(part.arrived) > 1 else "once", days=part.days, many=many,
        items=numbers.count(part.items_per_week), when=_WHEN[part.arrivals], officers=numbers.count(part.officers),
        minutes=numbers.exact(part.minutes_per_review), followed=part.followed_days,
    )  # fmt: skip
    return said if part.followed_days >= _WEEK else f"{said} {_NO_WEEK}"


def waits(part: QueuePart, many: str) -> Iterator[tuple[str, ...]]:
    """A row for each class, then for each band."""
    for one in part.waits:
        if not one.band or any(one.items):
            yield (
                name_of(one, many), _counts(one.items),
                *(_told(one, value, part) for value in (one.by_bands.median, one.by_bands.p95, one.by_arrival.p95)),
                _shares(one, one.by_bands.not_reached), _shares(one, one.by_arrival.not_reached),
            )  # fmt: skip


def name_of(one: WaitsPart, many: str) -> str:
    """many: what items are called."""
    return band_words(one.what) if one.band else class_words(one.what, many)


def class_words(what: str, many: str) -> str:
    """Of a class."""
    return {
        EVERYTHING: f"all {many}",
        RELEVANT: f"relevant {many}",
        LOW: f"relevant {many} that the classifier ranked low",
        TOP: f"{many} truly of the gravest class",
    }[what]


def band_words(name: str) -> str:
    """Of a band."""
    return f"band “{name.replace('_', ' ')}”"


def deadlines(part: QueuePart) -> dict[str, float]:
    """Hours by band, in the order of the bands."""
    return {one.what: part.deadlines[one.what] for one in part.waits if one.band and one.what in part.deadlines}


def capacity_columns(part: QueuePart, many: str) -> tuple[str, ...]:
    """Officers, classes, bands with a deadline, what is left."""
    names = [class_words(one.what, many) for one in part.waits if not one.band and one.what != EVERYTHING]
    bands = [f"{band_words(band)}, within {numbers.exact(h)} h" for band, h in deadlines(part).items()]
    return ("Officers", *names, *bands, "Reading left", "Piles left", *(("Deadlines",) if bands else ()))


def capacity(part: QueuePart) -> Iterator[tuple[str, ...]]:
    """A row for each number of officers."""
    classes = [one for one in part.waits if not one.band and one.what != EVERYTHING]
    bands = [one for band in deadlines(part) for one in part.waits if one.band and one.what == band]
    for row in part.capacity:
        declared = " (declared)" if row.officers == part.officers else ""
        waited = [_told(one, row.classes[one.what], part) for one in classes] + [_told(one, row.bands[one.what], part) for one in bands]
        kept = {True: "kept", False: "not kept", None: numbers.ABSENT}[row.keeps]
        left = (minutes(row.minutes), minutes(row.pile_minutes))
        yield (f"{numbers.count(row.officers)}{declared}", *waited, *left, *((kept,) if part.deadlines else ()))


def least(part: QueuePart) -> str:
    """What the deadlines need, in a sentence; empty without deadlines."""
    if not part.deadlines:
        return ""
    named = ", ".join(f"{band_words(band)} within {numbers.exact(h)} hours" for band, h in deadlines(part).items())
    if part.least_officers is None:
        return f"To open 95 in 100 in time ({named}) no number of officers was found: {part.least_reason}."
    return (
        f"To open 95 in 100 in time ({named}) takes {numbers.count(part.least_officers)} officers; "
        f"{numbers.count(part.officers)} are declared. That is for these deadlines alone: "
        "with fewer officers than all of the reading needs, what has no deadline waits longer every week, and what was missed waits there."
    )


def backlog(part: QueuePart) -> Iterator[tuple[str, ...]]:
    """A row for each day."""
    for one in part.backlog:
        yield str(one.day), minutes(one.minutes), minutes(one.pile_minutes), whole(one.relevant), whole(one.relevant_by_arrival)


def _told(one: WaitsPart, value: Sequence[float | None], part: QueuePart) -> str:
    """Nothing of what did not arrive in every repeat."""
    return hours(value, part) if all(one.items) else numbers.ABSENT


def hours(value: Sequence[float | None], part: QueuePart) -> str:
    """`12.4 h (11.9 to 13.1)`: the middle repeat, and the range over all.

    What is not opened within the period waits at least until it ends."""
    return _ranged(value, " h", f"over {part.days - part.followed_days} days")


def minutes(value: Sequence[float | None]) -> str:
    """Likewise."""
    return _ranged(value, " min", "never")


def whole(value: Sequence[float | None]) -> str:
    """Likewise, of things that are counted."""
    return _ranged(value, "", numbers.ABSENT)


def _ranged(value: Sequence[float | None], unit: str, none: str) -> str:
    low, middle, most = (none if one is None else numbers.plain(one) for one in value)
    shown = middle if value[1] is None else f"{middle}{unit}"
    return shown if low == middle == most else f"{shown} ({low} to {most})"


def _counts(every: Sequence[int]) -> str:
    return numbers.count(sorted(every)[len(every) // 2])


def _shares(one: WaitsPart, left: Sequence[int]) -> str:
    """Of all of them, those that nobody reads or reaches."""
    shares = sorted((some + unread) / items for some, unread, items in zip(left, one.unread, one.items, strict=True) if items)
    if not shares:
        return numbers.ABSENT
    texts = [numbers.fine(share) for share in (shares[len(shares) // 2], shares[0], shares[-1])]
    return texts[0] if len(set(texts)) == 1 else f"{texts[0]} ({texts[1]} to {texts[2]})"
