"""Parquet files as streams of columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from evalharness.benchmarks.batch import BATCH_ROWS
from evalharness.benchmarks.exact import Rows, in_batches
from evalharness.benchmarks.parquet_errors import parquet_refused
from evalharness.benchmarks.text import is_string
from evalharness.errors import bad_input
from evalharness.files.held_open import HeldOpen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """Rows start <= row < stop, and the row groups that hold them."""

    start: int
    stop: int
    groups: list[int]
    first: int
    """Number of the first row of the first of these groups."""


class ParquetTable:
    """A .parquet file, kept open: every scan reads the file that was there first."""

    def __init__(self, path: Path) -> None:
        """Raises BadInput when the file cannot be read as Parquet."""
        self.path = path
        with parquet_refused(path):
            self._held = HeldOpen(path)
        with parquet_refused(path), pq.ParquetFile(self._held.source) as file:
            schema, self.rows = file.schema_arrow, file.metadata.num_rows
            self._group_rows: list[int] = [file.metadata.row_group(i).num_rows for i in range(file.metadata.num_row_groups)]
        repeated = sorted({name for name in schema.names if schema.names.count(name) > 1})
        if repeated:
            raise bad_input("columns have the same name", where=path, got=", ".join(repeated))
        self._types = dict(zip(schema.names, schema.types, strict=True))

    def types(self) -> dict[str, Any]:
        """Column -> pyarrow type as stored."""
        return dict(self._types)

    def scan(
        self, columns: Sequence[str], *, start: int = 0, stop: int | None = None, size: int = BATCH_ROWS, coded: Sequence[str] = ()
    ) -> Iterator[Rows]:
        """See `Table`."""
        span = self._span(start, self.rows if stop is None else stop)
        with parquet_refused(self.path):
            yield from in_batches(self._pieces(columns, span, size, coded), size)

    def _span(self, start: int, stop: int) -> _Span:
        groups: list[int] = []
        first = begin = 0
        for i, rows in enumerate(self._group_rows):
            if begin < stop and begin + rows > start:
                first = begin if not groups else first
                groups.append(i)
            begin += rows
        return _Span(start=start, stop=stop, groups=groups, first=first)

    def _pieces(self, columns: Sequence[str], span: _Span, size: int, coded: Sequence[str]) -> Iterator[Rows]:
        as_codes = [name for name in coded if is_string(self._types[name])]
        with pq.ParquetFile(self._held.source, read_dictionary=as_codes, pre_buffer=False) as file:
            row = span.first
            names = list(dict.fromkeys(columns))
            for batch in file.iter_batches(batch_size=size, row_groups=span.groups, columns=names, use_threads=False):
                low, high = max(span.start - row, 0), min(span.stop - row, batch.num_rows)
                row += batch.num_rows
                if low < high:
                    yield {name: batch.column(name).slice(low, high - low) for name in names}
