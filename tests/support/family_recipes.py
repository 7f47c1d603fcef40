"""The shipped recipes of all families, at few rows and with other harms, for tests that hold for each of them."""

from __future__ import annotations

import json
from pathlib import Path

from benchmark_folder import ROOT
from ruamel.yaml import YAML
from yaml_text import dump

from evalharness.benchmarks.declaration import Declaration, read_declaration, with_overrides
from evalharness.benchmarks.families import FAMILIES
from evalharness.benchmarks.generating import MANIFEST_FILE, generate
from evalharness.digests import sha256_json
from evalharness.files.manifest import Manifest
from evalharness.records.progress import silent

NAMES = tuple(sorted(FAMILIES))


def shipped_folder(name: str) -> Path:
    """Where the recipe and the committed manifest of a family lie."""
    return ROOT / "datasets_synthetic" / name


def declared(name: str, *, rows: int | None = None, seed: int | None = None) -> Declaration:
    """The shipped recipe."""
    return with_overrides(read_declaration(shipped_folder(name)), rows=rows, seed=seed)


def recipe_at(folder: Path, name: str, *, end: int) -> Path:
    """A folder with the shipped recipe, every harm at the least (0) or greatest (1) size that is plausible."""
    document = YAML(typ="safe").load((shipped_folder(name) / "benchmark.yaml").read_text(encoding="utf-8"))
    for harm in document["generate"]["harms"].values():
        harm["size"] = harm["range"][end]
    folder.mkdir(parents=True)
    (folder / "benchmark.yaml").write_text(dump(document), encoding="utf-8")
    return folder


def generated(name: str, folder: Path, *, rows: int | None = None, workers: int | None = None) -> Manifest:
    """Makes the data of the shipped recipe in `folder`."""
    return generate(declared(name, rows=rows), folder, silent, workers=workers)


def digest_of_everything(folder: Path) -> str:
    """One digest over those of all columns of all tables of a data folder, secret ones too."""
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    return sha256_json({part: manifest.get(part) for part in ("splits", "columns", "truth", "tables")})
