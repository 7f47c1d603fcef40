"""Writes what a vendor may see of a split: features under fresh ids, shuffled, among canaries; and the key that stays behind."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from evalharness.benchmarks.benchmark import Benchmark
from evalharness.benchmarks.blind.fresh_ids import fresh_ids
from evalharness.benchmarks.blind.key import KeyFile, key_bytes, table_bytes, table_path
from evalharness.benchmarks.blind.places import EXPORT_SCHEMA, check_no_key, export_at, key_taken
from evalharness.benchmarks.blind.rules import rule_as_json
from evalharness.benchmarks.blind.shown import fresh_queues, shown_canaries, shown_items
from evalharness.benchmarks.blind.vendor_texts import loader, readme
from evalharness.benchmarks.declaration import Declaration
from evalharness.benchmarks.families.family import Dials
from evalharness.digests import sha256_bytes, sha256_file
from evalharness.files.atomic import Taken, check_free, new_file, new_folder, write_bytes
from evalharness.records import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindExport:
    """What was written."""

    folder: Path
    key: Path
    export: str
    items: int
    canaries: int


def export_blind(
    benchmark: Benchmark, declaration: Declaration, split: str, folder: Path, key: Path, *, practice: bool, policy: Policy | None = None
) -> BlindExport:  # fmt: skip
    """Makes `folder` for the vendor, and `key` (.json, with a .parquet beside it) for the organisation. All are new or none is.

    declaration: the recipe that the items were made by, at their seed and sizes of harms. policy: whose rule the vendor is told of.
    Memory: twice what is shown of the split, and some 200 bytes an item; for linkage also 200 a candidate pair.
    Raises BadInput where either is there already, or the benchmark has no such split.
    """
    check_free(folder)
    check_no_key(key)
    export = secrets.token_hex(8)
    rng = np.random.default_rng(secrets.randbits(256))
    own = shown_items(benchmark, split, declaration.permitted)
    extra = shown_canaries(declaration, split, own.schema)
    items, canaries = len(own), len(extra)
    order = rng.permutation(items + canaries)
    ids = fresh_ids(export, order)
    shown = pa.concat_tables([own, extra])
    units = canaries
    if (queue := declaration.columns.queue) is not None:
        shown = shown.set_column(shown.column_names.index(queue), queue, fresh_queues(own, extra, queue, rng))
        units = len(extra.column(queue).unique())
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
        rows=cast("Dials", declaration.dials).rows,
        seed=cast("Dials", declaration.dials).seed if practice else None,
        split=split,
        items=items,
        canaries=canaries,
        units=units,
        practice=practice,
        sha256=sha256_bytes(held),
    )
    with _all_or_none(folder, export, {table_path(key): held, key: key_bytes(file)}) as beside:
        _write(beside, benchmark, declaration.permitted, file, shown=shown, ids=ids, policy=policy)
    return BlindExport(folder=folder, key=key, export=export, items=items, canaries=canaries)


@contextmanager
def _all_or_none(folder: Path, export: str, kept: Mapping[Path, bytes]) -> Iterator[Path]:
    """The body fills the yielded folder; then the files that stay behind are written, and only then the folder is put in its place.

    Whatever fails or interrupts this, nothing of it is left: what lies there is known as ours by the number of the export.
    """
    try:
        with new_folder(folder) as beside:
            yield beside
            for path, data in kept.items():
                _write_key(path, data)
    except BaseException:
        if export_at(folder) == export:
            shutil.rmtree(folder, ignore_errors=True)
        for path, data in kept.items():
            with suppress(OSError):
                if not path.is_symlink() and path.read_bytes() == data:
                    path.unlink()
        raise


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
    folder: Path, benchmark: Benchmark, permitted: Sequence[str], file: KeyFile, *, shown: pa.Table, ids: pa.Array,
    policy: Policy | None,
) -> None:  # fmt: skip
    """ids: fresh ones, in stored order."""
    files = ["items.parquet"]
    pq.write_table(shown, folder / "items.parquet", compression="zstd")
    if benchmark.info.task == "linkage":
        pairs = [(ids.take(pa.array(left)), ids.take(pa.array(right))) for left, right in benchmark.pairs(file.split)]
        left, right = (pa.concat_arrays([pair[side] for pair in pairs]) for side in (0, 1))
        rng = np.random.default_rng(secrets.randbits(256))
        swapped = pa.array(rng.random(len(left)) < 0.5)
        left, right = pc.if_else(swapped, right, left), pc.if_else(swapped, left, right)
        order = pa.array(rng.permutation(len(left)))
        pq.write_table(pa.table({"left_id": left.take(order), "right_id": right.take(order)}), folder / "pairs.parquet", compression="zstd")
        files.append("pairs.parquet")
    info = benchmark.info
    manifest = {
        "schema": EXPORT_SCHEMA,
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
        "operating_point": rule_as_json(policy),
        "files": {name: sha256_file(folder / name) for name in files},
    }
    write_bytes(folder / "manifest.json", (json.dumps(manifest, indent=2) + "\n").encode())
    write_bytes(folder / "load_example.py", loader(info, permitted, policy).encode())
    write_bytes(folder / "README.md", readme(benchmark.columns, info, permitted, file, policy).encode())


def _write_key(path: Path, data: bytes) -> None:
    try:
        new_file(path, data, mode=0o600)
    except Taken as error:
        raise key_taken(path) from error
