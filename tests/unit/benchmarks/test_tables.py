"""Supplied tables: what is refused, all of it at once, with counts and first rows; what is read, and as what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmark_folder import COLUMNS, TABLE, changed, csv_bytes, write_table

from evalharness.benchmarks import open_benchmark
from evalharness.errors import BadInput

PARQUET = changed(TABLE, "table", "items.parquet")
LONG_TEXT = "one two three four five"


def with_column(name: str, values: Any) -> dict[str, Any]:
    return {**COLUMNS, name: values}


def told(folder: Path) -> str:
    with pytest.raises(BadInput) as caught:
        open_benchmark(folder)
    assert not (folder / "manifest.json").exists()
    return str(caught.value)


IN_BOTH: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "a missing column": ({k: v for k, v in COLUMNS.items() if k != "sex"}, ("'sex'", "column is missing")),
    "two missing columns": ({k: v for k, v in COLUMNS.items() if k not in {"sex", "part"}}, ("'sex'", "'part'")),
    "a repeated id": (with_column("item", list("abadeb")), ("earlier row: 2", "'a' in rows 1 and 3", "'b' in rows 2 and 6")),
    "ids that are all the same": (with_column("item", ["a"] * 6), ("earlier row: 5",)),
    "a null id": (with_column("item", ["a", None, "c", "d", None, "f"]), ("without an id: 2", "row 2")),
    "a null cluster": (with_column("case", ["k"] * 5 + [None]), ("without a cluster: 1", "row 6")),
    "a null split": (with_column("part", ["test"] * 5 + [None]), ("without a split: 1", "row 6")),
    "three labels": (with_column("y", [1, 0, 2, 1, 0, 1]), ("more than two labels", "0, 2", "'1'")),
    "no label at all": (with_column("y", [None] * 6), ("no row has a label",)),
    "a control character in an id": (with_column("item", ["a", "b\x1b[31m", "c", "d", "e", "f"]), ("cannot be shown", "row 2")),
    "a line break in an id": (with_column("item", ["a", "b\nc", "c", "d", "e", "f"]), ("cannot be shown",)),
    "direction marks in a level": (with_column("sex", ["F", "M\u202e", "F", "F", "F", "F"]), ("cannot be shown", "\\u202e")),
    "an id of 300 bytes": (with_column("item", ["a" * 300, "b", "c", "d", "e", "f"]), ("cannot be shown", "row 1")),
    "free text in a feature": (with_column("colour", ["red", LONG_TEXT, None, "x", "y", "z"]), ("free text", "1 values", "row 2")),
    "line breaks in a feature": (with_column("colour", ["a\nb"] * 6), ("free text", "6 values")),
    "a long value in a feature": (with_column("colour", ["x" * 65, "a", "b", "c", "d", "e"]), ("free text", "row 1")),
    "free text in a column without a role": (with_column("note", [LONG_TEXT] * 6), ("'note'", "free text")),
    "no row": ({name: [] for name in COLUMNS}, ("no rows",)),
}


@pytest.mark.parametrize("kind", [TABLE, PARQUET], ids=["csv", "parquet"])
@pytest.mark.parametrize("fault", IN_BOTH)
def test_a_fault_of_a_table_is_told_with_count_and_first_row(tmp_path: Path, fault: str, kind: dict[str, Any]) -> None:
    columns, words = IN_BOTH[fault]
    if kind is PARQUET:
        columns = {name: pa.array(v, pa.string()) if not v or all(x is None for x in v) else v for name, v in columns.items()}
    answer = told(write_table(tmp_path, columns, kind))
    for word in words:
        assert word in answer
    assert LONG_TEXT not in answer, "values that may be content are not repeated"


def test_all_faults_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    columns = {
        **COLUMNS,
        "item": ["a", None, "c", "d", "e", "f"],
        "y": [1, 0, 2, 1, 0, 1],
        "note": [LONG_TEXT] * 6,
        "case": [None, *"bcdef"],
    }
    folder = write_table(tmp_path, columns)
    with pytest.raises(BadInput) as caught:
        open_benchmark(folder)
    assert len(caught.value.problems) == 4
    assert "more than two labels" in str(caught.value)


IN_PARQUET: dict[str, tuple[Any, str, tuple[str, ...]]] = {
    "a column of bytes": (pa.array([b"x"] * 6), "blob", ("may hold content", "binary")),
    "a feature of bytes": (pa.array([b"x"] * 6), "colour", ("may hold content", "binary")),
    "a column of lists": (pa.array([["x"]] * 6), "nested", ("may hold content",)),
    "a group of fractions": ([0.5, 1.0, 2.0, 1.0, 1.0, 1.0], "sex", ("a group cannot be numbers that are not whole",)),
    "labels that are fractions": ([0.0, 1.0, 0.25, 1.0, 0.0, 1.0], "y", ("a label cannot be numbers that are not whole",)),
    "an id of dates": (pa.array([1, 2, 3, 4, 5, 6], pa.date32()), "item", ("an id cannot be", "date32")),
    "a group of infinities": ([float("inf")] * 6, "sex", ("not whole",)),
    "bytes that are not UTF-8 in an id": (
        pa.StringArray.from_buffers(6, pa.py_buffer(np.arange(7, dtype=np.int32)), pa.py_buffer(b"ab\xffdef")), "item", ("not UTF-8",),
    ),
    "bytes that are not UTF-8 in a feature": (
        pa.StringArray.from_buffers(6, pa.py_buffer(np.arange(7, dtype=np.int32)), pa.py_buffer(b"ab\xffdef")), "colour", ("not UTF-8",),
    ),
    "a feature of times": (pa.array([1, 2, 3, 4, 5, 6], pa.timestamp("s")), "f1", ("a feature cannot be", "timestamp")),
}  # fmt: skip


@pytest.mark.parametrize("fault", IN_PARQUET)
def test_a_column_of_the_wrong_type_is_told(tmp_path: Path, fault: str) -> None:
    values, name, words = IN_PARQUET[fault]
    answer = told(write_table(tmp_path, with_column(name, values), PARQUET))
    for word in (*words, f"'{name}'"):
        assert word in answer


def test_a_truncated_parquet_file_is_told(tmp_path: Path) -> None:
    folder = write_table(tmp_path, None, PARQUET)
    whole = (folder / "items.parquet").read_bytes()
    for kept in (0, 3, 100, len(whole) - 1):
        (folder / "items.parquet").write_bytes(whole[:kept])
        assert "cannot be read" in told(folder)


def test_a_parquet_file_damaged_inside_is_told(tmp_path: Path) -> None:
    folder = write_table(tmp_path, {**COLUMNS, "item": ["item" + c for c in "abcdef"]}, PARQUET)
    raw = bytearray((folder / "items.parquet").read_bytes())
    raw[4:200] = b"\xff" * 196
    (folder / "items.parquet").write_bytes(raw)
    assert "cannot be read" in told(folder)


def test_two_parquet_columns_of_one_name_are_told(tmp_path: Path) -> None:
    folder = write_table(tmp_path, None, PARQUET)
    pq.write_table(pa.table([pa.array([1]), pa.array([2])], names=["item", "item"]), folder / "items.parquet")
    assert "same name" in told(folder)


HEADER = b"item,y,sex,case,part,f1,colour\n"

CSV: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "an empty file": (b"", ("empty",)),
    "only a header": (HEADER + b"", ("no rows",)),
    "ragged rows": (
        HEADER + b"a,1,F\nb,1,F,k,test,1,red\nc,0,F,k,test,1,red,x\n",
        ("items.csv:2", "items.csv:4", "got: 3", "got: 8"),
    ),
    "an empty line": (HEADER + b"\na,1,F,k,test,1,red\n", ("without an id: 1", "row 1")),
    "bytes that are not UTF-8": (HEADER + b"a,1,F,k,test,1,red\nb,1,\xff,k,test,1,red\n", ("not UTF-8", "items.csv:3")),
    "UTF-16": (csv_bytes(COLUMNS).decode().encode("utf-16"), ("not UTF-8",)),
    "a quote that never closes": (HEADER + b'a,1,"F,k,test,1,red\n', ("unexpected end",)),
    "a column without a name": (b"item,y,,case,part,f1,colour\n", ("no name",)),
    "a column named twice": (b"item,y,sex,sex,case,part,f1,colour\n", ("same name",)),
    "semicolons": (csv_bytes(COLUMNS).replace(b'"', b"").replace(b",", b";"), ("column is missing",)),
}  # fmt: skip


@pytest.mark.parametrize("fault", CSV)
def test_a_csv_file_that_is_not_strict_is_told(tmp_path: Path, fault: str) -> None:
    raw, words = CSV[fault]
    folder = write_table(tmp_path)
    (folder / "items.csv").write_bytes(raw)
    answer = told(folder)
    for word in words:
        assert word in answer


def test_a_misspelt_column_gets_a_suggestion(tmp_path: Path) -> None:
    assert "did you mean 'sex'?" in told(write_table(tmp_path, None, changed(TABLE, "columns.groups", ["sexx"])))


def test_content_is_accepted_where_the_benchmark_says_so(tmp_path: Path) -> None:
    columns = {**COLUMNS, "colour": [LONG_TEXT] * 6, "blob": pa.array([b"x"] * 6)}
    benchmark = open_benchmark(write_table(tmp_path, columns, {**PARQUET, "contains_content": True}))
    assert benchmark.info.contains_content


def test_ids_of_more_than_200_levels_are_no_group(tmp_path: Path) -> None:
    rows = 300
    columns: dict[str, Any] = {"item": list(range(rows)), "y": [0, 1] * 150, "sex": [f"s{i}" for i in range(rows)]}
    document = changed(TABLE, "columns", {"id": "item", "label": "y", "groups": ["sex"]})
    assert "more than 200 different values" in told(write_table(tmp_path, columns, document))


@pytest.mark.parametrize("kind", [TABLE, PARQUET], ids=["csv", "parquet"])
def test_markup_in_ids_and_levels_is_kept_as_it_is(tmp_path: Path, kind: dict[str, Any]) -> None:
    columns = {**COLUMNS, "sex": ["<script>alert(1)</script>", "M", None, "F", "F", "é"]}
    benchmark = open_benchmark(write_table(tmp_path, columns, kind))
    assert benchmark.levels("test") == {"sex": ("(missing)", "F", "é")}
    assert benchmark.levels("train") == {"sex": ("<script>alert(1)</script>", "M")}


def test_one_row_one_class_and_one_group_open(tmp_path: Path) -> None:
    document = changed(TABLE, "columns", {"id": "item", "label": "y", "groups": ["sex"]})
    benchmark = open_benchmark(write_table(tmp_path, {"item": ["a"], "y": [1], "sex": ["F"]}, document))
    assert (benchmark.rows_in("test"), benchmark.info.negative, benchmark.info.clustered) == (1, "", False)
    assert benchmark.contiguous_clusters


@pytest.mark.parametrize(
    ("labels", "positive"),
    [
        ([True, False, None, True], True),
        ([1, 0, None, 1], 1),
        ([1.0, 0.0, None, 1.0], 1),
        (["yes", "no", None, "yes"], "yes"),
        (pa.array(["yes", "no", None, "yes"]).dictionary_encode(), "yes"),
        (pa.array([1, 0, None, 1], pa.int8()), "1"),
        (pa.array(["yes", "no", None, "yes"], pa.large_string()), "yes"),
    ],
)
def test_labels_of_any_storage_become_text_by_the_stated_rule(tmp_path: Path, labels: Any, positive: Any) -> None:
    document = {**changed(PARQUET, "columns", {"id": "item", "label": "y"}), "positive": positive}
    benchmark = open_benchmark(write_table(tmp_path, {"item": [10, 20, 30, 40], "y": labels}, document))
    (batch,) = benchmark.batches("test", columns=frozenset({"ids", "labels"}))
    assert batch.labels is not None
    assert batch.ids is not None
    assert batch.labels.tolist() == [1, 0, -1, 1]
    assert batch.ids.to_pylist() == ["10", "20", "30", "40"]
    assert batch.groups is None
    assert batch.features is None


@pytest.mark.parametrize("kind", [TABLE, PARQUET], ids=["csv", "parquet"])
def test_features_are_numbers_where_every_value_is_one_and_text_otherwise(tmp_path: Path, kind: dict[str, Any]) -> None:
    benchmark = open_benchmark(write_table(tmp_path, None, kind))
    (batch,) = benchmark.batches("test", columns=frozenset({"features"}))
    assert batch.features is not None
    assert batch.features.to_pydict() == {"f1": [None, -2.0, 1e300, 0.0], "colour": ["red", None, "red", "blue"]}
    assert str(batch.features.schema.field("f1").type) == "double"


@pytest.mark.parametrize("value", ["nan", "inf", "1,5", "0x10", "1_000", "1e999", "NA"])
def test_a_csv_feature_with_one_value_that_is_no_finite_number_is_text(tmp_path: Path, value: str) -> None:
    benchmark = open_benchmark(write_table(tmp_path, {**COLUMNS, "f1": ["1", "2", value, "4", "5", "6"]}))
    (batch,) = benchmark.batches("test", columns=frozenset({"features"}))
    assert batch.features is not None
    assert batch.features.column("f1").to_pylist() == [value, "4", "5", "6"]
