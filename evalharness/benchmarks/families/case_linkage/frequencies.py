"""How frequent each value of an attribute is, in whole 65,536ths, and which value stands beside it."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from evalharness.benchmarks.families.ingredients.shares import ONE_16, ONE_32, whole_numbers

NEIGHBOUR = 1
"""A value and the one it is confused with differ in this bit."""
MARK = 2
"""Values with this bit mark a group where the attribute is its proxy; a twin has the bit the other way round."""


@cache
def weights_of(values: int, flatness: int) -> tuple[int, ...]:
    """[values] in 65,536ths, falling with the rank; none is 0."""
    raw = [ONE_32 // (rank + flatness) for rank in range(values)]
    return tuple(whole_numbers([Fraction(v, sum(raw)) for v in raw], ONE_16))
