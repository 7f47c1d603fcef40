"""Opening a benchmark: batches, levels, splits in any order, clusters, manifests, and what the caller is told."""

from __future__ import annotations

import json
import random
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmark_folder import COLUMNS, RECIPE, TABLE, changed, write_recipe, write_table

from evalharness.benchmarks import Benchmark, find_benchmark, open_benchmark
from evalharness.benchmarks.stored_data import generated_data
from evalharness.errors import BadInput
from evalharness.files.manifest import read_manifest

PARQUET = changed(TABLE, "table", "items.parquet")
ALL = frozenset({"ids", "labels", "groups", "clusters", "features"})


def rows_of(benchmark: Benchmark, split: str, size: int) -> Iterator[tuple[Any, ...]]:
    """(id, label, level of each attribute ..., cluster) of each row."""
    levels = benchmark.levels(split)
    expected_start = 0
    for batch in benchmark.batches(split, columns=frozenset({"ids", "labels", "groups", "clusters"}), batch_rows=size):
        assert batch.start == expected_start
        assert batch.rows <= size
        assert batch.ids is not None
        assert batch.labels is not None
        assert batch.groups is not None
        expected_start += batch.rows
        clusters = [None] * batch.rows if batch.clusters is None else batch.clusters.to_pylist()
        groups = [[levels[a][code] for code in codes] for a, codes in batch.groups.items()]
        yield from zip(batch.ids.to_pylist(), batch.labels.tolist(), *groups, clusters, strict=True)
    assert expected_start == benchmark.rows_in(split)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize("kind", [TABLE, PARQUET], ids=["csv", "parquet"])
