"""Row numbers of records by id: 17 bytes a record, whatever the ids look like."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.hashing import text_hashes
from evalharness.errors import Fault

ABSENT = -1


class RecordIndex:
    """Ids that all differ, numbered from 0 in the order given.

    Ids are found by a 64-bit hash. One that is not among them is taken for another with a chance of (number of ids) / 2**64.
    """

    def __init__(self, ids: Iterable[Any]) -> None:
        """Pyarrow string arrays without nulls. Raises Fault when two ids share a hash: one benchmark in 2**65 / (number of ids)**2."""
        parts = [text_hashes(array) for array in ids]
        hashes = np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint64)
        self._order = np.argsort(hashes, kind="stable")
        self._hashes = hashes[self._order]
        if (self._hashes[1:] == self._hashes[:-1]).any():
            raise Fault("two ids share a hash; change the letters of one of them")

    def __len__(self) -> int:
        return len(self._hashes)

    def rows(self, ids: Any) -> npt.NDArray[np.int64]:
        """Row number of each id of a pyarrow string array; -1 for an id that is not among them."""
        if not len(self._hashes):
            return np.full(len(ids), ABSENT, dtype=np.int64)
        hashes = text_hashes(ids)
        at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        return np.where(self._hashes[at] == hashes, self._order[at], ABSENT).astype(np.int64)
