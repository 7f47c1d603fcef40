"""The candidate pairs of a linkage benchmark, found by their two records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import Fault, bad_input
from evalharness.predictions.lookup import NOWHERE

if TYPE_CHECKING:
    from evalharness.benchmarks.benchmark import Benchmark

Integers = NDArray[np.int64]


def ordered_pairs(benchmark: Benchmark, split: str) -> Iterator[tuple[Integers, Integers]]:
    """(lower row, higher row) of the candidate pairs of a split, in the benchmark's order. Raises Fault for a pair that is none."""
    records = benchmark.rows_in(split)
    for left, right in benchmark.pairs(split):
        lower, higher = np.minimum(left, right), np.maximum(left, right)
        if len(lower) and (lower.min() < 0 or higher.max() >= records or bool((lower == higher).any())):
            raise Fault("a candidate pair is not of two records of the split")
        yield lower, higher


class Candidates:
    """Exact look-up of pairs, whichever record stands first. 16 bytes a candidate pair."""

    def __init__(self, benchmark: Benchmark, split: str) -> None:
        """Raises BadInput when a pair stands among the candidates twice."""
        self._records = benchmark.rows_in(split)
        parts = [self._keys(lower, higher) for lower, higher in ordered_pairs(benchmark, split)]
        keys = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]
        if bool((self._sorted[1:] == self._sorted[:-1]).any()):
            where, hint = f"benchmark {benchmark.info.name}, split {split}", "name each pair once, in either order"
            raise bad_input("a candidate pair stands there twice", where=where, expected="every pair once", hint=hint)

    def __len__(self) -> int:
        return len(self._sorted)

    def find(self, left: Integers, right: Integers) -> Integers:
        """[pairs] place of each pair among the candidates, -1 where it is none."""
        keys = self._keys(np.minimum(left, right), np.maximum(left, right))
        if not len(self._sorted):
            return np.full(len(keys), NOWHERE, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._sorted, keys), len(self._sorted) - 1)
        return np.where(self._sorted[at] == keys, self._order[at], NOWHERE)

    def _keys(self, lower: Integers, higher: Integers) -> Integers:
        return lower * self._records + higher
