"""Predictions in a Parquet file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from evalharness.benchmarks.batch import BATCH_ROWS
from evalharness.benchmarks.parquet_errors import parquet_refused
from evalharness.errors import Problems
from evalharness.predictions.values import can_be_id, can_be_label, can_be_score


class ParquetFile:
    """A predictions file in Parquet. Raises BadInput when it is empty, truncated or not Parquet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with parquet_refused(path), pq.ParquetFile(str(path), pre_buffer=False) as file:
            self._schema = file.schema_arrow
            self.rows: int | None = file.metadata.num_rows
        self.names = tuple(self._schema.names)

    def check_types(self, id_column: str, value_column: str, kind: str) -> None:
        """Raises BadInput for columns whose type can hold neither ids nor scores (labels)."""
        problems = Problems()
        text = "text or integers"
        score, label = (can_be_score, "floats, decimals, integers or text"), (can_be_label, f"{text} or booleans")
        wanted: tuple[tuple[str, tuple[Callable[[pa.DataType], bool], str]], ...] = (
            (id_column, (can_be_id, text)),
            (value_column, score if kind == "score" else label),
        )
        for name, (accepted, expected) in wanted:
            found = self._schema.field(name).type
            if not accepted(found):
                problems.add(f"the column '{name}' has a type that cannot be used", where=self.path, got=str(found), expected=expected)
        problems.raise_if_any()

    def batches(self, id_column: str, value_column: str) -> Iterator[pa.RecordBatch]:
        """Batches of the two columns as stored. Raises BadInput when a page cannot be read."""
        names = [id_column, value_column]
        with parquet_refused(self.path), pq.ParquetFile(str(self.path), pre_buffer=False) as file:
            for batch in file.iter_batches(BATCH_ROWS, columns=names, use_threads=False):
                yield batch.select(names)
