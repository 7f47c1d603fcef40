"""`verify_benchmark` finds every disagreement with a manifest, and clusters that leak between splits."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmark_folder import COLUMNS, RECIPE, TABLE, changed, write_recipe, write_table

from evalharness.benchmarks import open_benchmark
from evalharness.benchmarks.declaration import read_declaration
from evalharness.benchmarks.describe import describe_benchmark
from evalharness.benchmarks.stored_data import generated_data
from evalharness.benchmarks.verifying import verify_benchmark
from evalharness.files.manifest import benchmark_digest_of_manifest

NO_LEAK = {**COLUMNS, "case": ["k1", "k1", "k2", "k3", "k2", "k4"]}


def recipe(folder: Path) -> Path:
    """A recipe with its data and its committed manifest."""
    write_recipe(folder)
    open_benchmark(folder)
    (folder / "manifest.json").write_bytes((folder / "data" / "7-3000" / "manifest.json").read_bytes())
    return folder


def test_what_agrees_has_no_problem(tmp_path: Path) -> None:
    assert verify_benchmark(recipe(tmp_path / "recipe")) == ()
    table = write_table(tmp_path / "table", NO_LEAK)
    open_benchmark(table)
    assert verify_benchmark(table) == ()


def test_absent_data_is_made_and_compared_with_the_committed_manifest(tmp_path: Path) -> None:
    first = recipe(tmp_path / "first")
    second = write_recipe(tmp_path / "second")
    (second / "manifest.json").write_bytes((first / "manifest.json").read_bytes())
    assert verify_benchmark(second) == ()


@pytest.mark.parametrize("column", ["tokens", "label", "sex", "conversation_id", "item_id"])
def test_an_edit_of_any_column_is_named(tmp_path: Path, column: str) -> None:
    folder = recipe(tmp_path)
    path = folder / "data" / "7-3000" / "items.parquet"
    table = pq.read_table(path)
    values = table.column(column).to_pylist()
    other = next(i for i, value in enumerate(values) if value != values[0])
    values[0], values[other] = values[other], values[0]
    pq.write_table(table.set_column(table.column_names.index(column), column, pa.array(values)), path)
    problems = verify_benchmark(folder)
    assert any(f"'{column}'" in problem for problem in problems)


def test_an_edit_of_the_truth_is_named(tmp_path: Path) -> None:
    folder = recipe(tmp_path)
    path = folder / "data" / "7-3000" / "truth" / "items.parquet"
    table = pq.read_table(path)
    pq.write_table(table.set_column(1, "posterior", pa.array([0.5] * table.num_rows)), path)
    assert [problem for problem in verify_benchmark(folder) if "posterior" in problem]


FILES = ["items.parquet", "truth/items.parquet", "truth/annotators.parquet"]


@pytest.mark.parametrize("name", [*FILES, "manifest.json", "CHECKSUMS"])
def test_a_file_that_is_gone_is_named_and_nothing_is_made_in_its_place(tmp_path: Path, name: str) -> None:
    folder = recipe(tmp_path)
    path = folder / "data" / "7-3000" / name
    path.unlink()
    (problem,) = verify_benchmark(folder)
    assert f"{path} is missing" in problem
    assert not path.exists()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("left", [0.0, 0.5, 0.999])
def test_a_file_that_is_cut_short_is_named(tmp_path: Path, name: str, left: float) -> None:
    folder = recipe(tmp_path)
    path = folder / "data" / "7-3000" / name
    whole = path.read_bytes()
    path.write_bytes(whole[: int(left * len(whole))])
    problems = verify_benchmark(folder)
    assert f"{path}: its bytes are not those that CHECKSUMS lists" in problems
    assert any("cannot be read" in problem for problem in problems)


def test_checksums_that_were_edited_are_named(tmp_path: Path) -> None:
    folder = recipe(tmp_path)
    path = folder / "data" / "7-3000" / "CHECKSUMS"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[1:], "0" * 64 + "  " + lines[0][66:], "nonsense"]))
    assert any(lines[0][66:] in problem for problem in verify_benchmark(folder))
    path.write_text("\n".join(lines[1:]))
    assert any(f"does not list {lines[0][66:]}" in problem for problem in verify_benchmark(folder))


def test_checksums_are_those_of_sha256sum(tmp_path: Path) -> None:
    folder = recipe(tmp_path)
    answer = subprocess.run(["sha256sum", "-c", "CHECKSUMS"], cwd=folder / "data" / "7-3000", capture_output=True, text=True, check=True)
    assert "truth/items.parquet: OK" in answer.stdout


@pytest.mark.parametrize("column", ["rater_1", "item_id"])
def test_an_edit_of_a_further_table_is_named(tmp_path: Path, column: str) -> None:
    folder = recipe(tmp_path)
    path = folder / "data" / "7-3000" / "truth" / "annotators.parquet"
    table = pq.read_table(path)
    values = table.column(column).to_pylist()
    values.reverse()
    pq.write_table(table.set_column(table.column_names.index(column), column, pa.array(values)), path)
    assert any(f"annotators.parquet: the content of the column '{column}'" in problem for problem in verify_benchmark(folder))


def test_an_edit_of_the_committed_manifest_is_named(tmp_path: Path) -> None:
    folder = recipe(tmp_path)
    path = folder / "manifest.json"
    document = json.loads(path.read_text())
    document["columns"][1]["digest"] = "sha256:" + "0" * 64
    path.write_text(json.dumps(document))
    assert any("digest" in problem for problem in verify_benchmark(folder))


def test_splits_edited_in_the_committed_manifest_are_named(tmp_path: Path) -> None:
    folder = recipe(tmp_path)
    path = folder / "manifest.json"
    document = json.loads(path.read_text())
    document["splits"][0]["rows"] += 1
    path.write_text(json.dumps(document))
    assert any("splits" in problem for problem in verify_benchmark(folder))


def files_under(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("at", "value"), [("generate.prevalence", 0.11), ("generate.rows", 4_000)])
def test_of_an_edited_recipe_one_problem_is_told_and_nothing_is_made(tmp_path: Path, at: str, value: float) -> None:
    folder = recipe(tmp_path)
    write_recipe(folder, changed(RECIPE, at, value))
    before = files_under(folder)
    (problem,) = verify_benchmark(folder)
    assert problem.startswith(f"{folder / 'benchmark.yaml'}: it is not the one that manifest.json was made from")
    assert f"`evalharness benchmark generate {folder}`" in problem
    assert files_under(folder) == before


def test_of_data_that_an_edited_recipe_made_a_few_differences_are_told(tmp_path: Path) -> None:
    folder = recipe(tmp_path)
    write_recipe(folder, changed(RECIPE, "generate.rows", 4_000))
    generated_data(read_declaration(folder))
    first, *details, more = verify_benchmark(folder)
    assert "not the one that manifest.json was made from" in first
    assert details[0] == f"{folder / 'manifest.json'}: it says 3000 rows, there are 4000"
    assert len(details) == 3
    assert more.endswith("more differences from it follow from that")
    (folder / "data" / "7-4000" / "truth" / "notes.txt").write_text("mine")
    assert any("does not list truth/notes.txt" in problem for problem in verify_benchmark(folder)), "faults of the data itself are all told"


def test_of_an_edited_declaration_of_a_table_a_few_differences_are_told(tmp_path: Path) -> None:
    folder = write_table(tmp_path, NO_LEAK)
    open_benchmark(folder)
    write_table(folder, {**{name: [] if name == "y" else values[:5] for name, values in NO_LEAK.items()}, "y": [0, 1, 1, 0, None]},
                changed(TABLE, "version", 2))  # fmt: skip
    problems = verify_benchmark(folder)
    assert "not the one that manifest.json was made from" in problems[0]
    assert len(problems) == 5


@pytest.mark.parametrize(("key", "value"), [("seed", 8), ("generator", {"family": "message-triage", "version": 1})])
def test_an_edit_that_the_digest_of_a_manifest_does_not_cover_is_named(tmp_path: Path, key: str, value: object) -> None:
    folder = recipe(tmp_path)
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
    assert verify_benchmark(folder) == (f"{path}: it states another seed or another generator than the recipe's",)


def test_rows_that_the_caller_asked_for_are_not_compared_with_the_committed_manifest(tmp_path: Path) -> None:
    folder = recipe(tmp_path)
    assert verify_benchmark(folder, rows=2_000) == ()
    assert verify_benchmark(folder, seed=8) == ()
    write_recipe(folder, changed(RECIPE, "generate.prevalence", 0.11))
    (problem,) = verify_benchmark(folder, rows=2_000)
    assert problem.startswith(f"{folder / 'benchmark.yaml'}: it is not the one that manifest.json was made from")


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_what_is_no_manifest_is_named(tmp_path: Path, committed: bool, text: str) -> None:
    folder = recipe(tmp_path)
    path = folder / "manifest.json" if committed else folder / "data" / "7-3000" / "manifest.json"
    path.write_text(text)
    assert any(str(path) in problem and "manifest" in problem for problem in verify_benchmark(folder))


@pytest.mark.parametrize("resealed", [False, True])
def test_an_edit_of_the_manifest_of_the_data_is_named_and_nothing_is_made_again(tmp_path: Path, resealed: bool) -> None:
    folder = recipe(tmp_path)
    path = folder / "data" / "7-3000" / "manifest.json"
    document = json.loads(path.read_text())
    document["rows"] = 3_001
    if resealed:
        document["digest"] = benchmark_digest_of_manifest(document)
    path.write_text(json.dumps(document))
    problems = verify_benchmark(folder)
    assert f"{path}: its bytes are not those that CHECKSUMS lists" in problems
    assert any("the manifest was altered" in problem for problem in problems) is not resealed
    assert json.loads(path.read_text()) == document


@pytest.mark.parametrize("name", ["more.parquet", "truth/notes.txt", "own/notes.txt"])
def test_a_file_that_is_not_listed_is_named(tmp_path: Path, name: str) -> None:
    folder = recipe(tmp_path)
    path = folder / "data" / "7-3000" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("more")
    (problem,) = verify_benchmark(folder)
    assert problem == f"{folder / 'data' / '7-3000' / 'CHECKSUMS'}: it does not list {name}"


def test_a_missing_committed_manifest_is_named(tmp_path: Path) -> None:
    assert any("does not exist" in problem for problem in verify_benchmark(write_recipe(tmp_path)))


def test_clusters_in_two_splits_are_counted(tmp_path: Path) -> None:
    folder = write_table(tmp_path, {**COLUMNS, "case": ["k1", "k2", "k2", "k1", "k3", "k4"]})
    open_benchmark(folder)
    (problem,) = verify_benchmark(folder)
    assert "2 clusters" in problem
    assert "'test' and 'train'" in problem


def test_generated_conversations_never_leak(tmp_path: Path) -> None:
    benchmark = open_benchmark(write_recipe(tmp_path))
    seen: dict[str, set[str]] = {}
    for split in benchmark.splits:
        clusters = (batch.clusters for batch in benchmark.batches(split, columns=frozenset({"clusters"})))
        seen[split] = {name for array in clusters if array is not None for name in array.to_pylist()}
    assert not seen["train"] & seen["test"]
    assert not seen["train"] & seen["calibration"]
    assert not seen["calibration"] & seen["test"]


def test_a_description_says_what_the_data_holds(tmp_path: Path) -> None:
    described = describe_benchmark(recipe(tmp_path))
    assert json.loads(json.dumps(described)) == described
    assert described["digest"] == described["committed_digest"]
    assert [split["rows"] for split in described["splits"]] == [600, 600, 1_800]
    test = described["splits"][2]
    assert test["prevalence"] == round(test["positives"] / 1_800, 6)
    assert sum(described["groups"]["test"]["ethnicity"].values()) == 1_800
    assert described["dials"]["prevalence"] == 0.1
    recalls = [point["recall"] for point in described["best_attainable"]["test"]["everyone"]]
    assert recalls == sorted(recalls)
    assert 0 < recalls[0] < recalls[-1] < 1


def test_a_description_without_data_generates_nothing(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    described = describe_benchmark(folder, rows=2_000)
    assert described["data"] == "not generated here"
    assert [split["rows"] for split in described["splits"]] == [400, 400, 1_200]
    assert not (folder / "data").exists()


def test_a_description_leaves_data_of_another_recipe_as_it_is(tmp_path: Path) -> None:
    folder = recipe(tmp_path)
    write_recipe(folder, changed(RECIPE, "generate.prevalence", 0.11))
    data = folder / "data" / "7-3000"
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    heard: list[str] = []
    described = describe_benchmark(folder, notice=heard.append)
    assert described["data"] == "of another recipe, or incomplete"
    assert "digest" not in described
    assert heard == []
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


def test_a_description_of_a_supplied_table_says_what_is_not_stated(tmp_path: Path) -> None:
    described = describe_benchmark(write_table(tmp_path))
    assert described["kind"] == "supplied table"
    assert "rehearsal" in described["sampling"]
    assert described["splits"][1] == {"name": "test", "rows": 4, "labelled": 3, "positives": 2, "prevalence": 0.666667, "clusters": 3}
