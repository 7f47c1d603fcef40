"""Columns of a supplied table, each taken once and gone from memory when it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from evalharness.errors import bad_input, unreadable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Supplied:
    """N rows."""

    names: tuple[str, ...]
    """As they stand in the file, a name there twice twice."""
    rows: int
    column: Callable[[str], pa.ChunkedArray]
    """Reads a column that there is; raises BadInput where it cannot be read. Not every column can be taken a second time."""

    @classmethod
    def of(cls, table: pa.Table) -> Self:
        """What is in memory already: the table goes column by column if nobody else holds it."""
        columns = dict(zip(table.column_names, table.columns, strict=True))
        return cls(names=tuple(table.column_names), rows=table.num_rows, column=columns.pop)

    @classmethod
    def parquet(cls, path: Path, coded: Sequence[str]) -> Self:
        """A file, of which one column is read at a time. coded: text that is read as codes. Raises pyarrow's errors and OSError."""
        with pq.ParquetFile(path) as file:
            names, rows = tuple(file.schema_arrow.names), file.metadata.num_rows
            types = {field.name: field.type for field in file.schema_arrow}
        few = frozenset(name for name in coded if name in types and _is_text(types[name]))

        def column(name: str) -> pa.ChunkedArray:
            pa.default_memory_pool().release_unused()  # of the column before, which is read by now
            try:
                with pq.ParquetFile(path, read_dictionary=[name] if name in few else None, pre_buffer=False) as file:
                    return file.read(columns=[name], use_threads=False)[name]
            except OSError as error:
                raise unreadable(path, error) from error
            except pa.ArrowException as error:
                raise bad_input("the file cannot be read", where=path, got=str(error), expected="a parquet file") from error

        return cls(names=names, rows=rows, column=column)


def _is_text(of: pa.DataType) -> bool:
    return bool(pa.types.is_string(of) or pa.types.is_large_string(of) or pa.types.is_dictionary(of))
