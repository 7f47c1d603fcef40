"""Cells that could tell who is in them, and what would give them away."""

from __future__ import annotations

from evalharness.report import numbers

FEWEST = 10
"""Fewer than these could be told apart."""
HIDDEN = f"fewer than {FEWEST}"
WITHHELD = "not told"
"""A cell that together with another would tell a small one."""


def is_small(count: int) -> bool:
    """A cell of none tells of nobody."""
    return 0 < count < FEWEST


def cell(count: int, *rests: int) -> str:
    """rests: what is left of other cells once this one is taken from them."""
    if is_small(count):
        return HIDDEN
    return WITHHELD if any(is_small(rest) for rest in rests) else numbers.count(count)
