"""Arrow columns of generated items: ids as bytes in one go, levels as dictionaries."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

DIGITS = 9
"""Digits of an id: enough for a thousand million items."""
_FOUR_DIGITS = np.uint32(10_000)
_FOUR = np.array([f"{number:04}".encode() for number in range(_FOUR_DIGITS)]).view("u4")
"""The digits of every number of four of them, as they stand in memory."""


def numbered(prefix: str, numbers: npt.NDArray[np.integer]) -> pa.Array:
    """`prefix` and nine digits. Fixed width, so that text order is number order."""
    start = prefix.encode()
    kind = np.dtype([("start", f"V{len(start)}"), ("first", "u1"), ("middle", "u4"), ("last", "u4")])
    cells = np.frombuffer(bytearray(start + bytes(DIGITS)) * len(numbers), dtype=kind)
    whole = numbers.astype(np.uint32)
    above = whole // _FOUR_DIGITS  # much faster than divmod
    first = above // _FOUR_DIGITS
    cells["first"] = first + ord("0")
    cells["middle"] = _FOUR.take(above - first * _FOUR_DIGITS)
    cells["last"] = _FOUR.take(whole - above * _FOUR_DIGITS)
    ends = np.arange(len(cells) + 1, dtype=np.int32) * np.int32(kind.itemsize)
    return pa.StringArray.from_buffers(len(cells), pa.py_buffer(ends), pa.py_buffer(cells))


def coded(codes: npt.NDArray[np.integer], levels: Sequence[str]) -> pa.DictionaryArray:
    """Text by code into `levels`."""
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(code_type(levels), copy=False)), texts(tuple(levels)))


def code_type(levels: Sequence[str]) -> npt.DTypeLike:
    """As narrow as it can be: codes travel between processes."""
    return np.int8 if len(levels) <= np.iinfo(np.int8).max else np.int32


@lru_cache(1024)
def texts(levels: tuple[str, ...]) -> pa.Array:
    """The dictionary of a column."""
    return pa.array(levels, pa.string())


def constant(value: str, rows: int) -> pa.DictionaryArray:
    """The same text in every row."""
    return coded(np.zeros(rows, dtype=np.int8), [value])


def text(lengths: npt.NDArray[np.int64], data: npt.NDArray[np.uint8]) -> pa.Array:
    """A string array from the lengths of its values in bytes and all bytes one after the other."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return pa.StringArray.from_buffers(len(lengths), pa.py_buffer(offsets), pa.py_buffer(data))
