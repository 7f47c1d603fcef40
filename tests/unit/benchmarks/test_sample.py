"""A sample is the beginning of the data that `generate` makes, table by table, and small."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from benchmark_folder import write_recipe, write_table
from recipes import recipe_folder

from evalharness.benchmarks import open_benchmark
from evalharness.benchmarks.declaration import read_declaration, with_overrides
from evalharness.benchmarks.sample import ROWS, write_sample
from evalharness.errors import BadInput


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_sample_holds_the_first_rows_of_each_split(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path / "recipe")
    written = write_sample(read_declaration(folder), tmp_path / "sample", rows=30)
    open_benchmark(folder)
    data = folder / "data" / "7-3000"
    for file in ("items", "truth/items"):
        stored = pq.read_table(data / f"{file}.parquet").to_pylist()
        taken = rows_of(tmp_path / "sample" / f"{file}.csv")
        assert written[f"{file}.csv"] == len(taken) == 30
        expected = [*stored[:10], *stored[600:610], *stored[1_200:1_210]]
        assert taken == [{name: "" if value is None else str(value) for name, value in row.items()} for row in expected]


@pytest.mark.parametrize("name", ["message-triage", "severity-grading", "lead-priority", "risk-level", "case-linkage"])
def test_every_recipe_has_a_small_sample_of_every_table_that_says_what_it_is(tmp_path: Path, name: str) -> None:
    folder = recipe_folder(tmp_path / "recipe", name)
    declaration = with_overrides(read_declaration(folder), rows=200_000, seed=1)
    assert declaration.family is not None
    written = write_sample(declaration, tmp_path / "sample")
    found = {path.relative_to(tmp_path / "sample").as_posix() for path in (tmp_path / "sample").rglob("*") if path.is_file()}
    assert found == {*written, "README.md"}
    tables = {("truth/" if table.secret else "") + f"{table.name}.csv" for table in declaration.family.tables(declaration.dials)}
    assert {*tables, "items.csv", "truth/items.csv"} == set(written)
    assert written["items.csv"] == ROWS
    assert all((tmp_path / "sample" / file).stat().st_size < 1_000_000 for file in found)
    readme = (tmp_path / "sample" / "README.md").read_text()
    assert "A beginning of the data" in readme
    assert f"`items.csv`: {ROWS} rows" in readme


def test_a_sample_is_never_written_over_something(tmp_path: Path) -> None:
    declaration = read_declaration(write_recipe(tmp_path / "recipe"))
    write_sample(declaration, tmp_path / "sample")
    with pytest.raises(BadInput, match="not empty"):
        write_sample(declaration, tmp_path / "sample")


@pytest.mark.parametrize("rows", [-1, 0, 2, 10_001])
def test_a_number_of_rows_that_cannot_be_is_bad_input(tmp_path: Path, rows: int) -> None:
    with pytest.raises(BadInput, match="--rows"):
        write_sample(read_declaration(write_recipe(tmp_path / "recipe")), tmp_path / "sample", rows)
    assert not (tmp_path / "sample").exists()


def test_a_supplied_table_has_no_sample(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="supplied table"):
        write_sample(read_declaration(write_table(tmp_path / "table")), tmp_path / "sample")
