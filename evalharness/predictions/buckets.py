"""Rows set aside on disk, in buckets by the hash of their id, so that equal ids meet and memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evalharness.benchmarks.hashing import text_hashes

_ROWS_A_BUCKET = 400_000
_ROWS_A_CHUNK = 500_000
_BITS = 64


class Chunk(NamedTuple):
    """Rows of one bucket."""

    ids: pa.StringArray
    hashes: NDArray[np.uint64]
    values: NDArray[Any]


def buckets_for(rows: int) -> int:
    """A power of two, so that about 200,000 to 400,000 of `rows` come into each bucket."""
    return 1 << max(0, (max(rows, 1) - 1) // _ROWS_A_BUCKET).bit_length()


class Buckets:
    """Write with `add`, then `close`, then read bucket by bucket. The folder's owner removes the files."""

    def __init__(self, folder: Path, name: str, count: int, kind: np.dtype[Any]) -> None:
        self.count = count
        self.rows = 0
        self._paths = [folder / f"{name}-{number}.arrow" for number in range(count)]
        self._schema = pa.schema([("id", pa.string()), ("hash", pa.uint64()), ("value", pa.from_numpy_dtype(kind))])
        self._writers: list[pa.RecordBatchStreamWriter] = []

    def __enter__(self) -> Self:
        for path in self._paths:
            self._writers.append(pa.ipc.new_stream(str(path), self._schema))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        while self._writers:
            self._writers.pop().close()

    def add(self, ids: pa.StringArray, values: NDArray[Any], hashes: NDArray[np.uint64] | None = None) -> None:
        """Appends rows; each goes to the bucket of its hash."""
        hashes = text_hashes(ids) if hashes is None else hashes
        self.rows += len(ids)
        if self.count == 1:
            self._write(0, pa.record_batch([ids, hashes, values], schema=self._schema))
            return
        numbers = (hashes >> np.uint64(_BITS - (self.count - 1).bit_length())).astype(np.uint16)
        order = np.argsort(numbers, kind="stable")
        batch = pa.record_batch([ids.take(pa.array(order)), hashes[order], values[order]], schema=self._schema)
        edges = np.searchsorted(numbers[order], np.arange(self.count + 1))
        for number, (start, stop) in enumerate(pairwise(edges)):
            self._write(number, batch.slice(start, stop - start))

    def _write(self, number: int, batch: pa.RecordBatch) -> None:
        if batch.num_rows:
            self._writers[number].write_batch(batch)

    def chunks(self, number: int) -> Iterator[Chunk]:
        """A bucket's rows in the order of `add`, some hundred thousand at a time, however full it is."""
        held: list[pa.RecordBatch] = []
        with pa.OSFile(str(self._paths[number])) as file, pa.ipc.open_stream(file) as stream:
            for batch in stream:
                held.append(batch)
                if sum(part.num_rows for part in held) >= _ROWS_A_CHUNK:
                    yield self._joined(held)
                    held = []
        if held:
            yield self._joined(held)

    def whole(self, number: int) -> Chunk:
        """A bucket's rows at once: for ids that do not repeat, whose buckets are therefore of even size."""
        with pa.OSFile(str(self._paths[number])) as file, pa.ipc.open_stream(file) as stream:
            return self._joined(list(stream))

    def _joined(self, batches: list[pa.RecordBatch]) -> Chunk:
        table = pa.Table.from_batches(batches, schema=self._schema).combine_chunks()
        columns = [column.chunk(0) if column.num_chunks else pa.array([], column.type) for column in table.columns]
        ids, hashes, values = columns
        return Chunk(ids, hashes.to_numpy(zero_copy_only=False), values.to_numpy(zero_copy_only=False))
