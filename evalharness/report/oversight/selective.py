"""The annex on deferral: how often the classifier is wrong among what it decides, if more or less goes to a person instead."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.evidence import Evidence
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.curve_charts import curve_chart
from evalharness.report.describing import DESCRIBES, curve_rows
from evalharness.report.view import Section, Table


def selective(evidence: Evidence, task: TaskWords) -> Iterator[Section]:
    """Nothing where the policy defers nothing."""
    curves = {curve.name: curve for curve in evidence.curves}
    curve, area = curves.get("risk_coverage"), curves.get("risk_coverage_area")
    if curve is None:
        return
    rows = curve_rows(curve)
    points = [(row["coverage"] or 0.0, row["risk"] or 0.0) for row in rows]
    said = f"The nearer the score of one of the {task.many} is to the threshold, the less sure the classifier is of it."
    mean = None if area is None else area.rows[0][0]
    if mean is not None:
        said += f" On average over all shares that it could decide itself, {numbers.fine(mean)} of its decisions are wrong (AURC)."
    yield Section(
        anchor="selective",
        title="If more, or less, were left to people",
        paragraphs=(f"{said} {DESCRIBES}",),
        curves=(
            curve_chart(
                "selective",
                ("Wrong decisions against the share decided", said),
                (f"share of {task.many} that the classifier decides", "share of these that is wrong"),
                (("main", "this classifier", points),),
            ),
        ),
        tables=(
            Table(
                caption="Only what lies at least so far from the threshold is decided by its score",
                columns=("Distance", f"Share of {task.many} decided", "Wrong among them", "at least", "at most"),
                rows=tuple(
                    (
                        numbers.four(row["cut"] or 0.0), numbers.fine(row["coverage"]), numbers.fine(row["risk"]),
                        numbers.fine(row["lower"], "down"), numbers.fine(row["upper"], "up"),
                    )
                    for row in rows
                ),
                folded=True,
                note=f"{words.capital(task.many)} without an answer are never decided. Each bound holds by itself. {curve.method}.",
            ),
        ),
    )  # fmt: skip
