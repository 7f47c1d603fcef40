"""The annex on what no counts hold: measures of scores, of an order, of linked records. They describe."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from evalharness.catalogue import described_metrics
from evalharness.evidence import Evidence
from evalharness.evidence.schema import EstimatePart
from evalharness.records import CUSTOM
from evalharness.report import numbers, words
from evalharness.report.annex_entities import entities_section
from evalharness.report.annex_groups import ROWS_LISTED
from evalharness.report.annex_order import order_section
from evalharness.report.by_task import TaskWords
from evalharness.report.view import Section, Table

_INTRO = (
    "These measures describe and decide nothing: no bound of theirs has been shown to be safe enough to decide. "
    "They are not computed from the counts of this report; running the classifier again (`verify --replay`) derives them again."
)

_OWN = {"ranking": order_section, "linkage": entities_section}


def described(evidence: Evidence, task: TaskWords) -> tuple[Section, ...]:
    """The task's own section of an order or of links; then what is left: everybody, and each group of one attribute."""
    own = _OWN[evidence.benchmark.task](evidence) if evidence.benchmark.task in _OWN else ()
    told = described_metrics(evidence.benchmark.task) if own else {}
    found = [e for e in evidence.described if e.metric not in told]
    if not found:
        return own
    overall = [e for e in found if not e.group]
    tables = [_table("Everyone together", overall, evidence)]
    of_groups = sorted((e for e in found if e.group), key=lambda e: tuple(e.group))
    for attributes, cells in groupby(of_groups, key=lambda e: tuple(e.group)):
        tables.append(_table(f"By {words.attributes_words(attributes)}", list(cells), evidence))
    return (
        *own,
        Section(anchor="described", title="Measures that only describe", paragraphs=(task.named(_INTRO),), tables=tuple(tables)),
    )


def _table(caption: str, estimates: Sequence[EstimatePart], evidence: Evidence) -> Table:
    known = described_metrics(evidence.benchmark.task)
    grouped = any(e.group for e in estimates)
    return Table(
        caption=caption,
        columns=("Measure", *(("Group",) if grouped else ()), "Found", "At least", "At most", "Counted", "How"),
        rows=tuple(
            (
                known[e.metric].title if e.metric in known else f"{e.metric.removeprefix(CUSTOM).replace('_', ' ')} (of another package)",
                *((words.group_words(e.group),) if grouped else ()),
                _number(e.value),
                _number(e.lower, "down"),
                _number(e.upper, "up"),
                numbers.count(e.n),
                e.reason if e.value is None else "; ".join(text for text in (e.method, e.reason) if text),
            )
            for e in estimates[:ROWS_LISTED]
        ),
        left_out=max(0, len(estimates) - ROWS_LISTED),
        folded=grouped,
    )


def _number(value: float | None, rounding: numbers.Rounding = "near") -> str:
    return numbers.ABSENT if value is None else numbers.four(value, rounding)
