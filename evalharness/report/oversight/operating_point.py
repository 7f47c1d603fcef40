"""The annex on a certified threshold: which promise it keeps, where it lies on the curve, and what another one would mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.evidence import Evidence
from evalharness.evidence.oversight.certify import CertifyPart, TargetPart
from evalharness.evidence.schema import CurvePart
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.curve_charts import CurveChart, curve_chart
from evalharness.report.describing import curve_rows
from evalharness.report.view import Section, Table

_NAMES = {
    "recall": "share of the relevant that is found",
    "false_negative_rate": "share of the relevant that is missed",
    "specificity": "share of the others that is left alone",
    "false_positive_rate": "share of the others that is opened without need",
    "review_rate": "share of all that a person opens",
    "precision": "share of what is selected that is relevant",
    "elusion": "share of what is set aside that is relevant",
}
_SEEN = "The supplier may have seen the items on which it was certified. The items that are judged are others, and they decide."
_HOW = (
    "Another part of the items, the train split, said where to begin and in which order thresholds are tried. Each was then held against "
    "every target on the calibration split, by the same bounds that judge a requirement, until the first that failed. So the chance that "
    "the threshold below breaks one of its targets is at most {doubt}, however many were tried."
)
_GRID = (
    "Thresholds were fixed by another part of the items, the train split. Each was held against every target on the calibration split, by "
    "bounds that allow for all {number} of them. So the chance that the threshold below breaks one of its targets is at most {doubt}."
)


def operating_point(evidence: Evidence, task: TaskWords) -> Iterator[Section]:
    """Nothing where the policy fixes its threshold."""
    part = None if evidence.oversight is None else evidence.oversight.certify
    if part is None:
        return
    curves = {curve.name: curve for curve in evidence.curves}
    curve, five = curves.get("certificate"), curves.get("certificate_numbers")
    grid = "grid=" in part.method
    how = (_GRID if grid else _HOW).format(doubt=numbers.doubt(part.level), number=numbers.count(part.candidates))
    yield Section(
        anchor="certificate",
        title="The threshold, and how it was certified",
        paragraphs=(_outcome(part, task), how, *(() if evidence.benchmark.seal is not None else (_SEEN,))),
        curves=() if curve is None else (_chart(curve, part, task),),
        tables=(_targets(part), *(() if five is None else (_five(five, part, task),)), _tried(part)),
    )


def _outcome(part: CertifyPart, task: TaskWords) -> str:
    items = f"{numbers.count(part.rows['calibration'])} {task.many} of the calibration split"
    if part.threshold is None:
        return (
            f"No threshold could be certified on {items}: none that was tried keeps every target. Nothing here is judged, and nothing may "
            f"be used. All figures of this report are those at {numbers.exact(part.start)}, where the search began."
        )
    return f"The threshold {numbers.exact(part.threshold)} was certified on {items}. It belongs to what is approved."


def _targets(part: CertifyPart) -> Table:
    place = next((k for k, one in enumerate(part.tried) if one.threshold == part.threshold), 0)
    shown = part.tried[place]
    return Table(
        caption="What the threshold must keep" if part.threshold is not None else "What was to be kept, where the search began",
        columns=("Target", "Asked", "On these items", "Bound", "Items", "Clusters"),
        rows=tuple(
            (
                words.capital(_name(target)),
                _asked(target),
                numbers.fine(counts[0] / total if total else None),
                f"{_side(target)} {numbers.fine(limit, 'down' if target.comparison == 'at_least' else 'up')}",
                numbers.count(total),
                numbers.count(clusters),
            )
            for target, counts, limit in zip(part.targets, shown.counts, shown.limits, strict=True)
            for total, clusters in (counts[3:5] or (target.total, target.clusters),)
        ),
    )


def _five(curve: CurvePart, part: CertifyPart, task: TaskWords) -> Table:
    rows = curve_rows(curve)
    weekly = any(row["reviewed_per_week"] is not None for row in rows)
    kinds = (("reviewed", "opened"), ("found", "found"), ("missed", "missed"), ("false_alarms", "opened without need"))
    used = "in use" if part.threshold is not None else "where the search began"
    return Table(
        caption="Other thresholds in plain numbers",
        columns=(
            "From this score on",
            *(f"{words.capital(name)}, in 1,000 {task.many}" for _, name in kinds),
            *(f"{words.capital(name)}, in a week" for _, name in kinds if weekly),
        ),
        rows=tuple(
            (
                numbers.exact(row["threshold"] or 0.0) + (f" ({used})" if row["in_use"] == 1 else ""),
                *(numbers.plain(row[f"{kind}_per_1000"]) for kind, _ in kinds),
                *(numbers.plain(row[f"{kind}_per_week"]) for kind, _ in kinds if weekly),
            )
            for row in rows
        ),
        note="Counts of the calibration split, without bounds. To open a quarter, half, twice or four times as much."
        + (" In a week: at the volume that the policy declares." if weekly else ""),
    )


def _tried(part: CertifyPart) -> Table:
    """A column for each target as the policy states it: of groups the bound that is nearest to failing."""
    by_kind: dict[tuple[object, ...], list[int]] = {}
    for place, target in enumerate(part.targets):
        by_kind.setdefault((target.metric, target.comparison, target.bound, tuple(sorted(target.group))), []).append(place)
    kinds = list(by_kind.values())
    return Table(
        caption="Every threshold that was tried, in that order",
        columns=("From this score on", *(f"Bound: {_kind(part.targets[places[0]])}" for places in kinds)),
        rows=tuple(
            (
                numbers.exact(one.threshold) + (" (certified)" if one.threshold == part.threshold else ""),
                *(_worst(part.targets[places[0]], [one.limits[place] for place in places]) for places in kinds),
            )
            for one in part.tried
        ),
        folded=True,
        note=f"{numbers.count(part.candidates)} candidates came from the train split. {part.method}.",
    )


def _chart(curve: CurvePart, part: CertifyPart, task: TaskWords) -> CurveChart:
    rows = [row for row in curve_rows(curve) if row["review_rate"] is not None and row["found"] is not None]
    points = sorted((row["review_rate"] or 0.0, numbers.rest(row["found"] or 0.0)) for row in rows)
    at = part.start if part.threshold is None else part.threshold
    here = next((row for row in rows if row["threshold"] == at), None)
    marked = None
    if here is not None:
        label = "certified" if part.threshold is not None else "not certified"
        marked = (here["review_rate"] or 0.0, numbers.rest(here["found"] or 0.0), label)
    return curve_chart(
        "certificate",
        ("Misses against reviews on the calibration split", "The more is opened, highest scores first, the less is missed."),
        (f"share of {task.many} that a person opens", "share of the relevant that is missed"),
        (("main", "this classifier", points),),
        marked=marked,
    )


def _name(target: TargetPart) -> str:
    return _NAMES.get(target.metric, target.metric) + (f" ({words.group_words(target.group)})" if target.group else "")


def _kind(target: TargetPart) -> str:
    of = f", worst group by {' and '.join(sorted(target.group))}" if target.group else ""
    return f"{_NAMES.get(target.metric, target.metric)}{of} ({_asked(target)})"


def _worst(target: TargetPart, limits: Sequence[float | None]) -> str:
    known = [limit for limit in limits if limit is not None]
    low = target.comparison == "at_least"
    worst = None if len(known) < len(limits) else min(known) if low else max(known)
    return f"{_side(target)} {numbers.fine(worst, 'down' if low else 'up')}"


def _asked(target: TargetPart) -> str:
    return f"{_side(target)} {numbers.exact_percent(target.bound)}"


def _side(target: TargetPart) -> str:
    return "at least" if target.comparison == "at_least" else "at most"
