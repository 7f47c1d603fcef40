"""A simulated queue as rows of text, for the annex and for the command line. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.evidence.oversight.queue_parts import QueuePart, WaitsPart
from evalharness.records.oversight_queue import EVERYTHING, LOW, RELEVANT, TOP
from evalharness.report import numbers
from evalharness.report.by_task import TaskWords

NOT_WITHIN = "not in time"
WAITS = (
    "Who waits",
    "How many",
    "Half wait at most",
    "95 in 100 wait at most",
    "By arrival: 95 in 100",
    "Never reached",
    "By arrival: never",
)
"""Columns of `waits`."""


def waits(part: QueuePart, task: TaskWords) -> Iterator[tuple[str, ...]]:
    """A row for each class, then for each band."""
    for one in part.waits:
        if not one.band or any(one.items):
            yield (
                name_of(one, task), _counts(one.items), hours(one.by_bands.median), hours(one.by_bands.p95), hours(one.by_arrival.p95),
                _shares(one, one.by_bands.not_reached), _shares(one, one.by_arrival.not_reached),
            )  # fmt: skip


def name_of(one: WaitsPart, task: TaskWords) -> str:
    """In the words of the task."""
    return band_words(one.what) if one.band else class_words(one.what, task)


def class_words(what: str, task: TaskWords) -> str:
    """Of a class."""
    relevant = task.denominator_of("recall")
    return {
        EVERYTHING: f"all {task.many}",
        RELEVANT: relevant,
        LOW: f"{relevant} that the classifier ranked low",
        TOP: f"{task.many} truly of the gravest class",
    }[what]


def band_words(name: str) -> str:
    """Of a band."""
    return f"band “{name.replace('_', ' ')}”"


def capacity_columns(part: QueuePart, task: TaskWords) -> tuple[str, ...]:
    """Officers, classes, bands with a deadline, what is left."""
    names = [class_words(one.what, task) for one in part.waits if not one.band and one.what != EVERYTHING]
    kept = ("Deadlines",) if part.deadlines else ()
    return (
        "Officers",
        *names,
        *(f"{band_words(band)}, within {numbers.exact(h)} h" for band, h in part.deadlines.items()),
        "Left over",
        *kept,
    )


def capacity(part: QueuePart) -> Iterator[tuple[str, ...]]:
    """A row for each number of officers."""
    for row in part.capacity:
        declared = " (declared)" if row.officers == part.officers else ""
        ranges = [value for name, value in row.classes.items() if name != EVERYTHING] + [row.bands[band] for band in part.deadlines]
        kept = {True: "kept", False: "not kept", None: numbers.ABSENT}[row.keeps]
        left = f"{minutes(row.minutes)}; piles {minutes(row.pile_minutes)}"
        yield (f"{numbers.count(row.officers)}{declared}", *map(hours, ranges), left, *((kept,) if part.deadlines else ()))


def least(part: QueuePart) -> str:
    """What the deadlines need, in a sentence; empty without deadlines."""
    if not part.deadlines:
        return ""
    named = ", ".join(f"{band_words(band)} within {numbers.exact(h)} hours" for band, h in part.deadlines.items())
    asked = f"95 in 100 opened in time ({named})"
    if part.least_officers is None:
        return f"{asked}: no number of officers was found: {part.least_reason}."
    return f"{asked}: this takes {numbers.count(part.least_officers)} officers; {numbers.count(part.officers)} are declared."


def backlog(part: QueuePart) -> Iterator[tuple[str, ...]]:
    """A row for each day."""
    for one in part.backlog:
        yield str(one.day), minutes(one.minutes), minutes(one.pile_minutes), whole(one.relevant), whole(one.relevant_by_arrival)


def hours(value: Sequence[float | None]) -> str:
    """`12.4 h (11.9 to 13.1)`: the middle repeat, and the range over all."""
    return _ranged(value, " h")


def minutes(value: Sequence[float | None]) -> str:
    """Likewise."""
    return _ranged(value, " min")


def whole(value: Sequence[float | None]) -> str:
    """Likewise, of things that are counted."""
    return _ranged(value, "")


def _ranged(value: Sequence[float | None], unit: str) -> str:
    least_, middle, most = (NOT_WITHIN if one is None else numbers.plain(one) for one in value)
    shown = middle if middle == NOT_WITHIN else f"{middle}{unit}"
    return shown if least_ == middle == most else f"{shown} ({least_} to {most})"


def _counts(every: Sequence[int]) -> str:
    return numbers.count(sorted(every)[len(every) // 2])


def _shares(one: WaitsPart, left: Sequence[int]) -> str:
    """Of all of them, those that nobody reads or reaches."""
    shares = sorted((some + unread) / items for some, unread, items in zip(left, one.unread, one.items, strict=True) if items)
    if not shares:
        return numbers.ABSENT
    texts = [numbers.fine(share) for share in (shares[len(shares) // 2], shares[0], shares[-1])]
    return texts[0] if len(set(texts)) == 1 else f"{texts[0]} ({texts[1]} to {texts[2]})"
