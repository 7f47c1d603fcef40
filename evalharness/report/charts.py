"""Positions of the drawings. A figure goes to its place on the axis and nowhere else; nothing is estimated here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evalharness.evidence.schema import FindingPart
from evalharness.evidence.second_pair import Narrower
from evalharness.report import words
from evalharness.report.axis import Axis, Label, label, ticks
from evalharness.report.by_size import IF_ALIKE
from evalharness.report.by_task import TaskWords
from evalharness.report.fitting import cut
from evalharness.report.marks import mark
from evalharness.report.view import Chart, Row

ROWS_DRAWN = 40
_ONE = (420, 104, 14.0, 406.0)
_ONE_PHONE = (330, 112, 6.0, 324.0)
_PHONE_WIDTH, _PHONE_LEFT, _PHONE_RIGHT, _PHONE_ROW = 330, 6.0, 324.0, 54.0
_MANY_WIDTH, _MANY_RIGHT, _LETTER = 720, 570.0, 6.5
_ROW_HEIGHT, _HEAD, _FOOT = 20.0, 34.0, 26.0
_NAME_LENGTH = 34
_APART = 3.0
"""How far the narrower bound must lie from the other to be drawn."""
_STROKES = f"The short strokes: where the bounds would be, {IF_ALIKE[:1].lower()}{IF_ALIKE[1:]}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a drawing needs beside the findings."""

    task: TaskWords
    narrower: Narrower


def one_chart(finding: FindingPart, number: int, told: Drawn, *, phone: bool = False) -> Chart | None:
    """The drawing of a single finding; null where there is nothing to draw."""
    if finding.comparison == "equals" or (finding.value is None and finding.lower is None and finding.upper is None):
        return None
    width, height, left, right = _ONE_PHONE if phone else _ONE
    axis = _axis([finding], left, right)
    _, bound = words.deciding(finding)
    value = None
    if finding.value is not None:
        text = "found: " + words.amount(finding.metric, finding.value, unit=finding.unit, beside=finding.bound)
        value = label(axis.place(finding.value), text, left, right)
    edge = None if bound is None else label(axis.place(bound), f"{words.sure(finding.level)}: {words.bound_words(finding)}", left, right)
    return _chart(
        number,
        [finding],
        told,
        axis,
        (width, height),
        rows=(_row(finding, axis, 55.0 if phone else 52.0, told),),
        area=(26.0, 86.0) if phone else (24.0, 80.0),
        phone=phone,
        value=value,
        bound=edge,
        description=f"{words.found(finding, told.task)} The goal of the policy: {words.asks(finding, told.task)}",
    )


def group_chart(findings: Sequence[FindingPart], number: int, told: Drawn, *, phone: bool = False) -> Chart | None:
    """One row for each group, those nearest to failing first; what does not fit is counted."""
    drawn = [f for f in findings if f.value is not None or f.lower is not None or f.upper is not None]
    if not drawn:
        return None
    ordered = sort_by_bound(findings)
    first = ordered[:ROWS_DRAWN]
    longest = max(len(_name(f)) for f in first)
    left, right = (_PHONE_LEFT, _PHONE_RIGHT) if phone else (round(20 + _LETTER * longest, 1), _MANY_RIGHT)
    axis, step = _axis(drawn, left, right), _PHONE_ROW if phone else _ROW_HEIGHT
    height = int(_HEAD + step * len(first) + _FOOT)
    rows = tuple(_row(f, axis, _HEAD + step * (i + 0.5), told) for i, f in enumerate(first))
    worst = first[0]
    return _chart(
        number,
        drawn,
        told,
        axis,
        (_PHONE_WIDTH if phone else _MANY_WIDTH, height),
        rows=rows,
        area=(_HEAD - 4, _HEAD + step * len(first) + 2),
        phone=phone,
        value=None,
        bound=None,
        description=(
            f"One row for each of {len(first)} groups, the bound that decides drawn against the goal of {words.goal(worst)}. "
            f"First: {words.group_words(worst.group)}, {mark(worst.outcome).word}, {_bound_text(worst)}. "
            "The table below has the same figures."
        ),
        left_out=len(ordered) - len(first),
    )


