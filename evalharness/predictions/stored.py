"""A file of stored predictions, opened and checked: the stream of its ids and values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evalharness.benchmarks.text import NotText, as_text
from evalharness.errors import bad_input
from evalharness.predictions.columns import Columns, choose_columns
from evalharness.predictions.csv_file import CsvFile
from evalharness.predictions.parquet_file import ParquetFile
from evalharness.predictions.values import labels_of, scores_of

Values = NDArray[Any]
"""float64 scores (NaN: unusable), or int8 labels (-1: unusable)."""


def is_scores(values: Values) -> bool:
    """Whether these are scores; labels otherwise."""
    return values.dtype == np.float64


def unusable(values: Values) -> NDArray[np.bool_]:
    """[rows] where there is no usable score or label."""
    where: NDArray[np.bool_] = np.isnan(values) if is_scores(values) else values < 0
    return where


class Rows(NamedTuple):
    """Consecutive rows of a predictions file."""

    ids: pa.StringArray
    values: Values


class _File(Protocol):
    path: Path
    names: tuple[str, ...]
    rows: int | None

    def check_types(self, id_column: str, value_column: str, kind: str) -> None: ...

    def batches(self, id_column: str, value_column: str) -> Iterator[pa.RecordBatch]: ...


_FORMATS: dict[str, type[CsvFile] | type[ParquetFile]] = {".csv": CsvFile, ".parquet": ParquetFile}


class StoredPredictions:
    """Reads a predictions file as often as asked. Raises BadInput when it cannot hold the predictions that are wanted."""

    def __init__(self, path: Path, *, id_column: str, rule: str, score_range: str, positive: str, negative: str) -> None:
        self._file = _opened(path)
        self.path = path
        self.columns: Columns = choose_columns(self._file.names, id_column=id_column, rule=rule, where=path)
        self._file.check_types(self.columns.id, self.columns.value, self.columns.kind)
        self._score_range, self._positive, self._negative = score_range, positive, negative

    @property
    def rows(self) -> int | None:
        """Rows in the file; null where only reading it would tell."""
        return self._file.rows

    @property
    def nothing(self) -> np.float64 | np.int8:
        """The value that stands for no answer; its type is that of the values."""
        return np.float64("nan") if self.columns.kind == "score" else np.int8(-1)

    def read(self) -> Iterator[Rows]:
        """The file from its first row. Raises BadInput for anything unreadable in it, and for a file without rows."""
        rows = 0
        for batch in self._file.batches(self.columns.id, self.columns.value):
            rows += batch.num_rows
            yield self._rows(batch, rows - batch.num_rows)
        if rows == 0:
            raise bad_input("the file has no row", where=self.path, expected="one row an item")

    def _rows(self, batch: pa.RecordBatch, before: int) -> Rows:
        try:
            return Rows(as_text(batch.column(self.columns.id)), self._values(batch.column(self.columns.value)))
        except (NotText, pa.ArrowInvalid) as error:
            where = f"{self.path}: rows {before + 1} to {before + batch.num_rows}"
            raise bad_input("a column cannot be read as text", where=where, got=str(error), expected="UTF-8") from error

    def _values(self, column: Any) -> Values:
        if self.columns.kind == "score":
            return scores_of(column, self._score_range)
        return labels_of(column, self._positive, self._negative)


def _opened(path: Path) -> _File:
    """The file by its suffix. Raises BadInput for anything but an existing .csv or .parquet file."""
    kind = _FORMATS.get(path.suffix.lower())
    if kind is None:
        raise bad_input(
            "this kind of predictions file is not known", where=path, got=path.suffix or "no suffix", expected=".csv or .parquet"
        )
    if not path.is_file():
        raise bad_input("there is no such file", where=path, expected="a predictions file")
    return kind(path)
