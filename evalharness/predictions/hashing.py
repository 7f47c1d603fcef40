"""A vectorised hash of strings: it only sorts ids into places; equality of the ids themselves always decides.

Multilinear hashing (Lemire and Kaser, "Strongly universal string hashing is fast", 2014):
the sum over positions of (byte + 1) x key, modulo 2^64.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_KEYS: NDArray[np.uint64] = np.random.Generator(np.random.Philox(20_407)).integers(0, 2**63, 1024, dtype=np.uint64) * np.uint64(
    2
) + np.uint64(1)
"""One odd key a position; positions beyond the last start again."""
_LONG = 128
"""Up to this many bytes an id, hashing position by position is faster."""


def hashes_of(ids: pa.StringArray) -> NDArray[np.uint64]:
    """[rows] hash of each id; a null hashes like some text."""
    if len(ids) == 0:
        return np.zeros(0, dtype=np.uint64)
    _, offsets_buffer, data_buffer = ids.buffers()
    offsets = np.frombuffer(offsets_buffer, dtype=np.int32)[ids.offset : ids.offset + len(ids) + 1]
    first, last = int(offsets[0]), int(offsets[-1])
    data = np.zeros(0, dtype=np.uint8) if data_buffer is None else np.frombuffer(data_buffer, dtype=np.uint8)[first:last]
    starts, lengths = offsets[:-1] - first, np.diff(offsets)
    longest = int(lengths.max())
    if longest > _LONG:
        return _summed_by_id(data, starts, lengths)
    if longest == int(lengths.min()):
        return _equally_long(data, longest, len(ids))
    return _by_position(data, starts, lengths, longest)


def _equally_long(data: NDArray[np.uint8], length: int, rows: int) -> NDArray[np.uint64]:
    total = np.zeros(rows, dtype=np.uint64)
    for position in range(length):
        total += _term(data[position::length], _KEYS[position])
    return total


def _by_position(data: NDArray[np.uint8], starts: NDArray[np.int32], lengths: NDArray[np.int32], longest: int) -> NDArray[np.uint64]:
    total = np.zeros(len(starts), dtype=np.uint64)
    for position in range(longest):
        reached = np.flatnonzero(lengths > position)
        total[reached] += _term(data[starts[reached] + position], _KEYS[position])
    return total


def _summed_by_id(data: NDArray[np.uint8], starts: NDArray[np.int32], lengths: NDArray[np.int32]) -> NDArray[np.uint64]:
    positions = np.arange(len(data), dtype=np.int64) - np.repeat(starts, lengths)
    total = np.zeros(len(starts), dtype=np.uint64)
    filled = np.flatnonzero(lengths > 0)
    total[filled] = np.add.reduceat(_term(data, _KEYS[positions % len(_KEYS)]), starts[filled])
    return total


def _term(data: NDArray[np.uint8], keys: NDArray[np.uint64] | np.uint64) -> NDArray[np.uint64]:
    return (data.astype(np.uint64) + np.uint64(1)) * keys
