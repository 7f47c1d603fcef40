"""Tables as they are written: cut into batches, digested column by column, stored as Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from evalharness.benchmarks.batch import BATCH_ROWS
from evalharness.benchmarks.column_digest import ColumnDigest
from evalharness.benchmarks.exact import Cutter, Rows, length
from evalharness.benchmarks.features import type_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written of one table."""

    rows: int
    splits: dict[str, int]
    """Split -> rows, in stored order."""
    columns: dict[str, tuple[str, str]]
    """Column -> (type, digest)."""


@dataclass(slots=True)
class TableWriter:
    """One Parquet file that grows by rows in stored order; the first rows decide its schema."""

    path: Path
    columns: tuple[str, ...]
    """Expected columns, in the order of the file."""
    metadata: Mapping[str, str]
    _cutter: Cutter = field(default_factory=lambda: Cutter(BATCH_ROWS))
    _writer: Any = None
    _digests: dict[str, ColumnDigest] = field(default_factory=dict)
    _types: dict[str, str] = field(default_factory=dict)
    _splits: dict[str, int] = field(default_factory=dict)

    def add(self, split: str, rows: Mapping[str, Any]) -> None:
        """Rows of one split."""
        self._splits[split] = self._splits.get(split, 0) + length(rows)
        for batch in self._cutter.add({name: rows[name] for name in self.columns}):
            self._write(batch)

    def close(self) -> Written:
        """Writes what is left."""
        for batch in self._cutter.rest():
            self._write(batch)
        if self._writer is None:  # a table that turned out to have no rows
            self._write({name: pa.array([], pa.string()) for name in self.columns})
        self._writer.close()
        columns = {name: (self._types[name], digest.digest()) for name, digest in self._digests.items()}
        return Written(rows=sum(self._splits.values()), splits=dict(self._splits), columns=columns)

    def abandon(self) -> None:
        """Lets go of the file, which somebody else removes."""
        if self._writer is not None:
            self._writer.close()

    def _write(self, batch: Rows) -> None:
        plain = {name: _plain(array) for name, array in batch.items()}
        table = pa.table(plain)
        if self._writer is None:
            self._open(table, batch)
        if table.num_rows:
            for name, array in plain.items():
                self._digests[name].add(array)
            self._writer.write_table(table, row_group_size=BATCH_ROWS)

    def _open(self, table: Any, batch: Rows) -> None:
        self._digests = {name: ColumnDigest() for name in self.columns}
        self._types = {name: type_name(array.type) for name, array in batch.items()}
        self._writer = pq.ParquetWriter(
            self.path,
            table.schema.with_metadata(dict(self.metadata)),
            compression="zstd",
            compression_level=1,
            use_dictionary=[name for name, array in batch.items() if pa.types.is_dictionary(array.type)],
            write_statistics=False,
        )


def _plain(array: Any) -> Any:
    """Dictionaries differ from split to split; the file holds text and makes its own."""
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
