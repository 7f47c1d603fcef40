"""Predictions in a CSV file: UTF-8, comma, RFC 4180, header. Read as text, never guessed."""

from __future__ import annotations

import csv
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv

from evalharness.errors import bad_input

_SHOWN_ROWS = 5
_CHUNK = 1 << 20


class CsvFile:
    """A predictions file in CSV. Raises BadInput when it is empty, not UTF-8, or has no readable header."""

    def __init__(self, path: Path) -> None:
        self.path = path
        _check_bytes(path)
        self.names = _header(path)
        self.rows: int | None = None  # known only after reading

    def check_types(self, id_column: str, value_column: str, kind: str) -> None:
        """Everything in a CSV file is text: nothing to refuse."""

    def batches(self, id_column: str, value_column: str) -> Iterator[pa.RecordBatch]:
        """Batches of two string columns. Raises BadInput, after the last batch, for all ragged rows."""
        ragged = _Ragged()
        kinds = {name: pa.string() for name in (id_column, value_column)}
        with _refused(self.path), pa.OSFile(str(self.path)) as file:
            yield from arrow_csv.open_csv(
                file,
                read_options=arrow_csv.ReadOptions(use_threads=False),
                parse_options=arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=ragged),
                convert_options=arrow_csv.ConvertOptions(column_types=kinds, include_columns=list(kinds)),
            )
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


def _check_bytes(path: Path) -> None:
    """Reads the file once. Bytes that are not UTF-8 are named with their place, also in columns that are not read later; a quote that is
    never closed would swallow the rows after it."""
    decoder = getincrementaldecoder("utf-8")()
    done = quotes = 0
    try:
        with _refused(path), path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
                done += len(chunk)
                quotes += chunk.count(b'"')
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        place = done - len(decoder.getstate()[0]) + error.start
        got, hint = repr(error.object[error.start : error.end]), "save the file as UTF-8"
        raise bad_input("the file is not UTF-8", where=f"{path}: byte {place}", got=got, hint=hint) from error
    if quotes % 2:
        hint = "close every quoted field, and write a quote inside a field twice (RFC 4180)"
        raise bad_input("a quote is opened and never closed", where=path, got=f"{quotes} quotes", expected="an even number", hint=hint)


def _header(path: Path) -> tuple[str, ...]:
    with _refused(path), path.open("rb") as file:
        start = file.read(_CHUNK)
    if not start.strip():
        raise bad_input("the file is empty", where=path, expected="a header and one row an item")
    line = _first_record(start).decode("utf-8-sig", errors="replace")  # only a header beyond the limit can be cut inside a character
    if "\x00" in line:
        raise bad_input(
            "the header holds NUL bytes", where=path, got=line[:40], expected="UTF-8 text", hint="save the file as UTF-8, not UTF-16"
        )
    return tuple(next(csv.reader([line], strict=False)))


def _first_record(start: bytes) -> bytes:
    """Bytes up to the first line break outside quotes."""
    quoted = False
    for at, byte in enumerate(start.lstrip(b"\r\n")):
        if byte == ord('"'):
            quoted = not quoted
        elif byte in b"\r\n" and not quoted:
            return start.lstrip(b"\r\n")[:at]
    return start.lstrip(b"\r\n")


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    """Turns what reading can raise into BadInput."""
    try:
        yield
    except pa.ArrowException as error:
        hint = "write comma-separated values as in RFC 4180, with a header"
        raise bad_input("the CSV file cannot be read", where=path, got=str(error), expected="UTF-8, RFC 4180", hint=hint) from error
    except OSError as error:
        raise bad_input("the file cannot be read", where=path, got=error.strerror or str(error)) from error
