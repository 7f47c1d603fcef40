"""Review logs and lists of what was assigned, from CSV or Parquet to tables with exactly the columns that are known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv

from evalharness.benchmarks.csv_text import count_quotes, header
from evalharness.errors import Problems, bad_input, unreadable
from evalharness.oversight.reviews.columns import ASSIGNED, ITEM, LOG, LOG_MORE, named_by
from evalharness.oversight.reviews.supplied import Supplied

_CODED = pa.dictionary(pa.int32(), pa.string())
_CODES = frozenset({"reviewer", "shown", "label", "shift", "shown_or_blind", "seeded", "adjudicated", "reading"})
"""Columns with few values."""
_SHOWN_SOFTER = "remove it: views count, however an item is shown; blur and greyscale earn no credit"
_HINTS = dict.fromkeys(("blur", "blurred", "greyscale", "grayscale", "grey", "gray"), _SHOWN_SOFTER)


def read_log(path: Path, item: tuple[str, ...] = ITEM) -> Supplied:
    """The log of what people said; item: the columns that name an item. Raises BadInput for a file that cannot be read, and for columns
    that are missing or unknown."""
    return _read(path, named_by(LOG, item), LOG_MORE)


def read_assigned(path: Path, item: tuple[str, ...] = ITEM) -> Supplied:
    """Who was to read what. Raises BadInput likewise."""
    return _read(path, named_by(ASSIGNED, item), ())


def check_columns(names: Sequence[str], needed: Sequence[str], more: Sequence[str], where: object) -> None:
    """Raises BadInput with every column that is missing, unknown or there twice: free text has no place here."""
    problems = Problems()
    for name in needed:
        if name not in names:
            problems.add(f"the column {name} is missing", where=where, expected=", ".join(needed))
    for name in dict.fromkeys(names):
        if name not in (*needed, *more):
            expected = ", ".join((*needed, *more))
            problems.add(
                "no such column", where=where, got=name, expected=expected, hint=_HINTS.get(name, "remove it: no other column is read")
            )
        if list(names).count(name) > 1:
            problems.add("two columns have the same name", where=where, got=name)
    problems.raise_if_any()


def _read(path: Path, needed: Sequence[str], more: Sequence[str]) -> Supplied:
    if path.suffix not in {".csv", ".parquet"}:
        raise bad_input("the file is neither CSV nor Parquet", where=path, got=path.suffix or "no suffix", expected=".csv or .parquet")
    try:
        found = _csv(path, needed, more) if path.suffix == ".csv" else _parquet(path, needed, more)
    except OSError as error:
        raise unreadable(path, error) from error
    except pa.ArrowException as error:
        raise bad_input("the file cannot be read", where=path, got=str(error), expected=f"a {path.suffix[1:]} file") from error
    if not found.rows:
        raise bad_input("the file has no row", where=path)
    return found


def _csv(path: Path, needed: Sequence[str], more: Sequence[str]) -> Supplied:
    if count_quotes(path) % 2:
        raise bad_input("a quote is opened and never closed", where=path, hint="write a quote inside a field twice (RFC 4180)")
    names = header(path)
    check_columns(names, needed, more, path)
    table = arrow_csv.read_csv(
        path,
        read_options=arrow_csv.ReadOptions(use_threads=False),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: _CODED if name in _CODES else pa.string() for name in names}, strings_can_be_null=False
        ),
    )
    return Supplied.of(table)


def _parquet(path: Path, needed: Sequence[str], more: Sequence[str]) -> Supplied:
    found = Supplied.parquet(path, sorted(_CODES))
    check_columns(found.names, needed, more, path)
    return found
