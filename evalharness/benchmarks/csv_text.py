"""What every CSV file must be, a table or predictions: UTF-8, commas, RFC 4180, a header."""

from __future__ import annotations

import csv
from codecs import getincrementaldecoder
from collections.abc import Iterator
from pathlib import Path

from evalharness.errors import bad_input, unreadable

_CHUNK = 4 << 20


def count_quotes(path: Path) -> int:
    """How many quotes the file holds: an even number in any complete CSV file.

    Raises BadInput for bytes that are not UTF-8, with their place, also in columns that nobody reads later.
    """
    decoder = getincrementaldecoder("utf-8")()
    done = lines = quotes = 0
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
                done += len(chunk)
                lines += chunk.count(b"\n")
                quotes += chunk.count(b'"')
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        byte = done - len(decoder.getstate()[0]) + error.start
        line = lines + bytes(error.object[: error.start]).count(b"\n") + 1
        got = f"byte {byte}: {bytes(error.object[error.start : error.end])!r}"
        raise bad_input("the file is not UTF-8", where=f"{path}:{line}", got=got, hint="save the file as UTF-8") from error
    except OSError as error:
        raise unreadable(path, error) from error
    return quotes


def records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(number of its last line, fields) of each record of a file in UTF-8. Raises BadInput where quotes break the rules."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(iter(lambda: stream.readline(_CHUNK), ""), strict=True)
        try:
            for fields in reader:
                yield reader.line_num, fields
        except csv.Error as error:
            hint = "close quotes; double those inside a field (RFC 4180)"
            raise bad_input("this is not CSV", where=f"{path}:{reader.line_num}", got=str(error), hint=hint) from error


def header(path: Path, *, after_blank_lines: bool = False) -> list[str]:
    """The first record. Raises BadInput when there is none, or when it cannot be read."""
    try:
        names = next((fields for _, fields in records(path) if fields or not after_blank_lines), [])
    except OSError as error:
        raise unreadable(path, error) from error
    if not names:
        raise bad_input("the file is empty", where=path, expected="a header and one row an item")
    if any("\x00" in name for name in names):
        hint = "save the file as UTF-8, not UTF-16"
        raise bad_input("the header holds NUL bytes", where=path, got=",".join(names)[:40], expected="UTF-8 text", hint=hint)
    return names
