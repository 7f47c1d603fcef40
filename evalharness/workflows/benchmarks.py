"""List, describe, generate, verify and sample benchmarks by name or folder."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from evalharness.benchmarks import open_benchmark
from evalharness.benchmarks.declaration import Declaration, read_declaration, with_overrides
from evalharness.benchmarks.describe import describe_benchmark
from evalharness.benchmarks.generating import MANIFEST_FILE, data_folder
from evalharness.benchmarks.opened import declared
from evalharness.benchmarks.sample import FOLDER as SAMPLE_FOLDER
from evalharness.benchmarks.sample import ROWS as SAMPLE_ROWS
from evalharness.benchmarks.sample import write_sample
from evalharness.benchmarks.stored_data import data_made_anew, generated_data
from evalharness.benchmarks.verifying import verify_benchmark
from evalharness.errors import BadInput, bad_input
from evalharness.files.atomic import new_folder, write_bytes
from evalharness.files.manifest import manifest_bytes
from evalharness.files.private import private_folder
from evalharness.files.workspace import POSITIONAL, find_workspace
from evalharness.records import SealFacts
from evalharness.records.progress import Notice, Progress, silent, unheard
from evalharness.workflows.sealing_files import opened_seal

FILE_NAME = "benchmark.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The benchmarks of a workspace, sorted by the name of their folder."""

    entries: tuple[dict[str, Any], ...]
    """Name, version, task, kind and title of each that can be read."""
    unreadable: tuple[tuple[str, BadInput], ...]
    """(folder, what is wrong with it) of each that cannot."""


def list_benchmarks(workspace: Path | None = None) -> Listed:
    """Every benchmark of the workspace; one that is wrong hides no other."""
    place = find_workspace(workspace)
    entries: list[dict[str, Any]] = []
    unreadable: list[tuple[str, BadInput]] = []
    for name in place.benchmark_names():
        try:
            entries.append(_entry(read_declaration(place.benchmarks / name)))
        except BadInput as error:
            unreadable.append((name, error))
    return Listed(entries=tuple(entries), unreadable=tuple(unreadable))


def describe(
    reference: str, workspace: Path | None = None, progress: Progress = silent, notice: Notice = unheard, *, sealed: bool = False
) -> dict[str, Any]:
    """Declaration, and splits, groups, clusters and attainable results where the data is here. Generates nothing that stays.

    sealed: of the items of the opened seal, which are made for it and removed. Raises BadInput where there is none, Altered where the
    opening is not that of the seal.
    """
    place = find_workspace(workspace)
    folder = place.benchmark_folder(reference, POSITIONAL)
    seal = opened_seal(place, folder) if sealed else None
    with _sealed_items(folder, seal, progress, notice) as data:
        return describe_benchmark(folder, seal=seal, data_dir=data, progress=progress, notice=notice)


def verify(
    reference: str, workspace: Path | None = None, progress: Progress = silent, notice: Notice = unheard, *, sealed: bool = False
) -> tuple[str, ...]:
    """What does not agree with the manifest; empty when everything does. sealed: as for `describe`."""
    place = find_workspace(workspace)
    folder = place.benchmark_folder(reference, POSITIONAL)
    seal = opened_seal(place, folder) if sealed else None
    with _sealed_items(folder, seal, progress, notice) as data:
        return verify_benchmark(folder, seal=seal, data_dir=data, progress=progress, notice=notice)


@contextmanager
def _sealed_items(folder: Path, seal: SealFacts | None, progress: Progress, notice: Notice) -> Iterator[Path | None]:
    """The items of an opened seal, made for the body alone; null without a seal."""
    if seal is None:
        yield None
        return
    declaration = declared(folder, seal=seal)
    with private_folder(data_folder(declaration)) as apart:
        yield data_made_anew(declaration, apart, progress, notice)[0]


