"""Is a benchmark what its manifest says? Digests of every column and of the truth, schema, ids, labels, leakage between splits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from evalharness.benchmarks.beside import Beside, open_beside
from evalharness.benchmarks.clusters import clusters_by_split
from evalharness.benchmarks.declaration import Declaration, read_declaration, with_overrides
from evalharness.benchmarks.generating import ITEMS_FILE, MANIFEST_FILE
from evalharness.benchmarks.hashing import text_hashes
from evalharness.benchmarks.inspection import Inspection, inspect
from evalharness.benchmarks.manifest import digests_of
from evalharness.benchmarks.opened import manifest_of, supplied_tables
from evalharness.benchmarks.parquet_table import ParquetTable
from evalharness.benchmarks.stored_data import generated_data
from evalharness.benchmarks.table import Table
from evalharness.benchmarks.tables import open_table
from evalharness.errors import Altered
from evalharness.files.manifest import Manifest, read_manifest
from evalharness.records.progress import Notice, Progress, silent, unheard


def verify_benchmark(
    folder: Path,
    *,
    rows: int | None = None,
    seed: int | None = None,
    data_dir: Path | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> tuple[str, ...]:
    """What does not agree; empty when everything does. Generated data that is absent is made first.

    Raises BadInput when benchmark.yaml or the table cannot be used at all (missing columns, repeated ids, more than two labels ...).
    """
    declaration = with_overrides(read_declaration(folder), rows=rows, seed=seed)
    committed, problems = _committed(declaration)
    if declaration.family is None:
        assert declaration.table is not None  # noqa: S101 - a declaration has one or the other
        table = open_table(declaration.table)
        inspection = inspect(declaration, table, features=True, progress=progress)
        manifest = manifest_of(declaration, inspection, supplied_tables(declaration, table, progress))
    else:
        data, manifest = generated_data(declaration, data_dir, progress, notice)
        table = ParquetTable(data / ITEMS_FILE)
        inspection = inspect(declaration, table, features=True, progress=progress)
        problems += [*_against(inspection, manifest, str(data / MANIFEST_FILE)), *_beside(open_beside(manifest, data))]
    if committed is not None and (declaration.family is None or (committed.rows, committed.seed) == (manifest.rows, manifest.seed)):
        problems += _against_committed(declaration, inspection, committed)
    return (*problems, *_leakage(declaration, table))


def _committed(declaration: Declaration) -> tuple[Manifest | None, list[str]]:
    path = declaration.folder / MANIFEST_FILE
    if not path.is_file():
        return None, [f"{path} does not exist: the gate needs it"]
    try:
        return read_manifest(path), []
    except Altered as error:
        return None, list(error.reasons)


def _against_committed(declaration: Declaration, inspection: Inspection, committed: Manifest) -> Iterator[str]:
    where = str(declaration.folder / MANIFEST_FILE)
    if committed.declaration != declaration.digest:
        yield f"{where}: it was made from another {declaration.path.name}"
    yield from _against(inspection, committed, where)


def _against(inspection: Inspection, manifest: Manifest, where: str) -> Iterator[str]:
    """Content against a manifest."""
    if inspection.rows != manifest.rows:
        yield f"{where}: it says {manifest.rows} rows, there are {inspection.rows}"
    stated = [(split.name, split.rows) for split in manifest.splits]
    found = [(name, facts.rows) for name, facts in inspection.splits.items()]
    if stated != found:
        yield f"{where}: it says the splits are {_listed(stated)}, they are {_listed(found)}"
    wanted = digests_of(manifest)
    for role, name in sorted({*wanted, *inspection.digests}):
        if wanted.get((role, name)) != inspection.digests.get((role, name)):
            yield f"{where}: the content of the {role} column '{name}' is not the stated one"


def _listed(splits: list[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {rows}" for name, rows in splits)


def _beside(beside: Beside) -> Iterator[str]:
    """The truth and the further tables against the manifest."""
    tables = [*([] if beside.known is None else [beside.known.table]), *(table for _, table in beside.tables.values())]
    for table in tables:
        for column in table.differing(table.columns):
            yield f"{table.path}: the content of the column '{column}' is not the stated one"


def _leakage(declaration: Declaration, table: Table) -> Iterator[str]:
    """Clusters with rows in two splits: what a model learned of one is then judged in the other. 8 bytes a cluster and split."""
    columns = declaration.columns
    if columns.cluster is None or columns.split is None:
        return
    seen: dict[str, list[np.ndarray[tuple[int], np.dtype[np.uint64]]]] = {}
    for split, clusters in clusters_by_split(table, columns.cluster, columns.split):
        seen.setdefault(split, []).append(np.unique(text_hashes(clusters)))
    each = {split: np.unique(np.concatenate(parts)) for split, parts in seen.items()}
    names = sorted(each)
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            shared = len(np.intersect1d(each[first], each[second], assume_unique=True))
            if shared:
                yield f"{table.path}: {shared} clusters ('{columns.cluster}') have rows in both '{first}' and '{second}'"
