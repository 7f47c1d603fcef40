"""Positions of the drawings of a plan: the chance of showing a requirement against the number of items, on one axis for all of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from evalharness.records import Plan, PlannedRequirement
from evalharness.report import numbers
from evalharness.report.axis import Label, label

WIDTH, HEIGHT = 340, 172
_LEFT, _RIGHT, _TOP, _BOTTOM = 42.0, 328.0, 20.0, 138.0
_MOST_TICKS = 5

Place = Callable[[float], float]
"""Position of a number of items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One requirement, drawn."""

    id: str
    title: str
    note: str
    description: str
    points: str
    """Of a polyline."""
    here_x: float
    here: Label
    needed_x: float | None
    wanted_y: float
    wanted: str
    ticks: tuple[Label, ...]
    heights: tuple[tuple[float, str], ...]
    left: float = _LEFT
    right: float = _RIGHT
    top: float = _TOP
    bottom: float = _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def curves(plan: Plan, texts: Iterable[tuple[PlannedRequirement, str, str]], noun: str) -> tuple[Curve, ...]:
    """One drawing for each (requirement, title, note) that has a curve; all with the same axes."""
    drawn = [(r, title, note) for r, title, note in texts if r.curve]
    sizes = [items for r, _, _ in drawn for items, _ in r.curve]
    if not sizes:
        return ()
    low, high = math.log10(min(sizes)), math.log10(max(*sizes, min(sizes) * 10))

    def x(items: float) -> float:
        return round(_LEFT + (math.log10(items) - low) / (high - low) * (_RIGHT - _LEFT), 1)

    return tuple(_curve(plan, r, (title, note), noun, x, _ticks(low, high, x)) for r, title, note in drawn)


def _curve(plan: Plan, planned: PlannedRequirement, texts: tuple[str, str], noun: str, x: Place, ticks: tuple[Label, ...]) -> Curve:  # noqa: PLR0917
    lead = planned.lead
    here = x(max(plan.items, 1))
    text = f"has {numbers.count(plan.items)}"
    return Curve(
        id=f"curve-{planned.id}",
        title=texts[0],
        note=texts[1],
        description=(
            f"The chance rises with the number of {noun}: {numbers.percent(plan.wanted)} at {numbers.count(lead.items)}, "
            f"and {numbers.expected(lead.power)} with the {numbers.count(plan.items)} that the benchmark has."
        ),
        points=" ".join(f"{x(items)},{_y(power)}" for items, power in planned.curve),
        here_x=here,
        here=label(here, text, _LEFT, _RIGHT),
        needed_x=None if lead.items is None else x(lead.items),
        wanted_y=_y(plan.wanted),
        wanted=numbers.exact_percent(plan.wanted),
        ticks=ticks,
        heights=tuple((_y(share), numbers.exact_percent(share)) for share in (0.0, 0.5, plan.wanted, 1.0)),
    )


def _y(power: float) -> float:
    return round(_BOTTOM - power * (_BOTTOM - _TOP), 1)


def _ticks(low: float, high: float, x: Place) -> tuple[Label, ...]:
    decades = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    step = math.ceil(len(decades) / _MOST_TICKS) or 1
    return tuple(label(x(10**d), _short(10**d), _LEFT, _RIGHT) for d in decades if (d - decades[0]) % step == 0)


def _short(items: int) -> str:
    return f"{items // 10**6:,} million" if items >= 10**6 else numbers.count(items)
