"""Benchmark folders on disk: recipes with few rows and supplied tables."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from yaml_text import dump

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "datasets_synthetic" / "message-triage"

RECIPE: dict[str, Any] = {
    "schema": "evalharness/benchmark/v1",
    "name": "small-triage",
    "version": 1,
    "task": "binary",
    "generate": {
        "family": "message-triage",
        "rows": 3_000,
        "seed": 7,
        "splits": {"train": 0.2, "calibration": 0.2, "test": 0.6},
        "prevalence": 0.1,
        "conversations": {"lengths": [0.5, 0.3, 0.2], "active_share": 0.1, "active_prevalence": 0.4},
        "groups": {"sex": {"F": 0.5, "M": 0.5}, "ethnicity": {"a": 0.7, "b": 0.2, "c": 0.1}},
        "tokens": {"vocabulary": 200, "fewest": 2, "most": 6},
        "signal": {"usage_of": "ethnicity", "strength": 0.4, "shared": 0.3, "shared_tokens": 10, "own_tokens": 5, "own_usage": 0.05},
    },
}

TABLE: dict[str, Any] = {
    "schema": "evalharness/benchmark/v1",
    "name": "my-items",
    "version": 1,
    "task": "binary",
    "table": "items.csv",
    "columns": {"id": "item", "label": "y", "features": ["f1", "colour"], "groups": ["sex"], "cluster": "case", "split": "part"},
    "positive": 1,
}

COLUMNS: dict[str, list[Any]] = {
    "item": ["a", "b", "c", "d", "e", "f"],
    "y": [1, 0, 0, 1, None, 1],
    "sex": ["F", "M", None, "F", "F", "M"],
    "case": ["k1", "k1", "k2", "k3", "k2", "k4"],
    "part": ["train", "train", "test", "test", "test", "test"],
    "f1": [0.5, 1.5, None, -2.0, 1e300, 0.0],
    "colour": ["red", "blue", "red", None, "red", "blue"],
}


def changed(document: dict[str, Any], at: str, value: Any) -> dict[str, Any]:
    """A copy with the value at `generate.splits.train`; `...` (Ellipsis) removes the key."""
    copied = copy.deepcopy(document)
    *path, last = at.split(".")
    place = copied
    for step in path:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return copied


def write_recipe(folder: Path, document: dict[str, Any] | None = None) -> Path:
    """A folder with the benchmark.yaml of a recipe."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "benchmark.yaml").write_text(dump(RECIPE if document is None else document), encoding="utf-8")
    return folder


def write_table(folder: Path, columns: dict[str, list[Any]] | None = None, document: dict[str, Any] | None = None) -> Path:
    """A folder with a supplied table, CSV or Parquet as the document's `table` says."""
    document = TABLE if document is None else document
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "benchmark.yaml").write_text(dump(document), encoding="utf-8")
    columns = COLUMNS if columns is None else columns
    path = folder / document["table"]
    if path.suffix == ".parquet":
        pq.write_table(pa.table({name: v if isinstance(v, pa.Array) else pa.array(v) for name, v in columns.items()}), path)
    else:
        path.write_bytes(csv_bytes(columns))
    return folder


def csv_bytes(columns: dict[str, list[Any]]) -> bytes:
    """RFC 4180 text; every field that is not empty is quoted."""
    lines = [list(columns), *(list(row) for row in zip(*columns.values(), strict=True))]
    return "".join(",".join(_field(value) for value in line) + "\r\n" for line in lines).encode()


def _field(value: Any) -> str:
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return '"' + text.replace('"', '""') + '"'
