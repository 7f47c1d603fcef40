"""Writes what a vendor may see of a split: features under fresh ids, shuffled, among canaries; and the key that stays behind."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.blind.key import KeyFile, key_bytes, table_bytes, table_path
from evalharness.benchmarks.blind.shown import fresh_queues, shown_canaries, shown_items
from evalharness.benchmarks.blind.vendor_texts import loader, readme
from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.families.common.columns import numbered
from evalharness.digests import sha256_bytes, sha256_file
from evalharness.errors import bad_input
from evalharness.files.atomic import Taken, new_file, new_folder, write_bytes

SCHEMA = "evalharness/blind-export/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindExport:
    """What was written."""

    folder: Path
    key: Path
    export: str
    items: int
    canaries: int


def export_blind(
    benchmark: Benchmark, declaration: Declaration, split: str, folder: Path, key: Path, *, practice: bool
) -> BlindExport:  # fmt: skip
    """Makes `folder` for the vendor, and `key` (.json, with a .parquet beside it) for the organisation. Both are new or nothing is.

    declaration: the recipe that the items were made by, at their seed and sizes of harms.
    Raises BadInput where either is there already, or the benchmark has no such split.
    """
    export = secrets.token_hex(8)
    rng = np.random.default_rng(secrets.randbits(256))
    own = shown_items(benchmark, split, declaration.permitted)
    extra = shown_canaries(declaration, split, own.schema)
    items, canaries = len(own), len(extra)
    order = rng.permutation(items + canaries)
    ids = _fresh_ids(order)
    shown = pa.concat_tables([own, extra])
    if (queue := declaration.columns.queue) is not None:
        shown = shown.set_column(shown.column_names.index(queue), queue, fresh_queues(own, extra, queue, rng))
    shown = shown.add_column(0, "item_id", ids).take(pa.array(np.argsort(order)))
    drawn = rng.permutation(np.arange(canaries) % 2)
    held = table_bytes(_key_table(benchmark, split, ids, drawn))
    info = benchmark.info
    file = KeyFile(
        schema="evalharness/blind-key/v1",
        export=export,
        benchmark=info.name,
        version=info.version,
        digest=info.digest,
        split=split,
        items=items,
        canaries=canaries,
        practice=practice,
        sha256=sha256_bytes(held),
    )
    for path in (key, table_path(key)):
        if path.exists() or path.is_symlink():
            raise bad_input("there is a key already; nothing is overwritten", where=path)
    with new_folder(folder) as beside:
        _write(beside, benchmark, declaration.permitted, file, shown=shown, ids=ids)
    _write_key(table_path(key), held)
    _write_key(key, key_bytes(file))
    return BlindExport(folder=folder, key=key, export=export, items=items, canaries=canaries)


def _fresh_ids(order: np.ndarray[Any, Any]) -> pa.Array:
    """Fresh ids in stored order: numbers by place in the shuffled export, so they tell nothing of the stored order."""
    return numbered("blind-", order)


def _key_table(benchmark: Benchmark, split: str, ids: pa.Array, drawn: np.ndarray[Any, Any]) -> pa.Table:
    batches = benchmark.batches(split, columns=frozenset({"ids"}))
    items = pa.concat_arrays([batch.ids.cast(pa.string()) for batch in batches if batch.ids is not None])
    none, nobody = pa.nulls(len(items), pa.int8()), pa.nulls(len(drawn), pa.string())
    return pa.table(
        {
            "blind_id": ids,
            "item_id": pa.concat_arrays([items, nobody]),
            "drawn": pa.concat_arrays([none, pa.array(drawn.astype(np.int8))]),
        }
    )


def _write(
    folder: Path, benchmark: Benchmark, permitted: Sequence[str], file: KeyFile, *, shown: pa.Table, ids: pa.Array
) -> None:  # fmt: skip
    """ids: fresh ones, in stored order."""
    files = ["items.parquet"]
    pq.write_table(shown, folder / "items.parquet", compression="zstd")
    if benchmark.info.task == "linkage":
        pairs = [(ids.take(pa.array(left)), ids.take(pa.array(right))) for left, right in benchmark.pairs(file.split)]
        left, right = (pa.concat_arrays([pair[side] for pair in pairs]) for side in (0, 1))
        order = pa.array(np.random.default_rng(secrets.randbits(256)).permutation(len(left)))
        pq.write_table(pa.table({"left_id": left.take(order), "right_id": right.take(order)}), folder / "pairs.parquet", compression="zstd")
        files.append("pairs.parquet")
    info = benchmark.info
    manifest = {
        "schema": SCHEMA,
        "export": file.export,
        "benchmark": info.name,
        "version": info.version,
        "task": info.task,
        "levels": list(info.levels),
        "labels": [label for label in (info.negative, info.positive) if label],
        "practice": file.practice,
        "items": len(shown),
        "columns": shown.column_names,
        "groups": list(permitted),
        "files": {name: sha256_file(folder / name) for name in files},
    }
    write_bytes(folder / "manifest.json", (json.dumps(manifest, indent=2) + "\n").encode())
    write_bytes(folder / "load_example.py", loader(info, permitted).encode())
    write_bytes(folder / "README.md", readme(benchmark.columns, info, permitted, file).encode())


def _write_key(path: Path, data: bytes) -> None:
    try:
        new_file(path, data, mode=0o600)
    except Taken as error:
        raise bad_input("there is a key already; nothing is overwritten", where=path) from error
