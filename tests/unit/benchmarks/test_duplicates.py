"""Items copied from one split to another are found; items that are alike by nature are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmark_folder import TABLE, changed, write_table
from recipes import opened_recipe

from evalharness.benchmarks import Benchmark, duplicates, open_benchmark
from evalharness.benchmarks.duplicates import _stated_copies, crossing_duplicates
from evalharness.benchmarks.families import FAMILIES

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


FAMILIES_THAT_REPEAT = ["message-triage", "severity-grading", "lead-priority", "risk-level"]


@pytest.mark.parametrize("name", FAMILIES_THAT_REPEAT)
def test_no_recipe_copies_across_splits(tmp_path: Path, name: str) -> None:
    assert list(crossing_duplicates(opened_recipe(tmp_path, name, rows=4_000), anew=FAMILIES[name].anew)) == []


@pytest.mark.parametrize("name", FAMILIES_THAT_REPEAT)
def test_what_a_recipe_copies_within_a_split_would_be_found_across_splits(tmp_path: Path, name: str) -> None:
    benchmark, family = opened_recipe(tmp_path / "recipe", name, rows=4_000), FAMILIES[name]
    table = pq.read_table(benchmark.path)
    splits = table.column("split").to_numpy(zero_copy_only=False)
    train, test = np.flatnonzero(splits == "train"), np.flatnonzero(splits == "test")
    of = np.arange(table.num_rows)
    of[test[:80]] = train[:80]
    for feature in (feature for feature in benchmark.info.features if feature not in family.anew):
        place = table.column_names.index(feature)
        table = table.set_column(place, feature, table.column(place).take(pa.array(of)))
    roles = {"id": "item_id", "label": "label", "cluster": benchmark.columns.cluster, "split": "split"}
    document = changed(DOCUMENT, "columns", {**roles, "features": list(benchmark.info.features)})
    labels = sorted(table.column("label").unique().to_pylist())
    answers = {"positive": labels[-1]} if benchmark.info.task != "ordinal" else {"levels": list(benchmark.info.levels)}
    document = {
        **changed(document, "positive", ...),
        **answers,
        "contains_content": True,
        "task": "ordinal" if "levels" in answers else "binary",
    }
    copied = open_benchmark(write_table(tmp_path / "copied", {n: table.column(n).combine_chunks() for n in table.column_names}, document))
    (told,) = crossing_duplicates(copied, anew=family.anew)
    assert "'test'" in told
    assert "'train'" in told


def test_copies_that_the_truth_states_across_splits_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    benchmark = opened_recipe(tmp_path, "severity-grading", rows=4_000)
    stated = {split: pa.concat_arrays(list(benchmark.truth(split, "copy_of"))).to_pylist() for split in benchmark.splits}
    assert any(stated["shifted"])
    stated["shifted"][-2:] = [next(iter(benchmark.batches("test"))).ids[0].as_py()] * 2
    monkeypatch.setattr(Benchmark, "truth", lambda _, split, __: iter([pa.array(stated[split])]))
    (told,) = _stated_copies(benchmark)
    assert "2 items of 'shifted' repeat an item of another split" in told


def test_of_many_rows_some_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "MOST_ROWS", 1_000)
    table = columns(2_000, 1, values=None, train=1_400)
    train, test = np.flatnonzero(table["part"] == "train"), np.flatnonzero(table["part"] == "test")
    for name in ("f1", "f2"):
        table[name][test[:400]] = table[name][train[:400]]
    (told,) = found(tmp_path, table)
    assert 150 < int(told.split(" of ")[1].split(" ")[0]) < 250
