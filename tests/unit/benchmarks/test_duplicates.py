"""Items copied from one split to another are found; items that are alike by nature are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmark_folder import TABLE, changed, write_table
from recipes import opened_recipe

from evalharness.benchmarks import open_benchmark
from evalharness.benchmarks.duplicates import crossing_duplicates

DOCUMENT = changed(
    changed(TABLE, "table", "items.parquet"), "columns", {"id": "item", "label": "y", "features": ["f1", "f2"], "split": "part"}
)


def columns(rows: int, seed: int, *, values: int | None, train: int) -> dict[str, Any]:
    """Features drawn apart; `values`: how many different ones there are, null for as good as all different."""
    rng = np.random.default_rng(seed)
    draw = (lambda: rng.normal(size=rows)) if values is None else (lambda: rng.integers(0, values, rows).astype(float))
    y = rng.integers(0, 2, rows)
    parts = rng.permutation(["train"] * train + ["test"] * (rows - train))
    return {"item": [f"i{i:05}" for i in range(rows)], "y": y, "f1": draw(), "f2": draw(), "part": parts}


def found(folder: Path, table: dict[str, Any]) -> list[str]:
    listed = {name: list(values) if isinstance(values, list) else values.tolist() for name, values in table.items()}
    return list(crossing_duplicates(open_benchmark(write_table(folder, listed, DOCUMENT))))


@pytest.mark.parametrize("values", [None, 5, 40, 200])
def test_items_that_are_alike_by_nature_are_no_copies(tmp_path: Path, values: int | None) -> None:
    for seed in range(5):
        assert found(tmp_path / str(seed), columns(2_000, seed, values=values, train=1_400)) == []


@pytest.mark.parametrize("values", [None, 200])
def test_items_copied_from_train_to_test_are_found(tmp_path: Path, values: int | None) -> None:
    table = columns(2_000, 1, values=values, train=1_400)
    train, test = np.flatnonzero(table["part"] == "train"), np.flatnonzero(table["part"] == "test")
    for name in ("f1", "f2"):
        table[name][test[:60]] = table[name][train[:60]]
    (told,) = found(tmp_path, table)
    assert "'test'" in told
    assert "'train'" in told
    assert "they look copied" in told


def test_copies_within_one_split_are_no_leak(tmp_path: Path) -> None:
    table = columns(2_000, 1, values=None, train=1_400)
    train = np.flatnonzero(table["part"] == "train")
    for name in ("f1", "f2"):
        table[name][train[:300]] = table[name][train[300:600]]
    assert found(tmp_path, table) == []


@pytest.mark.parametrize("name", ["message-triage", "severity-grading", "lead-priority", "risk-level"])
def test_no_recipe_copies_across_splits(tmp_path: Path, name: str) -> None:
    assert list(crossing_duplicates(opened_recipe(tmp_path, name, rows=4_000))) == []
