"""Positions of drawings with lines: points of a table go to their places on two straight axes, and nothing is estimated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evalharness.report import numbers
from evalharness.report.axis import Axis, multiples, round_step

WIDTH, HEIGHT = 380, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 362.0, 16.0, 204.0
_TICKS = 5

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a drawing."""

    style: str
    """`main`, `dashed` or `dotted`."""
    name: str
    points: str
    """Of a polyline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One point of a drawing."""

    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveChart:
    """Lines over two axes; the table beside it has the same figures."""

    id: str
    title: str
    description: str
    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    x_title: str
    y_title: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]
    marked: Dot | None
    """Where the classifier stands."""
    marked_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A value beside an axis."""

    at: float
    text: str


def curve_chart(
    name: str,
    texts: tuple[str, str],
    axes: tuple[str, str],
    lines: Iterable[tuple[str, str, Points]],
    *,
    dots: Points = (),
    marked: tuple[float, float, str] | None = None,
    percent: tuple[bool, bool] = (True, True),
    lowest: float = 0.0,
) -> CurveChart:
    """A drawing of `lines` (style, name, points), with `dots` and one `marked` point (x, y, words).

    texts: title and description. axes: what x and y are. percent: whether each axis is a share. Both begin at 0, or y at `lowest`. Styles:
    `main`, `dashed`, `dotted`. A point outside the drawing is drawn at its edge.
    """
    drawn = [(style, label, list(points)) for style, label, points in lines]
    every = [point for _, _, points in drawn for point in points] + list(dots)
    x_axis = Axis(0.0, _top(max((x for x, _ in every), default=1.0)), _LEFT, _RIGHT)
    y_axis = Axis(lowest, _top(max((y for _, y in every), default=1.0)), _BOTTOM, _TOP)
    return CurveChart(
        id=f"chart-{name}",
        title=texts[0],
        description=texts[1],
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=_BOTTOM,
        x_title=axes[0],
        y_title=axes[1],
        x_ticks=tuple(Tick(at=x_axis.place(value), text=_text(value, share=percent[0])) for value in _ticks(x_axis)),
        y_ticks=tuple(Tick(at=y_axis.place(value), text=_text(value, share=percent[1])) for value in _ticks(y_axis)),
        lines=tuple(
            Line(style=style, name=label, points=" ".join(f"{x_axis.place(x)},{y_axis.place(y)}" for x, y in points))
            for style, label, points in drawn
            if points
        ),
        dots=tuple(Dot(x=x_axis.place(x), y=y_axis.place(y)) for x, y in dots),
        marked=None if marked is None else Dot(x=x_axis.place(marked[0]), y=y_axis.place(marked[1])),
        marked_text="" if marked is None else marked[2],
    )


def _top(most: float) -> float:
    """Where an axis ends: the next tick above the greatest value."""
    step = round_step(max(most, 1e-9), _TICKS)
    return float(math.ceil(most / step - 1e-9) * step) or step


def _ticks(axis: Axis) -> list[float]:
    return multiples(axis, round_step(axis.high - axis.low, _TICKS))


def _text(value: float, *, share: bool) -> str:
    shown = round(value * (100 if share else 1), 9)
    text = f"{shown:,g}".replace("-", "−")
    return f"{text}{numbers.SPACE}%" if share else text
