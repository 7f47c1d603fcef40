"""Numbers as text that no reader rounds."""

from __future__ import annotations

import math
from decimal import Decimal


def decimal_text(number: float) -> str:
    """A number as statements carry it: plain decimal digits, no exponent, no needless zero, and the same number when read again.

    Raises ValueError for NaN, infinities, and what needs more than 20 decimals.
    """
    if not math.isfinite(number):
        raise ValueError("not a number")
    exact = Decimal(repr(number))
    text = format(exact, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if len(text.partition(".")[2]) > 20 or len(text) > 40:
        raise ValueError("too many digits for a statement")
    return "0" if text in ("-0", "") else text
