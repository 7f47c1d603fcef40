"""Queues as numbers, in order of appearance."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from evalharness.benchmarks.text import coded


class QueueCodes:
    """Memory: the names of the queues of one split."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def of(self, array: Any) -> npt.NDArray[np.int64]:
        """Numbers of the queues of consecutive rows."""
        codes, names = coded(array)
        table = np.full(len(names), -1, dtype=np.int64)
        seen, first = np.unique(codes, return_index=True)
        for code in seen[np.argsort(first)].tolist():
            table[code] = self._known.setdefault(names[code], len(self._known))
        return table[codes]
