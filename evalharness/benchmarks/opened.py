"""Finds and opens benchmarks: generates what is absent, checks what is there, says whether the gate could accept it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.declaration import Declaration, read_declaration, with_overrides
from evalharness.benchmarks.generating import FILES, ITEMS_FILE, MANIFEST_FILE, data_folder, generate
from evalharness.benchmarks.inspection import Inspection, inspect
from evalharness.benchmarks.manifest import TRUTH_FILE, build_manifest, digests_of
from evalharness.benchmarks.parquet_table import ParquetTable
from evalharness.benchmarks.table import Table
from evalharness.benchmarks.tables import open_table
from evalharness.errors import Altered, BadInput, bad_input
from evalharness.files.atomic import write_bytes
from evalharness.files.manifest import Manifest, manifest_bytes, read_manifest
from evalharness.files.unchanged import FileState, state_of
from evalharness.files.workspace import Workspace
from evalharness.records import BenchmarkInfo
from evalharness.records.progress import Notice, Progress, silent, unheard

__all__ = ["Benchmark", "find_benchmark", "open_benchmark"]


def find_benchmark(reference: str, workspace: Path) -> Path:
    """The folder of a benchmark given by name (in `workspace`) or by path. Raises BadInput when there is none."""
    return Workspace(workspace).benchmark_folder(reference)


def open_benchmark(
    folder: Path,
    *,
    rows: int | None = None,
    seed: int | None = None,
    data_dir: Path | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> Benchmark:
    """Opens the benchmark declared in `folder`/benchmark.yaml.

    Generated data lies in `data_dir` (default: data/SEED-ROWS beside the file) and is made there when absent. A supplied table
    without a manifest gets one beside benchmark.yaml. `notice` hears of both, and of everything that the gate will not accept.
    Raises BadInput with every problem of the file, or of the table.
    """
    declaration = with_overrides(read_declaration(folder), rows=rows, seed=seed)
    if declaration.family is None:
        return _open_table(declaration, progress, notice)
    return _open_generated(declaration, data_dir, progress, notice)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What was found on disk."""

    table: Table
    inspection: Inspection
    manifest: Manifest
    features_checked: bool
    states: tuple[FileState, ...]
    """Of the files, before they were inspected."""
    practice: str = ""
    """Why the gate will not accept evidence on this content; empty when it may."""


def _open_generated(declaration: Declaration, data_dir: Path | None, progress: Progress, notice: Notice) -> Benchmark:
    data, manifest = generated_data(declaration, data_dir, progress, notice)
    table = ParquetTable(data / ITEMS_FILE)
    states = (state_of(data / ITEMS_FILE), state_of(data / TRUTH_FILE))
    inspection = inspect(declaration, table, features=False, progress=progress)
    if not _agrees(inspection, manifest):
        raise bad_input("the generated data is not what its manifest says", where=data, hint="delete this folder: it is made again")
    practice = _practice(declaration, manifest, notice)
    truth = ParquetTable(data / TRUTH_FILE)
    content = _Content(table=table, inspection=inspection, manifest=manifest, features_checked=False, practice=practice, states=states)
    return _benchmark(declaration, content, truth)


def generated_data(
    declaration: Declaration, data_dir: Path | None = None, progress: Progress = silent, notice: Notice = unheard
) -> tuple[Path, Manifest]:
    """(folder, manifest) of a recipe's data, which is made when it is absent or was made by another recipe."""
    data = data_dir or data_folder(declaration)
    manifest = _usable_manifest(declaration, data)
    if manifest is not None:
        return data, manifest
    if data.is_dir() and any(data.iterdir()):
        _remove_outdated(data)
        notice(f"the data in {data} was made by another recipe, or not completely; it is made again")
    else:
        notice(f"the data of benchmark {declaration.name} is not here yet; generating it in {data}")
    try:
        return data, generate(declaration, data, progress)
    except BadInput:
        made_meanwhile = _usable_manifest(declaration, data)  # by another process that was asked for the same
        if made_meanwhile is None:
            raise
        return data, made_meanwhile


def _usable_manifest(declaration: Declaration, data: Path) -> Manifest | None:
    """The manifest of data that this very recipe made; null when there is none."""
    if not all((data / name).is_file() for name in FILES):
        return None
    try:
        manifest = read_manifest(data / MANIFEST_FILE)
    except Altered as error:
        raise bad_input("the manifest was altered", where=data, got=str(error), hint="delete this folder: it is made again") from error
    family, dials = declaration.family, declaration.dials
    assert family is not None and dials is not None  # noqa: S101, PT018 - called for recipes only
    made_by = None if manifest.generator is None else (manifest.generator.family, manifest.generator.version)
    same = (manifest.declaration, manifest.rows, manifest.seed, made_by) == (
        declaration.digest, dials.rows, dials.seed, (family.name, family.version),
    )  # fmt: skip
    return manifest if same else None


