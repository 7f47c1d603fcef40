"""Whether people tire: what they do early and late in a shift, and in their first and last shifts."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.evidence.judged import EstimatePart
from evalharness.evidence.oversight.reviews import OrderPart
from evalharness.report import numbers, words
from evalharness.report.oversight.rubber_stamp import of_everybody
from evalharness.report.oversight.small_cells import cell
from evalharness.report.view import Table

_ORDERS = (
    ("readings of a shift", "tiring_trend", "Early and late in a shift", "Third of a shift"),
    ("shifts of a reviewer", "weariness_trend", "In first and last shifts", "Third of the shifts"),
)
_THIRDS = ("first", "middle", "last")
_WHY = "Easy items may come first, or hard ones, since chance does not say in which order people read: this describes and decides nothing."


def reading_order(evidence: Evidence) -> Iterator[Table]:
    """One table for each order; nothing without a review log, or where it has no readings of an order."""
    part = None if evidence.oversight is None else evidence.oversight.reviews
    known = of_everybody(evidence)
    for by, trend, caption, third in _ORDERS:
        rows = [one for one in (part.order or () if part is not None else ()) if one.by == by]
        found = known.get(trend)
        if rows and found is not None and found.value is not None:
            yield Table(
                caption=caption,
                columns=(third, "Readings", "decided rightly", "Answers shown", "overruled", "Half took at most, seconds"),
                rows=tuple(_row(one) for one in rows),
                note=f"{_trend(found)} {_WHY}",
            )


def _row(one: OrderPart) -> tuple[str, ...]:
    return (
        _THIRDS[one.third - 1],
        cell(one.readings),
        _share(one.right, one.readings),
        cell(one.shown),
        _share(one.override, one.shown),
        numbers.count(one.half_within_seconds) if one.readings else numbers.ABSENT,
    )


def _share(count: int, of: int) -> str:
    """In percent, beside the count that it is a share of; words in place of a count that could tell who it was."""
    told = cell(count, of - count)
    return f"{numbers.percent(count / of)} ({told})" if of and told == numbers.count(count) else told


def _trend(found: EstimatePart) -> str:
    """The difference with its bounds, and whether they tell it from none."""
    lower, upper = found.bounds
    more = "more" if (found.value or 0) >= 0 else "less"
    told = f"Last third against first: wrong {numbers.points(abs(found.value or 0))} {more} often"
    ends = "no bounds" if lower is None or upper is None else f"between {_signed(lower, 'down')} and {_signed(upper, 'up')} often"
    between = f"{words.sure(found.level)} each: {ends}"
    plain = lower is not None and upper is not None and lower <= 0 <= upper
    return f"{told} ({between}).{' No difference at all would fit as well.' if plain else ''}"


def _signed(value: float, rounding: numbers.Rounding) -> str:
    """In words instead of a sign: `3.0 percentage points less`."""
    away: numbers.Rounding = rounding if value >= 0 else "up" if rounding == "down" else "down"
    return f"{numbers.points(abs(value), away)} {'more' if value >= 0 else 'less'}"
