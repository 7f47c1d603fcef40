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
import pyarrow as pa
import pyarrow.compute as pc

from evalharness.benchmarks.text import is_string, parts


class ColumnDigest:
    """Takes the blocks of one column in order; every block but the last has exactly 65,536 rows."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256()

    def add(self, *pieces: Any) -> None:
        """One block, in one piece or several: pyarrow arrays of text, numbers or booleans of one type (dictionaries are decoded)."""
        arrays = [piece.dictionary_decode() if pa.types.is_dictionary(piece.type) else piece for piece in pieces]
        if any(array.null_count for array in arrays):
            nulls = np.concatenate([array.is_null().to_numpy(zero_copy_only=False) for array in arrays])
            self._sha.update(b"\x01")
            self._sha.update(np.packbits(nulls, bitorder="little").tobytes())
        else:
            self._sha.update(b"\x00")
        kind = arrays[0].type
        if is_string(kind):
            self._add_text([array if pa.types.is_string(kind) else array.cast(pa.string()) for array in arrays])
        elif pa.types.is_binary(kind):
            self._add_text(arrays)
        else:
            for array in arrays:
                self._add_values(array)

    def _add_text(self, arrays: list[Any]) -> None:
        found = [parts(_filled(array, pa.scalar(b"", pa.binary()).cast(array.type))) for array in arrays]
        for lengths, _ in found:
            self._sha.update(lengths.astype("<u4").tobytes())
        for _, content in found:
            self._sha.update(np.ascontiguousarray(content).data)

    def _add_values(self, array: Any) -> None:
        if pa.types.is_boolean(array.type):
            array = array.cast(pa.uint8())
        values = _filled(array, pa.scalar(0, array.type)).to_numpy(zero_copy_only=False)
        if values.dtype.kind == "f":
            values = np.where(np.isnan(values), values.dtype.type("nan"), values)
        self._sha.update(np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<"), copy=False)).view(np.uint8).data)

    def digest(self) -> str:
        """`sha256:` and 64 lower-case hex."""
        return "sha256:" + self._sha.hexdigest()


def _filled(array: Any, value: Any) -> Any:
    return pc.fill_null(array, value) if array.null_count else array


def digest_of(blocks: Iterable[Any]) -> str:
    """Digest of a whole column given as blocks of 65,536 rows."""
    digest = ColumnDigest()
    for block in blocks:
        digest.add(block)
    return digest.digest()
