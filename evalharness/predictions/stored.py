"""A file of stored predictions, opened and checked: the stream of its ids and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evalharness.benchmarks.text import NotText, as_text
from evalharness.errors import bad_input
from evalharness.predictions.columns import Columns, Kind, Part, choose_columns
from evalharness.predictions.csv_file import CsvFile
from evalharness.predictions.parquet_file import ParquetFile
from evalharness.predictions.reading import Reading
from evalharness.predictions.values import entities_of, highest, labels_of, scores_of

Values = NDArray[Any]
"""float64 scores (NaN: unusable), int8 labels or int64 entities (-1: unusable)."""


def is_scores(values: Values) -> bool:
    """Whether these are scores; labels otherwise."""
    return values.dtype == np.float64


def unusable(values: Values) -> NDArray[np.bool_]:
    """[rows] where there is no usable score, label or entity."""
    where: NDArray[np.bool_] = np.isnan(values) if is_scores(values) else values < 0
    return where


class Rows(NamedTuple):
    """Consecutive rows of a predictions file."""

    ids: pa.StringArray
    values: Values


class TableFile(Protocol):
    """A file of predictions, whatever its format."""

    path: Path
    names: tuple[str, ...]
    rows: int | None

    def check_types(self, kinds: Mapping[str, Kind]) -> None: ...

    def batches(self, names: Sequence[str]) -> Iterator[pa.RecordBatch]: ...


_FORMATS: dict[str, type[CsvFile] | type[ParquetFile]] = {".csv": CsvFile, ".parquet": ParquetFile}
_NOTHING: dict[str, np.float64 | np.int8 | np.int64] = {
    "score": np.float64("nan"),
    "label": np.int8(-1),
    "levels": np.int8(-1),
    "entity": np.int64(-1),
}


class StoredPredictions:
    """One value a row of a predictions file, read as often as asked."""

    def __init__(self, file: TableFile, id_column: str, part: Part, reading: Reading) -> None:
        self._file, self._id, self._part, self._reading = file, id_column, part, reading
        self._entities: dict[str, int] = {}
        self.path = file.path

    @property
    def rows(self) -> int | None:
        """Rows in the file; null where only reading it would tell."""
        return self._file.rows

    @property
    def nothing(self) -> np.float64 | np.int8 | np.int64:
        """The value that stands for no answer; its type is that of the values."""
        return _NOTHING[self._part.kind]

    def read(self) -> Iterator[Rows]:
        """The file from its first row. Raises BadInput for anything unreadable in it, and for a file without rows."""
        for place, batch in read_batches(self._file, (self._id, *self._part.names)):
            with readable(place):
                rows = Rows(as_text(batch.column(self._id)), self._values([batch.column(name) for name in self._part.names]))
            yield rows

    def _values(self, columns: list[Any]) -> Values:
        match self._part.kind:
            case "score":
                return scores_of(columns[0], self._reading.score_range)
            case "levels":
                return highest([scores_of(column, self._reading.score_range) for column in columns])
            case "label":
                return labels_of(columns[0], self._reading.labels)
            case "entity":
                return entities_of(columns[0], self._entities)


def open_predictions(path: Path, *, id_column: str, reading: Reading) -> tuple[tuple[StoredPredictions, ...], Columns]:
    """The values that the reading asks for. Raises BadInput when the file cannot hold them."""
    file = open_file(path)
    columns = choose_columns(file.names, id_column=id_column, reading=reading, where=path)
    file.check_types({columns.id: "id", **{name: part.of for part in columns.parts for name in part.names}})
    return tuple(StoredPredictions(file, columns.id, part, reading) for part in columns.parts), columns


def read_batches(file: TableFile, names: Sequence[str]) -> Iterator[tuple[str, pa.RecordBatch]]:
    """(where they stand, rows) from the first row. Raises BadInput for anything unreadable, and for a file without rows."""
    rows = 0
    for batch in file.batches(names):
        rows += batch.num_rows
        yield f"{file.path}: rows {rows - batch.num_rows + 1} to {rows}", batch
    if rows == 0:
        raise bad_input("the file has no row", where=file.path, expected="one row an answer")


@contextmanager
def readable(place: str) -> Iterator[None]:
    """Turns what Arrow says of unreadable text into BadInput."""
    try:
        yield
    except (NotText, pa.ArrowInvalid) as error:
        raise bad_input("a column cannot be read as text", where=place, got=str(error), expected="UTF-8") from error


def open_file(path: Path) -> TableFile:
    """The file by its suffix. Raises BadInput for anything but an existing .csv or .parquet file."""
    kind = _FORMATS.get(path.suffix.lower())
    if kind is None:
        raise bad_input(
            "this kind of predictions file is not known", where=path, got=path.suffix or "no suffix", expected=".csv or .parquet"
        )
    if not path.is_file():
        raise bad_input("there is no such file", where=path, expected="a predictions file")
    return kind(path)
