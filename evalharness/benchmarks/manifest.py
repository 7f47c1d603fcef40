"""Builds the manifest of a benchmark from what an inspection or a generator found."""

from __future__ import annotations

from collections.abc import Mapping

from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.families.family import Dials, Family
from evalharness.files.manifest import SCHEMA, Manifest, ManifestTruth, Role, sealed

TRUTH_FILE = "truth.parquet"
TRUTH_COLUMN = "posterior"
WITHIN_COLUMN = "posterior_within"


def truth_columns(family: Family, dials: Dials) -> tuple[str, ...]:
    """The columns of a recipe's truth, beside the id."""
    return (TRUTH_COLUMN,) if family.shaped_by(dials) is None else (TRUTH_COLUMN, WITHIN_COLUMN)


def build_manifest(
    declaration: Declaration,
    *,
    splits: Mapping[str, int],
    digests: Mapping[tuple[Role, str], tuple[str, str]],
    truth: Mapping[str, str] | None = None,
) -> Manifest:
    """The manifest. `splits` holds rows of each split; `digests` (role, column) -> (type, digest) of every declared column;
    `truth` the digest of each column of the truth.
    """
    family, dials = declaration.family, declaration.dials
    known = None
    if truth is not None and family is not None:
        shaped_by = family.shaped_by(dials)
        known = {
            "file": TRUTH_FILE,
            "column": TRUTH_COLUMN,
            "given": list(declaration.columns.features),
            "grid": family.grid,
            "digest": truth[TRUTH_COLUMN],
            "within": None if shaped_by is None else {"attribute": shaped_by, "column": WITHIN_COLUMN, "digest": truth[WITHIN_COLUMN]},
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
            "truth": known,
            "generator": None if family is None else {"family": family.name, "version": family.version},
        }
    )


def truth_digests(truth: ManifestTruth) -> dict[str, str]:
    """Column of the truth -> digest."""
    return {truth.column: truth.digest, **({} if truth.within is None else {truth.within.column: truth.within.digest})}


def digests_of(manifest: Manifest) -> dict[tuple[Role, str], tuple[str, str]]:
    """(role, column) -> (type, digest)."""
    return {(column.role, column.name): (column.type, column.digest) for column in manifest.columns}
