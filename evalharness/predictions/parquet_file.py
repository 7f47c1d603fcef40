"""Predictions in a Parquet file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from evalharness.benchmarks.batch import BATCH_ROWS
from evalharness.benchmarks.parquet_errors import parquet_refused
from evalharness.errors import Problems
from evalharness.predictions.columns import Kind
from evalharness.predictions.values import can_be_id, can_be_label, can_be_score

_TEXT = "text or integers"
_ACCEPTED: dict[Kind, tuple[Callable[[pa.DataType], bool], str]] = {
    "id": (can_be_id, _TEXT),
    "score": (can_be_score, "floats, decimals, integers or text"),
    "label": (can_be_label, f"{_TEXT} or booleans"),
}


class ParquetFile:
    """A predictions file in Parquet. Raises BadInput when it is empty, truncated or not Parquet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with parquet_refused(path), pq.ParquetFile(str(path), pre_buffer=False) as file:
            self._schema = file.schema_arrow
            self.rows: int | None = file.metadata.num_rows
        self.names = tuple(self._schema.names)

    def check_types(self, kinds: Mapping[str, Kind]) -> None:
        """Raises BadInput for every column whose type cannot hold what it is read as."""
        problems = Problems()
        for name, kind in kinds.items():
            accepted, expected = _ACCEPTED[kind]
            found = self._schema.field(name).type
            if not accepted(found):
                problems.add(f"the column '{name}' has a type that cannot be used", where=self.path, got=str(found), expected=expected)
        problems.raise_if_any()

    def batches(self, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Batches of the columns as stored. Raises BadInput when a page cannot be read."""
        with parquet_refused(self.path), pq.ParquetFile(str(self.path), pre_buffer=False) as file:
            for batch in file.iter_batches(BATCH_ROWS, columns=list(names), use_threads=False):
                yield batch.select(list(names))
