"""The annex on waits: who waits how long in the order of the bands, beside the order of arrival, and with other numbers of officers."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.evidence.oversight.queue_parts import QueuePart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.curve_charts import CurveChart, curve_chart
from evalharness.report.oversight.queue_rows import (
    NOT_WITHIN,
    WAITS,
    backlog,
    capacity,
    capacity_columns,
    hours,
    least,
    minutes,
    waits,
)  # fmt: skip
from evalharness.report.view import Section, Table

_HOW = (
    "This was simulated: {repeats} times {days} days, each beginning on a Monday at 08:00 with nothing waiting, with {items} {many} a week "
    "that arrive {when}, each like one of this run. {officers} officers work the hours that the policy declares, all of them the same; a "
    "reading takes {minutes} minutes. Bands are read in the policy's order, and in a band the highest score first. What goes to a person "
    "comes behind the first band; piles that are to be opened within days come last. Waits are of what arrives in the first {followed} "
    "days."
)
_MADE_UP = (
    "Arrivals are made up, and hours and minutes are declared: nobody has measured how long anybody waits. So this describes, supports no "
    "requirement, and decides nothing. Ranges are over the repeats of the simulation; they are no bounds."
)
_LOW = (
    "An order helps what it puts first and delays the rest. Whom the classifier wrongly ranked low waits {low} (95 in 100 at most); in "
    "order of arrival it would be {arrival}."
)
_WHEN = {"even": "evenly through the week", "office_hours": "Monday to Friday from 08:00 to 18:00"}


def queue(evidence: Evidence, task: TaskWords) -> Iterator[Section]:
    """Nothing where no queue was simulated."""
    part = None if evidence.oversight is None else evidence.oversight.queue
    if part is None:
        return
    low = next(one for one in part.waits if one.what == "relevant_ranked_low" and not one.band)
    delayed = _LOW.format(low=hours(low.by_bands.p95), arrival=hours(low.by_arrival.p95)) if any(low.items) else ""
    said = (how(part, task), _MADE_UP, delayed, least(part))
    yield Section(
        anchor="queue",
        title="How long things wait",
        paragraphs=tuple(text for text in said if text),
        curves=(_chart(part, task),),
        tables=tuple(_tables(part, task)),
    )


def how(part: QueuePart, task: TaskWords) -> str:
    """What was simulated, in words."""
    return _HOW.format(
        repeats=len(part.arrived), days=part.days, items=numbers.count(part.items_per_week), many=task.many, when=_WHEN[part.arrivals],
        officers=numbers.count(part.officers), minutes=numbers.exact(part.minutes_per_review), followed=part.followed_days,
    )  # fmt: skip


def _tables(part: QueuePart, task: TaskWords) -> Iterator[Table]:
    first = f"In half of the shifts the first find takes {minutes(part.first_find)} of work at most; in order of arrival "
    yield Table(
        caption="Until the first reading begins",
        columns=WAITS,
        rows=tuple(waits(part, task)),
        note=f"“By arrival”: the same readings, first in, first out. “{NOT_WITHIN}”: not before the period ends. “Not opened”: not "
        f"by then, or by nobody at all. {first}{minutes(part.first_find_by_arrival)}.",
    )
    yield Table(
        caption="With other numbers of officers: 95 in 100 wait at most",
        columns=capacity_columns(part, task),
        rows=tuple(capacity(part)),
        note="The same arrivals, in the order of the bands. “Left over”: minutes of reading that wait at the end of the period.",
    )
    yield Table(
        caption="What waits at the end of each day",
        columns=("Day", "Reading", "Piles to be opened", "Relevant, not opened", "By arrival: relevant, not opened"),
        rows=tuple(backlog(part)),
        folded=True,
    )


def _chart(part: QueuePart, task: TaskWords) -> CurveChart:
    days = [(float(one.day), one.relevant[1], one.relevant_by_arrival[1]) for one in part.backlog]
    relevant = task.denominator_of("recall")
    said = f"{words.capital(relevant)} that are to be read and that nobody has opened, day by day, in the middle one of the repeats."
    return curve_chart(
        "queue",
        ("What waits, day by day", said),
        ("day", f"{relevant} not opened"),
        (
            ("main", "in the order of the bands", [(day, value or 0.0) for day, value, _ in days]),
            ("dashed", "in order of arrival", [(day, value or 0.0) for day, _, value in days]),
        ),
        percent=(False, False),
    )
