"""No free text and no bytes in a table, unless the benchmark says that it contains content.

The rule for free text: a value with a line break or another control character, with more than 64 characters, or with more than 4 words
separated by blanks. It looks at every text value of feature columns and of columns without a role. Values are never repeated in messages.
Ids, clusters, labels, groups and splits have rules of their own: no control characters, and limits on length and number of levels.
Generated families are exempt: what they make is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.text import CONTROL, is_string

LONGEST_VALUE = 64
MOST_WORDS = 4
_MANY_WORDS = r"(\S+\s+){4}\S"


def holds_bytes(kind: pa.DataType) -> bool:
    """Whether values of this type can hold bytes or nested content."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_binary_view(kind)
        or pa.types.is_nested(kind)
        or isinstance(kind, pa.BaseExtensionType)
    )


def holds_text(kind: pa.DataType) -> bool:
    """Whether values of this type are text."""
    return is_string(kind.value_type if pa.types.is_dictionary(kind) else kind)


@dataclass(slots=True)
class FreeText:
    """Counts the values of one column that look like free text."""

    values: int = 0
    first: int | None = None
    """Row of the first one, from 1."""
    seen: int = 0

    def add(self, array: Any) -> None:
        """Consecutive values of the column."""
        coded = pa.types.is_dictionary(array.type)
        found = pc.take(_is_free_text(array.dictionary), array.indices) if coded else _is_free_text(array)
        rows = np.flatnonzero(pc.fill_null(found, False).to_numpy(zero_copy_only=False))
        if len(rows) and self.first is None:
            self.first = self.seen + int(rows[0]) + 1
        self.values += len(rows)
        self.seen += len(array)


def _is_free_text(text: Any) -> Any:
    text = text.cast(pa.string())
    long = pc.greater(pc.utf8_length(text), LONGEST_VALUE)
    return pc.or_(long, pc.or_(pc.match_substring_regex(text, _MANY_WORDS), pc.match_substring_regex(text, CONTROL)))
