"""Finds repeated texts among many with 8 bytes for each, and never by luck: equal hashes are checked against the texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from evalharness.benchmarks.hashing import text_hashes

_MOST_EXAMINED = 200_000

Texts = Iterable[Any]
"""pyarrow string arrays without nulls, in stored order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """Texts that stand more than once."""

    rows: int
    """Rows beyond the first of each text (at least: counting stops after many)."""
    examples: tuple[tuple[str, int, int], ...]
    """(text, first row, second row), rows from 1; at most five."""


def ascending(text: Any, before: str | None = None) -> bool:
    """Whether values strictly ascend (and the first is greater than `before`)."""
    if len(text) == 0:
        return True
    if before is not None and not before.encode() < text[0].as_py().encode():
        return False
    return bool(pc.all(pc.less(text.slice(0, len(text) - 1), text.slice(1)), min_count=0).as_py())


def find_repeats(texts: Callable[[], Texts], rows: int) -> Repeats | None:
    """Null when all texts differ. `texts` starts a new pass over the same arrays; at most two are made. 8 bytes a row."""
    hashes = np.empty(rows, dtype=np.uint64)
    filled = 0
    for text in texts():
        hashes[filled : filled + len(text)] = text_hashes(text)
        filled += len(text)
    hashes = hashes[:filled]
    hashes.sort()
    suspects = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    return _examined(texts(), suspects) if len(suspects) else None


def _examined(texts: Texts, suspects: npt.NDArray[np.uint64]) -> Repeats | None:
    first: dict[str, int] = {}
    again = 0
    examples: list[tuple[str, int, int]] = []
    for examined, (row, value) in enumerate(_suspected(texts, suspects)):
        if value in first:
            again += 1
            if len(examples) < 5:
                examples.append((value, first[value], row))
        else:
            first[value] = row
        if examined >= _MOST_EXAMINED and again:
            break
    return Repeats(rows=again, examples=tuple(examples)) if again else None


def _suspected(texts: Texts, suspects: npt.NDArray[np.uint64]) -> Iterator[tuple[int, str]]:
    """(row from 1, text) wherever the hash is a suspect."""
    start = 0
    for text in texts:
        hashes = text_hashes(text)
        at = np.minimum(np.searchsorted(suspects, hashes), len(suspects) - 1)
        for i in np.flatnonzero(suspects[at] == hashes):
            yield start + int(i) + 1, text[int(i)].as_py()
        start += len(text)
