"""CSV files as streams of text columns: UTF-8, comma, RFC 4180, a header, no inference. An empty field is no value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv as pa_csv

from evalharness.benchmarks.batch import BATCH_ROWS
from evalharness.benchmarks.csv_text import count_quotes, header, records
from evalharness.benchmarks.exact import Rows, in_batches
from evalharness.errors import BadInput, Problems, unreadable

_BLOCK = 4 << 20
_SHOWN = 5


class CsvTable:
    """A .csv file."""

    def __init__(self, path: Path) -> None:
        """Raises BadInput when the file is empty or not UTF-8, leaves a quote open, or names columns twice or not at all."""
        self.path = path
        quotes = count_quotes(path)
        self._names = _header(path)
        if quotes % 2:
            raise _diagnosis(path, len(self._names), ValueError("a quote is opened and never closed"))

    def types(self) -> dict[str, Any]:
        """Column -> text."""
        return dict.fromkeys(self._names, pa.string())

    def scan(
        self,
        columns: Sequence[str],
        *,
        start: int = 0,
        stop: int | None = None,
        size: int = BATCH_ROWS,
        coded: Sequence[str] = (),  # noqa: ARG002
    ) -> Iterator[Rows]:
        """See `Table`. `coded` changes nothing here."""
        try:
            yield from in_batches(self._pieces(list(dict.fromkeys(columns)), start, stop), size)
        except (OSError, pa.ArrowException) as error:
            raise _diagnosis(self.path, len(self._names), error) from error

    def _pieces(self, columns: list[str], start: int, stop: int | None) -> Iterator[Rows]:
        reader = pa_csv.open_csv(
            self.path,
            read_options=pa_csv.ReadOptions(use_threads=False, block_size=_BLOCK),
            parse_options=pa_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(self._names, pa.string()),
                include_columns=columns,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
        row = 0
        with reader:
            for batch in reader:
                low = max(start - row, 0)
                high = batch.num_rows if stop is None else min(stop - row, batch.num_rows)
                row += batch.num_rows
                if low < high:
                    yield {name: batch.column(name).slice(low, high - low) for name in columns}
                if stop is not None and row >= stop:
                    return


def _header(path: Path) -> list[str]:
    names = header(path)
    problems = Problems()
    for i, name in enumerate(names):
        if not name:
            problems.add("a column has no name", where=f"{path}:1", got=f"column {i + 1} of the header")
        elif name in names[:i]:
            problems.add("two columns have the same name", where=f"{path}:1", got=name)
    problems.raise_if_any()
    return names


def _diagnosis(path: Path, columns: int, error: Exception) -> BadInput:
    """Reads the file again, slowly, to say on which lines it is not what it should be."""
    if isinstance(error, OSError) and not isinstance(error, pa.ArrowException):
        return unreadable(path, error)
    problems = Problems()
    ragged = 0
    try:
        for line, fields in records(path):
            if len(fields) == columns:
                continue
            ragged += 1
            if ragged <= _SHOWN:
                problems.add(
                    "a row has another number of fields than the header",
                    where=f"{path}:{line}",
                    got=str(len(fields)),
                    expected=str(columns),
                    hint="quote fields that hold commas",
                )
    except BadInput as broken:
        problems.extend(broken)
    if ragged > _SHOWN:
        problems.add(f"{ragged - _SHOWN} more rows have another number of fields than the header", where=path)
    if not problems:
        problems.add("this is not CSV", where=path, got=" ".join(str(error).split())[:300], hint="UTF-8, commas, rows under 4 MiB")
    try:
        problems.raise_if_any()
    except BadInput as found:
        return found
    raise AssertionError("unreachable: there is a problem")
