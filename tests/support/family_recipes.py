"""The shipped recipes of all families, at few rows and with other harms, for tests that hold for each of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmark_folder import ROOT

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


def declared(name: str, *, rows: int | None = None, seed: int | None = None, harms: int | None = None) -> Declaration:
    """The shipped recipe. harms: 0 or 1 sets every harm to that end of its plausible range; None leaves them as they are shipped."""
    declaration = with_overrides(read_declaration(shipped_folder(name)), rows=rows, seed=seed)
    if harms is None:
        return declaration
    dials: Any = declaration.dials
    sizes = {key: harm.model_copy(update={"size": harm.range[harms]}) for key, harm in dials.harms}
    changed = dials.model_copy(update={"harms": dials.harms.model_copy(update=sizes)})
    assert list(changed.faults()) == []
    return replace(declaration, dials=changed)


def generated(name: str, folder: Path, *, rows: int | None = None, workers: int | None = None) -> Manifest:
    """Makes the data of the shipped recipe in `folder`."""
    return generate(declared(name, rows=rows), folder, silent, workers=workers)


def digest_of_everything(folder: Path) -> str:
    """One digest over those of all columns of all tables of a data folder, secret ones too."""
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    return sha256_json({part: manifest.get(part) for part in ("splits", "columns", "truth", "tables")})
