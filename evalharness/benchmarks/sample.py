"""A small beginning of a recipe's data as CSV, for people to look at."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.exact import length
from evalharness.benchmarks.families.family import ITEMS, Dials, Family, Place, Table, places
from evalharness.benchmarks.generating import TRUTH_FILE, recipe_of, table_files, tables_of
from evalharness.errors import bad_input
from evalharness.files.atomic import new_folder, write_bytes

ROWS = 200
MOST_ROWS = 10_000
FOLDER = "sample"


def write_sample(declaration: Declaration, folder: Path, rows: int = ROWS) -> dict[str, int]:
    """Makes `folder` with the first rows of each split's first block in every table, as CSV, and a README.md; file -> rows.

    Each table holds at most `rows` rows, as many of one split as of another. They are the rows that `generate` writes first, so nothing
    else need be made. Raises BadInput for a supplied table, for a number of rows that is too small or too large, and when `folder`
    exists and is not empty.
    """
    family, dials = recipe_of(declaration)
    fewest = len(dials.split_rows())
    if not fewest <= rows <= MOST_ROWS:
        raise bad_input("the number of rows cannot be", where="--rows", got=str(rows), expected=f"{fewest} to {MOST_ROWS}")
    files = {ITEMS: f"{ITEMS}.csv", TRUTH_FILE: _csv(TRUTH_FILE), **{name: _csv(file) for name, file in table_files(family, dials).items()}}
    written: dict[str, int] = {}
    with new_folder(folder) as beside:
        for name, parts in _beginnings(family, dials, rows // fewest).items():
            text, count = _text(parts)
            (beside / files[name]).parent.mkdir(exist_ok=True)
            write_bytes(beside / files[name], text.encode())
            written[files[name]] = count
        write_bytes(beside / "README.md", _readme(declaration, written).encode())
    return written


def _csv(file: str) -> str:
    return file.removesuffix(".parquet") + ".csv"


def _beginnings(family: Family, dials: Dials, rows: int) -> dict[str, list[Table]]:
    """Table -> its first `rows` rows in each split."""
    prepared = family.prepare(dials)
    found: dict[str, list[Table]] = {}
    for place in _first_places(dials):
        for name, table in tables_of(family, dials, family.block(dials, prepared, place)):
            found.setdefault(name, []).append({column: array.slice(0, rows) for column, array in table.items()})
    return found


def _first_places(dials: Dials) -> Iterator[Place]:
    return (place for place in places(dials) if place.number == 0)


def _text(parts: list[Table]) -> tuple[str, int]:
    """(RFC 4180 text with a header, rows); no value is an empty field."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(parts[0])
    for part in parts:
        writer.writerows(zip(*(map(_field, array.to_pylist()) for array in part.values()), strict=True))
    return out.getvalue(), sum(length(part) for part in parts)


def _field(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _readme(declaration: Declaration, written: dict[str, int]) -> str:
    family, dials = recipe_of(declaration)
    lines = "".join(f"* `{file}`: {rows} rows\n" for file, rows in sorted(written.items()))
    return f"""# A look at {declaration.name}

A beginning of the data: the first rows of each split (recipe version {declaration.version}, generator {family.name} {family.version},
seed {dials.seed}, {dials.rows} rows in all). It is too little to measure anything on. All of it is made by
`evalharness benchmark generate {declaration.name}`; what it is: ../DATASHEET.md. Files in `truth/` hold what no model may see.

{lines}"""
