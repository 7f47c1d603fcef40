"""Columns of a predictions file as ids, scores and labels. What cannot be used becomes NaN or -1, never an error: it is counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from evalharness.benchmarks.text import as_text, coded, is_string
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


def labels_of(column: Any, labels: Sequence[str]) -> NDArray[np.int8]:
    """[rows] place of the row's text among `labels`, -1 for anything else; an empty label is unknown and matches nothing."""
    text = as_text(column)
    codes = np.full(len(text), NO_LABEL, dtype=np.int8)
    for code, label in enumerate(labels):
        if label:
            codes[_equal(text, label)] = code
    return codes


def highest(scores: Sequence[NDArray[np.float64]]) -> NDArray[np.int8]:
    """[rows] place of the highest of some scores a row, the later one where they are equal; -1 where one of them is NaN."""
    best = scores[0].copy()
    codes = np.zeros(len(best), dtype=np.int8)
    for code, column in enumerate(scores[1:], start=1):
        better = column >= best
        codes[better] = code
        best[better] = column[better]
    codes[np.isnan(scores).any(axis=0)] = NO_LABEL
    return codes


def bands_of(scores: NDArray[np.float64], cuts: Sequence[float]) -> NDArray[np.int8]:
    """[rows] the last band whose lower cut point (they rise) is not above the score; -1 below the first one, and for NaN."""
    codes = np.searchsorted(np.asarray(cuts, dtype=np.float64), scores, side="right") - 1
    codes[np.isnan(scores)] = NO_LABEL
    return codes.astype(np.int8)


def entities_of(column: Any, known: dict[str, int]) -> NDArray[np.int64]:
    """[rows] number of the row's text in `known`, which takes up new texts; -1 where there is none."""
    codes, texts = coded(as_text(column))
    table = np.array([*(known.setdefault(text, len(known)) if text else NO_LABEL for text in texts), NO_LABEL], dtype=np.int64)
    return table[codes]


def _equal(text: pa.StringArray, value: str) -> NDArray[np.bool_]:
    equal: NDArray[np.bool_] = pc.equal(text, value).fill_null(False).to_numpy(zero_copy_only=False)
    return equal
