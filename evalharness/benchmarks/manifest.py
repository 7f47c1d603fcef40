"""Builds the manifest of a benchmark from what an inspection or a generator found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.writing import Written
from evalharness.files.manifest import SCHEMA, TRUTH_FOLDER, Manifest, Role, sealed

Others = Mapping[str, tuple[str, Written]]
"""Further table -> (file, what was written or found)."""
Digests = Mapping[tuple[Role, str], tuple[str, str]]
"""(role, column) -> (type, digest)."""


def build_manifest(
    declaration: Declaration,
    *,
    splits: Mapping[str, int],
    digests: Digests,
    truth: Written | None = None,
    tables: Others | None = None,
) -> Manifest:
    """The manifest. `splits` holds rows of each split; `digests` those of every declared column; `truth` what was written of it;
    `tables` the further ones.
    """
    family, dials = declaration.family, declaration.dials
    return sealed(
        {
            "schema": SCHEMA,
            "name": declaration.name,
            "version": declaration.version,
            "task": declaration.task,
            "levels": list(declaration.levels),
            "rows": sum(splits.values()),
            "seed": None if dials is None or declaration.seal is not None else dials.seed,
            "synthetic": declaration.synthetic,
            "declaration": declaration.digest,
            "splits": [{"name": name, "rows": rows} for name, rows in splits.items()],
            "columns": [
                {"name": name, "role": role, "type": digests[role, name][0], "digest": digests[role, name][1]}
                for role, name in declaration.columns.by_role()
            ],
            "truth": None if truth is None else _truth(declaration, truth),
            "generator": None if family is None else {"family": family.name, "version": family.version},
            "tables": stated_tables(tables or {}),
        }
    )


def stated_tables(tables: Others) -> list[dict[str, Any]]:
    """Further tables as a manifest states them."""
    return [_table(name, file, written) for name, (file, written) in tables.items()]


def _truth(declaration: Declaration, written: Written) -> dict[str, Any]:
    family, dials = declaration.family, declaration.dials
    assert family is not None and dials is not None  # noqa: S101, PT018 - only a recipe knows the truth
    known = family.truth(dials)
    return {
        "file": f"{TRUTH_FOLDER}items.parquet",
        "given": list(known.given),
        "grid": known.grid,
        "columns": [_values(name, written) for name in (*known.chances, *known.texts)],
        "within": list(known.within),
    }


def _table(name: str, file: str, written: Written) -> dict[str, Any]:
    return {
        "name": name,
        "file": file,
        "rows": written.rows,
        "splits": [{"name": split, "rows": rows} for split, rows in written.splits.items()],
        "columns": [_values(column, written) for column in written.columns],
    }


def _values(name: str, written: Written) -> dict[str, str]:
    kind, digest = written.columns[name]
    return {"name": name, "type": kind, "digest": digest}


def digests_of(manifest: Manifest) -> dict[tuple[Role, str], tuple[str, str]]:
    """(role, column) -> (type, digest)."""
    return {(column.role, column.name): (column.type, column.digest) for column in manifest.columns}
