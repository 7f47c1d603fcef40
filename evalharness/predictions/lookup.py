"""Exact look-up of ids among ids that do not repeat."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

NOWHERE = -1


class Lookup:
    """Finds the places of ids in `known` (unique ids, any order) through their sorted hashes.

    Exact: a hash only proposes a place, the ids themselves are compared. Where two known ids share a hash, Arrow's hash table takes over.
    """

    def __init__(self, known: pa.StringArray, hashes: NDArray[np.uint64]) -> None:
        self._known = known
        self._order = np.argsort(hashes)
        self._sorted = hashes[self._order]
        self._clash = bool((self._sorted[1:] == self._sorted[:-1]).any())

    def find(self, ids: pa.StringArray, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """[rows] place of each id among the known ones, -1 where it is not known; a null is never known."""
        if len(self._known) == 0 or len(ids) == 0:
            return np.full(len(ids), NOWHERE, dtype=np.int64)
        if self._clash:
            places = pc.index_in(ids, value_set=self._known, skip_nulls=True)
            found: NDArray[np.int64] = pc.cast(places, pa.int64()).fill_null(NOWHERE).to_numpy(zero_copy_only=False)
            return found
        proposed = self._propose(hashes)
        same = pc.equal(self._known.take(pa.array(proposed)), ids).fill_null(False).to_numpy(zero_copy_only=False)
        return np.where(same, proposed, NOWHERE)

    def _propose(self, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Place of the first known hash that is not below; searching in sorted order keeps to the cache."""
        order = np.argsort(hashes)
        at = np.minimum(np.searchsorted(self._sorted, hashes[order]), len(self._sorted) - 1)
        proposed = np.empty(len(hashes), dtype=np.int64)
        proposed[order] = self._order[at]
        return proposed
