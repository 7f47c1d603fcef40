"""Random numbers that are a function of (seed, item, reviewer) alone, so that no row depends on which others there are.

Philox-4x64 with ten rounds (Salmon and others 2011, "Parallel random numbers: as easy as 1, 2, 3"), for many counters at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
_ROUNDS = 10
_MULTIPLIERS = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_STEPS = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


def item_codes(seed: int, ids: Iterable[str]) -> Words:
    """64 bits of each item's id, keyed by the seed."""
    key = seed.to_bytes(8, "little")
    found = b"".join(hashlib.blake2b(each.encode(), digest_size=8, key=key).digest() for each in ids)
    return np.frombuffer(found, dtype="<u8").astype(np.uint64)


def philox(key: tuple[int, int], counter: tuple[Words, Words, Words, Words]) -> tuple[Words, Words, Words, Words]:
    """The block of four words of each counter; each of `counter` is [N]."""
    a, b, c, d = counter
    keys = np.array(key, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for _ in range(_ROUNDS):
            (high0, low0), (high1, low1) = _product(_MULTIPLIERS[0], a), _product(_MULTIPLIERS[1], c)
            a, b, c, d = high1 ^ b ^ keys[0], low1, high0 ^ d ^ keys[1], low0
            keys = keys + np.array(_STEPS)
    return a, b, c, d


def uniform(seed: int, purpose: int, item: Words, reviewer: Words | int = 0) -> tuple[Floats, Floats, Floats, Floats]:
    """Four numbers in [0, 1) for each item, or for each item and reviewer; other purposes give others."""
    who = np.broadcast_to(np.asarray(reviewer, dtype=np.uint64), item.shape)
    zero = np.zeros_like(item)
    words = philox((seed, purpose), (item, who, zero, zero))
    first, second, third, fourth = ((word >> np.uint64(11)).astype(np.float64) * 2.0**-53 for word in words)
    return first, second, third, fourth


def _product(factor: np.uint64, words: Words) -> tuple[Words, Words]:
    """High and low 64 bits of the products of 128 bits."""
    high_a, low_a = factor >> _HALF, factor & _LOW
    high_b, low_b = words >> _HALF, words & _LOW
    low = low_a * low_b
    middle = high_a * low_b + (low >> _HALF)
    other = low_a * high_b + (middle & _LOW)
    return high_a * high_b + (middle >> _HALF) + (other >> _HALF), factor * words