def _remove_outdated(data: Path) -> None:
    """Removes what a generator wrote; anything else in the folder stops it."""
    foreign = sorted(path.name for path in data.iterdir() if path.name not in FILES)
    if foreign:
        raise bad_input("the data folder holds other files", where=data, got=", ".join(foreign[:5]), hint="move them away")
    for name in FILES:
        (data / name).unlink(missing_ok=True)


def _practice(declaration: Declaration, manifest: Manifest, notice: Notice) -> str:
    """Why the gate will not accept these items, told through `notice` too; empty when they are those of the committed manifest."""
    path = declaration.folder / MANIFEST_FILE
    if not path.is_file():
        notice(f"{path} does not exist: the gate needs the manifest of the rows and seed that count there")
        return "nobody has laid down which items count (no committed manifest)"
    try:
        committed = read_manifest(path)
    except (Altered, BadInput) as error:
        notice(f"the committed manifest cannot be used, the gate will refuse it: {error}")
        return "the committed manifest, which says which items count, cannot be used"
    if committed.digest == manifest.digest:
        return ""
    if (committed.rows, committed.seed) != (manifest.rows, manifest.seed):
        what = f"{manifest.rows:,} items of seed {manifest.seed} instead of the committed {committed.rows:,} of seed {committed.seed}"
    else:
        what = "the recipe or the generator is not the one of the committed manifest"
    notice(f"{what}: fine for practice, but the gate will answer 13 to this run")
    return what


def _open_table(declaration: Declaration, progress: Progress, notice: Notice) -> Benchmark:
    assert declaration.table is not None  # noqa: S101 - called for supplied tables only
    table = open_table(declaration.table)
    states = (state_of(declaration.table),)
    path = declaration.folder / MANIFEST_FILE
    committed = _committed_manifest(path) if path.is_file() else None
    if committed is not None and committed.declaration == declaration.digest:
        inspection = inspect(declaration, table, features=False, progress=progress)
        if _agrees(inspection, committed):
            return _benchmark(
                declaration, _Content(table=table, inspection=inspection, manifest=committed, features_checked=False, states=states), None
            )
    inspection = inspect(declaration, table, features=True, progress=progress)
    manifest = manifest_of(declaration, inspection)
    if committed is None:
        write_bytes(path, manifest_bytes(manifest))
        notice(f"wrote {path}: commit it, the gate compares evidence with it")
    elif committed.digest != manifest.digest:
        notice(f"the table or benchmark.yaml has changed since {path} was written: the gate will answer 13 to this run")
    changed = committed is not None and committed.digest != manifest.digest
    practice = "the items or their declaration are not those of the committed manifest" if changed else ""
    content = _Content(table=table, inspection=inspection, manifest=manifest, features_checked=True, practice=practice, states=states)
    return _benchmark(declaration, content, None)


def _committed_manifest(path: Path) -> Manifest:
    try:
        return read_manifest(path)
    except Altered as error:
        raise bad_input(
            "the manifest was altered", where=path, got=str(error), hint="restore it, or move it away: it is written again"
        ) from error


def manifest_of(declaration: Declaration, inspection: Inspection) -> Manifest:
    """The manifest of a supplied table that was inspected with its features."""
    splits = {name: facts.rows for name, facts in inspection.splits.items()}
    return build_manifest(declaration, splits=splits, digests=inspection.digests)


def _agrees(inspection: Inspection, manifest: Manifest) -> bool:
    """Whether everything that was read is what the manifest says."""
    wanted = digests_of(manifest)
    return inspection.rows == manifest.rows and all(wanted.get(key) == found for key, found in inspection.digests.items())


def _benchmark(declaration: Declaration, content: _Content, truth: Table | None) -> Benchmark:
    manifest, inspection, columns = content.manifest, content.inspection, declaration.columns
    info = BenchmarkInfo(
        name=declaration.name,
        version=declaration.version,
        task=declaration.task,
        digest=manifest.digest,
        rows=manifest.rows,
        synthetic=declaration.synthetic,
        seed=manifest.seed,
        id_column=columns.id,
        label_column=columns.label,
        features=columns.features,
        attributes=columns.groups,
        clustered=columns.cluster is not None,
        positive=declaration.positive,
        negative=inspection.negative,
        sampling=declaration.sampling,
        title=declaration.title,
        contains_content=declaration.contains_content,
        splits=tuple((name, facts.rows) for name, facts in inspection.splits.items()),
        score_range=declaration.score_range,
    )
    return Benchmark(
        info=info,
        folder=declaration.folder,
        columns=columns,
        table=content.table,
        splits=inspection.splits,
        features={name: found for (role, name), found in digests_of(manifest).items() if role == "feature"},
        features_checked=content.features_checked,
        practice=content.practice,
        states=content.states,
        truth=truth,
        truth_stated=None if truth is None else manifest.truth,
    )
