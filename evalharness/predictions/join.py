"""The exact way: rows of the file find their item by id, bucket by bucket, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC, EROFS
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evalharness.errors import bad_input
from evalharness.predictions.answers import ANSWERED, DUPLICATE, INVALID, MISSING
from evalharness.predictions.buckets import Buckets, Chunk, buckets_for
from evalharness.predictions.in_order import ids_of
from evalharness.predictions.lookup import NOWHERE, Lookup
from evalharness.predictions.stored import StoredPredictions, Values, unusable

if TYPE_CHECKING:
    from evalharness.benchmarks.benchmark import Benchmark

_ROW = np.dtype(np.int64)
_NOTHING = np.dtype(np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Joined:
    """Values by row of the judged split, and what the file held."""

    values: Values
    status: NDArray[np.uint8]
    rows: int
    """Rows in the file."""
    extra: int
    """Rows whose id the benchmark does not know."""
    other_split: int
    """Rows whose id belongs to another split."""


def join(predictions: StoredPredictions, benchmark: Benchmark, split: str) -> Joined:
    """Joins by id, in the memory of the result (9 bytes an item) and of a bucket; temporary files are gone whatever happens.

    Raises BadInput when the file cannot be read, or when there is no room for the temporary files.
    """
    try:
        with TemporaryDirectory(prefix="evalharness-") as name:
            return _Join(Path(name), predictions, benchmark, split).run()
    except OSError as error:
        if error.errno not in {ENOSPC, EDQUOT, EROFS}:
            raise
        hint = "point TMPDIR at a folder with more room (about 40 bytes an item and a prediction)"
        raise bad_input("temporary files cannot be written", where=gettempdir(), got=error.strerror or str(error), hint=hint) from error


class _Join:
    def __init__(self, folder: Path, predictions: StoredPredictions, benchmark: Benchmark, split: str) -> None:
        self._folder, self._predictions, self._benchmark, self._split = folder, predictions, benchmark, split
        rows = benchmark.rows_in(split)
        self._values: Values = np.full(rows, predictions.nothing, dtype=predictions.nothing.dtype)
        self._status = np.full(rows, MISSING, dtype=np.uint8)
        self._items = Buckets(folder, "items", buckets_for(rows), _ROW)
        self._stored = Buckets(folder, "stored", self._items.count, predictions.nothing.dtype)
        others = max(0, benchmark.info.rows - rows)
        self._unknown = Buckets(folder, "unknown", buckets_for(others), _NOTHING)
        self._others = Buckets(folder, "others", self._unknown.count, _NOTHING)

    def run(self) -> Joined:
        with self._stored:
            for part in self._predictions.read():
                self._stored.add(part.ids, part.values)
        with self._items:
            start = 0
            for ids in ids_of(self._benchmark, self._split):
                self._items.add(ids, np.arange(start, start + len(ids)))
                start += len(ids)
        with self._unknown:
            for number in range(self._items.count):
                self._match(self._items.whole(number), self._stored.chunks(number))
        other_split = self._in_other_splits() if self._unknown.rows else 0
        extra = self._unknown.rows - other_split
        return Joined(values=self._values, status=self._status, rows=self._stored.rows, extra=extra, other_split=other_split)

    def _match(self, items: Chunk, stored: Iterator[Chunk]) -> None:
        """Fills values and status of the items of one bucket; sets aside the rows that match none."""
        lookup = Lookup(items.ids, items.hashes)
        times = np.zeros(len(items.ids), dtype=np.int64)
        values: Values = np.full(len(items.ids), self._predictions.nothing, dtype=self._values.dtype)
        for chunk in stored:
            places = lookup.find(chunk.ids, chunk.hashes)
            found = places != NOWHERE
            times += np.bincount(places[found], minlength=len(times))
            values[places[found]] = chunk.values[found]
            if not found.all():
                lost = np.flatnonzero(~found)
                self._unknown.add(chunk.ids.take(pa.array(lost)), np.zeros(len(lost), dtype=_NOTHING), chunk.hashes[lost])
        values[times > 1] = self._predictions.nothing
        self._values[items.values] = values
        self._status[items.values] = _status(times, values)

    def _in_other_splits(self) -> int:
        """Rows of the file whose id belongs to another split."""
        with self._others:
            for ids in self._benchmark.other_ids(self._split):
                self._others.add(ids, np.zeros(len(ids), dtype=_NOTHING))
        count = 0
        for number in range(self._others.count):
            known = self._others.whole(number)
            lookup = Lookup(known.ids, known.hashes)
            count += sum(int((lookup.find(chunk.ids, chunk.hashes) != NOWHERE).sum()) for chunk in self._unknown.chunks(number))
        return count


def _status(times: NDArray[np.int64], values: Values) -> NDArray[np.uint8]:
    once = np.where(unusable(values), np.uint8(INVALID), np.uint8(ANSWERED))
    return np.select([times == 0, times == 1], [np.uint8(MISSING), once], np.uint8(DUPLICATE)).astype(np.uint8)
