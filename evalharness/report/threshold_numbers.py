"""What other thresholds would mean, in plain numbers: for 1,000 items and, where a volume is declared, for a week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evalharness.evidence import Evidence
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.describing import Row
from evalharness.report.view import Table

_TIMES = (0.25, 0.5, 1.0, 2.0, 4.0)
"""How much is opened, next to what is opened at the threshold in use."""
_KINDS = ("opened", "found", "missed", "opened without need")


def in_plain_numbers(rows: Sequence[Row], used: Row | None, evidence: Evidence, task: TaskWords) -> Iterator[Table]:
    """Of the recorded thresholds those that open about a quarter, half, twice and four times as much.

    Nothing where counts are weighted, or where a certified threshold has such a table of its own.

    rows: of the curve of operating points, with `workload`, `recall` and `false_positive_rate`. used: the row of the threshold in use.
    """
    sizes, certified = _relevant_and_not(evidence), evidence.oversight is not None and evidence.oversight.certify is not None
    if used is None or sizes is None or evidence.benchmark.sampling or certified:
        return
    here = used["workload"] or 0.0
    near = {id(row): row for times in _TIMES for row in (min(rows, key=lambda one: abs((one["workload"] or 0.0) - times * here)),)}
    shown = sorted({**near, id(used): used}.values(), key=lambda one: one["workload"] or 0.0)
    week = _per_week(evidence)
    scales = (1000.0, *(() if week is None else (float(week),)))
    yield Table(
        caption="Other thresholds in plain numbers",
        columns=(
            "From this score on",
            *(f"{words.capital(kind)}, in 1,000 {task.many}" for kind in _KINDS),
            *(f"{words.capital(kind)}, in a week" for kind in _KINDS if week is not None),
        ),
        rows=tuple(
            (
                ("none" if row["threshold"] is None else numbers.exact(row["threshold"])) + (" (in use)" if row is used else ""),
                *(numbers.plain(share * scale) for scale in scales for share in _shares(row, *sizes)),
            )
            for row in shown
        ),
        note="Counts of this test, without bounds: they describe. To open a quarter, half, twice or four times as much, as near as the "
        "recorded thresholds come." + (f" In a week: of the {numbers.count(week)} that the policy declares." if week is not None else ""),
    )


def _shares(row: Row, relevant: int, others: int) -> tuple[float, float, float, float]:
    """Of all items; in the order of the kinds."""
    recall, false, whole = row["recall"] or 0.0, row["false_positive_rate"] or 0.0, relevant + others
    return (row["workload"] or 0.0), recall * relevant / whole, (1.0 - recall) * relevant / whole, false * others / whole


def _relevant_and_not(evidence: Evidence) -> tuple[int, int] | None:
    counted = {e.metric: e.n for e in evidence.unconditional if not e.group and not e.between}
    relevant, others = counted.get("recall"), counted.get("false_positive_rate")
    return (relevant, others) if relevant and others else None


def _per_week(evidence: Evidence) -> int | None:
    people = evidence.policy.document.get("human_in_the_loop")
    week = people.get("items_per_week") if isinstance(people, Mapping) else None
    return week if isinstance(week, int) and not isinstance(week, bool) else None
