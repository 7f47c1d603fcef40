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


class Cutter:
    """Takes rows as they come and gives them back in batches of exactly `size`, each as pieces that stand together; none is empty."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._waiting: list[Rows] = []
        self._held = 0

    def add(self, rows: Mapping[str, Any]) -> Iterator[list[Rows]]:
        """The batches that these rows complete."""
        start, n = 0, length(rows)
        while n - start >= self._size - self._held:
            taken = _slice(rows, start, self._size - self._held)
            start += self._size - self._held
            batch = [*self._waiting, taken]
            self._waiting, self._held = [], 0
            yield batch
        if start < n:
            self._waiting.append(_slice(rows, start, n - start))
            self._held += n - start

    def rest(self) -> Iterator[list[Rows]]:
        """What is left at the end: at most one batch."""
        if self._waiting:
            yield self._waiting
            self._waiting, self._held = [], 0


def in_batches(stream: Iterable[Mapping[str, Any]], size: int) -> Iterator[Rows]:
    """The same rows in batches of exactly `size`, the last one shorter; no batch is empty."""
    cutter = Cutter(size)
    for rows in stream:
        yield from map(_joined, cutter.add(rows))
    yield from map(_joined, cutter.rest())


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
