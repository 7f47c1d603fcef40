"""Which records hang together by chains of links."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

_WAITING = 2**20


class Components:
    """Takes links in any order and in pieces. 8 bytes a record, and 16 a link of those that wait (about a million)."""

    def __init__(self, records: int) -> None:
        self._numbers: Integers = np.arange(records, dtype=np.int64)
        self._left: list[Integers] = []
        self._right: list[Integers] = []
        self._waiting = 0

    def join(self, left: Integers, right: Integers) -> None:
        """Links records pair by pair."""
        self._left.append(self._numbers[left])
        self._right.append(self._numbers[right])
        self._waiting += len(left)
        if self._waiting >= _WAITING:
            self._merge()

    def join_alike(self, names: Integers) -> None:
        """Links all records of the same name; -1 is no name."""
        rows = np.flatnonzero(names >= 0)
        order = rows[np.argsort(names[rows], kind="stable")]
        same = names[order[1:]] == names[order[:-1]]
        self.join(order[:-1][same], order[1:][same])

    def numbers(self) -> Integers:
        """[records] a number that linked records share: that of the first of them."""
        self._merge()
        return self._numbers

    def _merge(self) -> None:
        if not self._waiting:
            return
        from scipy.sparse import coo_array  # noqa: PLC0415  slow to load, and only linkage needs it
        from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

        left, right = np.concatenate(self._left), np.concatenate(self._right)
        size = len(self._numbers)
        links = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
        _, found = connected_components(links.tocsr(), directed=False)
        first = np.full(size, size, dtype=np.int64)
        np.minimum.at(first, found, np.arange(size))
        self._numbers = first[found[self._numbers]]
        self._left, self._right, self._waiting = [], [], 0
