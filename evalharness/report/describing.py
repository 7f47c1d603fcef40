"""What sections with intervals and curves have in common: a value with its limits, rows of a curve, and that nothing is decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evalharness.evidence.schema import CurvePart, EstimatePart
from evalharness.report import numbers

DESCRIBES = "All of this describes and decides nothing. Running the classifier again (evalharness verify --replay) derives it again."

Row = Mapping[str, float | None]


def with_limits(estimate: EstimatePart | None, write: Callable[[float | None, numbers.Rounding], str] = numbers.fine) -> str:
    """`31 (29 to 32)`, or the value alone where it has no limits."""
    if estimate is None or estimate.value is None:
        return numbers.ABSENT
    low, high = estimate.bounds
    limits = f" ({write(low, 'down')} to {write(high, 'up')})"
    return write(estimate.value, "near") + (limits if estimate.bounds != (None, None) else "")


def curve_rows(curve: CurvePart) -> list[Row]:
    """Its rows by name of the column."""
    return [dict(zip(curve.columns, row, strict=True)) for row in curve.rows]
