"""The fast way: the file lists exactly the items of the judged split, in the benchmark's order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from evalharness.predictions.stored import StoredPredictions, Values

if TYPE_CHECKING:
    from evalharness.benchmarks.benchmark import Benchmark


def values_in_order(predictions: StoredPredictions, benchmark: Benchmark, split: str) -> Values | None:
    """[rows of the split] the file's values, or None as soon as an id differs. Raises BadInput when the file cannot be read."""
    rows = benchmark.rows_in(split)
    if predictions.rows is not None and predictions.rows != rows:
        return None
    values = np.empty(rows, dtype=predictions.nothing.dtype)
    known = _Cursor(ids_of(benchmark, split))
    done = 0
    for part in predictions.read():
        if not known.continues_with(part.ids):
            return None
        values[done : done + len(part.ids)] = part.values
        done += len(part.ids)
    return values if done == rows else None


def ids_of(benchmark: Benchmark, split: str) -> Iterator[pa.StringArray]:
    """Ids of the split in stored order."""
    for batch in benchmark.batches(split, columns=frozenset({"ids"})):
        yield batch.ids


class _Cursor:
    """Compares a stream of arrays with another that is cut elsewhere."""

    def __init__(self, arrays: Iterator[pa.StringArray]) -> None:
        self._arrays = arrays
        self._rest = pa.array([], pa.string())

    def continues_with(self, ids: pa.StringArray) -> bool:
        """Whether the next len(ids) strings of the stream are these."""
        at = 0
        while at < len(ids):
            if len(self._rest) == 0:
                following = next(self._arrays, None)
                if following is None:
                    return False
                self._rest = following
                continue
            count = min(len(self._rest), len(ids) - at)
            if not self._rest.slice(0, count).equals(ids.slice(at, count)):
                return False
            self._rest = self._rest.slice(count)
            at += count
        return True
