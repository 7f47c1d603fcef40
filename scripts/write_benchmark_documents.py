"""Writes the committed documents of the shipped recipes: a sample to look at, croissant.json, and CHECKSUMS over all that is committed.

    python scripts/write_benchmark_documents.py [--check] [NAME ...]

The data of the recipe is made first when it is absent, and has to be what the committed manifest.json says. `--check` makes the documents
in memory, without the data, and compares: it exits with 1 when they differ.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from evalharness.benchmarks.checksums import CHECKSUMS_FILE
from evalharness.benchmarks.croissant import DescribedFile, croissant
from evalharness.benchmarks.declaration import Declaration, read_declaration
from evalharness.benchmarks.families.family import ITEMS
from evalharness.benchmarks.generating import MANIFEST_FILE, TRUTH_FILE, recipe_of, table_files
from evalharness.benchmarks.sample import FOLDER, write_sample
from evalharness.benchmarks.stored_data import generated_data
from evalharness.errors import EvalharnessError, bad_input
from evalharness.files.atomic import write_bytes
from evalharness.files.manifest import Manifest, read_manifest
from evalharness.files.seal import harms_of
from evalharness.files.yaml import read_yaml
from evalharness.oversight.synthetic.dials import FILE_NAME as REVIEWERS_FILE

BENCHMARKS = Path(__file__).resolve().parent.parent / "datasets_synthetic"
NAMES = tuple(sorted(path.parent.name for path in BENCHMARKS.glob("*/benchmark.yaml")))
CROISSANT_FILE = "croissant.json"
KEPT = ("DATASHEET.md", "benchmark.yaml", MANIFEST_FILE)
"""What people write, or `generate` does, and CHECKSUMS covers too."""
WHERE_THERE = (REVIEWERS_FILE,)
"""Likewise; not every benchmark has it."""
PUBLISHED = "2026-11-22"
"""Date of publication of the present versions of all recipes."""
LARGEST = 1_000_000
"""Bytes of a committed sample, all files together."""


def documents(folder: Path) -> dict[str, bytes]:
    """File -> bytes, relative to `folder`, of everything that this script writes there.

    Raises BadInput where benchmark.yaml, manifest.json or DATASHEET.md is missing or cannot be used.
    """
    declaration = read_declaration(folder)
    files = _sample(declaration)
    files[CROISSANT_FILE] = _croissant(declaration, read_manifest(folder / MANIFEST_FILE), files)
    beside = (*KEPT, *(name for name in WHERE_THERE if (folder / name).is_file()))
    covered = {**files, **{name: (folder / name).read_bytes() for name in beside}}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(covered.items()))
    return {**files, CHECKSUMS_FILE: sums.encode()}


def _sample(declaration: Declaration) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / FOLDER
        write_sample(declaration, made)
        files = {f"{FOLDER}/{path.relative_to(made).as_posix()}": path.read_bytes() for path in made.rglob("*") if path.is_file()}
    if sum(map(len, files.values())) > LARGEST:
        raise bad_input("the sample is too large to be committed", where=declaration.folder / FOLDER, expected=f"at most {LARGEST} bytes")
    return files


def _croissant(declaration: Declaration, manifest: Manifest, sample: Mapping[str, bytes]) -> bytes:
    described = [
        DescribedFile(
            table=table,
            path=path,
            sha256=hashlib.sha256(sample[path]).hexdigest(),
            media_type="text/csv",
            columns={name: types.get(name, "text") for name in _header(sample[path])},
            about=about,
        )
        for table, path, about, types in _tables(declaration, manifest)
    ]
    document = croissant(
        name=declaration.name,
        title=declaration.title,
        version=declaration.version,
        date=PUBLISHED,
        datasheet=(declaration.folder / "DATASHEET.md").read_text(encoding="utf-8"),
        harms=harms_of(read_yaml(declaration.path).data),
        files=described,
    )
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _tables(declaration: Declaration, manifest: Manifest) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """(name, file of the sample, one sentence, column -> type) of every table."""
    family, dials = recipe_of(declaration)
    about = "The first rows of each split of the "
    yield ITEMS, f"{FOLDER}/{ITEMS}.csv", f"{about}items.", {column.name: column.type for column in manifest.columns}
    known = {} if manifest.truth is None else {column.name: column.type for column in manifest.truth.columns}
    yield "truth", _csv(TRUTH_FILE), f"{about}truth: what is known of the same items and no model may see.", known
    types = {table.name: {column.name: column.type for column in table.columns} for table in manifest.tables}
    files = table_files(family, dials)
    for table in family.tables(dials):
        yield table.name, _csv(files[table.name]), f"{about}table {table.name}: {table.about}", types[table.name]


def _csv(file: str) -> str:
    return f"{FOLDER}/{file.removesuffix('.parquet')}.csv"


def _header(data: bytes) -> list[str]:
    return next(csv.reader(io.StringIO(data.decode("utf-8"))))


def stale(folder: Path) -> list[str]:
    """Paths under `folder` that are not what this script writes: other bytes, missing, or left over in the sample."""
    wanted = documents(folder)
    present = {f"{path.relative_to(folder).as_posix()}" for path in (folder / FOLDER).rglob("*") if path.is_file()}
    differing = {name for name, data in wanted.items() if not (folder / name).is_file() or (folder / name).read_bytes() != data}
    return sorted(differing | (present - set(wanted)))


def write(folder: Path) -> list[str]:
    """Writes what is not there or stale, after the data was made and agrees with the manifest; the paths that changed."""
    _, manifest = generated_data(read_declaration(folder))
    if manifest != read_manifest(folder / MANIFEST_FILE):
        raise bad_input(
            "the committed manifest is not that of the recipe", where=folder / MANIFEST_FILE, got=manifest.digest, hint="`generate` it anew"
        )
    wanted, changed = documents(folder), stale(folder)
    for name in set(changed) - set(wanted):  # left over in the sample
        (folder / name).unlink()
    for name, data in wanted.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_bytes(folder / name, data)
    return changed


def main() -> int:
    """Writes or checks the documents of the benchmarks named, or of all."""
    parser = argparse.ArgumentParser(description="Write the committed documents of the shipped recipes.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(NAMES)}; default: all")
    parser.add_argument("--check", action="store_true", help="compare with what is committed and write nothing")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}")
    code = 0
    for name in asked.names or NAMES:
        try:
            changed = stale(BENCHMARKS / name) if asked.check else write(BENCHMARKS / name)
        except (EvalharnessError, OSError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            code = 1
            continue
        if asked.check and changed:
            print(f"{name}: out of date: {', '.join(changed)}; run scripts/write_benchmark_documents.py", file=sys.stderr)
            code = 1
        elif not asked.check:
            print(f"{name}: {', '.join(changed) if changed else 'nothing to change'}")
    return code


if __name__ == "__main__":
    sys.exit(main())
