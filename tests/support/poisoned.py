"""Data of a recipe rewritten by somebody who knows the formats: columns, and every digest in the manifest that lies beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from evalharness.benchmarks.batch import BATCH_ROWS
from evalharness.benchmarks.column_digest import digest_of
from evalharness.files.manifest import Manifest, manifest_bytes, sealed

ITEMS, TRUTH = "items.parquet", "truth/items.parquet"
Rewrite = Callable[[list[Any], list[str]], list[Any]]
"""(values of the column, split of each row) -> other values."""


def turned_around(values: list[Any], splits: list[str]) -> list[Any]:
    """The values of `test` in the other order."""
    rows = [row for row, split in enumerate(splits) if split == "test"]
    found = list(values)
    for row, other in zip(rows, reversed(rows), strict=True):
        found[row] = values[other]
    return found


def poison(data: Path, rewrites: Mapping[str, Mapping[str, Rewrite]]) -> Manifest:
    """Rewrites columns by file; the manifest that then lies in `data`, which fits them."""
    splits = pq.read_table(data / ITEMS, columns=["split"])["split"].to_pylist()
    document = json.loads((data / "manifest.json").read_bytes())
    document.pop("digest")
    for file, columns in rewrites.items():
        table = pq.read_table(data / file)
        for name, rewrite in columns.items():
            kind = table.schema.field(name).type
            made = pa.array(rewrite(table[name].to_pylist(), splits), kind.value_type if pa.types.is_dictionary(kind) else kind)
            table = table.set_column(table.column_names.index(name), name, made)
            digest = digest_of([made[start : start + BATCH_ROWS] for start in range(0, len(made), BATCH_ROWS)])
            for column in document["truth"]["columns"] if file == TRUTH else document["columns"]:
                if column["name"] == name:
                    column["digest"] = digest
        pq.write_table(table, data / file)
    manifest = sealed(document)
    (data / "manifest.json").write_bytes(manifest_bytes(manifest))
    return manifest
