"""Writes the data of a recipe: Parquet files, their checksums and their manifest, streamed, complete or absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from evalharness.benchmarks.checksums import CHECKSUMS_FILE, write_checksums
from evalharness.benchmarks.columns import NUMBERS, Columns
from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.families.family import ITEMS, Block, Dials, Family, Table, Truth
from evalharness.benchmarks.making import blocks_of
from evalharness.benchmarks.manifest import build_manifest
from evalharness.benchmarks.writing import TableWriter, Threads, Written
from evalharness.digests import sha256_json
from evalharness.errors import bad_input
from evalharness.files.atomic import new_folder, write_bytes
from evalharness.files.manifest import TRUTH_FOLDER, Manifest, manifest_bytes
from evalharness.records.progress import Progress

ITEMS_FILE = f"{ITEMS}.parquet"
TRUTH_FILE = f"{TRUTH_FOLDER}{ITEMS}.parquet"
MANIFEST_FILE = "manifest.json"


def data_folder(declaration: Declaration) -> Path:
    """Where the data of these dials belongs: `data/SEED-ROWS` beside benchmark.yaml."""
    dials = recipe_of(declaration)[1]
    seal = declaration.seal
    if seal is None:
        return declaration.folder / "data" / f"{dials.seed}-{dials.rows}"
    seed = "sealed-" + sha256_json([seal.digest, list(seal.models), list(seal.locks)]).removeprefix("sha256:")[:16]
    return declaration.folder / "data" / f"{seed}-{dials.rows}"


def data_files(declaration: Declaration) -> tuple[str, ...]:
    """Every file of the data folder, relative to it."""
    family, dials = recipe_of(declaration)
    return (ITEMS_FILE, TRUTH_FILE, *table_files(family, dials).values(), CHECKSUMS_FILE, MANIFEST_FILE)


def table_files(family: Family, dials: Dials) -> dict[str, str]:
    """Table beside the items -> its file."""
    return {table.name: f"{TRUTH_FOLDER if table.secret else ''}{table.name}.parquet" for table in family.tables(dials)}


def generate(declaration: Declaration, folder: Path, progress: Progress, *, workers: int | None = None) -> Manifest:
    """Makes `folder` with all tables, CHECKSUMS and manifest.json, or nothing at all. The bytes of no column depend on `workers`.

    Raises BadInput for a supplied table, when `folder` exists and is not empty or cannot be written, and when a worker ends early.
    """
    family, dials = recipe_of(declaration)
    with new_folder(folder) as beside:
        (beside / TRUTH_FOLDER).mkdir()
        written = _write(declaration, beside, progress, workers)
        columns = _by_role(family.columns(dials), written[ITEMS])
        others = {name: (file, written[name]) for name, file in table_files(family, dials).items()}
        manifest = build_manifest(declaration, splits=dials.split_rows(), digests=columns, truth=written[TRUTH_FILE], tables=others)
        write_bytes(beside / MANIFEST_FILE, manifest_bytes(manifest))
        write_checksums(beside)
    return manifest


def recipe_of(declaration: Declaration) -> tuple[Family, Dials]:
    """Family and dials. Raises BadInput for a supplied table."""
    if declaration.family is None or declaration.dials is None:
        raise bad_input("a supplied table is not generated", where=declaration.path, hint="use `evalharness benchmark verify`")
    return declaration.family, declaration.dials


def _write(declaration: Declaration, folder: Path, progress: Progress, workers: int | None) -> dict[str, Written]:
    """Writes all tables; by name, the truth of the items under the name of its file."""
    family, dials = recipe_of(declaration)
    done = 0
    with ExitStack() as opened:
        writers = _writers(family, dials, folder, opened)
        with closing(blocks_of(family, dials, workers)) as blocks:
            for place, block in blocks:
                for name, rows in tables_of(family, dials, block):
                    writers[name].add(place.name, rows)
                done += place.rows
                progress(f"generating {declaration.name}", done, dials.rows)
        return {name: writer.close() for name, writer in writers.items()}


def _writers(family: Family, dials: Dials, folder: Path, opened: ExitStack) -> dict[str, TableWriter]:
    """One a table. The file of the items is written by one thread, all other files by another, and a third takes all digests; `opened`
    abandons each file in the end, and ends the threads."""
    columns, truth = family.columns(dials), family.truth(dials)
    metadata = {"evalharness.family": f"{family.name} {family.version}"}
    names = {
        ITEMS: tuple(dict.fromkeys(name for _, name in columns.by_role())),
        TRUTH_FILE: (columns.id, *truth.chances, *truth.texts),
        **{table.name: table.columns for table in family.tables(dials)},
    }
    gaps = {table.name: {*columns.features, *table.gaps} for table in family.tables(dials)}
    files = {ITEMS: ITEMS_FILE, TRUTH_FILE: TRUTH_FILE, **table_files(family, dials)}
    of_items, digests, of_others = (ThreadPoolExecutor(1, thread_name_prefix=what) for what in ("items", "digests", "others"))
    for thread in (of_items, digests, of_others):
        opened.callback(thread.shutdown, wait=True, cancel_futures=True)
    writers = {}
    for name, own in names.items():
        threads = Threads(files=of_items, digests=digests) if name == ITEMS else Threads(files=of_others, digests=digests)
        having_gaps = gaps.get(name, {*columns.features})
        writers[name] = TableWriter(folder / files[name], own, gaps=having_gaps, metadata=metadata, threads=threads)
        opened.callback(writers[name].abandon)  # before the threads end: a signal may have come while one was started, and nobody waits
    return writers


def tables_of(family: Family, dials: Dials, block: Block) -> Iterator[tuple[str, Table]]:
    """(table, rows) of one block, as they are stored; the truth of the items under the name of its file."""
    columns = family.columns(dials)
    numbers = {name for role, name in columns.by_role() if role in NUMBERS}
    yield ITEMS, {name: _stored(array, name in numbers) for name, array in block.items.items()}
    yield TRUTH_FILE, {columns.id: block.items[columns.id], **_known(family.truth(dials), block.truth)}
    for name, rows in block.others.items():
        yield name, {column: _stored(array) for column, array in rows.items()}


def _known(truth: Truth, found: Mapping[str, Any]) -> dict[str, Any]:
    steps = round(1 / truth.grid)
    chances = {name: pa.array(np.asarray(found[name]) / steps) for name in truth.chances}
    return {**chances, **{name: _stored(found[name]) for name in truth.texts}}


def _stored(array: Any, number: bool = False) -> Any:
    arrow = pa.array(array) if isinstance(array, np.ndarray) else array
    return arrow.cast(pa.float64()) if number else arrow


def _by_role(columns: Columns, written: Written) -> dict[Any, tuple[str, str]]:
    return {(role, name): written.columns[name] for role, name in columns.by_role()}
