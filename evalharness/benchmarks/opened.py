"""Finds and opens benchmarks: generates what is absent, checks what is there, says whether the gate could accept it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.beside import open_beside
from evalharness.benchmarks.checked import altered, telling_what_repairs
from evalharness.benchmarks.content import Content, benchmark_of, manifest_of, supplied_tables
from evalharness.benchmarks.declaration import Declaration, read_declaration, under_seal, with_overrides
from evalharness.benchmarks.generating import ITEMS_FILE, MANIFEST_FILE, data_files, data_folder
from evalharness.benchmarks.inspection import Inspection, inspect
from evalharness.benchmarks.manifest import Others, digests_of, stated_tables
from evalharness.benchmarks.parquet_table import ParquetTable
from evalharness.benchmarks.stored_data import agreeing_data, data_made_anew
from evalharness.benchmarks.tables import open_table
from evalharness.errors import Altered, BadInput, bad_input
from evalharness.files.atomic import write_bytes
from evalharness.files.manifest import Manifest, manifest_bytes, read_manifest
from evalharness.files.private import private_folder
from evalharness.files.seal import seed_of
from evalharness.files.unchanged import state_of
from evalharness.files.workspace import Workspace
from evalharness.records import SealFacts
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
    seal: SealFacts | None = None,
    counted: bool = True,
    anew: bool = False,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> Benchmark:
    """Opens the benchmark declared in `folder`/benchmark.yaml.

    Generated data lies in `data_dir` (default: data/SEED-ROWS beside the file) and is made there when absent or not complete, and again
    where another recipe made it, or its own manifest is not the committed one of the same rows and seed. A supplied table without a
    manifest gets one beside benchmark.yaml. `notice` hears of both, and of everything that the gate will not accept.
    seal: of an opened seal; seed and dials follow from it. counted: False where nothing on these items of a recipe can be signed whatever
    the committed manifest says; then nobody is told of it. anew: the items of a recipe are made for this benchmark alone and removed with
    it, whatever lies in its data folder. Raises BadInput with every problem of the file, or of the table, and for
    data of a recipe whose content is not what its own manifest says: it was altered, and is left as it is.
    """
    declaration = declared(folder, rows=rows, seed=seed, seal=seal)
    if declaration.family is None:
        return _open_table(declaration, progress, notice)
    return _open_generated(declaration, data_dir, counted=counted, anew=anew, progress=progress, notice=notice)


def declared(folder: Path, *, rows: int | None = None, seed: int | None = None, seal: SealFacts | None = None) -> Declaration:
    """What `folder`/benchmark.yaml says, at these rows and this seed, or under an opened seal. Raises BadInput as `open_benchmark` does."""
    declaration = with_overrides(read_declaration(folder), rows=rows, seed=seed)
    if seal is None:
        return declaration
    return under_seal(declaration, seal, seed_of(bytes.fromhex(seal.secret), seal.models, seal.locks, declaration.version))


def _open_generated(
    declaration: Declaration, data_dir: Path | None, *, counted: bool, anew: bool, progress: Progress, notice: Notice
) -> Benchmark:
    committed, unusable = _committed_of_recipe(declaration)
    with ExitStack() as kept:
        if anew:
            apart = kept.enter_context(private_folder(data_folder(declaration)))
            data, manifest = data_made_anew(declaration, apart, progress, notice)
        else:
            data, manifest = agreeing_data(declaration, committed, data_dir, progress, notice)
        with telling_what_repairs(data):
            table = ParquetTable(data / ITEMS_FILE)
            states = tuple(state_of(data / name) for name in data_files(declaration) if name.endswith(".parquet"))
            inspection = inspect(declaration, table, features=False, progress=progress)
            beside = open_beside(manifest, data)
        if not _agrees(inspection, manifest):
            raise altered(table.path, ", ".join(_differing(inspection, manifest)), data)
        practice = _practice(declaration, manifest, committed, unusable, notice) if counted else ""
        content = Content(table=table, inspection=inspection, manifest=manifest, features_checked=False, practice=practice, states=states)
        benchmark = benchmark_of(declaration, content, beside)
        benchmark.keep(kept.pop_all())
    return benchmark


def _committed_of_recipe(declaration: Declaration) -> tuple[Manifest | None, str]:
    """(the committed manifest, why it cannot be used); null where a seal takes its place, and where there is none that can be read."""
    path = declaration.folder / MANIFEST_FILE
    if declaration.seal is not None or not path.is_file():
        return None, ""
    try:
        return read_manifest(path), ""
    except (Altered, BadInput) as error:
        return None, str(error)


def _practice(declaration: Declaration, manifest: Manifest, committed: Manifest | None, unusable: str, notice: Notice) -> str:
    """Why the gate will not accept these items, told through `notice` too; empty when they are those of the committed manifest."""
    if declaration.seal is not None:
        return ""  # the seal takes the manifest's place
    if unusable:
        notice(f"the committed manifest cannot be used, the gate will refuse it: {unusable}")
        return "the committed manifest, which says which items count, cannot be used"
    if committed is None:
        path = declaration.folder / MANIFEST_FILE
        notice(f"{path} does not exist: the gate needs the manifest of the rows and seed that count there")
        return "nobody has laid down which items count (no committed manifest)"
    if committed == manifest:
        return ""
    if (committed.rows, committed.seed) != (manifest.rows, manifest.seed):
        what = f"{manifest.rows:,} items of seed {manifest.seed} instead of the committed {committed.rows:,} of seed {committed.seed}"
    elif committed.digest == manifest.digest:
        what = "the committed manifest says something else of the truth than the recipe makes"
    else:
        what = "the recipe or the generator is not the one of the committed manifest"
    notice(f"{what}: fine for practice, but the gate will answer 13 to this run")
    return what


def _open_table(declaration: Declaration, progress: Progress, notice: Notice) -> Benchmark:
    assert declaration.table is not None  # noqa: S101 - called for supplied tables only
    table = open_table(declaration.table)
    states = tuple(state_of(path) for path in (declaration.table, declaration.pairs) if path is not None)
    path = declaration.folder / MANIFEST_FILE
    committed = _committed_manifest(path) if path.is_file() else None
    others: Others | None = None
    if committed is not None and committed.declaration == declaration.digest:
        inspection = inspect(declaration, table, features=False, progress=progress)
        others = supplied_tables(declaration, table, progress)
        if _is_of_table(committed, inspection) and stated_tables(others) == [each.model_dump(mode="json") for each in committed.tables]:
            content = Content(table=table, inspection=inspection, manifest=committed, features_checked=False, states=states)
            return benchmark_of(declaration, content, open_beside(committed, declaration.folder))
    inspection = inspect(declaration, table, features=True, progress=progress)
    manifest = manifest_of(declaration, inspection, supplied_tables(declaration, table, progress) if others is None else others)
    if committed is None:
        write_bytes(path, manifest_bytes(manifest))
        notice(f"wrote {path}: commit it, the gate compares evidence with it")
    elif committed != manifest:
        notice(f"the table or benchmark.yaml has changed since {path} was written: the gate will answer 13 to this run")
    changed = committed is not None and committed != manifest
    practice = "the items or their declaration are not those of the committed manifest" if changed else ""
    content = Content(table=table, inspection=inspection, manifest=manifest, features_checked=True, practice=practice, states=states)
    return benchmark_of(declaration, content, open_beside(manifest, declaration.folder))


def _committed_manifest(path: Path) -> Manifest:
    try:
        return read_manifest(path)
    except Altered as error:
        raise bad_input(
            "the manifest was altered", where=path, got=str(error), hint="restore it, or move it away: it is written again"
        ) from error


def _agrees(inspection: Inspection, manifest: Manifest) -> bool:
    """Whether everything that was read is what the manifest says."""
    return inspection.rows == manifest.rows and not _differing(inspection, manifest)


def _differing(inspection: Inspection, manifest: Manifest) -> list[str]:
    """Columns that were read and are not what the manifest says."""
    wanted = digests_of(manifest)
    return sorted({name for (role, name), found in inspection.digests.items() if wanted.get((role, name)) != found})


def _is_of_table(committed: Manifest, inspection: Inspection) -> bool:
    """Whether a manifest says of a supplied table what was read, and nothing that nobody can know of one: seed, generator or truth."""
    invented = (committed.seed, committed.generator, committed.truth) != (None, None, None)
    splits = [(split.name, split.rows) for split in committed.splits] == [(name, facts.rows) for name, facts in inspection.splits.items()]
    return not invented and splits and _agrees(inspection, committed)
