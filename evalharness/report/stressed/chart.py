"""Positions of the drawings of a stress run: the bound that decides over one dial, against the goal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evalharness.records import Outcome
from evalharness.records.stress import Stress, StressDial, StressRequirement, StressRun, Tipping
from evalharness.report import words
from evalharness.report.axis import Axis, Label, label, round_values, ticks
from evalharness.report.demands import goal, metric_name
from evalharness.report.stressed.words import asked, dial_name, rising, size_text, tip_sentence

WIDTH, HEIGHT = 340, 210
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 330.0, 22.0, 162.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One setting."""

    x: float
    y: float
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One requirement over one dial."""

    id: str
    title: str
    note: str
    description: str
    dots: tuple[Dot, ...]
    """Settings of the design: all dials differ."""
    line: str
    """Of a polyline: this dial alone."""
    own: Dot | None
    goal_y: float
    goal: str
    meets_from: float
    meets_to: float
    tips: tuple[tuple[float, Label], ...]
    x_ticks: tuple[Label, ...]
    y_ticks: tuple[Label, ...]
    left_out: int
    """Settings without a bound."""
    left: float = _LEFT
    right: float = _RIGHT
    top: float = _TOP
    bottom: float = _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def panel(stress: Stress, requirement: StressRequirement, dial: StressDial, found: Tipping) -> Panel | None:
    """The drawing; null where no setting has a bound."""
    here = {run.setting.size(dial.name): run for run in _along(stress, dial)}
    alone = [here[size] for size in sorted(here)]
    known = [y for run in (*alone, *stress.design) if (y := run.finding(requirement.id).decides) is not None]
    if not known:
        return None
    across = _across(dial)
    up = _up([*known, requirement.bound], metric_name(requirement))
    goal_y = up.place(requirement.bound)
    dots = [_dot(run, requirement, dial, (across, up)) for run in stress.design]
    line = [dot for run in alone if (dot := _dot(run, requirement, dial, (across, up))) is not None]
    marked = [(_x(across, dial, tip.first_not), size_text(dial, tip.first_not)) for tip in found.tips]
    told = "; ".join(tip_sentence(dial, tip) for tip in found.tips) or found.reason
    return Panel(
        id=f"panel-{requirement.id}-{dial.name}",
        title=f"{requirement.id} over {dial_name(dial)}",
        note=words.capital(told) + ".",
        description=(
            f"{asked(requirement)}. The bound that decides, over {dial_name(dial)} from {size_text(dial, dial.low)} to "
            f"{size_text(dial, dial.high)}: {dict(requirement.outcomes)[Outcome.MET]} of {len(stress.design)} settings meet the goal. "
            f"{words.capital(told)}."
        ),
        dots=tuple(dot for dot in dots if dot is not None),
        line=" ".join(f"{dot.x},{dot.y}" for dot in line),
        own=_dot(stress.own, requirement, dial, (across, up)),
        goal_y=goal_y,
        goal=f"goal: {'at least' if rising(requirement) else 'at most'} {goal(requirement)}",
        meets_from=_TOP if rising(requirement) else goal_y,
        meets_to=goal_y if rising(requirement) else _BOTTOM,
        tips=tuple((x, label(x, text, _LEFT, _RIGHT)) for x, text in marked),
        x_ticks=ticks(across, 4, percentage=dial.prevalence is not None),
        y_ticks=_y_ticks(up, words.is_share(metric_name(requirement))),
        left_out=sum(dot is None for dot in dots),
    )


def _along(stress: Stress, dial: StressDial) -> Iterable[StressRun]:
    yield stress.own
    yield from (run for run in stress.alone if run.setting.name.startswith(f"{dial.name}="))


def _across(dial: StressDial) -> Axis:
    ends = [dial.shown(size) for size in (dial.low, dial.high, dial.own)]
    return Axis(min(ends), max(ends), _LEFT, _RIGHT)


def _up(values: list[float], metric: str) -> Axis:
    """Upwards: the greatest value on top."""
    low, high = min(values), max(values)
    room = (high - low) * 0.1 or abs(high) * 0.1 or 0.01
    bottom = low - room if low < 0 else max(low - room, 0.0)
    top = min(high + room, 1.0) if words.is_share(metric) and high <= 1 else high + room
    return Axis(bottom, top, _BOTTOM, _TOP)


def _y_ticks(up: Axis, percentage: bool) -> tuple[Label, ...]:
    return tuple(Label(x=up.place(value), text=text, anchor="end") for value, text in round_values(up, 4, percentage=percentage))


def _x(across: Axis, dial: StressDial, size: float) -> float:
    return across.place(dial.shown(size))


def _dot(run: StressRun, requirement: StressRequirement, dial: StressDial, axes: tuple[Axis, Axis]) -> Dot | None:
    finding = run.finding(requirement.id)
    y = axes[1].at(finding.decides)
    return None if y is None else Dot(x=_x(axes[0], dial, run.setting.size(dial.name)), y=y, outcome=str(finding.outcome))
