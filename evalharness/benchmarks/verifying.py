"""Is a benchmark what its manifest says, and could a model have learned of the items it is judged on?

Bytes of every file, digests of every column, of the truth and of further tables, schema, ids, labels, leakage between splits, sizes of
groups.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from evalharness.benchmarks.bands import HOW_TO_MEND, nothing_to_judge
from evalharness.benchmarks.beside import Beside, open_beside
from evalharness.benchmarks.checksums import CHECKSUMS_FILE, differing_files, unlisted_files
from evalharness.benchmarks.content import Content, benchmark_of, manifest_of, supplied_tables
from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.duplicates import crossing_duplicates
from evalharness.benchmarks.generating import ITEMS_FILE, MANIFEST_FILE, data_files, data_folder
from evalharness.benchmarks.inspection import Inspection, inspect
from evalharness.benchmarks.leakage import leaks
from evalharness.benchmarks.manifest import digests_of
from evalharness.benchmarks.named_alike import clusters_named_alike
from evalharness.benchmarks.opened import declared
from evalharness.benchmarks.parquet_table import ParquetTable
from evalharness.benchmarks.promises import broken_promises
from evalharness.benchmarks.stored_data import generated_data, made_by, manifest_of_data, missing_files, usable_manifest
from evalharness.benchmarks.table import Table
from evalharness.benchmarks.tables import open_table
from evalharness.errors import Altered, BadInput
from evalharness.files.manifest import Manifest, read_manifest
from evalharness.records import SealFacts
from evalharness.records.progress import Notice, Progress, silent, unheard

_FEW = 3
"""Differences from the manifest of another benchmark.yaml that are told one by one."""


def verify_benchmark(
    folder: Path,
    *,
    rows: int | None = None,
    seed: int | None = None,
    data_dir: Path | None = None,
    seal: SealFacts | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> tuple[str, ...]:
    """What does not agree, each by file and column; empty when everything does. Generated data that is absent is made first, unless the
    committed manifest is of another recipe.

    rows, seed: of other data than that of the recipe; only the declaration of the committed manifest is compared then. seal: of an opened
    seal, whose items are looked at; it takes the place of the committed manifest.
    Raises BadInput when benchmark.yaml or a supplied table cannot be used at all (missing columns, repeated ids, labels that the task
    does not know ...).
    """
    declaration = declared(folder, rows=rows, seed=seed, seal=seal)
    work = _Verification(declaration, progress, notice, chosen=rows is not None or seed is not None)
    if seal is None:
        work.committed()
    if declaration.family is None:
        work.supplied()
        if unjudged := nothing_to_judge(declaration):
            notice(f"benchmark {declaration.name}: {unjudged}; {HOW_TO_MEND}")
    else:
        work.generated(data_dir or data_folder(declaration))
    return tuple(work.problems)


@dataclass(slots=True)
class _Verification:
    declaration: Declaration
    progress: Progress
    notice: Notice
    chosen: bool
    """Whether the caller asked for other rows or another seed than those of the recipe."""
    problems: list[str] = field(default_factory=list)
    stated: Manifest | None = None
    """The committed manifest; null where there is none, or it was altered."""
    edited: bool = False
    """Whether the committed manifest is of another benchmark.yaml."""

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
            return
        except BadInput as error:
            self.problems += map(str, error.problems)
            return
        self.edited = self.stated.declaration != self.declaration.digest
        if self.edited:
            self.problems.append(
                f"{self.declaration.path}: it is not the one that {path.name} was made from. Put it back; or, where it is meant, move "
                f"{path.name} away and make a new one with `evalharness benchmark generate {shlex.quote(str(self.declaration.folder))}`"
            )

    def supplied(self) -> None:
        """A supplied table, and what was supplied beside it."""
        declaration = self.declaration
        assert declaration.table is not None  # noqa: S101 - a declaration has a table or a family
        table = open_table(declaration.table)
        inspection = inspect(declaration, table, features=True, progress=self.progress)
        manifest = manifest_of(declaration, inspection, supplied_tables(declaration, table, self.progress))
        self._against_committed(inspection, manifest)
        self._look(table, inspection, manifest, open_beside(manifest, declaration.folder))
        if alike := clusters_named_alike(declaration, table):
            self.notice(alike)

    def generated(self, data: Path) -> None:
        """The data folder of a recipe."""
        declaration = self.declaration
        unusable = self._unusable(data)
        if unusable:
            self.problems += unusable
            return
        if self.edited and usable_manifest(declaration, data) is None:
            return  # nothing is made for a recipe that nobody has committed
        _, manifest = generated_data(declaration, data, self.progress, self.notice)
        self.problems += _files(declaration, data)
        try:
            table, beside = ParquetTable(data / ITEMS_FILE), open_beside(manifest, data)
            inspection = inspect(declaration, table, features=True, progress=self.progress)
            altered = [*_against(inspection, manifest, str(data / MANIFEST_FILE)), *_differing(beside)]
        except BadInput as error:  # it was made without a fault: somebody changed it
            self.problems += map(str, error.problems)
            return
        if not self.chosen or (self.stated is not None and (self.stated.rows, self.stated.seed) == (manifest.rows, manifest.seed)):
            self._against_committed(inspection, manifest)
        self.problems += altered
        if not altered:
            self._look(table, inspection, manifest, beside)

    def _unusable(self, data: Path) -> list[str]:
        """Why the folder cannot be looked at: files that this recipe once made are not there any more, or its manifest was edited."""
        if not data.is_dir() or not any(data.iterdir()):
            return []
        missing = missing_files(self.declaration, data)
        gone = [f"{data / name} is missing (delete the folder: the data is made again)" for name in missing]
        if MANIFEST_FILE in missing:
            return gone
        differing = [] if CHECKSUMS_FILE in missing else _files(self.declaration, data)
        try:
            own = made_by(manifest_of_data(data), self.declaration)
        except BadInput as error:
            return [*map(str, error.problems), *(gone or differing)]
        if own:
            return gone
        edited = any(problem.startswith(f"{data / MANIFEST_FILE}:") for problem in differing)
        return differing if edited else []  # else the data of another recipe: it is made again

    def _against_committed(self, inspection: Inspection, manifest: Manifest) -> None:
        if self.stated is None:
            return
        where = str(self.declaration.folder / MANIFEST_FILE)
        found = [*_against(inspection, self.stated, where), *_other_tables(self.stated, manifest, where)]
        if (self.stated.seed, self.stated.generator) != (manifest.seed, manifest.generator):
            found.insert(0, f"{where}: it states another seed or another generator than the recipe's")
        if self.edited and len(found) > _FEW:
            found[_FEW:] = [f"{where}: {len(found) - _FEW} more differences from it follow from that"]
        self.problems += found

    def _look(self, table: Table, inspection: Inspection, manifest: Manifest, beside: Beside) -> None:
        """What no digest shows."""
        self.problems += leaks(self.declaration, table)
        content = Content(table=table, inspection=inspection, manifest=manifest, features_checked=True, states=())
        benchmark = benchmark_of(self.declaration, content, beside)
        family = self.declaration.family
        self.problems += crossing_duplicates(benchmark, anew=() if family is None else family.anew)
        if family is not None:
            self.problems += broken_promises(self.declaration, benchmark)


def _files(declaration: Declaration, data: Path) -> list[str]:
    """Files of a data folder that CHECKSUMS states otherwise, or does not know."""
    return [
        *differing_files(data),
        *(f"{data / CHECKSUMS_FILE}: it does not list {name}" for name in unlisted_files(data, data_files(declaration))),
    ]


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
