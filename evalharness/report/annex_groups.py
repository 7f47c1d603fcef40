"""The annex on people: groups, their combinations, and the gaps between them."""

from __future__ import annotations

from itertools import groupby

from evalharness.evidence import Evidence
from evalharness.evidence.schema import EstimatePart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.describing import with_limits
from evalharness.report.view import Section, Table

ROWS_LISTED = 200
"""Rows of a table; the rest are in evidence.json."""


_PAIRS = (
    "“Pair that decides”: of all pairs of groups, the one whose bound is the worst. “Found” is the gap between these two; "
    "the bounds allow for all pairs."
)


def groups(evidence: Evidence, task: TaskWords) -> Section:
    """Figures of every group, one table for each set of attributes."""
    names = {*task.group_metrics, *(metric for _, metric in task.group_counts)}
    wanted = [e for e in evidence.unconditional if e.group and not e.between and e.metric in names]
    by_group: dict[tuple[tuple[str, str], ...], dict[str, EstimatePart]] = {}
    for estimate in wanted:
        by_group.setdefault(tuple(sorted(estimate.group.items())), {})[estimate.metric] = estimate
    tables = []
    for attributes, cells in groupby(by_group, key=lambda group: tuple(a for a, _ in group)):
        listed = list(cells)
        tables.append(
            Table(
                caption=f"By {words.attributes_words(attributes)}",
                columns=(
                    "Group",
                    *(task.named(name) for name, _ in task.group_counts),
                    *(words.title(m, task) for m in task.group_metrics),
                ),
                rows=tuple(_group_cells(group, by_group[group], task) for group in listed[:ROWS_LISTED]),
                left_out=max(0, len(listed) - ROWS_LISTED),
                folded=len(attributes) > 1,
            )
        )
    return Section(
        anchor="groups",
        title="Groups and their combinations",
        paragraphs=(
            "Each cell: the figure found, and in brackets the two bounds, each with this run's confidence on its own. "
            "That no difference is demonstrated does not mean that there is none.",
        ),
        tables=tuple(tables),
    )


def _group_cells(group: tuple[tuple[str, str], ...], found: dict[str, EstimatePart], task: TaskWords) -> tuple[str, ...]:
    return (
        words.group_words(dict(group)),
        *(numbers.count(found[m].n if m in found else None) for _, m in task.group_counts),
        *(with_limits(found.get(m)) for m in task.group_metrics),
    )


def gaps(evidence: Evidence, task: TaskWords) -> Section:
    """Differences and ratios between groups."""
    found = [e for e in evidence.unconditional if e.between]
    tables = []
    for kind, caption in (("difference", "Largest difference between two groups"), ("ratio", "Lowest group over highest group")):
        rows = [e for e in found if e.metric.endswith("_" + kind)]
        if rows:
            tables.append(
                Table(
                    caption=caption,
                    columns=("Measure", "Between the groups of", "Pair that decides", "Found", "At least", "At most"),
                    rows=tuple(_gap_cells(e, task) for e in rows[:ROWS_LISTED]),
                    left_out=max(0, len(rows) - ROWS_LISTED),
                    numeric_from=3,
                    folded=True,
                    note=_PAIRS,
                )
            )
    return Section(
        anchor="gaps",
        title="Gaps between groups",
        paragraphs=(
            "The upper bound holds for every pair of groups. The lower bound allows for the number of pairs that were looked at, "
            "so that a gap is not announced because many were searched.",
        ),
        tables=tuple(tables),
    )


def _gap_cells(estimate: EstimatePart, task: TaskWords) -> tuple[str, ...]:
    pair = "" if estimate.pair is None else f"{words.group_words(estimate.pair[0])} against {words.group_words(estimate.pair[1])}"
    left_out = f" (left out by the policy: {'; '.join(words.group_words(g) for g in estimate.excluded)})" if estimate.excluded else ""
    base, _ = words.metric_of(estimate.metric)
    return (
        words.title(base, task),
        words.attributes_words(estimate.between) + left_out,
        pair,
        words.amount(estimate.metric, estimate.value) if estimate.value is not None else f"{numbers.ABSENT} {estimate.reason}",
        words.amount(estimate.metric, estimate.bounds[0], "down"),
        words.amount(estimate.metric, estimate.bounds[1], "up"),
    )
