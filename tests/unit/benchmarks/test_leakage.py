"""Clusters and entities in two splits, and features that tell the label, are named; what only looks like it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmark_folder import TABLE, changed, write_table

from evalharness.benchmarks.declaration import read_declaration
from evalharness.benchmarks.leakage import leaks
from evalharness.benchmarks.tables import open_table

ROWS = 200
_RNG = np.random.default_rng(3)
_Y = _RNG.integers(0, 2, ROWS)
COLUMNS: dict[str, list[Any]] = {
    "item": [f"i{i:03}" for i in range(ROWS)],
    "y": _Y.tolist(),
    "sex": _RNG.choice(["F", "M"], ROWS).tolist(),
    "case": [f"k{i // 2:03}" for i in range(ROWS)],
    "part": ["train"] * 100 + ["test"] * 100,
    "f1": _RNG.normal(size=ROWS).round(3).tolist(),
    "colour": _RNG.choice(["red", "blue"], ROWS).tolist(),
}
PARQUET = changed(TABLE, "table", "items.parquet")


def found(folder: Path, columns: dict[str, list[Any]], document: dict[str, Any] = TABLE) -> list[str]:
    declaration = read_declaration(write_table(folder, columns, document))
    assert declaration.table is not None
    return list(leaks(declaration, open_table(declaration.table)))


@pytest.mark.parametrize("document", [TABLE, PARQUET], ids=["csv", "parquet"])
def test_a_sound_table_leaks_nothing(tmp_path: Path, document: dict[str, Any]) -> None:
    assert found(tmp_path, COLUMNS, document) == []


def test_clusters_in_two_splits_are_counted(tmp_path: Path) -> None:
    (told,) = found(tmp_path, {**COLUMNS, "case": [f"k{i % 90:03}" for i in range(ROWS)]})
    assert "90 clusters ('case') have rows in both 'test' and 'train'" in told
    assert "items.csv" in told


TELLING: dict[str, list[Any]] = {
    "the label itself": _Y.tolist(),
    "the label in other words": [{0: "blue", 1: "red"}[y] for y in _Y.tolist()],
    "the label as a number": [{0: -1.5, 1: 7.0}[y] for y in _Y.tolist()],
    "a value only where the label is positive": [{0: None, 1: "x"}[y] for y in _Y.tolist()],
}


@pytest.mark.parametrize("kind", TELLING)
@pytest.mark.parametrize("document", [TABLE, PARQUET], ids=["csv", "parquet"])
def test_a_feature_that_tells_the_label_is_named(tmp_path: Path, kind: str, document: dict[str, Any]) -> None:
    (told,) = found(tmp_path, {**COLUMNS, "colour": TELLING[kind]}, document)
    assert "'colour'" in told
    assert f"every one of {ROWS} rows" in told


def test_a_feature_that_fails_once_tells_nothing(tmp_path: Path) -> None:
    values = TELLING["the label in other words"]
    values = [*values[:-1], {"red": "blue", "blue": "red"}[values[-1]]]
    assert found(tmp_path, {**COLUMNS, "colour": values}) == []


def test_a_constant_or_an_own_value_for_each_row_tells_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, {**COLUMNS, "colour": ["red"] * ROWS, "f1": list(range(ROWS))}) == []


def test_few_rows_convict_nobody(tmp_path: Path) -> None:
    few = {name: values[95:105] for name, values in {**COLUMNS, "colour": TELLING["the label in other words"]}.items()}
    assert found(tmp_path, few) == []


def test_levels_that_no_row_has_hide_nothing(tmp_path: Path) -> None:
    declaration = read_declaration(write_table(tmp_path, COLUMNS, PARQUET))
    assert declaration.table is not None
    table = pq.read_table(declaration.table)
    colours = pa.DictionaryArray.from_arrays(pa.array(_Y.tolist(), pa.int8()), pa.array(["blue", "red", "green", "grey"]))
    pq.write_table(table.set_column(table.column_names.index("colour"), "colour", colours), declaration.table)
    (told,) = leaks(declaration, open_table(declaration.table))
    assert "'colour' tells the label" in told


UNLABELLED = [None if i % 5 == 0 else y for i, y in enumerate(_Y.tolist())]


def test_other_values_of_rows_without_label_hide_nothing(tmp_path: Path) -> None:
    values = [f"own {i}" if y is None else str(y) for i, y in enumerate(UNLABELLED)]
    (told,) = found(tmp_path, {**COLUMNS, "y": UNLABELLED, "colour": values}, PARQUET)
    assert "every one of 160 rows" in told


@pytest.mark.parametrize("nothing", [None, float("nan")])
@pytest.mark.parametrize("of", [{0, 1}, {1}])
def test_a_feature_that_tells_the_label_wherever_it_has_a_value_is_named(tmp_path: Path, nothing: float | None, of: set[int]) -> None:
    values = [nothing if y in of and i % 4 == 0 else 3.0 - 0.5 * y for i, y in enumerate(_Y.tolist())]
    (told,) = found(tmp_path, {**COLUMNS, "f1": values}, PARQUET)
    assert "'f1'" in told
    assert told.endswith("rows that have a value")


def test_a_boolean_that_tells_the_label_is_named(tmp_path: Path) -> None:
    (told,) = found(tmp_path, {**COLUMNS, "colour": [y == 0 for y in _Y.tolist()]}, PARQUET)
    assert "'colour'" in told


def test_a_value_that_stands_seldom_and_by_luck_goes_with_the_label_tells_nothing(tmp_path: Path) -> None:
    first = _Y.tolist().index(1)
    seldom = [0] * ROWS
    seldom[first] = 1
    assert found(tmp_path, {**COLUMNS, "y": seldom, "colour": ["red" if i == first else "blue" for i in range(ROWS)]}) == []


LINKAGE: dict[str, Any] = {
    "schema": "evalharness/benchmark/v1",
    "name": "records",
    "version": 1,
    "task": "linkage",
    "table": "items.csv",
    "pairs": "pairs.csv",
    "columns": {"id": "item", "entity": "case", "features": ["f1", "colour"], "split": "part"},
}


def test_entities_in_two_splits_and_a_feature_that_is_the_entity_are_named(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("left_id,right_id\ni000,i001\n")
    assert found(tmp_path, COLUMNS, LINKAGE) == []
    leaking = {**COLUMNS, "case": [f"k{i % 90:03}" for i in range(ROWS)], "colour": [f"k{i % 90:03}" for i in range(ROWS)]}
    first, second = found(tmp_path, leaking, LINKAGE)
    assert "90 entities ('case')" in first
    assert "'colour' tells the entity" in second


@pytest.mark.parametrize("document", [LINKAGE, changed(LINKAGE, "table", "items.parquet")], ids=["csv", "parquet"])
@pytest.mark.parametrize("other", [lambda n: f"v{n * 7 % 101}", lambda n: n + 0.5, lambda n: None if n % 10 == 0 else f"k{n:03}"])
def test_a_feature_that_is_the_entity_under_another_name_is_named(tmp_path: Path, document: dict[str, Any], other: Any) -> None:
    (tmp_path / "pairs.csv").write_text("left_id,right_id\ni000,i001\n")
    (told,) = found(tmp_path, {**COLUMNS, "colour": [other(i // 2) for i in range(ROWS)]}, document)
    assert "'colour' tells the entity" in told


def test_a_feature_that_errs_once_or_has_an_own_value_for_each_record_is_not_the_entity(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("left_id,right_id\ni000,i001\n")
    once = [f"v{i // 2}" for i in range(ROWS)]
    assert found(tmp_path, {**COLUMNS, "colour": [*once[:-1], "other"], "f1": list(range(ROWS))}, LINKAGE) == []
