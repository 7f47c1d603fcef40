"""The annex on costs: each unit for everybody, and for groups one table for each set of attributes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from evalharness.evidence import Evidence
from evalharness.evidence.schema import EstimatePart
from evalharness.report import numbers, words
from evalharness.report.annex_cost_ranges import cost_range_tables
from evalharness.report.annex_groups import ROWS_LISTED
from evalharness.report.by_task import TaskWords
from evalharness.report.policy_text import PolicyText
from evalharness.report.view import Section, Table


def costs(evidence: Evidence, policy: PolicyText, task: TaskWords) -> Section:
    """Average costs, and how far each stated cost may be off."""
    found = [e for e in evidence.unconditional if e.metric == "expected_cost" and not e.between]
    if not found:
        return Section(anchor="costs", title="Costs", paragraphs=("The policy states no costs.",))
    stated = (f"The costs were stated by {policy.costs_stated_by}.",) if policy.costs_stated_by else ()
    exchange = (f"The policy exchanges one unit for another: {policy.exchange}.",) if policy.exchange else ()
    return Section(
        anchor="costs",
        title="Costs",
        paragraphs=("Units stand side by side; they are never added up.", *stated, *exchange),
        tables=(*_tables(found, task), *cost_range_tables(evidence, task)),
    )


def _tables(found: list[EstimatePart], task: TaskWords) -> Iterator[Table]:
    """Everybody first; groups folded, those of one set of attributes together, unit by unit for each group."""
    of = {attributes: list(rows) for attributes, rows in groupby(sorted(found, key=_attributes), key=_attributes)}
    for (_, attributes), rows in of.items():
        listed = sorted(rows, key=lambda e: sorted(e.group.items()))  # stable: units stay in the order of the policy
        what = f"by {words.attributes_words(attributes)}" if attributes else "each unit on its own"
        yield Table(
            caption=f"Average cost of one {task.one}, {what}",
            columns=("Unit", "Group", "Found", "At least", "At most", "Counted"),
            rows=tuple(_cells(e) for e in listed[:ROWS_LISTED]),
            left_out=max(0, len(listed) - ROWS_LISTED),
            numeric_from=2,
            folded=bool(attributes),
        )


def _attributes(estimate: EstimatePart) -> tuple[int, tuple[str, ...]]:
    return len(estimate.group), tuple(sorted(estimate.group))


def _cells(estimate: EstimatePart) -> tuple[str, ...]:
    return (
        estimate.unit.replace("_", " "),
        words.group_words(estimate.group),
        numbers.plain(estimate.value),
        numbers.plain(estimate.bounds[0], "down"),
        numbers.plain(estimate.bounds[1], "up"),
        numbers.count(estimate.n),
    )
