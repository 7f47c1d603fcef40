"""How far a stated cost may be off before a finding changes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRange:
    """One stated cost of one requirement, for everybody, all others as they are stated."""

    requirement: str
    unit: str
    true: str
    """`relevant`, `not_relevant`, or the true level."""
    given: str
    """`review`, `set_aside`, or the given level."""
    cost: float
    """As stated."""
    outcome: str
    """What is found with it."""
    least: float | None
    """The smallest cost down to which that stays so; null where it does down to a hundredth of what is stated."""
    most: float | None
    """The greatest; null where it does up to a hundred times what is stated."""
