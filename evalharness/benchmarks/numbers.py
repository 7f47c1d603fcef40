"""Times of arrival and minutes of review are finite float64, whatever a file stores them as; a text in plain notation is one too."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.text import is_string


class NotNumbers(ValueError):
    """A column that cannot be numbers; the message says why."""


def number_refusal(kind: pa.DataType) -> str:
    """Why a column of this type cannot be numbers; empty when it can."""
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or is_string(kind):
        return ""
    return f"a column of type {kind}"


def as_numbers(array: Any) -> Any:
    """A pyarrow float64 array of finite numbers; null stays null. Raises NotNumbers."""
    try:
        numbers = array.cast(pa.float64())
    except pa.ArrowInvalid as error:
        raise NotNumbers("values that are no numbers") from error
    if pc.all(pc.is_finite(numbers), min_count=0).as_py() is False:
        raise NotNumbers("numbers that are not finite")
    return numbers
