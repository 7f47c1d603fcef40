"""The annex's counts: what became of everything, by what it truly is; for everybody and by group."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.evidence import Evidence
from evalharness.evidence.tallied import ConfusionPart, OrdinalPart
from evalharness.report import numbers, words
from evalharness.report.annex_groups import ROWS_LISTED
from evalharness.report.by_task import CellWords, TaskWords
from evalharness.report.view import Section, Table

_GRADED = (
    "Each row is a true level, each column the level that the classifier gave. On the diagonal both agree; "
    "left of it items are graded too low, right of it too high."
)
_REFUSED = "An item without an answer counts as graded wrongly, in whatever way a requirement asks about."


def counts(evidence: Evidence, task: TaskWords) -> Section:
    """A table for everybody, and one for the groups."""
    told = evidence.tallies
    tables = _graded(told.ordinal) if task.cells is None else _sorted(told.confusion, task.cells, task)
    note = (_GRADED, _REFUSED) if task.cells is None else (task.named(task.cells.refused),)
    return Section(anchor="counts", title="Counts", paragraphs=note, tables=tables)


def _sorted(rows: Sequence[ConfusionPart], cells: CellWords, task: TaskWords) -> tuple[Table, ...]:
    everyone = tuple(_two_by_three(row, cells, task) for row in rows if not row.group)
    groups = [row for row in rows if row.group]
    return (*everyone, _count_table(groups, cells, task)) if groups else everyone


def _two_by_three(row: ConfusionPart, cells: CellWords, task: TaskWords) -> Table:
    return Table(
        caption=f"Everyone: what the {task.many} are, and what became of them",
        columns=(task.named(cells.heading), *(words.capital(task.named(c)) for c in (cells.selected, cells.set_aside)), "No answer"),
        rows=(
            (task.named(cells.positive), numbers.count(row.tp), numbers.count(row.fn), numbers.count(row.no_answer_positive)),
            (task.named(cells.negative), numbers.count(row.fp), numbers.count(row.tn), numbers.count(row.no_answer_negative)),
        ),
    )


def _count_table(rows: Sequence[ConfusionPart], cells: CellWords, task: TaskWords) -> Table:
    kinds = [(side, what) for what in (cells.selected, cells.set_aside, "no answer") for side in (cells.positive, cells.negative)]
    return Table(
        caption="Counts by group",
        columns=("Group", *(words.capital(task.named(f"{side}, {what}")) for side, what in kinds)),
        rows=tuple((words.group_words(r.group), *(numbers.count(c) for c in r.counts)) for r in rows[:ROWS_LISTED]),
        left_out=max(0, len(rows) - ROWS_LISTED),
        folded=True,
    )


def _graded(rows: Sequence[OrdinalPart]) -> tuple[Table, ...]:
    everyone = tuple(_square(row) for row in rows if not row.group)
    groups = [row for row in rows if row.group]
    return (*everyone, _by_distance(groups), _by_level(groups)) if groups else everyone


def _square(row: OrdinalPart) -> Table:
    return Table(
        caption="Everyone: true levels, and the levels given",
        columns=("True level", *(f"Given {level}" for level in row.labels), "No answer", "All"),
        rows=tuple(
            (level, *(numbers.count(n) for n in given), numbers.count(refused), numbers.count(sum(given) + refused))
            for level, given, refused in zip(row.labels, row.matrix, row.no_answer, strict=True)
        ),
    )


def _by_distance(rows: Sequence[OrdinalPart]) -> Table:
    """How far each group's items are from their true level."""
    return Table(
        caption="Counts by group: how far from the true level",
        columns=("Group", "True level given", "One too low", "Two or more too low", "One too high", "Two or more too high", "No answer"),
        rows=tuple((words.group_words(row.group), *(numbers.count(n) for n in _distances(row))) for row in rows[:ROWS_LISTED]),
        left_out=max(0, len(rows) - ROWS_LISTED),
        folded=True,
    )


def _distances(row: OrdinalPart) -> tuple[int, ...]:
    """Counts read off the diagonals of the recorded matrix, and those without an answer."""
    found = [0] * 5
    for true, given in enumerate(row.matrix):
        for level, count in enumerate(given):
            off = max(-2, min(2, level - true))
            found[{0: 0, -1: 1, -2: 2, 1: 3, 2: 4}[off]] += count
    return (*found, sum(row.no_answer))


def _by_level(rows: Sequence[OrdinalPart]) -> Table:
    """The same square for each group of one attribute, a row for each true level."""
    single = [row for row in rows if len(row.group) == 1]
    lines = [
        (words.group_words(row.group), level, *(numbers.count(n) for n in given), numbers.count(refused))
        for row in single
        for level, given, refused in zip(row.labels, row.matrix, row.no_answer, strict=True)
    ]
    labels = rows[0].labels
    return Table(
        caption="Counts by group: true levels, and the levels given",
        columns=("Group", "True level", *(f"Given {level}" for level in labels), "No answer"),
        rows=tuple(lines[:ROWS_LISTED]),
        left_out=max(0, len(lines) - ROWS_LISTED),
        numeric_from=2,
        folded=True,
    )
