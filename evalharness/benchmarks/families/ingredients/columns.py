"""Arrow columns of generated items: ids as bytes in one go, levels as dictionaries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

DIGITS = 9
"""Digits of an id: enough for a thousand million items."""


def numbered(prefix: str, numbers: npt.NDArray[np.integer]) -> pa.Array:
    """`prefix` and nine digits. Fixed width, so that text order is number order."""
    width = len(prefix) + DIGITS
    cells = np.empty((len(numbers), width), dtype=np.uint8)
    cells[:, : len(prefix)] = np.frombuffer(prefix.encode(), dtype=np.uint8)
    left = numbers.astype(np.uint32)
    for place in range(width - 1, len(prefix) - 1, -1):
        left, digit = np.divmod(left, np.uint32(10))
        cells[:, place] = digit + 48
    return text(np.full(len(numbers), width), cells.reshape(-1))


def coded(codes: npt.NDArray[np.integer], levels: Sequence[str]) -> pa.DictionaryArray:
    """Text by code into `levels`."""
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(list(levels), pa.string()))


def constant(value: str, rows: int) -> pa.DictionaryArray:
    """The same text in every row."""
    return coded(np.zeros(rows, dtype=np.int32), [value])


def text(lengths: npt.NDArray[np.int64], data: npt.NDArray[np.uint8]) -> pa.Array:
    """A string array from the lengths of its values in bytes and all bytes one after the other."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return pa.StringArray.from_buffers(len(lengths), pa.py_buffer(offsets), pa.py_buffer(data))
