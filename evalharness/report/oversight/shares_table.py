"""Estimates about people as a table: found, bounds, counted, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evalharness.catalogue import Metric
from evalharness.catalogue.oversight import OVERSIGHT_METRICS
from evalharness.catalogue.oversight.work import OFFICERS
from evalharness.evidence import Evidence
from evalharness.evidence.judged import EstimatePart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.oversight.resting import rests
from evalharness.report.oversight.rubber_stamp import of_everybody
from evalharness.report.oversight.small_cells import FEWEST, HIDDEN
from evalharness.report.view import Table

_OF_FEW = ("people", "exposure")
"""Sources whose units tell who they are where there are few of them."""


def table_of(caption: str, names: Iterable[str], evidence: Evidence, task: TaskWords, note: str = "") -> Iterator[Table]:
    """Nothing where none of these was estimated."""
    known = of_everybody(evidence)
    rows = [known[name] for name in names if name in known]
    if not rows:
        return
    resting = list(dict.fromkeys(rests(row.rests_on) for row in rows))
    several = len(resting) > 1
    alike = f"These figures rest on {resting[0]}." if not several and resting[0] else ""
    yield Table(
        caption=caption,
        columns=("Measure", *(("Rests on",) if several else ()), "Found", f"{_sure(rows)}: at least", "at most", "Counted"),
        rows=tuple(_cells(row, task, ((rests(row.rests_on) or "what was counted",) if several else ())) for row in rows),
        note=" ".join(filter(None, (note, alike))),
        numeric_from=2 if several else 1,
    )


def of_source(source: str) -> tuple[str, ...]:
    """Names of the metrics of one source, in the order of the catalogue; without those in units of cost, of which there are several."""
    return tuple(metric.name for metric in OVERSIGHT_METRICS if metric.source == source and metric.unit != "cost")


def amount(metric: Metric, value: float | None, rounding: numbers.Rounding = "near") -> str:
    """A share, a difference of shares, or a plain number."""
    if metric.kind == "oversight_difference":
        return numbers.points(value, rounding)
    if metric.name == OFFICERS and value is not None:
        return numbers.count(int(value))  # whole already
    return numbers.fine(value, rounding) if metric.unit == "proportion" else numbers.plain(value, rounding)


def _cells(row: EstimatePart, task: TaskWords, resting: tuple[str, ...]) -> tuple[str, ...]:
    metric = next(one for one in OVERSIGHT_METRICS if one.name == row.metric)
    name = words.title(row.metric, task) + ("" if row.decides and metric.decides else " (describes)")
    if metric.source in _OF_FEW and row.n < FEWEST:
        return name, *resting, numbers.ABSENT, numbers.ABSENT, numbers.ABSENT, HIDDEN
    lower, upper = (None, None) if metric.complete else row.bounds
    value = numbers.ABSENT if row.value is None else amount(metric, row.value)
    return name, *resting, value, amount(metric, lower, "down"), amount(metric, upper, "up"), numbers.count(row.n)


def _sure(rows: list[EstimatePart]) -> str:
    return words.sure(min(row.level for row in rows)).capitalize()
