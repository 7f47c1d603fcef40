"""Writes what a vendor may see of a split: features under fresh ids, shuffled, among canaries; and the key that stays behind."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from evalharness.benchmarks.batch import Column
from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.blind.key import KeyFile, key_bytes, table_bytes, table_path
from evalharness.benchmarks.blind.vendor_texts import loader, readme
from evalharness.benchmarks.families.common.columns import numbered
from evalharness.digests import sha256_bytes, sha256_file
from evalharness.errors import Fault, bad_input
from evalharness.files.atomic import Taken, new_file, new_folder, write_bytes

SCHEMA = "evalharness/blind-export/v1"
CANARIES = 200
"""Few enough to go unseen, enough that agreement with a coin cannot be luck."""
CANARIES_FROM = ("calibration", "train")
"""Splits whose items lend canaries their features: like the others, and in no count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindExport:
    """What was written."""

    folder: Path
    key: Path
    export: str
    items: int
    canaries: int


def export_blind(benchmark: Benchmark, split: str, folder: Path, key: Path, *, practice: bool) -> BlindExport:
    """Makes `folder` for the vendor, and `key` (.json, with a .parquet beside it) for the organisation. Both are new or nothing is.

    Raises BadInput where either is there already, or the benchmark has no such split.
    """
    export = secrets.token_hex(8)
    rng = np.random.default_rng(secrets.randbits(256))
    own = _features(benchmark, split)
    lent = _lent(benchmark, split, own.schema, rng)
    items, canaries = len(own), len(lent)
    order = rng.permutation(items + canaries)
    ids = _fresh_ids(order)
    shown = pa.table({"item_id": ids, **_named(pa.concat_tables([own, lent]))}).take(pa.array(np.argsort(order)))
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
        _write(beside, benchmark, shown, ids, file)
    _write_key(table_path(key), held)
    _write_key(key, key_bytes(file))
    return BlindExport(folder=folder, key=key, export=export, items=items, canaries=canaries)


def _features(benchmark: Benchmark, split: str) -> pa.Table:
    """Features of a split; for ranking also which queue an item waits in and when it arrived. Fails when there is no feature."""
    ranking = benchmark.info.task == "ranking"
    asked: frozenset[Column] = frozenset({"features", "queues", "arrived"}) if ranking else frozenset({"features"})
    parts = []
    for batch in benchmark.batches(split, columns=asked):
        part = batch.features
        if part is None:
            raise Fault("the benchmark gave a batch without features")
        if ranking:
            part = part.append_column("queue", pa.array(batch.queues)).append_column("arrived", pa.array(batch.arrived))
        parts.append(part)
    return pa.concat_tables(parts)


def _lent(benchmark: Benchmark, split: str, schema: pa.Schema, rng: np.random.Generator) -> pa.Table:
    """Features of items that are in no count; none for linkage, where a record is judged by its links."""
    others = [name for name in CANARIES_FROM if name in benchmark.splits and name != split]
    if benchmark.info.task == "linkage" or not others:
        return schema.empty_table()
    table = _features(benchmark, others[0])
    chosen = rng.choice(len(table), size=min(CANARIES, len(table)), replace=False)
    taken = table.take(pa.array(chosen))
    if benchmark.info.task == "ranking":  # into queues that are there, so that they look like any other lead
        queues = _features(benchmark, split).column("queue").to_numpy()
        taken = taken.set_column(taken.column_names.index("queue"), "queue", pa.array(rng.choice(queues, size=len(taken))))
    return taken


def _fresh_ids(order: np.ndarray[Any, Any]) -> pa.Array:
    """Fresh ids in stored order: numbers by place in the shuffled export, so they tell nothing of the stored order."""
    return numbered("blind-", order)


def _named(table: pa.Table) -> Mapping[str, Any]:
    columns = {name: table.column(name) for name in table.column_names}
    if "queue" in columns:
        columns["queue"] = pc.binary_join_element_wise("queue-", pc.cast(columns["queue"], pa.string()), "")
    return columns


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


def _write(folder: Path, benchmark: Benchmark, shown: pa.Table, ids: pa.Array, file: KeyFile) -> None:
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
        "files": {name: sha256_file(folder / name) for name in files},
    }
    write_bytes(folder / "manifest.json", (json.dumps(manifest, indent=2) + "\n").encode())
    write_bytes(folder / "load_example.py", loader(info).encode())
    write_bytes(folder / "README.md", readme(info, file.export, file.practice, file.canaries).encode())


def _write_key(path: Path, data: bytes) -> None:
    try:
        new_file(path, data, mode=0o600)
    except Taken as error:
        raise bad_input("there is a key already; nothing is overwritten", where=path) from error
