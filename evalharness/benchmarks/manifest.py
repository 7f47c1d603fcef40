"""Builds the manifest of a benchmark from what an inspection or a generator found."""

from __future__ import annotations

from collections.abc import Mapping

from evalharness.benchmarks.declaration import Declaration
from evalharness.files.manifest import SCHEMA, Manifest, Role, sealed

TRUTH_FILE = "truth.parquet"
TRUTH_COLUMN = "posterior"


def build_manifest(
    declaration: Declaration,
    *,
    splits: Mapping[str, int],
    digests: Mapping[tuple[Role, str], tuple[str, str]],
    truth_digest: str | None = None,
) -> Manifest:
    """The manifest. `splits` holds rows of each split; `digests` (role, column) -> (type, digest) of every declared column."""
    family, dials = declaration.family, declaration.dials
    truth = None
    if truth_digest is not None and family is not None:
        truth = {
            "file": TRUTH_FILE,
            "column": TRUTH_COLUMN,
            "given": list(declaration.columns.features),
            "grid": family.grid,
            "digest": truth_digest,
        }
    return sealed(
        {
            "schema": SCHEMA,
            "name": declaration.name,
            "version": declaration.version,
            "task": declaration.task,
            "rows": sum(splits.values()),
            "seed": None if dials is None else dials.seed,
            "synthetic": declaration.synthetic,
            "declaration": declaration.digest,
            "splits": [{"name": name, "rows": rows} for name, rows in splits.items()],
            "columns": [
                {"name": name, "role": role, "type": digests[role, name][0], "digest": digests[role, name][1]}
                for role, name in declaration.columns.by_role()
            ],
            "truth": truth,
            "generator": None if family is None else {"family": family.name, "version": family.version},
        }
    )


def digests_of(manifest: Manifest) -> dict[tuple[Role, str], tuple[str, str]]:
    """(role, column) -> (type, digest)."""
    return {(column.role, column.name): (column.type, column.digest) for column in manifest.columns}
