"""Minutes of a reading that were measured: steps that its seconds are counted in."""

from __future__ import annotations

STEPS = (2, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200, 1_800)
"""Seconds; each is an edge of `records.oversight_reviews.SECOND_EDGES`."""


def step_name(step: int) -> str:
    """The metric of readings that take longer."""
    return f"longer_than_{step}_seconds"


def steps_below(slowest: float) -> tuple[int, ...]:
    """Those that a reading can exceed."""
    return tuple(step for step in STEPS if step < slowest)