def generate(
    reference: str,
    workspace: Path | None = None,
    *,
    rows: int | None = None,
    seed: int | None = None,
    out: Path | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> dict[str, Any]:
    """Generates the data of a recipe; for a supplied table, checks it and writes its manifest.

    out: a benchmark folder of its own is made there (recipe with these rows and this seed, manifest, data), ready for
    `evaluate --benchmark`. Without it the data goes to the benchmark's own `data/SEED-ROWS`.
    Raises BadInput for rows, seed or dials out of range, and when `out` exists and is not empty.
    """
    declaration = with_overrides(read_declaration(find_workspace(workspace).benchmark_folder(reference, POSITIONAL)), rows=rows, seed=seed)
    if declaration.family is None:
        return _seal_table(declaration, out, progress, notice)
    if out is not None:
        return _generate_apart(declaration, out.absolute(), progress, notice)
    data, manifest = generated_data(declaration, None, progress, notice)
    if rows is None and seed is None and not (declaration.folder / MANIFEST_FILE).exists():
        write_bytes(declaration.folder / MANIFEST_FILE, manifest_bytes(manifest))
    return {"name": declaration.name, "rows": manifest.rows, "seed": manifest.seed, "digest": manifest.digest, "data": str(data)}


def sample(reference: str, workspace: Path | None = None, *, rows: int | None = None, out: Path | None = None) -> dict[str, Any]:
    """Writes a small beginning of a recipe's data as CSV into `out`, by default into `sample/` beside benchmark.yaml.

    Raises BadInput for a supplied table, for a number of rows out of range, and when the folder exists and is not empty.
    """
    declaration = read_declaration(find_workspace(workspace).benchmark_folder(reference, POSITIONAL))
    folder = (out or declaration.folder / SAMPLE_FOLDER).absolute()
    if not folder.parent.is_dir():
        raise bad_input("the folder above does not exist", where="--out", got=str(folder.parent), hint="make it first, or name another")
    files = write_sample(declaration, folder, SAMPLE_ROWS if rows is None else rows)
    return {"name": declaration.name, "folder": str(folder), "rows": files}


def _entry(declaration: Declaration) -> dict[str, Any]:
    return {
        "name": declaration.name,
        "version": declaration.version,
        "task": declaration.task,
        "kind": "supplied table" if declaration.family is None else "generated",
        "title": declaration.title,
    }


def _seal_table(declaration: Declaration, out: Path | None, progress: Progress, notice: Notice) -> dict[str, Any]:
    if out is not None:
        raise bad_input("a supplied table is not generated", where="--out", got=str(out), hint="leave --out away")
    benchmark = open_benchmark(declaration.folder, progress=progress, notice=notice)
    info = benchmark.info
    return {"name": info.name, "rows": info.rows, "seed": None, "digest": info.digest, "data": str(declaration.table)}


def _generate_apart(declaration: Declaration, out: Path, progress: Progress, notice: Notice) -> dict[str, Any]:
    dials = declaration.dials
    assert dials is not None  # noqa: S101  a recipe has dials
    with new_folder(out) as beside:
        (beside / FILE_NAME).write_bytes(_recipe_text(declaration.path, dials.rows, dials.seed))
        own = read_declaration(beside)
        _, manifest = generated_data(own, None, progress, unheard)
        write_bytes(beside / MANIFEST_FILE, manifest_bytes(manifest))
        relative = data_folder(own).relative_to(beside)
    notice(f"made a benchmark folder: evaluate with --benchmark {out}")
    return {"name": own.name, "rows": manifest.rows, "seed": manifest.seed, "digest": manifest.digest, "data": str(out / relative)}


def _recipe_text(path: Path, rows: int, seed: int) -> bytes:
    """The recipe with these rows and this seed; everything else, comments too, as it stands."""
    yaml = YAML()
    yaml.width = 4096
    document = yaml.load(path.read_bytes())
    document["generate"]["rows"], document["generate"]["seed"] = rows, seed
    text = io.BytesIO()
    yaml.dump(document, text)
    return text.getvalue()
