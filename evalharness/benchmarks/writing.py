"""Tables as they are written: cut into batches, digested column by column, stored as Parquet, by threads of the caller's."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Set
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
class Threads:
    """Pools of one thread each. Several tables may share them: their steps are short, and many threads wait for one another."""

    files: ThreadPoolExecutor
    digests: ThreadPoolExecutor


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

    def __init__(
        self, path: Path, columns: tuple[str, ...], *, gaps: Set[str] = frozenset(), metadata: Mapping[str, str], threads: Threads
    ) -> None:
        """`columns`: those that the rows will have, in the order of the file; `gaps`: those of them in which values may be missing."""
        self._columns = columns
        self._cutter = Cutter(BATCH_ROWS)
        self._splits: dict[str, int] = {}
        self._empty: Rows = {}
        self._file = _File(path, dict(metadata), gaps)
        self._digests: dict[str, ColumnDigest] = {}
        self._threads = threads
        self._waiting: deque[tuple[Future[None], Future[None]]] = deque()

    def add(self, split: str, rows: Mapping[str, Any]) -> None:
        """Rows of one split. Raises what writing the rows before has raised."""
        if not self._splits:  # the types of its columns, in case that no row comes
            self._empty = {name: rows[name].slice(0, 0) for name in self._columns}
        self._splits[split] = self._splits.get(split, 0) + length(rows)
        for batch in self._cutter.add({name: rows[name] for name in self._columns}):
            self._write(batch)

    def close(self) -> Written:
        """Writes what is left. Raises what writing has raised, pyarrow's error too where a value is missing in a column without gaps."""
        for batch in self._cutter.rest():
            self._write(batch)
        self._wait_for(0)
        if self._file.writer is None:  # a table that turned out to have no rows
            self._file.write(self._empty or {name: pa.array([], pa.string()) for name in self._columns})
        types = self._file.close()
        found = {name: (kind, self._digests.get(name, ColumnDigest()).digest()) for name, kind in types.items()}
        return Written(rows=sum(self._splits.values()), splits=dict(self._splits), columns=found)

    def abandon(self) -> None:
        """Lets go of the file, which somebody else removes if it is not complete; batches that still wait are not written any more."""
        self._file.abandon()

    def _write(self, pieces: list[Rows]) -> None:
        self._wait_for(_MOST_WAITING - 1)
        batch = {name: pa.concat_arrays([piece[name] for piece in pieces]) for name in pieces[0]}  # both steps take few pieces faster
        self._waiting.append((self._threads.files.submit(self._file.write, batch), self._threads.digests.submit(self._digest, batch)))

    def _wait_for(self, most: int) -> None:
        while len(self._waiting) > most:
            for step in self._waiting.popleft():
                step.result()

    def _digest(self, batch: Rows) -> None:
        for name, column in batch.items():
            self._digests.setdefault(name, ColumnDigest()).add(column)


@dataclass(slots=True)
class _File:
    """The file; only one thread at a time touches it, and none once it is abandoned."""

    path: Path
    metadata: dict[str, str]
    gaps: Set[str]
    writer: Any = None
    types: dict[str, str] = field(default_factory=dict)
    abandoned: bool = False
    _alone: Lock = field(default_factory=Lock)

    def write(self, batch: Rows) -> None:
        """One row group. Dictionaries go to the file as they are; it says nothing of them but the texts."""
        with self._alone:
            if not self.abandoned:
                self._write(batch)

    def _write(self, batch: Rows) -> None:
        fields = [pa.field(name, column.type, nullable=name in self.gaps) for name, column in batch.items()]
        table = pa.table(list(batch.values()), schema=pa.schema(fields))
        if self.writer is None:
            self._open(table)
        if table.num_rows:
            self.writer.write_table(table, row_group_size=BATCH_ROWS)

    def _open(self, table: Any) -> None:
        kinds = dict(zip(table.schema.names, table.schema.types, strict=True))
        self.types = {name: type_name(kind) for name, kind in kinds.items()}
        texts = [name for name, kind in kinds.items() if is_string(kind)]
        self.writer = pq.ParquetWriter(
            self.path,
            table.schema.with_metadata(self.metadata),
            compression={
                name: "snappy" if name in texts else "none" for name in kinds
            },  # larger than zstd by a third or two fifths, and faster both ways
            use_dictionary=[name for name, kind in kinds.items() if not (is_string(kind) or pa.types.is_float64(kind))],
            write_statistics=False,
            store_schema=False,
        )

    def close(self) -> dict[str, str]:
        """Column -> type."""
        self.writer.close()
        return self.types

    def abandon(self) -> None:
        """Closes the file if it is open; it may be incomplete."""
        with self._alone:
            self.abandoned = True
            if self.writer is not None:
                with suppress(pa.ArrowException, OSError):
                    self.writer.close()
