"""Decimals of a bound, rounded so that the statement stays true."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context
from typing import Literal

Direction = Literal["down", "nearest", "up"]

DIGITS = 10
"""Significant digits of every number in evidence."""

_ROUNDING = {"down": ROUND_FLOOR, "nearest": ROUND_HALF_EVEN, "up": ROUND_CEILING}


def _contexts(digits: int) -> dict[str, Context]:
    return {name: Context(prec=digits, rounding=rounding) for name, rounding in _ROUNDING.items()}


_DEFAULT = _contexts(DIGITS)


def outward(value: float, digits: int = DIGITS, direction: Direction = "nearest") -> float:
    """`value` at `digits` significant decimal digits: never above it for "down", never below it for "up".

    Works on the shortest decimal that reads back as `value`, so 0.7 stays 0.7 in every direction, and
    `outward(x, d, "down") <= x <= outward(x, d, "up")` holds for the floats themselves.
    Raises ValueError for NaN and infinities: they are never rounded, they are null with a reason.
    """
    if not math.isfinite(value):
        raise ValueError(f"cannot round {value!r}")
    contexts = _DEFAULT if digits == DIGITS else _contexts(digits)
    return float(contexts[direction].create_decimal(repr(float(value)))) + 0.0
