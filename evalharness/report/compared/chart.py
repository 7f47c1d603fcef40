"""Two metrics against each other, one cross for each model: the measured point, and its bounds in both directions. Positions only."""

from __future__ import annotations

from dataclasses import dataclass, replace

from evalharness.catalogue import METRICS
from evalharness.errors import shown
from evalharness.records.comparison import ComparedModel, Comparison
from evalharness.records.estimate import Estimate
from evalharness.report import numbers
from evalharness.report.axis import Axis, Label, beside, round_values
from evalharness.report.compared.words import TITLES
from evalharness.report.fitting import cut
from evalharness.report.words import capital

_INKS = ("#0b4f8a", "#7a4700", "#0a5c36", "#6a1b7a", "#9a1515", "#444b52")
_APART = 15.0
_LETTER = 6.8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """Where the drawing lies, and how much fits in."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    parts: int
    letters: int


_WIDE = _Frame(
    width=720, height=400, left=74.0, right=690.0, top=22.0, bottom=344.0, parts=6, letters=28
)  # fmt: skip
_PHONE = _Frame(
    width=340, height=340, left=52.0, right=332.0, top=22.0, bottom=290.0, parts=4, letters=16
)  # fmt: skip
_WHERE = {
    "higher": ("more upward", "more to the right"),
    "lower": ("fewer downward", "fewer to the left"),
}
"""Which way is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cross:
    """One model."""

    x: float
    y: float
    x_low: float
    x_high: float
    y_low: float
    y_high: float
    ink: str
    incumbent: bool
    label: Label
    label_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """The whole drawing."""

    phone: bool
    title: str
    description: str
    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    x_ticks: tuple[Label, ...]
    y_ticks: tuple[Label, ...]
    """Positions along the vertical axis in `x`."""
    x_title: str
    y_title: str
    crosses: tuple[Cross, ...]


def plane(comparison: Comparison, *, phone: bool = False) -> Plane | None:
    """The drawing; None where fewer than two models have both values."""
    drawn = [(model, *pair) for model in comparison.models if (pair := _pair(model, comparison.drawn)) is not None]
    if len(drawn) < 2:
        return None
    frame = _PHONE if phone else _WIDE
    across = _axis([work for _, _, work in drawn], frame.left, frame.right)
    up = _axis([recall for _, recall, _ in drawn], frame.bottom, frame.top)
    crosses = [_cross(place, each, (across, up), frame) for place, each in enumerate(drawn)]
    y_title, x_title = (TITLES[metric] for metric in comparison.drawn)
    upward, across_better = (_WHERE[METRICS[metric].better][place] for place, metric in enumerate(comparison.drawn))
    return Plane(
        phone=phone,
        title=capital(f"{y_title} against {x_title}"),
        description="; ".join(
            f"{shown(model.name)}: {y_title} {numbers.fine(one.value)}, {x_title} {numbers.fine(other.value)}"
            for model, one, other in drawn
        )
        + ". Bars reach to the bounds.",
        width=frame.width,
        height=frame.height,
        left=frame.left,
        right=frame.right,
        top=frame.top,
        bottom=frame.bottom,
        x_ticks=_ticks(across, frame.parts),
        y_ticks=_ticks(up, frame.parts),
        x_title=x_title if phone else f"{x_title} ({across_better})",
        y_title=y_title if phone else f"{y_title} ({upward})",
        crosses=tuple(_spread(crosses)),
    )


def _pair(model: ComparedModel, drawn: tuple[str, str]) -> tuple[Estimate, Estimate] | None:
    one, other = (model.estimate(metric) for metric in drawn)
    if one is None or other is None or one.value is None or other.value is None:
        return None
    return one, other


def _axis(estimates: list[Estimate], left: float, right: float) -> Axis:
    known = [x for e in estimates for x in (e.value, *e.bounds) if x is not None]
    room = (max(known) - min(known)) * 0.08 or 0.01
    return Axis(max(min(known) - room, 0.0), min(max(known) + room, 1.0), left, right)


def _cross(place: int, of: tuple[ComparedModel, Estimate, Estimate], axes: tuple[Axis, Axis], frame: _Frame) -> Cross:
    model, recall, work = of
    across, up = axes
    x, y = across.place(work.value or 0.0), up.place(recall.value or 0.0)
    name = cut(model.name, frame.letters)
    text = f"{name} (incumbent)" if model.incumbent else name
    return Cross(
        x=x,
        y=y,
        x_low=_or(across.at(work.bounds[0]), x),
        x_high=_or(across.at(work.bounds[1]), x),
        y_low=_or(up.at(recall.bounds[0]), y),
        y_high=_or(up.at(recall.bounds[1]), y),
        ink=_INKS[place % len(_INKS)],
        incumbent=model.incumbent,
        label=beside(x, text, (frame.left, frame.right), off=9.0, letter=_LETTER),
        label_y=round(y - 7, 1),
    )


def _or(position: float | None, otherwise: float) -> float:
    return otherwise if position is None else position


def _spread(crosses: list[Cross]) -> list[Cross]:
    """Names that would lie on one another are moved apart, downward."""
    placed: list[Cross] = []
    for cross in sorted(crosses, key=lambda c: (c.label_y, c.x)):
        y = cross.label_y
        for other in placed:
            near = abs(other.label.x - cross.label.x) < 180 and other.label.anchor == cross.label.anchor
            if near and y < other.label_y + _APART:
                y = other.label_y + _APART
        placed.append(replace(cross, label_y=round(y, 1)))
    return placed


def _ticks(axis: Axis, parts: int) -> tuple[Label, ...]:
    return tuple(Label(x=axis.place(value), text=text, anchor="middle") for value, text in round_values(axis, parts, percentage=True))
