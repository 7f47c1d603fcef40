"""Is a benchmark what its manifest says, and could a model have learned of the items it is judged on?

Bytes of every file, digests of every column, of the truth and of further tables, schema, ids, labels, leakage between splits, sizes of
groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from evalharness.benchmarks.beside import Beside, open_beside
from evalharness.benchmarks.checksums import CHECKSUMS_FILE, differing_files, listed_files
from evalharness.benchmarks.content import Content, benchmark_of, manifest_of, supplied_tables
from evalharness.benchmarks.declaration import Declaration, read_declaration, with_overrides
from evalharness.benchmarks.duplicates import crossing_duplicates
from evalharness.benchmarks.generating import ITEMS_FILE, MANIFEST_FILE, data_files, data_folder
from evalharness.benchmarks.inspection import Inspection, inspect
from evalharness.benchmarks.leakage import leaks
from evalharness.benchmarks.manifest import digests_of
from evalharness.benchmarks.parquet_table import ParquetTable
from evalharness.benchmarks.promises import broken_promises
from evalharness.benchmarks.stored_data import generated_data, made_by, manifest_of_data, missing_files
from evalharness.benchmarks.table import Table
from evalharness.benchmarks.tables import open_table
from evalharness.errors import Altered, BadInput
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
    """What does not agree, each by file and column; empty when everything does. Generated data that is absent is made first.

    Raises BadInput when benchmark.yaml or a supplied table cannot be used at all (missing columns, repeated ids, labels that the task
    does not know ...).
    """
    declaration = with_overrides(read_declaration(folder), rows=rows, seed=seed)
    work = _Verification(declaration, progress, notice)
    work.committed()
    if declaration.family is None:
        work.supplied()
    else:
        work.generated(data_dir or data_folder(declaration))
    return tuple(work.problems)


@dataclass(slots=True)
class _Verification:
    declaration: Declaration
    progress: Progress
    notice: Notice
    problems: list[str] = field(default_factory=list)
    stated: Manifest | None = None
    """The committed manifest; null where there is none, or it was altered."""

    def committed(self) -> None:
        """Reads the committed manifest."""
        path = self.declaration.folder / MANIFEST_FILE
        if not path.is_file():
            self.problems.append(f"{path} does not exist: the gate needs it")
            return
        try:
            self.stated = read_manifest(path)
        except Altered as error:
            self.problems += error.reasons

    def supplied(self) -> None:
        """A supplied table, and what was supplied beside it."""
        declaration = self.declaration
        assert declaration.table is not None  # noqa: S101 - a declaration has a table or a family
        table = open_table(declaration.table)
        inspection = inspect(declaration, table, features=True, progress=self.progress)
        manifest = manifest_of(declaration, inspection, supplied_tables(declaration, table, self.progress))
        self._against_committed(inspection, manifest)
        self._look(table, inspection, manifest, open_beside(manifest, declaration.folder))

    def generated(self, data: Path) -> None:
        """The data folder of a recipe."""
        declaration = self.declaration
        gone = self._gone(data)
        if gone:
            self.problems += gone
            return
        _, manifest = generated_data(declaration, data, self.progress, self.notice)
        self.problems += differing_files(data)
        unlisted = [name for name in data_files(declaration) if name not in listed_files(data) and name != CHECKSUMS_FILE]
        self.problems += [f"{data / CHECKSUMS_FILE}: it does not list {name}" for name in unlisted]
        try:
            table, beside = ParquetTable(data / ITEMS_FILE), open_beside(manifest, data)
            inspection = inspect(declaration, table, features=True, progress=self.progress)
            altered = [*_against(inspection, manifest, str(data / MANIFEST_FILE)), *_differing(beside)]
        except BadInput as error:  # it was made without a fault: somebody changed it
            self.problems += map(str, error.problems)
            return
        if self.stated is not None and (self.stated.rows, self.stated.seed) == (manifest.rows, manifest.seed):
            self._against_committed(inspection, manifest)
        self.problems += altered
        if not altered:
            self._look(table, inspection, manifest, beside)

    def _gone(self, data: Path) -> list[str]:
        """Files that this recipe once made and that are not there any more."""
        missing = missing_files(self.declaration, data)
        if not missing or not data.is_dir() or not any(data.iterdir()):
            return []
        if MANIFEST_FILE not in missing and not made_by(manifest_of_data(data), self.declaration):
            return []  # the data of another recipe: it is made again
        return [f"{data / name} is missing (delete the folder: the data is made again)" for name in missing]

    def _against_committed(self, inspection: Inspection, manifest: Manifest) -> None:
        if self.stated is None:
            return
        where = str(self.declaration.folder / MANIFEST_FILE)
        if self.stated.declaration != self.declaration.digest:
            self.problems.append(f"{where}: it was made from another {self.declaration.path.name}")
        self.problems += _against(inspection, self.stated, where)
        self.problems += _other_tables(self.stated, manifest, where)

    def _look(self, table: Table, inspection: Inspection, manifest: Manifest, beside: Beside) -> None:
        """What no digest shows."""
        self.problems += leaks(self.declaration, table)
        content = Content(table=table, inspection=inspection, manifest=manifest, features_checked=True, states=())
        benchmark = benchmark_of(self.declaration, content, beside)
        self.problems += crossing_duplicates(benchmark)
        if self.declaration.family is not None:
            self.problems += broken_promises(self.declaration, benchmark)


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


def _differing(beside: Beside) -> Iterator[str]:
    """The truth and the further tables against the manifest."""
    tables = [*([] if beside.known is None else [beside.known.table]), *(table for _, table in beside.tables.values())]
    for table in tables:
        for column in table.differing(table.columns):
            yield f"{table.path}: the content of the column '{column}' is not the stated one"


def _other_tables(stated: Manifest, found: Manifest, where: str) -> Iterator[str]:
    """What lies beside the items, as two manifests state it."""
    first, second = _digests_beside(stated), _digests_beside(found)
    for file, name in sorted({*first, *second}):
        if first.get((file, name)) != second.get((file, name)):
            yield f"{where}: the content of the column '{name}' of {file} is not the stated one"


def _digests_beside(manifest: Manifest) -> dict[tuple[str, str], tuple[str, str]]:
    tables = [(table.file, table.columns) for table in manifest.tables]
    truth = [] if manifest.truth is None else [(manifest.truth.file, manifest.truth.columns)]
    return {(file, values.name): (values.type, values.digest) for file, columns in (*tables, *truth) for values in columns}
