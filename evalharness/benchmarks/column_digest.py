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

    def add(self, array: Any) -> None:
        """One block: a pyarrow array of text, numbers or booleans (dictionaries are decoded)."""
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        if array.null_count:
            self._sha.update(b"\x01")
            self._sha.update(np.packbits(array.is_null().to_numpy(zero_copy_only=False), bitorder="little").tobytes())
        else:
            self._sha.update(b"\x00")
        if is_string(array.type):
            self._add_text(array if pa.types.is_string(array.type) else array.cast(pa.string()))
        elif pa.types.is_binary(array.type):
            self._add_text(array)
        else:
            self._add_values(array)

    def _add_text(self, array: Any) -> None:
        if array.null_count:
            array = pc.fill_null(array, pa.scalar(b"", pa.binary()).cast(array.type))
        lengths, content = parts(array)
        self._sha.update(lengths.astype("<u4").tobytes())
        self._sha.update(np.ascontiguousarray(content).data)

    def _add_values(self, array: Any) -> None:
        if pa.types.is_boolean(array.type):
            array = array.cast(pa.uint8())
        if array.null_count:
            array = pc.fill_null(array, pa.scalar(0, array.type))
        values = array.to_numpy(zero_copy_only=False)
        if values.dtype.kind == "f":
            values = np.where(np.isnan(values), values.dtype.type("nan"), values)
        self._sha.update(np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<"), copy=False)).view(np.uint8).data)

    def digest(self) -> str:
        """`sha256:` and 64 lower-case hex."""
        return "sha256:" + self._sha.hexdigest()


def digest_of(blocks: Iterable[Any]) -> str:
    """Digest of a whole column given as blocks of 65,536 rows."""
    digest = ColumnDigest()
    for block in blocks:
        digest.add(block)
    return digest.digest()
