"""Predictions in a Parquet file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from evalharness.errors import Problems, bad_input
from evalharness.predictions.values import can_be_id, can_be_label, can_be_score

_ROWS_A_BATCH = 65_536


class ParquetFile:
    """A predictions file in Parquet. Raises BadInput when it is empty, truncated or not Parquet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with _refused(path), pq.ParquetFile(str(path), pre_buffer=False) as file:
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
        with _refused(self.path), pq.ParquetFile(str(self.path), pre_buffer=False) as file:
            for batch in file.iter_batches(_ROWS_A_BATCH, columns=names, use_threads=False):
                yield batch.select(names)


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    """Turns what reading can raise into BadInput."""
    try:
        yield
    except pa.ArrowException as error:
        raise _unreadable(path, error) from error
    except OSError as error:  # pyarrow raises plain OSError without a number for corrupt pages
        if error.errno is None:
            raise _unreadable(path, error) from error
        raise bad_input("the file cannot be read", where=path, got=error.strerror or str(error)) from error


def _unreadable(path: Path, error: Exception) -> Exception:
    hint = "write the file again; a copy that was cut short ends without the Parquet footer"
    return bad_input("the Parquet file cannot be read", where=path, got=str(error), expected="a complete Parquet file", hint=hint)
