"""Columns of a predictions file as ids, scores and labels. What cannot be used becomes NaN or -1, never an error: it is counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from evalharness.benchmarks.text import as_text, is_string
from evalharness.predictions.answers import NO_LABEL

_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
"""Decimal or scientific notation; no blanks, no thousands separators, no hexadecimal, no `nan`, no `inf`."""


def is_text(kind: pa.DataType) -> bool:
    """Plain, large or view strings, also dictionary-encoded."""
    return is_string(kind.value_type if pa.types.is_dictionary(kind) else kind)


def can_be_id(kind: pa.DataType) -> bool:
    """Text, or integers in decimal."""
    return is_text(kind) or bool(pa.types.is_integer(kind))


def can_be_label(kind: pa.DataType) -> bool:
    """Text, integers in decimal, or booleans as `true|false`."""
    return can_be_id(kind) or bool(pa.types.is_boolean(kind))


def can_be_score(kind: pa.DataType) -> bool:
    """Floats, decimals, integers, or text."""
    return is_text(kind) or bool(pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_integer(kind))


def scores_of(column: Any, score_range: str) -> NDArray[np.float64]:
    """[rows] float64; NaN where the score is null, unreadable, not finite, or outside [0, 1] unless `score_range` is `any`.

    Narrow floats are widened exactly; text and decimals are rounded to the nearest float64.
    """
    if is_text(column.type):
        numbers = _parsed(as_text(column))
    elif pa.types.is_decimal(column.type):
        numbers = _parsed(pc.cast(column, pa.string()))
    else:
        numbers = pc.cast(column, pa.float64(), safe=False)
    scores: NDArray[np.float64] = numbers.fill_null(np.nan).to_numpy(zero_copy_only=False)
    usable = np.isfinite(scores)
    if score_range != "any":
        usable &= (scores >= 0.0) & (scores <= 1.0)
    return scores if usable.all() else np.where(usable, scores, np.nan)


def _parsed(text: pa.StringArray) -> pa.DoubleArray:
    """Nearest float64 of each text, null or not finite where it is no number. The answer for a text never depends on its neighbours."""
    try:
        return pc.cast(text, pa.float64())  # accepts the same notation as _NUMBER, and `nan` and `inf`, which are not finite
    except pa.ArrowInvalid:
        readable = pc.match_substring_regex(text, _NUMBER)
        unsigned = pc.utf8_ltrim(text, characters="+")
        return pc.cast(pc.if_else(readable, unsigned, pa.scalar(None, pa.string())), pa.float64())


def labels_of(column: Any, positive: str, negative: str) -> NDArray[np.int8]:
    """[rows] 1 for `positive`, 0 for `negative`, -1 for anything else; an empty `negative` is unknown and matches nothing."""
    text = as_text(column)
    labels = np.full(len(text), NO_LABEL, dtype=np.int8)
    if negative:
        labels[_equal(text, negative)] = 0
    labels[_equal(text, positive)] = 1
    return labels


def _equal(text: pa.StringArray, value: str) -> NDArray[np.bool_]:
    equal: NDArray[np.bool_] = pc.equal(text, value).fill_null(False).to_numpy(zero_copy_only=False)
    return equal