def test_batches_of_any_size_hold_the_rows_of_the_split_in_stored_order(tmp_path: Path, kind: dict[str, Any], size: int) -> None:
    benchmark = open_benchmark(write_table(tmp_path, None, kind))
    assert list(rows_of(benchmark, "train", size)) == [("a", 1, "F", "k1"), ("b", 0, "M", "k1")]
    assert list(rows_of(benchmark, "test", size)) == [
        ("c", 0, "(missing)", "k2"), ("d", 1, "F", "k3"), ("e", -1, "F", "k2"), ("f", 1, "M", "k4"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [TABLE, PARQUET], ids=["csv", "parquet"])
def test_rows_in_any_order_are_the_same_rows(tmp_path: Path, kind: dict[str, Any]) -> None:
    rows = 500
    number = random.Random(3)
    columns: dict[str, list[Any]] = {
        "item": [f"i{n}" for n in range(rows)],
        "y": [number.randrange(2) for _ in range(rows)],
        "sex": [number.choice(["F", "M"]) for _ in range(rows)],
        "case": [f"k{n // 3}" for n in range(rows)],
        "part": [number.choice(["train", "test"]) for _ in range(rows)],
        "f1": [n / 2 for n in range(rows)],
        "colour": ["red"] * rows,
    }
    order = number.sample(range(rows), rows)
    shuffled = {name: [values[i] for i in order] for name, values in columns.items()}
    straight = open_benchmark(write_table(tmp_path / "straight", columns, kind))
    mixed = open_benchmark(write_table(tmp_path / "mixed", shuffled, kind))
    for split in ("train", "test"):
        assert set(rows_of(straight, split, 7)) == set(rows_of(mixed, split, 11))
        assert [r[0] for r in rows_of(mixed, split, 11)] == [columns["item"][i] for i in order if columns["part"][i] == split]
    assert straight.contiguous_clusters
    assert not mixed.contiguous_clusters
    assert straight.info.digest != mixed.info.digest


def test_clusters_that_do_not_ascend_are_contiguous_when_each_is_one_run(tmp_path: Path) -> None:
    document = changed(TABLE, "columns", {"id": "item", "label": "y", "cluster": "case"})
    items: dict[str, Any] = {"item": list("fbdeac"), "y": [0, 1, 0, 1, 0, 1]}
    runs = open_benchmark(write_table(tmp_path / "runs", {**items, "case": ["z", "z", "a", "m", "m", "b"]}, document))
    pieces = open_benchmark(write_table(tmp_path / "pieces", {**items, "case": ["z", "a", "z", "m", "m", "b"]}, document))
    assert runs.contiguous_clusters
    assert runs.facts("test").clusters == 4
    assert not pieces.contiguous_clusters
    assert pieces.facts("test").clusters == 4


def test_a_cluster_that_is_cut_only_by_rows_of_another_split_is_one_run(tmp_path: Path) -> None:
    columns = {**COLUMNS, "case": ["k1", "k1", "k2", "k2", "k2", "k3"], "part": ["test", "train", "test", "train", "test", "test"]}
    benchmark = open_benchmark(write_table(tmp_path, columns))
    assert benchmark.contiguous_clusters
    assert [r[0] for r in rows_of(benchmark, "test", 2)] == ["a", "c", "e", "f"]


def test_ids_of_other_splits_are_those_of_the_other_rows(tmp_path: Path) -> None:
    benchmark = open_benchmark(write_table(tmp_path))
    assert [i for ids in benchmark.other_ids("test") for i in ids.to_pylist()] == ["a", "b"]
    assert [i for ids in benchmark.other_ids("train") for i in ids.to_pylist()] == ["c", "d", "e", "f"]


def test_without_a_split_column_all_rows_are_test(tmp_path: Path) -> None:
    document = changed(TABLE, "columns", {"id": "item", "label": "y"})
    benchmark = open_benchmark(write_table(tmp_path, {"item": ["a", "b"], "y": [1, 0]}, document))
    assert benchmark.info.splits == (("test", 2),)
    assert list(benchmark.other_ids("test")) == []


def test_an_unknown_split_is_bad_input_that_names_the_known_ones(tmp_path: Path) -> None:
    benchmark = open_benchmark(write_table(tmp_path))
    for ask in (benchmark.rows_in, benchmark.levels, lambda s: list(benchmark.batches(s)), lambda s: list(benchmark.other_ids(s))):
        with pytest.raises(BadInput, match="train, test"):
            ask("validation")


def test_csv_and_parquet_of_the_same_content_have_the_same_column_digests(tmp_path: Path) -> None:
    for name, kind in (("csv", TABLE), ("parquet", PARQUET)):
        open_benchmark(write_table(tmp_path / name, None, kind))
    first, second = (read_manifest(tmp_path / name / "manifest.json").columns for name in ("csv", "parquet"))
    assert first == second


def test_a_supplied_table_gets_a_manifest_once_and_says_so(tmp_path: Path) -> None:
    folder = write_table(tmp_path)
    heard: list[str] = []
    first = open_benchmark(folder, notice=heard.append)
    assert len(heard) == 1
    assert "manifest.json" in heard[0]
    assert read_manifest(folder / "manifest.json").digest == first.info.digest
    heard.clear()
    assert open_benchmark(folder, notice=heard.append).info.digest == first.info.digest
    assert heard == []


@pytest.mark.parametrize("name", ["y", "sex", "case", "item", "part"])
def test_an_edit_of_a_supplied_table_gives_another_digest_and_a_notice_about_the_gate(tmp_path: Path, name: str) -> None:
    folder = write_table(tmp_path)
    approved = open_benchmark(folder).info.digest
    edits: dict[str, list[Any]] = {"y": [0, *COLUMNS["y"][1:]], "item": ["z", *COLUMNS["item"][1:]], "part": ["test"] * 6}
    write_table(folder, {**COLUMNS, name: edits.get(name, ["M", *COLUMNS[name][1:]])})
    heard: list[str] = []
    edited = open_benchmark(folder, notice=heard.append)
    assert edited.info.digest != approved
    assert read_manifest(folder / "manifest.json").digest == approved, "the committed manifest is never replaced"
    assert "13" in heard[0]


def test_an_edit_of_benchmark_yaml_gives_another_digest_and_a_notice(tmp_path: Path) -> None:
    folder = write_table(tmp_path)
    approved = open_benchmark(folder).info.digest
    write_recipe(folder, {**TABLE, "positive": 0})
    heard: list[str] = []
    assert open_benchmark(folder, notice=heard.append).info.digest != approved
    assert "13" in heard[0]


def test_features_are_checked_against_the_manifest_only_when_they_are_read(tmp_path: Path) -> None:
    folder = write_table(tmp_path)
    approved = open_benchmark(folder).info.digest
    write_table(folder, {**COLUMNS, "colour": ["green", *COLUMNS["colour"][1:]]})
    benchmark = open_benchmark(folder)
    assert benchmark.info.digest == approved
    assert len(list(rows_of(benchmark, "test", 10))) == 4
    with pytest.raises(BadInput, match="colour"):
        next(benchmark.batches("test", columns=ALL))


def test_a_number_that_became_a_word_is_found_when_features_are_read(tmp_path: Path) -> None:
    folder = write_table(tmp_path)
    open_benchmark(folder)
    write_table(folder, {**COLUMNS, "f1": ["x", *COLUMNS["f1"][1:]]})
    with pytest.raises(BadInput, match="f1"):
        next(open_benchmark(folder).batches("test"))


def test_an_altered_manifest_of_a_supplied_table_is_bad_input(tmp_path: Path) -> None:
    folder = write_table(tmp_path)
    open_benchmark(folder)
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "rows": 5}))
    with pytest.raises(BadInput, match="altered"):
        open_benchmark(folder)


