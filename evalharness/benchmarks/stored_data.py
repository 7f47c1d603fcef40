"""The data of a recipe: that of its folder where this very recipe made it and the committed manifest says the same, else made again; or
made for one caller alone.
"""

from __future__ import annotations

from pathlib import Path

from evalharness.benchmarks.checked import telling_what_repairs, what_repairs
from evalharness.benchmarks.checksums import CHECKSUMS_FILE, listed_files
from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.generating import MANIFEST_FILE, data_files, data_folder, generate, recipe_of
from evalharness.errors import Altered, BadInput, bad_input
from evalharness.files.manifest import TRUTH_FOLDER, Manifest, read_manifest
from evalharness.records.progress import Notice, Progress, silent, unheard

_OLDER = ("truth.parquet",)
"""Files of earlier forms of the folder."""


def generated_data(
    declaration: Declaration,
    data_dir: Path | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
    *,
    workers: int | None = None,
) -> tuple[Path, Manifest]:
    """(folder, manifest) of a recipe's data, which is made when it is absent or was made by another recipe."""
    data = data_dir or data_folder(declaration)
    manifest = usable_manifest(declaration, data)
    if manifest is not None:
        return data, manifest
    if data.is_dir() and any(data.iterdir()):
        _remove_outdated(declaration, data)
        notice(f"the data in {data} was made by another recipe, or not completely; it is made again")
    else:
        notice(f"the data of benchmark {declaration.name} is not here yet; generating it in {data}")
    try:
        return data, generate(declaration, data, progress, workers=workers)
    except BadInput:
        made_meanwhile = usable_manifest(declaration, data)  # by another process that was asked for the same
        if made_meanwhile is None:
            raise
        return data, made_meanwhile


def agreeing_data(
    declaration: Declaration,
    committed: Manifest | None,
    data_dir: Path | None = None,
    progress: Progress = silent,
    notice: Notice = unheard,
) -> tuple[Path, Manifest]:
    """As `generated_data`; data that the committed manifest states otherwise, what is known of the items included, is made again.

    committed: null where there is none that can be read. One of another recipe, other rows or another seed says nothing of this data.
    """
    data, manifest = generated_data(declaration, data_dir, progress, notice)
    if committed is None or committed == manifest or not made_by(committed, declaration):
        return data, manifest
    notice(f"the data in {data} is not what the committed manifest says; it is made again")
    _remove_outdated(declaration, data)
    return data, generate(declaration, data, progress)


def data_made_anew(declaration: Declaration, folder: Path, progress: Progress = silent, notice: Notice = unheard) -> tuple[Path, Manifest]:
    """(folder, manifest) of the recipe's data, made inside `folder` whatever lies elsewhere; `notice` hears where that is other data."""
    stored = data_folder(declaration)
    notice(f"the items of {declaration.name} are made anew for this run; what lies in {stored.parent} is not relied on")
    made = folder / stored.name
    manifest = generate(declaration, made, progress)
    if not missing_files(declaration, stored) and not _states(stored, manifest):
        notice(f"what lies in {stored} is not what the recipe makes: somebody changed it, or another version made it")
    return made, manifest


def _states(data: Path, manifest: Manifest) -> bool:
    """Whether the manifest in a data folder is this one."""
    try:
        return manifest_of_data(data) == manifest
    except BadInput:
        return False


def usable_manifest(declaration: Declaration, data: Path) -> Manifest | None:
    """The manifest of data that this very recipe made; null when there is none, or not all of it."""
    if missing_files(declaration, data):
        return None
    manifest = manifest_of_data(data)
    return manifest if made_by(manifest, declaration) else None


def missing_files(declaration: Declaration, data: Path) -> tuple[str, ...]:
    """The files that the folder lacks."""
    return tuple(name for name in data_files(declaration) if not (data / name).is_file())


def manifest_of_data(data: Path) -> Manifest:
    """The manifest in a data folder. Raises BadInput when it cannot be read, or was altered."""
    path = data / MANIFEST_FILE
    try:
        with telling_what_repairs(data):
            return read_manifest(path)
    except Altered as error:
        raise bad_input("the manifest was altered", where=path, got=str(error), hint=what_repairs(data)) from error


def made_by(manifest: Manifest, declaration: Declaration) -> bool:
    """Whether this very recipe made the data."""
    family, dials = recipe_of(declaration)
    generator = None if manifest.generator is None else (manifest.generator.family, manifest.generator.version)
    found = (manifest.declaration, manifest.rows, manifest.seed, generator)
    return found == (declaration.digest, dials.rows, None if declaration.seal else dials.seed, (family.name, family.version))


def _remove_outdated(declaration: Declaration, data: Path) -> None:
    """Removes what a generator wrote; anything else in the folder stops it."""
    own = {*data_files(declaration), *_OLDER, *(listed_files(data) if (data / CHECKSUMS_FILE).is_file() else ())}
    found = sorted(path.relative_to(data).as_posix() for path in data.rglob("*") if not path.is_dir() or path.is_symlink())
    foreign = [name for name in found if name not in own]
    if foreign:
        raise bad_input("the data folder holds other files", where=data, got=", ".join(foreign[:5]), hint="move them away")
    for name in found:
        (data / name).unlink(missing_ok=True)
    for folder in (path for path in data.iterdir() if path.is_dir()):
        if f"{folder.name}/" != TRUTH_FOLDER:
            raise bad_input("the data folder holds other folders", where=data, got=folder.name, hint="move them away")
        folder.rmdir()
