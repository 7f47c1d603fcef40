"""What drawings have in common: an axis, its round values, and words that stay inside."""

from __future__ import annotations

import math
from dataclasses import dataclass

from evalharness.report import numbers

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_HALF_LETTER = 3.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A word in a chart."""

    x: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Axis:
    """A straight axis from `low` to `high`, drawn from `left` to `right`."""

    low: float
    high: float
    left: float
    right: float

    def at(self, value: float | None) -> float | None:
        """Position of a value, kept inside the drawing."""
        if value is None:
            return None
        inside = min(max(value, self.low), self.high)
        return round(self.left + (inside - self.low) / (self.high - self.low) * (self.right - self.left), 1)

    def place(self, value: float) -> float:
        """Like `at`, for a value that is there."""
        position = self.at(value)
        return self.left if position is None else position


def ticks(axis: Axis, parts: int, *, percentage: bool) -> tuple[Label, ...]:
    """Round values along an axis that runs to the right, about `parts` of them; shares as percentages."""
    return tuple(label(axis.place(value), text, axis.left, axis.right) for value, text in round_values(axis, parts, percentage=percentage))


def round_values(axis: Axis, parts: int, *, percentage: bool) -> tuple[tuple[float, str], ...]:
    """(value, text) of about `parts` round values of an axis, rising."""
    step = round_step(axis.high - axis.low, parts)
    places = max(0, math.ceil(-math.log10(step * (100 if percentage else 1)) - 1e-9) + (1 if _has_half(step) else 0))
    values = multiples(axis, step)
    return tuple((v, f"{v * 100:,.{places}f}{numbers.SPACE}%" if percentage else f"{v:,.{places}f}") for v in values)


def round_step(span: float, parts: int) -> float:
    """The least round step of which at most `parts` make the span."""
    scale = 10.0 ** math.floor(math.log10(span / parts))
    return next(s * scale for s in _STEPS if s * scale >= span / parts * (1 - 1e-9))


def multiples(axis: Axis, step: float) -> list[float]:
    """Of the step, along an axis, rising."""
    return [k * step for k in range(math.ceil(axis.low / step - 1e-9), math.floor(axis.high / step + 1e-9) + 1)]


def _has_half(step: float) -> bool:
    return f"{step:e}".startswith("2.5")


def label(x: float, text: str, left: float, right: float) -> Label:
    """A word centred on `x`, or flush with the edge it would cross."""
    half = len(text) * _HALF_LETTER
    if x - half < left:
        return Label(x=left, text=text, anchor="start")
    if x + half > right:
        return Label(x=right, text=text, anchor="end")
    return Label(x=x, text=text, anchor="middle")


def beside(x: float, text: str, edges: tuple[float, float], *, off: float, letter: float) -> Label:
    """A word `off` to the right of `x`, or to its left where it lies in the right half; flush with the edge that it would cross.

    letter: how wide one is.
    """
    left, right = edges
    width = len(text) * letter
    if x > (left + right) / 2:
        return Label(x=round(x - off, 1), text=text, anchor="end") if x - off - width >= left else Label(x=left, text=text, anchor="start")
    return Label(x=round(x + off, 1), text=text, anchor="start") if x + off + width <= right else Label(x=right, text=text, anchor="end")
