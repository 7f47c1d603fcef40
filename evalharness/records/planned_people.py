"""How many people a study of reviewers, and how many units of other figures about people, it takes to show what a policy asks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleSize:
    """One true value, and what would show the requirement in each of its groups if it were true."""

    name: str
    """`stated`, or how far the value lies from the goal towards no error at all."""
    value: float | None
    units: int | None
    """Where readings of one unit have in common what `PlannedPeople.correlation` says."""
    at_most: int | None
    """Where they all go right or wrong together; null where each unit counts once."""
    reason: str = ""
    """Why a number is null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPeople:
    """One requirement on a figure about people."""

    id: str
    metric: str
    comparison: str
    bound: float
    between: tuple[str, ...] = ()
    unit: str = ""
    """Of cost: none of these has one."""
    condition: str = ""
    groups: int
    """Groups that must each show it; 1: everybody together."""
    of: str
    """What one unit is, in words: reviewers, items of different cases; empty where none can be told."""
    each: int
    """Readings of the denominator by each unit; 1 where units are counted themselves."""
    correlation: float
    """Between readings of one unit."""
    fewest: int | None
    """Units without a single error that could show it; null where that cannot be told."""
    sizes: tuple[PeopleSize, ...]
    assumptions: tuple[str, ...]
    reason: str = ""
    """Why there are no sizes."""

    @property
    def stated(self) -> bool:
        """Whether somebody stated the true value."""
        return len(self.sizes) == 1
