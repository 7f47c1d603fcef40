"""A bound held against a goal, and where it lies in words."""

from __future__ import annotations

from evalharness.records import Estimate, Prospect

IF_ALIKE = "if large clusters were sure to come out like small ones"
"""In the reason of a finding that only the allowance for large clusters leaves open."""


def clears(bound: float | None, goal: float, more: bool) -> bool:
    """Whether the deciding bound reaches the goal; `more`: at least so much is wanted."""
    return bound is not None and (bound >= goal if more else bound <= goal)


def misses(opposite: float | None, goal: float, more: bool) -> bool:
    """Whether the opposite bound lies strictly beyond the goal."""
    return opposite is not None and (opposite < goal if more else opposite > goal)


def by_size(estimate: Estimate, goal: float, more: bool) -> str:
    """What it comes to that bounds allow for large clusters that come out worse, or better, where the narrower pair would have decided."""
    if estimate.by_size is None:
        return ""
    side, other = ("lower", "upper") if more else ("upper", "lower")
    deciding, opposite = (estimate.lower, estimate.upper) if more else (estimate.upper, estimate.lower)
    if clears(deciding, goal, more):
        return f"; {IF_ALIKE} the {side} bound would be {deciding:.10g}, which meets the goal"
    if misses(opposite, goal, more):
        return f"; {IF_ALIKE} the {other} bound would be {opposite:.10g}, which misses the goal"
    return ""


def undecided(deciding: float | None, goal: float, more: bool, prospect: Prospect) -> str:
    """Where the deciding bound lies, and whether it could have reached the goal at all."""
    name = "lower" if more else "upper"
    if deciding is None:
        text = f"there is no {name} bound"
    else:
        text = f"the {name} bound {deciding:.10g} is {'below' if more else 'above'} {goal:.10g}"
    return text if prospect.attainable else f"{text}; even without any error it could not have been shown with so few items"
