"""Bars from 0. Values go to their place on the axis and nowhere else; nothing is estimated here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_BAR = 34.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word in a drawing."""

    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar from 0 to its value."""

    y: float
    right: float
    name: Word
    text: Word
    plain: bool
    """Whether it is filled; else it is hatched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Bars on one axis from 0."""

    id: str
    title: str
    description: str
    phone: bool
    width: int
    height: int
    left: float
    bars: tuple[Bar, ...]


def bar_chart(name: str, texts: tuple[str, str], rows: Sequence[tuple[str, float, str, bool]], *, phone: bool = False) -> BarChart | None:
    """A bar for each (name, value of 0 or more, value in words, whether it is filled); null without rows. `texts`: title, description."""
    if not rows:
        return None
    width = 340 if phone else 640
    left, right = 4.0, width - 110.0
    most = max(1e-12, *(value for _, value, _, _ in rows))
    bars = []
    for k, (text, value, words, plain) in enumerate(rows):
        y = 20.0 + _BAR * k
        end = round(left + value / most * (right - left), 1)
        bars.append(Bar(y=y, right=end, name=Word(x=left, y=y - 5, text=text), text=Word(x=end + 6, y=y + 9, text=words), plain=plain))
    title, description = texts
    return BarChart(
        id=f"{name}-{'phone' if phone else 'wide'}",
        title=title,
        description=description,
        phone=phone,
        width=width,
        height=int(20 + _BAR * len(rows)),
        left=left,
        bars=tuple(bars),
    )
