"""Tables as they are written: cut into batches, digested column by column, stored as Parquet, each by a thread of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from evalharness.benchmarks.batch import BATCH_ROWS
from evalharness.benchmarks.column_digest import ColumnDigest
from evalharness.benchmarks.exact import Cutter, Rows, length
from evalharness.benchmarks.features import type_name
from evalharness.benchmarks.text import is_string

_MOST_WAITING = 2
"""Batches of a table that may wait to be written: memory is bounded, whoever is slow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written of one table."""

    rows: int
    splits: dict[str, int]
    """Split -> rows, in stored order."""
    columns: dict[str, tuple[str, str]]
    """Column -> (type, digest)."""


class TableWriter:
    """One Parquet file that grows by rows in stored order; the first rows decide its schema."""

    def __init__(self, path: Path, columns: tuple[str, ...], metadata: Mapping[str, str]) -> None:
        """`columns`: those that the rows will have, in the order of the file."""
        self._columns = columns
        self._cutter = Cutter(BATCH_ROWS)
        self._splits: dict[str, int] = {}
        self._empty: Rows = {name: pa.array([], pa.string()) for name in columns}
        self._file = _File(path, dict(metadata))
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=path.stem)
        self._waiting: deque[Future[None]] = deque()

    def add(self, split: str, rows: Mapping[str, Any]) -> None:
        """Rows of one split. Raises what writing the rows before has raised."""
        if not self._splits:  # the types of its columns, in case that no row comes
            self._empty = {name: rows[name].slice(0, 0) for name in self._columns}
        self._splits[split] = self._splits.get(split, 0) + length(rows)
        for batch in self._cutter.add({name: rows[name] for name in self._columns}):
            self._write(batch)

    def close(self) -> Written:
        """Writes what is left."""
        for batch in self._cutter.rest():
            self._write(batch)
        while self._waiting:
            self._waiting.popleft().result()
        if self._file.writer is None:  # a table that turned out to have no rows
            self._file.write([self._empty])
        return Written(rows=sum(self._splits.values()), splits=dict(self._splits), columns=self._file.close())

    def abandon(self) -> None:
        """Lets go of the file, which somebody else removes if it is not complete."""
        self._file.abandon()  # a signal may have come while the thread was started, so that nobody would wait for it
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _write(self, batch: list[Rows]) -> None:
        while len(self._waiting) >= _MOST_WAITING:
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(self._file.write, batch))


@dataclass(slots=True)
class _File:
    """The file and the digests of its columns; only one thread at a time touches it, and none once it is abandoned."""

    path: Path
    metadata: dict[str, str]
    writer: Any = None
    digests: dict[str, ColumnDigest] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    abandoned: bool = False
    _alone: Lock = field(default_factory=Lock)

    def write(self, batch: list[Rows]) -> None:
        """One row group, in pieces. Dictionaries go to the file as they are; it says nothing of them but the texts."""
        with self._alone:
            if not self.abandoned:
                self._write(batch)

    def _write(self, batch: list[Rows]) -> None:
        table = pa.table({name: pa.chunked_array([piece[name] for piece in batch]) for name in batch[0]})
        if self.writer is None:
            self._open(table)
        if table.num_rows:
            for name, digest in self.digests.items():
                digest.add(*(piece[name] for piece in batch))
            self.writer.write_table(table, row_group_size=BATCH_ROWS)

    def _open(self, table: Any) -> None:
        kinds = dict(zip(table.schema.names, table.schema.types, strict=True))
        self.digests = {name: ColumnDigest() for name in kinds}
        self.types = {name: type_name(kind) for name, kind in kinds.items()}
        texts = [name for name, kind in kinds.items() if is_string(kind)]
        self.writer = pq.ParquetWriter(
            self.path,
            table.schema.with_metadata(self.metadata),
            compression={name: "zstd" if name in texts else "none" for name in kinds},
            compression_level=dict.fromkeys(texts, 1),
            use_dictionary=[name for name, kind in kinds.items() if not (is_string(kind) or pa.types.is_float64(kind))],
            write_statistics=False,
            store_schema=False,
        )

    def close(self) -> dict[str, tuple[str, str]]:
        """Column -> (type, digest)."""
        self.writer.close()
        return {name: (self.types[name], digest.digest()) for name, digest in self.digests.items()}

    def abandon(self) -> None:
        """Closes the file if it is open; it may be incomplete."""
        with self._alone:
            self.abandoned = True
            if self.writer is not None:
                with suppress(pa.ArrowException, OSError):
                    self.writer.close()
