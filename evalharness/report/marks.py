"""Outcomes as symbol and word."""

from __future__ import annotations

from collections.abc import Iterable

from evalharness.report.view import Mark
from evalharness.report.words import MARKS, OUTCOMES_WORST_FIRST


def mark(outcome: str) -> Mark:
    """The mark of one outcome."""
    symbol, word = MARKS[outcome]
    return Mark(outcome=outcome, symbol=symbol, word=word)


def worst_mark(outcomes: Iterable[str]) -> Mark:
    """The mark of the worst of them; of nothing, that of `not_evaluable`."""
    return mark(min(outcomes, key=OUTCOMES_WORST_FIRST.index, default="not_evaluable"))


def mark_text(outcome: str) -> str:
    """`✗ not met`."""
    symbol, word = MARKS[outcome]
    return f"{symbol} {word}"
