"""Ids and messages as Arrow text, written as bytes in one go."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

DIGITS = 9
"""Digits of an id: enough for a thousand million items."""
TOKEN_BYTES = 8
"""`tok_0381`."""


def numbered(prefix: str, numbers: npt.NDArray[np.int64]) -> pa.Array:
    """`prefix` and nine digits. Fixed width, so that text order is number order."""
    width = len(prefix) + DIGITS
    cells = np.empty((len(numbers), width), dtype=np.uint8)
    cells[:, : len(prefix)] = np.frombuffer(prefix.encode(), dtype=np.uint8)
    left = numbers.astype(np.uint32)
    for place in range(width - 1, len(prefix) - 1, -1):
        left, digit = np.divmod(left, np.uint32(10))
        cells[:, place] = digit + 48
    return _text(np.full(len(numbers), width), cells.reshape(-1))


def token_texts(counts: npt.NDArray[np.int64], tokens: npt.NDArray[np.uint16]) -> pa.Array:
    """`tok_0381 tok_0007 ...`; `counts` [messages] tokens each, `tokens` one message after the other."""
    cells = _token_cells()[tokens]
    last = np.cumsum(counts) - 1
    keep = np.ones(cells.shape, dtype=bool)
    keep[last, TOKEN_BYTES] = False
    return _text(counts * (TOKEN_BYTES + 1) - 1, cells[keep])


@cache
def _token_cells() -> npt.NDArray[np.uint8]:
    """[token, 9]: the token and a blank."""
    digits = np.arange(10_000)[:, None] // np.array([1000, 100, 10, 1]) % 10 + 48
    cells = np.empty((10_000, TOKEN_BYTES + 1), dtype=np.uint8)
    cells[:, :4] = np.frombuffer(b"tok_", dtype=np.uint8)
    cells[:, 4:8] = digits
    cells[:, 8] = 32
    return cells


def _text(lengths: npt.NDArray[np.int64], data: npt.NDArray[np.uint8]) -> pa.Array:
    offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return pa.StringArray.from_buffers(len(lengths), pa.py_buffer(offsets), pa.py_buffer(data))
