"""The key of a blind export: which fresh id is which item. It never leaves the organisation."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field, ValidationError

from evalharness.benchmarks.benchmark import Benchmark
from evalharness.digests import canonical_json, sha256_bytes
from evalharness.errors import Problems, bad_input, shown, unreadable
from evalharness.files.fields import Count, Digest, Label, Name
from evalharness.files.once import NotPlain, read_once
from evalharness.files.shape import Shape

LARGEST = 1 << 20
COLUMNS = ("blind_id", "item_id", "drawn")
"""`drawn`: the label by lot of a canary, 1 or 0; null for an item, whose `item_id` is there."""


class KeyFile(Shape):
    """KEY.json, beside the Parquet file that it names."""

    schema_: Literal["evalharness/blind-key/v1"] = Field(alias="schema")
    export: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    """Id of the export; its manifest has the same."""
    benchmark: Name
    version: Count
    digest: Digest
    """Of the benchmark's content."""
    rows: Count
    """Of the benchmark, all splits together."""
    seed: Annotated[int, Field(ge=0)] | None
    """Of the public recipe; null for sealed items, whose seed gives the labels away."""
    split: Label
    items: Count
    canaries: Annotated[int, Field(ge=0)]
    units: Annotated[int, Field(ge=0)]
    """Canaries that can be left out apart from one another: for a ranking their queues, else the canaries."""
    practice: bool
    """Whether the items can be generated again by anybody: then nothing that comes back proves that labels were unknown."""
    sha256: Digest
    """Of the Parquet file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindKey:
    """A key that was read and fits its benchmark."""

    file: KeyFile
    path: Path
    ids: pa.Array
    """[items] fresh ids in the stored order of the split."""
    canaries: pa.Array
    """[canaries] fresh ids."""
    drawn: npt.NDArray[np.bool_]
    """[canaries] labels by lot."""


def key_bytes(file: KeyFile) -> bytes:
    """Canonical JSON and a line feed."""
    return canonical_json(file.model_dump(mode="json", by_alias=True)) + b"\n"


def table_bytes(table: pa.Table) -> bytes:
    """The Parquet file of a key."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def table_path(path: Path) -> Path:
    """Of the Parquet file beside KEY.json."""
    return path.with_suffix(".parquet")


def read_key(path: Path, benchmark: Benchmark, split: str) -> BlindKey:
    """The key at `path`, for exactly these items. Memory: its file, and some 100 bytes an item.

    Raises BadInput, with everything that does not fit, when it is none or another's.
    """
    file = read_key_file(path)
    raw = _bytes(table_path(path))
    problems = Problems()
    info = benchmark.info
    hint = "use the key that `evalharness benchmark export` wrote with this export"
    for what, got, expected in (
        ("the key is for another benchmark", file.benchmark, info.name),
        ("the key is for another version of the benchmark", str(file.version), str(info.version)),
        ("the key is for another content of the benchmark", file.digest, info.digest),
        ("the key is for another split", file.split, split),
        ("the key is for another number of items", str(file.items), str(benchmark.rows_in(split))),
        ("the table of the key was changed", sha256_bytes(raw), file.sha256),
    ):
        if got != expected:
            problems.add(what, where=path, got=got, expected=expected, hint=hint)
    problems.raise_if_any()
    table = _table(table_path(path), raw, file)
    real = table.column("item_id").is_valid().to_numpy()
    ids = table.column("blind_id").combine_chunks()
    _check_order(path, table.column("item_id").combine_chunks().drop_null(), benchmark, split)
    return BlindKey(
        file=file,
        path=path,
        ids=ids.filter(pa.array(real)),
        canaries=ids.filter(pa.array(~real)),
        drawn=table.column("drawn").drop_null().to_numpy().astype(bool),
    )


def _table(path: Path, raw: bytes, file: KeyFile) -> pa.Table:
    """What lies there, once it is known to have as many rows as the key says: a small file can unfold to very many."""
    expected = file.items + file.canaries
    try:
        parquet = pq.ParquetFile(io.BytesIO(raw))
        if parquet.metadata.num_rows != expected:
            raise bad_input(
                "the table of the key has another number of rows than the key says", where=path, got=str(parquet.metadata.num_rows),
                expected=str(expected),
            )  # fmt: skip
        table = parquet.read(columns=list(COLUMNS))
    except pa.ArrowException as error:
        raise bad_input("this is not the table of a key", where=path, got=str(error)) from error
    canaries = table.num_rows - table.column("drawn").null_count
    if (canaries, table.column("item_id").null_count, table.column("blind_id").null_count) != (file.canaries, file.canaries, 0):
        raise bad_input("the table of the key does not say of each fresh id what it is", where=path)
    return table


def _check_order(path: Path, items: Any, benchmark: Benchmark, split: str) -> None:
    start = 0
    for batch in benchmark.batches(split, columns=frozenset({"ids"})):
        if not items.slice(start, batch.rows).equals(batch.ids):
            raise bad_input("the key lists other items than the benchmark has", where=path)
        start += batch.rows


def read_key_file(path: Path) -> KeyFile:
    """What KEY.json says, whatever benchmark it is for. Raises BadInput when it is no key."""
    try:
        return KeyFile.model_validate_json(_bytes(path, LARGEST), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "the file"
        hint = "name the .json file that `evalharness benchmark export` wrote"
        raise bad_input("this is not the key of a blind export", where=path, got=f"{shown(place)}: {first['msg']}", hint=hint) from error


def _bytes(path: Path, largest: int | None = None) -> bytes:
    try:
        return read_once(path, path.lstat().st_size if largest is None else largest)
    except NotPlain as error:
        raise bad_input(str(error), where=path) from error
    except OSError as error:
        raise unreadable(
            path, error, "name the key that `benchmark export` wrote, FILE.json with FILE.parquet beside it: --blind-key FILE.json"
        ) from error
