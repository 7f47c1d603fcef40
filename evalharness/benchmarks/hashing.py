"""A vectorised hash of texts. It only sorts texts into places: whoever uses it lets equality of the texts themselves decide."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.text import parts

_KEYS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93), np.uint64(0xA0761D6478BD642F))


def text_hashes(text: Any) -> npt.NDArray[np.uint64]:
    """64-bit hash of each value of a pyarrow string array; a null hashes like some text. Not meant to withstand an adversary on its own."""
    lengths, content = parts(text)
    starts = np.cumsum(lengths, dtype=np.int64) - lengths
    padded = np.zeros(len(content) + 8, dtype=np.uint8)
    padded[: len(content)] = content
    words = np.ndarray(len(content) + 1, dtype="<u8", buffer=padded.data, strides=(1,))
    hashes = lengths.astype(np.uint64) * _KEYS[0]
    shortest = int(lengths.min()) if len(lengths) else 0
    rows: Any = slice(None)
    for position in range(0, int(lengths.max(initial=0)), 8):
        if position >= shortest:  # some texts have ended
            rows = np.flatnonzero(lengths > position) if isinstance(rows, slice) else rows[lengths[rows] > position]
        left = np.minimum(lengths[rows] - position, 8).astype(np.uint64)
        word = words[starts[rows] + position] & (~np.uint64(0) >> ((np.uint64(8) - left) * np.uint64(8)))
        mixed = (hashes[rows] ^ word) * _KEYS[1]
        hashes[rows] = mixed ^ (mixed >> np.uint64(29))
    hashes *= _KEYS[2]
    hashes ^= hashes >> np.uint64(32)
    return hashes
