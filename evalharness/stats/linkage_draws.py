"""B-cubed agreement by group, and splits and merges, of drawn entities: what each draw changes is worked out, the rest is one product.

A copy of an entity is an entity of its own, linked to other drawn entities as the original is, and not to its twin: as in
`linkage_resampling`, which has the figures of everybody alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.stats.linkage import Overlap

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class EntityDraws:
    """Prepared once for T entities and G sets of them. Memory: 3 x T x G numbers, and R x S for R draws, where S cells share a cluster."""

    def __init__(self, cells: Overlap, members: ArrayLike, entity_of: ArrayLike | None = None) -> None:
        """members: [T, G] 1 where an entity is in a set, else 0; entity_of: [true clusters] the entity of each, if they are not the same.

        Raises ValueError for arrays that do not fit together.
        """
        member = np.asarray(members, dtype=np.float64)
        clusters = np.arange(len(member)) if entity_of is None else np.asarray(entity_of, dtype=np.int64)
        if member.ndim != 2 or len(clusters) != len(cells.true_sizes) or (len(clusters) and clusters.max() >= len(member)):
            raise ValueError("members must be [entities, sets], and every true cluster one of the entities")
        entity, size = clusters[cells.true], cells.records.astype(np.float64)
        own = cells.true_sizes.astype(np.float64)[cells.true]
        parts = np.bincount(cells.predicted, minlength=len(cells.predicted_sizes))
        shared = np.flatnonzero(parts[cells.predicted] > 1)
        shared = shared[np.argsort(cells.predicted[shared], kind="stable")]
        predicted = cells.predicted[shared]
        opens = np.diff(predicted, prepend=-1) > 0
        self._sets = member.shape[1]
        self._entity, self._size, self._of_set = entity[shared], size[shared], np.ascontiguousarray(member[entity[shared]].T)
        self._starts, self._number = np.flatnonzero(opens), np.cumsum(opens) - 1
        alone = size.copy()
        alone[shared] = 0.0
        sums = [np.bincount(entity, weights=w, minlength=len(member))[:, None] * member for w in (size, alone, size * size / own)]
        self._linear = np.ascontiguousarray(np.concatenate(sums, axis=1).T)
        pieces = np.bincount(entity, minlength=len(member)) - np.bincount(clusters, minlength=len(member))
        self._merges = pieces.astype(np.float64)[None]

    def bcubed(self, times: Floats) -> tuple[Floats, Floats]:
        """Precision and recall [R, G] of the records of each set, clusters left whole, with entity t drawn `times` [R, T] times.

        NaN where no record of a set is drawn.
        """
        records, alone, whole = np.split(products(times, self._linear), 3, axis=1)
        present = times[:, self._entity] * self._size
        inside = self._by_cluster(present)[:, self._number]
        mates = np.maximum(inside - present + self._size, 1.0)  # of one copy: itself, and the others that are drawn
        mixed = products(present * (self._size / mates), self._of_set)
        return _share(alone + mixed, records), _share(whole, records)

    def steps(self, times: Floats) -> tuple[Floats, Floats]:
        """(splits, merges) [R] of the merge distance. Copies of one entity that share a predicted cluster with nobody else are apart."""
        present = times[:, self._entity]
        parts, kinds = self._by_cluster(present), self._by_cluster((present > 0).astype(np.float64))
        merges = products(times, self._merges)[:, 0]
        return np.where(kinds > 1, parts - 1, 0.0).sum(axis=1), merges

    def _by_cluster(self, present: Floats) -> Floats:
        if not len(self._starts):
            return np.zeros((len(present), 0))
        sums: Floats = np.add.reduceat(present, self._starts, axis=1)
        return sums


def products(times: Floats, columns: Floats) -> Floats:
    """[R, K] sums over t of `times` [R, T] and `columns` [K, T]. On one thread: the same digits whatever else the machine does."""
    sums: Floats = np.einsum("rt,kt->rk", times, columns)
    return sums


def _share(part: Floats, whole: Floats) -> Floats:
    some = whole > 0
    return np.where(some, part / np.where(some, whole, 1.0), np.nan)
