"""Clusters whose names look alike: counted as different ones they make what is measured look surer than it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow.compute as pc

from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.hashing import text_hashes
from evalharness.benchmarks.table import Table
from evalharness.benchmarks.text import as_text
from evalharness.errors import shown

_UNSEEN = r"[\p{Cf}\p{Z}\s]+"
"""Blanks of every kind, and characters that nobody sees."""
_LEADING = r"^0+(\d+)$"
_WRITTEN = 40


def clusters_named_alike(declaration: Declaration, table: Table) -> str:
    """How many clusters have the name of another but for blanks, capitals, the way in which accents are written, or leading zeros.

    Empty where none has. Memory: 16 bytes a run of rows.
    """
    column = declaration.columns.cluster
    if column is None:
        return ""
    parts: list[np.ndarray[Any, np.dtype[np.uint64]]] = []
    for names in _names(table, column):
        parts.append(np.unique(np.stack([text_hashes(names), text_hashes(alike(names))], axis=1), axis=0))
    both = np.unique(np.concatenate(parts), axis=0) if parts else np.zeros((0, 2), dtype=np.uint64)
    more = len(np.unique(both[:, 0])) - len(np.unique(both[:, 1]))
    if more <= 0:
        return ""
    one, other = next(_pairs(table, column))
    clusters = "1 cluster has" if more == 1 else f"{more:,} clusters have"
    return (
        f"{table.path}: column '{column}': {clusters} the name of another but for blanks, capitals, accents or leading zeros, for "
        f"instance '{shown(one, _WRITTEN)}' and '{shown(other, _WRITTEN)}'. If these are the same, every bound is too tight"
    )


def _names(table: Table, column: str) -> Iterator[Any]:
    for rows in table.scan([column]):
        yield pc.unique(as_text(rows[column]))


def alike(names: Any) -> Any:
    """What is left of a name when it is only looked at."""
    plain = pc.utf8_lower(pc.utf8_normalize(names, form="NFKC"))
    return pc.replace_substring_regex(pc.replace_substring_regex(plain, _UNSEEN, ""), _LEADING, r"\1")


def _pairs(table: Table, column: str) -> Iterator[tuple[str, str]]:
    """Names that look alike, two at a time."""
    first: dict[str, str] = {}
    for names in _names(table, column):
        for own, plain in zip(names.to_pylist(), alike(names).to_pylist(), strict=True):
            if first.setdefault(plain, own) != own:
                yield first[plain], own
