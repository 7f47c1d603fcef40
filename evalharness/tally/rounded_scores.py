"""Counts of rounded scores by group: what is kept where there are too many rows to hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BITS = 13
"""Binary digits that are kept of a score: it moves by less than 1 part in 8,000 of itself."""
_DROPPED = 53 - BITS
_KEEP = np.uint64((2**64 - 1) ^ (2**_DROPPED - 1))
_HALF = np.uint64(1 << (_DROPPED - 1))


def rounded(scores: Floats) -> Floats:
    """Each score at `BITS` significant binary digits, halves away from 0. 0 and 1 stay, and the order does."""
    return ((np.ascontiguousarray(scores).view(np.uint64) + _HALF) & _KEEP).view(np.float64)


class RoundedScores:
    """Adds rows up; their order changes nothing. Memory: 16 bytes a distinct rounded score and group."""

    def __init__(self, levels: Sequence[int]) -> None:
        """`levels`: how many each attribute has. Groups are everybody, and then each level of each."""
        self._levels = tuple(levels)
        self.scores: Floats = np.zeros(0)
        """[D], rising."""
        self.counts: Integers = np.zeros((1 + sum(levels), 2, 0), dtype=np.int64)
        """[G, 2, D] negatives, positives."""

    def add(self, scores: Floats, positive: NDArray[np.bool_], codes: Sequence[NDArray[np.integer]]) -> None:
        """Rows: finite scores [n], whether each is positive [n], for each attribute the level of each row [n]."""
        distinct, places = np.unique(rounded(scores), return_inverse=True)
        size = len(distinct)
        keys = positive.astype(np.int64) * size + places
        parts = [np.bincount(keys, minlength=2 * size).reshape(1, 2, size)]
        parts += [
            np.bincount(code.astype(np.int64) * (2 * size) + keys, minlength=2 * size * levels).reshape(levels, 2, size)
            for code, levels in zip(codes, self._levels, strict=True)
        ]
        every = np.union1d(self.scores, distinct)
        counts = np.zeros((len(self.counts), 2, len(every)), dtype=np.int64)
        counts[:, :, np.searchsorted(every, self.scores)] = self.counts
        counts[:, :, np.searchsorted(every, distinct)] += np.concatenate(parts)
        self.scores, self.counts = every, counts
