"""Writes the data of a recipe: Parquet files and their manifest, streamed, complete or absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from evalharness.benchmarks.batch import BATCH_ROWS
from evalharness.benchmarks.column_digest import ColumnDigest
from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.exact import Rows, in_batches, length
from evalharness.benchmarks.families import Family
from evalharness.benchmarks.families.family import Dials
from evalharness.benchmarks.manifest import TRUTH_COLUMN, TRUTH_FILE, WITHIN_COLUMN, build_manifest, truth_columns
from evalharness.errors import bad_input
from evalharness.files.atomic import new_folder, write_bytes
from evalharness.files.manifest import Manifest, Role, manifest_bytes
from evalharness.records.progress import Progress

ITEMS_FILE = "items.parquet"
MANIFEST_FILE = "manifest.json"
FILES = (ITEMS_FILE, TRUTH_FILE, MANIFEST_FILE)
_APART = {TRUTH_COLUMN: "\0posterior", WITHIN_COLUMN: "\0within"}
"""Column of the truth -> its name while it travels beside the columns; no column can have such a name."""


def data_folder(declaration: Declaration) -> Path:
    """Where the data of these dials belongs: `data/SEED-ROWS` beside benchmark.yaml."""
    dials = _recipe(declaration)[1]
    return declaration.folder / "data" / f"{dials.seed}-{dials.rows}"


def generate(declaration: Declaration, folder: Path, progress: Progress) -> Manifest:
    """Makes `folder` with items.parquet, truth.parquet and manifest.json, or nothing at all.

    Raises BadInput for a supplied table, and when `folder` exists and is not empty or cannot be written.
    """
    family, dials = _recipe(declaration)
    with new_folder(folder) as beside:
        digests, truth = _write(family, dials, beside, f"generating {declaration.name}", progress)
        manifest = build_manifest(declaration, splits=dials.split_rows(), digests=digests, truth=truth)
        write_bytes(beside / MANIFEST_FILE, manifest_bytes(manifest))
    return manifest


def _recipe(declaration: Declaration) -> tuple[Family, Dials]:
    if declaration.family is None or declaration.dials is None:
        raise bad_input("a supplied table is not generated", where=declaration.path, hint="use `evalharness benchmark verify`")
    return declaration.family, declaration.dials


def _write(
    family: Family, dials: Dials, folder: Path, stage: str, progress: Progress
) -> tuple[dict[tuple[Role, str], tuple[str, str]], dict[str, str]]:
    """Returns the digests of the columns, and those of the columns of the truth by name."""
    columns = family.columns(dials)
    digests = {(role, name): ColumnDigest() for role, name in columns.by_role()}
    truth = {name: ColumnDigest() for name in truth_columns(family, dials)}
    done = 0
    with _Files(folder, family) as files:
        for rows in in_batches(_stream(family, dials), BATCH_ROWS):
            known = {name: pa.array(rows.pop(_APART[name]).to_numpy() * family.grid) for name in truth}
            for (_, name), digest in digests.items():
                digest.add(rows[name])
            for name, digest in truth.items():
                digest.add(known[name])
            files.write(rows, {columns.id: rows[columns.id], **known})
            done += length(rows)
            progress(stage, done, dials.rows)
    return {key: ("text", digest.digest()) for key, digest in digests.items()}, {name: d.digest() for name, d in truth.items()}


def _stream(family: Family, dials: Dials) -> Iterator[Mapping[str, Any]]:
    for piece in family.pieces(dials):
        known = {_APART[TRUTH_COLUMN]: piece.posterior, **({} if piece.within is None else {_APART[WITHIN_COLUMN]: piece.within})}
        yield {**piece.columns, **{name: pa.array(values.astype(np.int32, copy=False)) for name, values in known.items()}}


class _Files:
    """The two Parquet files while they are written; opened with the first rows, whose columns decide the schema."""

    def __init__(self, folder: Path, family: Family) -> None:
        self._folder = folder
        self._metadata = {"evalharness.family": f"{family.name} {family.version}"}
        self._writers: dict[str, Any] = {}

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._writers.values():
            writer.close()

    def write(self, items: Rows, truth: Rows) -> None:
        """One row group in each file."""
        for name, rows in ((ITEMS_FILE, items), (TRUTH_FILE, truth)):
            table = pa.table({column: _plain(array) for column, array in rows.items()})
            if name not in self._writers:
                self._writers[name] = pq.ParquetWriter(
                    self._folder / name,
                    table.schema.with_metadata(self._metadata),
                    compression="zstd",
                    compression_level=1,
                    use_dictionary=[column for column, array in rows.items() if pa.types.is_dictionary(array.type)],
                    write_statistics=False,
                )
            self._writers[name].write_table(table, row_group_size=BATCH_ROWS)


def _plain(array: Any) -> Any:
    """Dictionaries differ from split to split; the file holds text and makes its own."""
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
