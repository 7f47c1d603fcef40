"""Streams of columns cut to an exact number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

Rows = dict[str, Any]
"""Column -> pyarrow array; all of the same length."""


def length(rows: Mapping[str, Any]) -> int:
    """How many rows there are."""
    return len(next(iter(rows.values())))


def in_batches(stream: Iterable[Mapping[str, Any]], size: int) -> Iterator[Rows]:
    """The same rows in batches of exactly `size`, the last one shorter; no batch is empty."""
    waiting: list[Rows] = []
    held = 0
    for rows in stream:
        start, n = 0, length(rows)
        while n - start >= size - held:
            taken = _slice(rows, start, size - held)
            start += size - held
            yield _joined([*waiting, taken])
            waiting, held = [], 0
        if start < n:
            waiting.append(_slice(rows, start, n - start))
            held += n - start
    if waiting:
        yield _joined(waiting)


def _slice(rows: Mapping[str, Any], start: int, n: int) -> Rows:
    return {name: array.slice(start, n) for name, array in rows.items()}


def _joined(pieces: list[Rows]) -> Rows:
    if len(pieces) == 1:
        return pieces[0]
    return {name: _concatenated([piece[name] for piece in pieces]) for name in pieces[0]}


def _concatenated(arrays: list[Any]) -> Any:
    """One array; dictionaries that are not all the same are decoded."""
    coded = [pa.types.is_dictionary(array.type) for array in arrays]
    if any(coded) and not (all(coded) and all(a.dictionary.equals(arrays[0].dictionary) for a in arrays[1:])):
        arrays = [array.dictionary_decode() if is_coded else array for array, is_coded in zip(arrays, coded, strict=True)]
    return pa.concat_arrays(arrays)
