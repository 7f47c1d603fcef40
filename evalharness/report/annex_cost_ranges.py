"""How far a stated cost may be off before a finding changes, as a table."""

from __future__ import annotations

from evalharness.evidence import Evidence
from evalharness.evidence.schema import CostRangePart
from evalharness.report import numbers
from evalharness.report.annex_groups import ROWS_LISTED
from evalharness.report.by_task import TaskWords
from evalharness.report.view import Table
from evalharness.report.words import MARKS

_FATE = {"review": "reviewed", "set_aside": "set aside"}
_NOTE = (
    "Costs are judgements. Each row takes one of them to be another and leaves the rest as stated: between the two ends the finding stays "
    "what it is. Tried were costs from a hundredth of what is stated to a hundred times that."
)


def cost_range_tables(evidence: Evidence, task: TaskWords) -> tuple[Table, ...]:
    """Nothing where no expected cost of everybody is required."""
    rows = evidence.cost_ranges
    if not rows:
        return ()
    return (
        Table(
            caption="How far each stated cost may be off",
            columns=("Requirement", "Finding", "Unit", "Cost of", "Stated", "Stays so from", "Up to"),
            rows=tuple(_cells(row, task) for row in rows[:ROWS_LISTED]),
            left_out=max(0, len(rows) - ROWS_LISTED),
            numeric_from=4,
            note=_NOTE,
        ),
    )


def _cells(row: CostRangePart, task: TaskWords) -> tuple[str, ...]:
    of = {"relevant": f"a {task.nobody}", "not_relevant": f"any other {task.one}"}
    item = (
        f"{task.named(of[row.true])}, {_FATE[row.given]}"
        if row.true in of and row.given in _FATE
        else f"an item of level {row.true} given {row.given}"
    )
    return (
        row.requirement,
        MARKS[row.outcome][1],
        row.unit.replace("_", " "),
        item,
        numbers.plain(row.cost),
        "any lower cost" if row.least is None else numbers.plain(row.least, "up"),
        "any higher cost" if row.most is None else numbers.plain(row.most, "down"),
    )