def test_generated_data_is_made_when_absent_and_not_again(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    heard: list[str] = []
    first = open_benchmark(folder, notice=heard.append)
    assert "generating" in heard[0]
    assert sorted(p.name for p in (folder / "data" / "7-3000").iterdir()) == ["CHECKSUMS", "items.parquet", "manifest.json", "truth"]
    heard.clear()
    assert open_benchmark(folder, notice=heard.append).info == first.info
    assert not any("generating" in text for text in heard)
    assert first.info.synthetic
    assert first.info.splits == (("train", 600), ("calibration", 600), ("test", 1800))
    assert first.info.features == ("tokens", "channel", "period")
    assert first.has_truth


def test_other_rows_go_to_another_folder_and_the_gate_is_mentioned(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    approved = open_benchmark(folder)
    (folder / "manifest.json").write_bytes((folder / "data" / "7-3000" / "manifest.json").read_bytes())
    heard: list[str] = []
    practice = open_benchmark(folder, rows=1_500, seed=8, notice=heard.append)
    assert practice.info.digest != approved.info.digest
    assert (folder / "data" / "8-1500").is_dir()
    assert "13" in heard[-1]
    heard.clear()
    open_benchmark(folder, notice=heard.append)
    assert heard == []


def test_nobody_hears_of_a_manifest_where_nothing_can_be_signed_anyway(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    open_benchmark(folder)
    heard: list[str] = []
    assert "no committed manifest" in open_benchmark(folder, notice=heard.append).practice
    assert "does not exist" in heard[0]
    heard.clear()
    assert (open_benchmark(folder, counted=False, notice=heard.append).practice, heard) == ("", [])


def test_data_of_another_recipe_is_made_again(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    first = open_benchmark(folder).info.digest
    write_recipe(folder, changed(RECIPE, "generate.prevalence", 0.12))
    heard: list[str] = []
    assert open_benchmark(folder, notice=heard.append).info.digest != first
    assert "made again" in heard[0]


def test_a_data_folder_with_foreign_files_is_never_emptied(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    data = folder / "data" / "7-3000"
    data.mkdir(parents=True)
    (data / "notes.txt").write_text("mine")
    with pytest.raises(BadInput, match=r"notes\.txt"):
        open_benchmark(folder)
    assert (data / "notes.txt").read_text() == "mine"


def test_an_edit_of_generated_labels_is_found_on_opening(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    open_benchmark(folder)
    path = folder / "data" / "7-3000" / "items.parquet"
    table = pq.read_table(path)
    labels = table.column("label").to_pylist()
    labels[2_000] = "relevant" if labels[2_000] == "not_relevant" else "not_relevant"
    pq.write_table(table.set_column(table.column_names.index("label"), "label", pa.array(labels)), path)
    before = path.read_bytes()
    with pytest.raises(BadInput, match="altered or damaged") as refused:
        open_benchmark(folder)
    (problem,) = refused.value.problems
    assert problem.where == f"{path}: label"
    assert path.read_bytes() == before
    repaired(folder, problem.hint)


def repaired(folder: Path, hint: str) -> None:
    """Runs the command of the hint: what was altered is kept apart, and the data is made again."""
    subprocess.run(shlex.split(hint.split("`")[1]), check=True)
    assert (folder / "data" / "7-3000.altered").is_dir()
    next(open_benchmark(folder).batches("test"))


@pytest.mark.parametrize("name", ["items.parquet", "truth/items.parquet", "truth/annotators.parquet", "manifest.json"])
@pytest.mark.parametrize("left", [0, 60])
def test_generated_files_that_were_cut_short_are_refused_with_what_repairs_them(tmp_path: Path, name: str, left: int) -> None:
    folder = write_recipe(tmp_path / "it's a folder")
    open_benchmark(folder)
    path = folder / "data" / "7-3000" / name
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(BadInput) as refused:
        open_benchmark(folder)
    assert str(path) in refused.value.problems[0].where
    repaired(folder, refused.value.problems[-1].hint)


EDITED = [("items.parquet", "tokens"), ("truth/items.parquet", "posterior"), ("truth/items.parquet", "within_ethnicity")]


@pytest.mark.parametrize(("file", "column"), EDITED)
def test_an_edit_of_generated_features_or_truth_is_found_on_reading(tmp_path: Path, file: str, column: str) -> None:
    folder = write_recipe(tmp_path)
    open_benchmark(folder)
    path = folder / "data" / "7-3000" / file
    table = pq.read_table(path)
    values = table.column(column).to_pylist()
    values[0], values[1] = values[1], values[0]
    pq.write_table(table.set_column(table.column_names.index(column), column, pa.array(values)), path)
    benchmark = open_benchmark(folder)
    with pytest.raises(BadInput, match=f"{file}: {column}: .*altered or damaged") as refused:
        next(benchmark.batches("test") if column == "tokens" else benchmark.truth("test", column))
    repaired(folder, refused.value.problems[-1].hint)


def test_an_altered_supplied_table_is_not_said_to_be_made_again(tmp_path: Path) -> None:
    folder = write_table(tmp_path)
    open_benchmark(folder)
    write_table(tmp_path, {**COLUMNS, "colour": ["blue"] * 6})
    with pytest.raises(BadInput, match="manifest beside it") as refused:
        next(open_benchmark(folder).batches("test"))
    (problem,) = refused.value.problems
    assert "restore it" in problem.hint
    assert "made again" not in problem.hint


@pytest.mark.parametrize("size", [100, 999, 65_536])
def test_posteriors_are_cut_like_batches(tmp_path: Path, size: int) -> None:
    benchmark = open_benchmark(write_recipe(tmp_path))
    batches = [batch.rows for batch in benchmark.batches("test", columns=frozenset({"labels"}), batch_rows=size)]
    posteriors = list(benchmark.posterior("test", batch_rows=size))
    assert [len(p) for p in posteriors] == batches
    truth = pq.read_table(tmp_path / "data" / "7-3000" / "truth" / "items.parquet")
    ids = [i for batch in benchmark.batches("test", columns=frozenset({"ids"})) for i in batch.ids.to_pylist()]
    known = dict(zip(truth["item_id"].to_pylist(), truth["posterior"].to_pylist(), strict=True))
    assert np.concatenate(posteriors).tolist() == [known[i] for i in ids]


def test_a_supplied_table_has_no_known_truth(tmp_path: Path) -> None:
    benchmark = open_benchmark(write_table(tmp_path))
    assert not benchmark.has_truth
    with pytest.raises(BadInput, match="not known"):
        next(benchmark.posterior("test"))


def test_an_interrupted_generation_leaves_nothing(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)

    def stop(stage: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_benchmark(folder, progress=stop)
    assert list((folder / "data").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    (folder / "data").write_text("a file where a folder should be")
    with pytest.raises(BadInput):
        open_benchmark(folder)


def test_benchmarks_are_found_by_name_and_by_folder(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path / "datasets_synthetic" / "small-triage")
    assert find_benchmark("small-triage", tmp_path) == folder.resolve()
    assert find_benchmark(str(folder), tmp_path / "elsewhere") == folder.resolve()
    with pytest.raises(BadInput, match="small-triage"):
        find_benchmark("large-triage", tmp_path)


def test_the_data_can_lie_elsewhere(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path / "benchmark")
    benchmark = open_benchmark(folder, data_dir=tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere" / "items.parquet").is_file()
    assert not (folder / "data").exists()
    assert benchmark.rows_in("test") == 1_800


def test_generating_where_another_folder_stands_is_bad_input(tmp_path: Path) -> None:
    from evalharness.benchmarks.declaration import read_declaration

    folder = write_recipe(tmp_path / "benchmark")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    with pytest.raises(BadInput, match="other files"):
        generated_data(read_declaration(folder), tmp_path / "full")
