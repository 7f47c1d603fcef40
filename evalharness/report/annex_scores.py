"""The annex on scores: whether they are chances, what every threshold does, what is gained, and the same at another prevalence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evalharness.evidence import Evidence
from evalharness.evidence.schema import CurvePart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.curve_charts import curve_chart
from evalharness.report.describing import Row, curve_rows
from evalharness.report.threshold_numbers import in_plain_numbers
from evalharness.report.view import Section, Table

POINTS_LISTED = 25
_DESCRIBES = "This describes and decides nothing."
_NET = (
    "A threshold probability of 10 % stands for the view that one find is worth looking at nine others in vain. “Net benefit” counts finds "
    "for each {one}, less what is looked at in vain at that price."
)

_ACTING = (("dashed", "looking at all", "everybody"), ("dotted", "looking at none", "nobody"), ("main", "this classifier", "model"))

_TAKEN_AS_GIVEN = (
    "Each share is taken as given. Bounds on page one also allow for the chance in how many there are, so they are wider than these."
)
_IN_USE = (
    "The bounds put together those of two shares found in this test: how many of the {relevant} are selected, and how many of the others. "
    "This assumes that only the share of {relevant} differs in use: that among these the classifier answers there as it does here, among "
    "the others too, and that the groups of people are mixed as here. What gets no answer counts as decided wrongly."
)


def described_scores(evidence: Evidence, task: TaskWords) -> tuple[Section, ...]:
    """One section for each table that the evidence has; nothing for tasks that have none."""
    curves = {curve.name: curve for curve in evidence.curves if not curve.group}
    if task.task not in {"binary", "risk"}:
        return ()
    return tuple(
        section
        for name, make in (
            ("reliability", _reliability),
            ("operating_points", _operating_points),
            ("decision_curve", _decision_curve),
            ("deployment", _deployment),
            ("bands", _bands),
        )
        if name in curves and curves[name].rows
        for section in make(curves, evidence, task)
    )


def _reliability(curves: Mapping[str, CurvePart], evidence: Evidence, task: TaskWords) -> Iterator[Section]:
    rows = curve_rows(curves["reliability"])
    points = [(x, y) for row in rows if (x := row["mean_score"]) is not None and (y := row["relevant_share"]) is not None]
    found = {e.metric: e.value for e in evidence.described if not e.group}
    off, chance = found.get("expected_calibration_error"), found.get("expected_calibration_error_if_calibrated")
    said = "" if off is None else (
        f"Read as chances, the scores are off by {numbers.points(off)} on average"
        + ("." if chance is None else f"; were each of them exactly right, chance alone would make it {numbers.points(chance)}.")
    )  # fmt: skip
    end = max((value for point in points for value in point), default=1.0)
    chart = curve_chart(
        "reliability",
        (
            "Score and share that is " + _hit(task),
            f"{said} Each circle is a stretch of scores; on the dashed line scores are exactly right.",
        ),
        ("score, read as a chance", f"share that is {_hit(task)}"),
        (("dashed", "exactly right", [(0.0, 0.0), (end, end)]), ("main", "this classifier", points)),
        dots=points,
    )
    table = Table(
        caption="Scores and what was true, by stretches of scores",
        columns=("Scores from", "to", "Mean score", f"Share {_hit(task)}", words.capital(task.many)),
        rows=tuple(
            (_score(r["score_from"]), _score(r["score_to"]), _score(r["mean_score"]), numbers.fine(r["relevant_share"]), _count(r["items"]))
            for r in rows
        ),
        numeric_from=0,
        folded=True,
        note="Stretches follow from the data: neighbours are put together until the share rises with the score (isotonic regression).",
    )
    below = "A circle below the dashed line: the scores there are too high. Above it: too low."
    yield Section(anchor="reliability", title="Can the scores be read as chances?",
                  paragraphs=(f"{said} {below} {_DESCRIBES}".strip(),), curves=(chart,), tables=(table,))  # fmt: skip


def _operating_points(curves: Mapping[str, CurvePart], evidence: Evidence, task: TaskWords) -> Iterator[Section]:
    curve = curves["operating_points"]
    rows = [row for row in curve_rows(curve) if row["recall"] is not None and row["workload"] is not None]
    used = next((row for row in rows if row["in_use"] == 1), None)
    points = sorted((_known(row["workload"]), numbers.rest(_known(row["recall"]))) for row in rows)
    capacity = curve_rows(curves["capacity"]) if "capacity" in curves else []
    said = f"The more {task.many} are looked at, highest scores first, the fewer of those {_hit(task)} are missed. "
    marked = None
    if used is not None:
        here = _known(used["workload"]), numbers.rest(_known(used["recall"]))
        said += f"At the threshold in use, {numbers.percent(here[0])} are looked at and {numbers.percent(here[1])} of those are missed. "
        marked = (*here, "in use")
    if row := next((row for row in capacity if row["share"] == _FIFTH and row["recall"] is not None), None):
        said += f"Looking at {numbers.exact_percent(_FIFTH)} would miss {numbers.percent(numbers.rest(_known(row['recall'])))}. "
    if not points:
        return
    chart = curve_chart(
        "operating-points",
        ("Misses against workload", said.strip()),
        (f"share of {task.many} looked at", f"share of those {_hit(task)} that is missed"),
        (("main", "this classifier", points), ("dotted", "drawing lots", [(0.0, 1.0), (1.0, 0.0)])),
        marked=marked,
    )
    yield Section(
        anchor="thresholds",
        title="Misses against workload, at every threshold",
        paragraphs=(said + _DESCRIBES,),
        curves=(chart,),
        tables=(
            *in_plain_numbers(rows, used, evidence, task),
            *_capacity_tables(capacity, task),
            _threshold_table(curve, rows, used, task),
        ),
    )


_FIFTH = 0.2
_NEAR_ONE = 0.999
_POINTS = f"{numbers.SPACE}percentage points"


def _capacity_tables(rows: list[Row], task: TaskWords) -> Iterator[Table]:
    if rows:
        yield Table(
            caption=f"If only so many {task.many} can be looked at, those with the highest scores",
            columns=("Looked at", words.capital(task.many), "Lowest score", f"Found of those {_hit(task)}",
                     f"Of those looked at, {_hit(task)}"),
            rows=tuple(
                (numbers.exact_percent(_known(r["share"])), _count(r["items"]), _score(r["lowest_score"]), numbers.fine(r["recall"]),
                 numbers.fine(r["precision"]))
                for r in rows
            ),
            note="Equal scores count with the mean over every order among them.",
        )  # fmt: skip


def _threshold_table(curve: CurvePart, rows: list[Row], used: Row | None, task: TaskWords) -> Table:
    every = max(1, -(-len(rows) // POINTS_LISTED))
    shown = [row for k, row in enumerate(rows) if row is used or k % every == 0]
    gaps = [name for name in curve.columns if name.startswith("recall_gap ")]
    costs = [name for name in curve.columns if name.startswith("expected_cost ")]
    return Table(
        caption="Thresholds",
        columns=(
            "From this score on", "Looked at", f"Found of those {_hit(task)}", "Missed", "False alarms",
            *(f"Difference in what is found by {words.attributes_words((name.removeprefix('recall_gap '),))}, in points" for name in gaps),
            *(name.removeprefix("expected_cost ").replace("_", " ") + f" for each {task.one}" for name in costs),
        ),
        rows=tuple(
            (
                ("none" if row["threshold"] is None else _score(row["threshold"])) + (" (in use)" if row is used else ""),
                numbers.fine(row["workload"]), numbers.fine(row["recall"]), _count(row["misses"]), numbers.fine(row["false_positive_rate"]),
                *(numbers.points(row[name]).removesuffix(_POINTS) for name in gaps),
                *(numbers.plain(row[name]) for name in costs),
            )
            for row in shown
        ),
        left_out=len(rows) - len(shown),
        folded=True,
        note="Difference: largest less smallest share found among the groups, in percentage points. "
        f"{words.capital(task.many)} without a score are looked at, and count as missed or as false alarms, as everywhere.",
    )  # fmt: skip


def _decision_curve(curves: Mapping[str, CurvePart], _evidence: Evidence, task: TaskWords) -> Iterator[Section]:
    rows = [row for row in curve_rows(curves["decision_curve"]) if row["model"] is not None]
    better = [row for row in rows if _known(row["model"]) > max(_known(row["everybody"]), 0.0)]
    if not rows:
        return
    if better:
        low, high = (numbers.exact_percent(_known(better[k]["threshold_probability"])) for k in (0, -1))
        gaps = "" if len(better) == 1 + rows.index(better[-1]) - rows.index(better[0]) else ", with gaps"
        said = f"Acting on the scores is worth more than looking at all or at none for threshold probabilities from {low} to {high}{gaps}."
    else:
        said = "Nowhere is acting on the scores worth more than looking at all or at none."
    top = max(_known(row[name]) for row in rows for name in ("model", "everybody"))
    floor = -max(top, 0.001) / 4
    lines = [
        (style, label, [(_known(row["threshold_probability"]), max(_known(row[name]), floor)) for row in rows])
        for style, label, name in _ACTING
    ]
    axes = ("threshold probability", "net benefit")
    chart = curve_chart("benefit", ("Net benefit", said), axes, lines, percent=(True, False), lowest=floor)
    table = Table(
        caption="Net benefit",
        columns=("Threshold probability", "This classifier", "Looking at all", "Looking at none"),
        rows=tuple(
            (numbers.exact_percent(_known(r["threshold_probability"])), _four(r["model"]), _four(r["everybody"]), _four(r["nobody"]))
            for r in rows
        ),
        folded=True,
    )
    yield Section(anchor="benefit", title="What is gained over looking at all or at none",
                  paragraphs=(f"{said} {_DESCRIBES}", _NET.format(one=task.one)), curves=(chart,), tables=(table,))  # fmt: skip


def _deployment(curves: Mapping[str, CurvePart], _evidence: Evidence, task: TaskWords) -> Iterator[Section]:
    rows = curve_rows(curves["deployment"])
    table = Table(
        caption="In a week, at the volume that the policy declares",
        columns=(
            *(f"Share of {task.denominator_of('recall')}", "Of those selected, such", "at least", "at most"),
            *("Selected", "at most", "Missed", "at most"),
        ),
        rows=tuple(
            (
                numbers.fine(r["prevalence"]) + (" (stated by the policy)" if r["stated"] == 1 else " (measured here)"),
                numbers.fine(r["precision"]), numbers.fine(r["precision_lower"], "down"), numbers.fine(r["precision_upper"], "up"),
                numbers.plain(r["selected_per_week"]), numbers.plain(r["selected_per_week_upper"], "up"),
                numbers.plain(r["missed_per_week"]), numbers.plain(r["missed_per_week_upper"], "up"),
            )
            for r in rows
        ),
        note=_IN_USE.format(relevant=task.denominator_of("recall")),
    )  # fmt: skip
    yield Section(
        anchor="deployment", title="At the share to be expected in use", paragraphs=(_TAKEN_AS_GIVEN, _DESCRIBES), tables=(table,)
    )


def _bands(curves: Mapping[str, CurvePart], evidence: Evidence, task: TaskWords) -> Iterator[Section]:
    curve, levels = curves["bands"], evidence.benchmark.levels
    table = Table(
        caption=f"{words.capital(task.many)} by true band and by the band that they were given",
        columns=("Truly", *(f"Placed in “{level}”" for level in levels), "No answer"),
        rows=tuple((level, *(_count(number) for number in row[1:])) for level, row in zip(levels, curve.rows, strict=False)),
    )
    yield Section(anchor="bands", title="All bands", paragraphs=(f"Only the top band is judged. {_DESCRIBES}",), tables=(table,))


def _hit(task: TaskWords) -> str:
    """What scores are about: for risk the outcome, not the band."""
    return "with the outcome" if task.task == "risk" else "relevant"


def _known(value: float | None) -> float:
    return 0.0 if value is None else value


def _four(value: float | None) -> str:
    return numbers.ABSENT if value is None else numbers.four(value).replace("-", "−") if value < 0 else numbers.four(value)


def _score(value: float | None) -> str:
    """Near 1 with every digit: there thresholds differ in the last ones."""
    return numbers.exact(value) if value is not None and _NEAR_ONE < value < 1 else _four(value)


def _count(value: float | None) -> str:
    return numbers.ABSENT if value is None else numbers.count(round(value))