def sort_by_bound(findings: Sequence[FindingPart]) -> list[FindingPart]:
    """Worst outcome first, then by the deciding bound, those nearest to failing first; ties by name."""

    def key(finding: FindingPart) -> tuple[int, float, tuple[tuple[str, str], ...]]:
        _, bound = words.deciding(finding)
        rising = finding.comparison in ("at_least", "min_ratio")
        distance = math.inf if bound is None else (bound if rising else -bound)
        return words.OUTCOMES_WORST_FIRST.index(finding.outcome), distance, tuple(sorted(finding.group.items()))

    return sorted(findings, key=key)


def _chart(
    number: int,
    findings: Sequence[FindingPart],
    told: Drawn,
    axis: Axis,
    size: tuple[int, int],
    *,
    rows: tuple[Row, ...],
    area: tuple[float, float],
    phone: bool,
    value: Label | None,
    bound: Label | None,
    description: str,
    left_out: int = 0,
) -> Chart:
    first = findings[0]
    goal_x = axis.place(first.bound)
    rising = first.comparison in ("at_least", "min_ratio")
    accepted = (goal_x, axis.right) if rising else (axis.left, goal_x)
    middle = round((accepted[0] + accepted[1]) / 2, 1)
    return Chart(
        id=f"requirement-{number}-{'phone-chart' if phone else 'chart'}",
        title=f"Requirement {number}: {words.title(first.metric, told.task)}, what was found against the goal",
        description=description,
        width=size[0],
        height=size[1],
        left=axis.left,
        right=axis.right,
        top=area[0],
        bottom=area[1],
        goal_x=goal_x,
        goal=label(goal_x, f"goal: {'at least' if rising else 'at most'} {words.goal(first)}", axis.left, axis.right),
        accepted_from=accepted[0],
        accepted_to=accepted[1],
        accepted=Label(x=middle, text="meets the goal" if accepted[1] - accepted[0] > 90 else "", anchor="middle"),
        ticks=ticks(axis, 3 if phone else 6, percentage=words.is_share(first.metric)),
        rows=rows,
        phone=phone,
        value=value,
        bound=bound,
        left_out=left_out,
        note=_STROKES if any(row.narrower for row in rows) else "",
    )


def _row(finding: FindingPart, axis: Axis, y: float, told: Drawn) -> Row:
    _, bound = words.deciding(finding)
    ends = zip(told.narrower.of(finding) or (), (finding.lower, finding.upper), strict=False)
    places = [(axis.at(narrow), axis.at(wide)) for narrow, wide in ends]
    return Row(
        y=round(y, 1),
        name=_name(finding),
        mark=mark(finding.outcome),
        value_x=axis.at(finding.value),
        bound_x=axis.at(bound),
        low_x=axis.at(finding.lower),
        high_x=axis.at(finding.upper),
        text=_bound_text(finding),
        narrower=tuple(x for x, end in places if x is not None and (end is None or abs(x - end) >= _APART)),
    )


def _name(finding: FindingPart) -> str:
    """Whom a row is about, short enough for the drawing, hidden characters written out."""
    return cut(words.group_words(finding.group), _NAME_LENGTH)


def _bound_text(finding: FindingPart) -> str:
    """Short enough to stand beside the drawing."""
    if finding.outcome == "not_evaluable":
        return "cannot be computed"
    return words.bound_words(finding).replace("percentage points", "points")


def _axis(findings: Sequence[FindingPart], left: float, right: float) -> Axis:
    known = [x for f in findings for x in (f.value, f.lower, f.upper, f.bound) if x is not None]
    low, high = min(known), max(known)
    room = (high - low) * 0.12 or abs(high) * 0.1 or 0.01
    bottom, top = low - room, high + room
    if low >= 0:
        bottom = max(bottom, 0.0)
    if words.is_share(findings[0].metric) and high <= 1:
        top = min(top, 1.0)
    return Axis(bottom, top, left, right)
