"""Clusters of rows that are sorted by something else: their codes, and how far a statistic moves with each of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from evalharness.stats.clusters import sum_of_squares
from evalharness.tally.clusters import as_strings

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Codes = NDArray[np.integer]
Variance = tuple[float, int, int]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClusterSums:
    """Rows in the order in which they came: there those of a cluster are near one another, and sums are quick."""

    clusters: Codes
    positive: Booleans
    order: Integers
    """Which of them stands where, by rising score."""
    by_score: Integers = field(init=False)
    """The cluster of each row, by rising score."""
    inside: Booleans = field(init=False)
    """[n - 1] whether a row has the cluster of the row before."""
    starts: Integers | None = field(init=False)
    """First row of each cluster; null where one comes in pieces."""
    ones: Booleans = field(init=False)
    """Whether each cluster has a positive."""
    zeros: Booleans = field(init=False)

    def __post_init__(self) -> None:
        inside = self.clusters[1:] == self.clusters[:-1]
        starts = np.concatenate([np.zeros(min(len(self.clusters), 1), dtype=np.int64), np.flatnonzero(~inside) + 1])
        rising = bool((np.diff(self.clusters[starts]) > 0).all())
        found = np.bincount(np.searchsorted(starts, np.flatnonzero(self.positive), side="right") - 1, minlength=len(starts))
        for name, value in (
            ("by_score", self.clusters[self.order].astype(np.int64)),
            ("inside", inside),
            ("starts", starts if rising else None),
            ("ones", found > 0),
            ("zeros", found < np.diff(starts, append=len(self.clusters))),
        ):
            object.__setattr__(self, name, value)

    def variances(self, influence: Floats, code: Codes, levels: int) -> list[Variance]:
        """For each level: the variance of the area under the ROC curve, and how many clusters have a positive and a negative.

        `influence` [n] by rising score, `code` [n] the level of each row, as they came. NaN with fewer than two clusters, or without
        rows of a class.
        """
        if not len(influence):
            return [(float("nan"), 0, 0)] * levels
        sums, level, ones, zeros = self._apart(influence, code) or self._mixed(influence, code, levels)
        p, n, units = (np.bincount(level[side], minlength=levels) for side in (ones, zeros, ones | zeros))
        squares = sum_of_squares(sums, level, levels)
        return [
            (float(squares[k] * units[k] / (units[k] - 1)) if units[k] > 1 and p[k] and n[k] else float("nan"), int(p[k]), int(n[k]))
            for k in range(levels)
        ]

    def _apart(self, influence: Floats, code: Codes) -> tuple[Floats, Codes, Booleans, Booleans] | None:
        """Sum, level and classes of each cluster, where each stands together and has one level only."""
        if self.starts is None or (self.inside & (code[1:] != code[:-1])).any():
            return None
        sums = np.asarray(np.bincount(self.by_score, weights=influence), dtype=np.float64)[self.clusters[self.starts]]
        return sums, code[self.starts].astype(np.int64), self.ones, self.zeros

    def _mixed(self, influence: Floats, code: Codes, levels: int) -> tuple[Floats, Codes, Booleans, Booleans]:
        """The same for each cluster and level."""
        keys = self.clusters.astype(np.int64) * levels + code
        sums = np.asarray(np.bincount(keys[self.order], weights=influence), dtype=np.float64)
        ones, zeros = (np.zeros(len(sums), dtype=bool) for _ in range(2))
        ones[keys[self.positive]] = True
        zeros[keys[~self.positive]] = True
        there = np.flatnonzero(ones | zeros)
        return sums[there], there % levels, ones[there], zeros[there]


class ClusterCodes:
    """Cluster ids to whole numbers: by their runs where the rows of each stand together, else by name."""

    def __init__(self, contiguous: bool) -> None:
        self._contiguous = contiguous
        self._last: str | None = None
        self._next = -1
        self._parts: list[NDArray[np.int32]] = []
        self._names: list[pa.Array] = []

    def add(self, clusters: pa.Array | pa.ChunkedArray, kept: NDArray[np.bool_] | None) -> None:
        names = as_strings(clusters)
        if not self._contiguous:
            self._names.append(names if kept is None else names.filter(pa.array(kept)))
            return
        if not len(names):
            return
        changes = np.empty(len(names), dtype=np.int32)
        changes[0] = names[0].as_py() != self._last
        changes[1:] = pc.not_equal(names.slice(1), names.slice(0, len(names) - 1)).to_numpy(zero_copy_only=False)
        codes = self._next + np.cumsum(changes, dtype=np.int32)
        self._last, self._next = names[-1].as_py(), int(codes[-1])
        self._parts.append(codes if kept is None else codes[kept])

    def codes(self) -> NDArray[np.integer]:
        if self._contiguous:
            return np.concatenate([np.zeros(0, dtype=np.int32), *self._parts])
        whole = pa.chunked_array([name.cast(pa.large_string()) for name in self._names], type=pa.large_string())
        coded = whole.dictionary_encode().unify_dictionaries()
        return np.concatenate([np.zeros(0, dtype=np.int32), *(chunk.indices.to_numpy() for chunk in coded.chunks)])
