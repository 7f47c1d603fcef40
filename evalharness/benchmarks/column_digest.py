"""Digest of a column's content, independent of the file that stores it.

sha256 over blocks of 65,536 rows (the last may be shorter). A block is: one byte, 1 if it has nulls, then (if so) one bit a row,
1 for null, least significant bit first; then the values: little-endian numbers (0 for null, one bit pattern for NaN, one byte a
boolean), or for text and bytes the length of each value in bytes (uint32, 0 for null) and all bytes one after the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.text import is_string, parts


class ColumnDigest:
    """Takes the blocks of one column in order; every block but the last has exactly 65,536 rows."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256()

    def add(self, *pieces: Any) -> None:
        """One block, in one piece or several: pyarrow arrays of text, numbers or booleans of one type (dictionaries are decoded)."""
        pieces = tuple(map(_plain, pieces))
        if any(piece.null_count for piece in pieces):
            self._sha.update(b"\x01")
            self._sha.update(_bits(pa.concat_arrays([piece.is_null() for piece in pieces])).data)
        else:
            self._sha.update(b"\x00")
        arrays = [_decoded(piece) if pa.types.is_dictionary(piece.type) else piece for piece in pieces]
        kind = arrays[0].type
        if is_string(kind):
            self._add_text([array if pa.types.is_string(kind) else array.cast(pa.string()) for array in arrays])
        elif pa.types.is_binary(kind):
            self._add_text(arrays)
        else:
            for array in arrays:
                self._add_values(array)

    def _add_text(self, arrays: list[Any]) -> None:
        found = [parts(_filled(array, b"")) for array in arrays]
        for lengths, _ in found:
            self._sha.update(lengths.astype("<u4").tobytes())
        for _, content in found:
            self._sha.update(np.ascontiguousarray(content).data)

    def _add_values(self, array: Any) -> None:
        if pa.types.is_boolean(array.type):
            array = array.cast(pa.uint8())
        values = _filled(array, 0).to_numpy(zero_copy_only=False)
        if values.dtype.kind == "f":
            values = np.where(np.isnan(values), values.dtype.type("nan"), values)
        self._sha.update(np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<"), copy=False)).view(np.uint8).data)

    def digest(self) -> str:
        """`sha256:` and 64 lower-case hex."""
        return "sha256:" + self._sha.hexdigest()


def _plain(array: Any) -> Any:
    """The same values; a dictionary only where it has texts of which none is null."""
    if pa.types.is_dictionary(array.type) and (array.dictionary.null_count or not is_string(array.type.value_type)):
        return array.dictionary_decode()
    return array


def _decoded(array: Any) -> Any:
    """The texts, empty ones instead of null."""
    if not array.null_count:
        return array.dictionary_decode()
    texts = array.dictionary
    return pa.concat_arrays([texts, pa.array([""], texts.type)]).take(array.indices.fill_null(len(texts)))


def _filled(array: Any, value: Any) -> Any:
    """`value` instead of null."""
    return pc.fill_null(array, pa.scalar(value).cast(array.type)) if array.null_count else array


def _bits(array: Any) -> npt.NDArray[np.uint8]:
    """One bit a value of a boolean array without nulls, least significant bit first: as pyarrow keeps them, but for the last byte."""
    if array.offset:
        return np.packbits(array.to_numpy(zero_copy_only=False), bitorder="little")
    rows = len(array)
    found = np.frombuffer(array.buffers()[1], dtype=np.uint8)[: -(-rows // 8)].copy()
    if rows % 8:
        found[-1] &= (1 << rows % 8) - 1
    return found


def digest_of(blocks: Iterable[Any]) -> str:
    """Digest of a whole column given as blocks of 65,536 rows."""
    digest = ColumnDigest()
    for block in blocks:
        digest.add(block)
    return digest.digest()
