"""Cluster names that look alike are told of; names that differ to the eye are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmark_folder import TABLE, changed, write_table

from evalharness.benchmarks.declaration import read_declaration
from evalharness.benchmarks.named_alike import clusters_named_alike
from evalharness.benchmarks.tables import open_table
from evalharness.benchmarks.verifying import verify_benchmark

ROWS = 12
DOCUMENT = changed(TABLE, "table", "items.parquet")


def folder_of(place: Path, cases: list[str]) -> Path:
    columns = {
        "item": [f"i{n:03}" for n in range(ROWS)],
        "y": [n % 2 for n in range(ROWS)],
        "sex": ["F", "M"] * (ROWS // 2),
        "case": [cases[n * len(cases) // ROWS] for n in range(ROWS)],
        "part": ["test"] * ROWS,
        "f1": [n / 10 for n in range(ROWS)],
        "colour": ["red"] * ROWS,
    }
    return write_table(place, columns, DOCUMENT)


def told(place: Path, cases: list[str]) -> str:
    declaration = read_declaration(folder_of(place, cases))
    assert declaration.table is not None
    return clusters_named_alike(declaration, open_table(declaration.table))


@pytest.mark.parametrize(
    ("one", "other"),
    [("case 1", "case 1 "), ("Case-A", "case-a"), ("caf\u00e9", "cafe\u0301"), ("a1", "a\u200b1"), ("7", "007"), ("x\u00a0y", "x y")],
)
def test_names_that_look_alike_are_told(tmp_path: Path, one: str, other: str) -> None:
    text = told(tmp_path, [one, "another", other])
    assert "column 'case': 1 cluster has the name of another" in text
    assert "every bound is too tight" in text


@pytest.mark.parametrize("cases", [["a1", "a2", "b1"], ["10", "1", "100"], ["0", "00a", "0a"], ["k1", "k1", "k2"]])
def test_names_that_differ_are_not(tmp_path: Path, cases: list[str]) -> None:
    assert told(tmp_path, cases) == ""


def test_verify_says_so_and_goes_on(tmp_path: Path) -> None:
    heard: list[str] = []
    folder = folder_of(tmp_path, ["k1", "K1", "k2"])
    verify_benchmark(folder, notice=heard.append)
    assert sum("for instance 'k1' and 'K1'" in text for text in heard) == 1
