"""What is to be read from a file of predictions: it follows from the task and the operating point."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.records import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the answers of one task stand in a file."""

    task: str
    rule: Rule
    labels: tuple[str, ...] = ()
    """Texts that a label may be, by code. Binary: the other label (empty: unknown), the positive one; ordinal, risk: the levels, rising."""
    score_range: str = "unit"
    """`unit` ([0, 1]) or `any`."""
    cuts: tuple[float, ...] = ()
    """Risk: where each band begins on the score, rising, one for each of `labels`; empty: the file states the bands."""
