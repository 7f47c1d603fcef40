"""Predictions in a CSV file: UTF-8, comma, RFC 4180, header. Read as text, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv

from evalharness.benchmarks.csv_text import count_quotes, header
from evalharness.errors import bad_input, unreadable
from evalharness.predictions.columns import Kind

_SHOWN_ROWS = 5


class CsvFile:
    """A predictions file in CSV. Raises BadInput when it is empty, not UTF-8, or has no readable header."""

    def __init__(self, path: Path) -> None:
        self.path = path
        quotes = count_quotes(path)
        if quotes % 2:  # it would swallow the rows after it
            hint = "close every quoted field, and write a quote inside a field twice (RFC 4180)"
            raise bad_input("a quote is opened and never closed", where=path, got=f"{quotes} quotes", expected="an even number", hint=hint)
        self.names = tuple(header(path, after_blank_lines=True))
        self.rows: int | None = None  # known only after reading

    def check_types(self, kinds: Mapping[str, Kind]) -> None:
        """Everything in a CSV file is text: nothing to refuse."""

    def batches(self, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Batches of string columns. Raises BadInput, after the last batch, for all ragged rows."""
        ragged = _Ragged()
        kinds = {name: pa.string() for name in names}
        try:
            with pa.OSFile(str(self.path)) as file:
                yield from arrow_csv.open_csv(
                    file,
                    read_options=arrow_csv.ReadOptions(use_threads=False),
                    parse_options=arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=ragged),
                    convert_options=arrow_csv.ConvertOptions(column_types=kinds, include_columns=list(kinds)),
                )
        except pa.ArrowException as error:
            hint = "write comma-separated values as in RFC 4180, with a header"
            raise bad_input(
                "the CSV file cannot be read", where=self.path, got=str(error), expected="UTF-8, RFC 4180", hint=hint
            ) from error
        except OSError as error:
            raise unreadable(self.path, error) from error
        ragged.raise_if_any(self.path, len(self.names))


class _Ragged:
    """Notes the rows whose number of fields is not the header's."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[str] = []

    def __call__(self, row: arrow_csv.InvalidRow) -> str:
        self.count += 1
        if len(self.first) < _SHOWN_ROWS:
            self.first.append(f"row {row.number} has {row.actual_columns}")
        return "skip"

    def raise_if_any(self, path: Path, columns: int) -> None:
        if self.count:
            raise bad_input(
                f"{self.count} row(s) do not have as many fields as the header",
                where=path,
                got="; ".join(self.first) + ("; …" if self.count > len(self.first) else ""),
                expected=f"{columns} fields (rows are counted from the header, row 1)",
                hint="quote fields that hold a comma, a quote or a line break (RFC 4180)",
            )
