"""The annex on waits: who waits how long in the order of the bands, beside the order of arrival, and with other numbers of officers."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.evidence.oversight.queue_parts import QueuePart
from evalharness.report.by_task import TaskWords
from evalharness.report.curve_charts import CurveChart, curve_chart
from evalharness.report.oversight.queue_rows import MADE_UP, WAITS, backlog, capacity, capacity_columns, hours, how, least, minutes, waits
from evalharness.report.view import Section, Table

_LOW = (
    "An order helps what it puts first and delays the rest. Of the relevant {} that the classifier ranked low the 95th in 100 waits {}, "
    "and {} in order of arrival."
)


def queue(evidence: Evidence, task: TaskWords) -> Iterator[Section]:
    """Nothing where no queue was simulated."""
    part = None if evidence.oversight is None else evidence.oversight.queue
    if part is None:
        return
    low = next(one for one in part.waits if one.what == "relevant_ranked_low" and not one.band)
    both = (hours(order.p95, part) for order in (low.by_bands, low.by_arrival))
    delayed = _LOW.format(task.many, *both) if all(low.items) else ""
    said = (how(part, task.many), MADE_UP, delayed, least(part))
    yield Section(
        anchor="queue",
        title="How long things wait",
        paragraphs=tuple(text for text in said if text),
        curves=(_chart(part, task),),
        tables=tuple(_tables(part, task)),
    )


def _tables(part: QueuePart, task: TaskWords) -> Iterator[Table]:
    first, other = minutes(part.first_find), minutes(part.first_find_by_arrival)
    yield Table(
        caption="Wait until the first reading begins",
        columns=WAITS,
        rows=tuple(waits(part, task.many)),
        note="“95th in 100”: 95 in 100 wait no longer than that. “By arrival”: the same readings, first in, first out. “Not opened”: not "
        "within the period, or by nobody at all. In half of the "
        f"shifts a relevant one is opened after {first} of work at most; in order of arrival, after {other}.",
    )
    yield Table(
        caption="With other numbers of officers: wait of the 95th in 100",
        columns=capacity_columns(part, task.many),
        rows=tuple(capacity(part)),
        note="The same arrivals, in the order of the bands. “Left”: what waits at the end of the period.",
    )
    yield Table(
        caption="What waits at the end of each day",
        columns=("Day", "Reading", "Piles to be opened", "Relevant, not opened", "By arrival: relevant, not opened"),
        rows=tuple(backlog(part)),
        folded=True,
    )


def _chart(part: QueuePart, task: TaskWords) -> CurveChart:
    days = [(float(one.day), one.relevant[1], one.relevant_by_arrival[1]) for one in part.backlog]
    said = f"Relevant {task.many} that are to be read and that nobody has opened, day by day, in the middle one of the repeats."
    return curve_chart(
        "queue",
        ("What waits, day by day", said),
        ("day", f"relevant {task.many} not opened"),
        (
            ("main", "in the order of the bands", [(day, value or 0.0) for day, value, _ in days]),
            ("dashed", "in order of arrival", [(day, value or 0.0) for day, _, value in days]),
        ),
        percent=(False, False),
    )
