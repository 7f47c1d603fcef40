"""Supplied tables of the other four tasks: what they declare, what is refused (all of it at once), and what a batch then holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmark_folder import csv_bytes, write_table

from evalharness.benchmarks import Batch, Benchmark, open_benchmark
from evalharness.benchmarks.batch import Column
from evalharness.benchmarks.declaration import read_declaration
from evalharness.benchmarks.verifying import verify_benchmark
from evalharness.errors import BadInput

_HEAD: dict[str, Any] = {"schema": "evalharness/benchmark/v1", "name": "mine", "version": 1, "table": "items.csv"}
DOCUMENTS: dict[str, dict[str, Any]] = {
    "ordinal": {
        **_HEAD,
        "task": "ordinal",
        "levels": ["none", "C", "B", "A"],
        "columns": {"id": "item", "label": "grade", "split": "part"},
    },
    "ranking": {
        **_HEAD,
        "task": "ranking",
        "positive": 1,
        "columns": {"id": "item", "label": "y", "queue": "day", "arrived": "at", "minutes": "mins", "split": "part"},
    },
    "linkage": {
        **_HEAD,
        "task": "linkage",
        "pairs": "pairs.csv",
        "columns": {"id": "item", "entity": "who", "features": ["f"], "split": "part"},
    },
    "risk": {
        **_HEAD,
        "task": "risk",
        "positive": 1,
        "levels": ["low", "medium", "high"],
        "columns": {"id": "item", "label": "y", "band": "band", "split": "part"},
    },
}
COLUMNS: dict[str, list[Any]] = {
    "item": ["a", "b", "c", "d", "e", "f"],
    "grade": ["A", "none", "C", None, "B", "none"],
    "y": [1, 0, 0, 1, None, 1],
    "day": ["mon", "mon", "tue", "wed", "tue", "tue"],
    "at": [5, 600.5, 0, 3, 2, 1],
    "mins": [5, 10, 0, 3, 2, 1],
    "who": ["p", "p", "q", "q", "q", "r"],
    "f": ["x", "x", "y", "z", "y", "y"],
    "band": ["high", "low", None, "medium", "low", "low"],
    "part": ["train", "train", "test", "test", "test", "test"],
}
PAIRS: dict[str, list[Any]] = {"left_id": ["b", "d", "e", "c"], "right_id": ["a", "c", "c", "f"]}


def written(
    folder: Path,
    task: str,
    columns: dict[str, list[Any]] | None = None,
    pairs: dict[str, list[Any]] | None = None,
    declared: dict[str, Any] | None = None,
) -> Path:
    document = {**DOCUMENTS[task], **({} if declared is None else {"columns": declared})}
    write_table(folder, columns or COLUMNS, document)
    if task == "linkage":
        (folder / "pairs.csv").write_bytes(csv_bytes(PAIRS if pairs is None else pairs))
    return folder


def only(benchmark: Benchmark, *columns: Column) -> Batch:
    (batch,) = benchmark.batches("test", columns=frozenset(columns))
    return batch


def told(folder: Path) -> str:
    with pytest.raises(BadInput) as caught:
        open_benchmark(folder)
    assert not (folder / "manifest.json").exists()
    return str(caught.value)


def test_ordinal_labels_are_places_among_the_rising_levels(tmp_path: Path) -> None:
    benchmark = open_benchmark(written(tmp_path, "ordinal"))
    assert benchmark.info.levels == ("none", "C", "B", "A")
    assert (benchmark.info.positive, benchmark.info.negative) == ("", "")
    labels = only(benchmark, "labels").labels
    assert labels is not None
    assert labels.tolist() == [1, -1, 2, 0]
    assert benchmark.facts("test").labels == {"C": 1, "B": 1, "none": 1}


def test_queues_are_numbered_as_they_appear_and_arrivals_are_minutes(tmp_path: Path) -> None:
    batch = only(open_benchmark(written(tmp_path, "ranking")), "queues", "arrived", "labels")
    assert batch.queues is not None
    assert batch.arrived is not None
    assert batch.queues.tolist() == [0, 1, 0, 0]
    assert batch.queues.dtype == np.int64
    assert batch.arrived.tolist() == [0.0, 3.0, 2.0, 1.0]


def test_queues_keep_their_numbers_from_batch_to_batch(tmp_path: Path) -> None:
    batches = open_benchmark(written(tmp_path, "ranking")).batches("test", columns=frozenset({"queues"}), batch_rows=1)
    assert [batch.queues.tolist() for batch in batches if batch.queues is not None] == [[0], [1], [0], [0]]


def test_bands_are_places_among_the_levels_and_may_be_unknown(tmp_path: Path) -> None:
    bands = only(open_benchmark(written(tmp_path, "risk")), "bands").bands
    assert bands is not None
    assert bands.tolist() == [-1, 1, 0, 0]


def test_a_risk_table_may_know_no_band(tmp_path: Path) -> None:
    columns = {"id": "item", "label": "y", "split": "part"}
    assert only(open_benchmark(written(tmp_path, "risk", declared=columns)), "labels", "bands").bands is None


def test_candidate_pairs_are_row_numbers_of_their_split_the_lower_first(tmp_path: Path) -> None:
    benchmark = open_benchmark(written(tmp_path, "linkage"))
    ((left, right),) = benchmark.pairs("test")
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == [(0, 1), (0, 2), (0, 3)]
    ((left, right),) = benchmark.pairs("train")
    assert (left.tolist(), right.tolist()) == ([0], [1])
    entities = only(benchmark, "entities", "labels")
    assert entities.labels is None
    assert entities.entities is not None
    assert entities.entities.to_pylist() == ["q", "q", "q", "r"]
    with pytest.raises(BadInput, match="not known"):
        next(benchmark.pair_posterior("test"))


@pytest.mark.parametrize("task", DOCUMENTS)
def test_a_second_opening_finds_the_same_and_a_change_is_told(tmp_path: Path, task: str) -> None:
    first = open_benchmark(written(tmp_path, task)).info.digest
    assert open_benchmark(tmp_path).info.digest == first
    assert verify_benchmark(tmp_path) == ()
    column = {"ordinal": "grade", "ranking": "at", "linkage": "who", "risk": "band"}[task]
    other = {"grade": "B", "at": 9, "who": "q", "band": "high"}[column]
    written(tmp_path, task, {**COLUMNS, column: [*COLUMNS[column][:5], other]})
    heard: list[str] = []
    assert open_benchmark(tmp_path, notice=heard.append).info.digest != first
    assert "13" in heard[-1]
    assert any(f"'{column}'" in problem for problem in verify_benchmark(tmp_path))


def test_other_pairs_are_another_benchmark(tmp_path: Path) -> None:
    first = open_benchmark(written(tmp_path, "linkage")).info.digest
    written(tmp_path, "linkage", pairs={name: values[:3] for name, values in PAIRS.items()})
    assert open_benchmark(tmp_path).info.digest != first
    assert any("pairs.csv" in problem for problem in verify_benchmark(tmp_path))


DECLARED: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "ordinal without levels": ("ordinal", {"levels": None}, ("'levels' is missing",)),
    "one level": ("ordinal", {"levels": ["A"]}, ("number of levels", "got: 1")),
    "a level twice": ("ordinal", {"levels": ["A", "B", "A"]}, ("'A' stands twice",)),
    "ordinal with a positive label": ("ordinal", {"positive": "A"}, ("the task ordinal has no 'positive'",)),
    "a binary task with levels": ("risk", {"task": "binary"}, ("the task binary has no 'levels'", "no column 'band'")),
    "a ranking without queue and arrival": (
        "ranking",
        {"columns": {"id": "item", "label": "y"}},
        ("'queue' is missing", "'arrived' is missing"),
    ),
    "linkage without pairs": ("linkage", {"pairs": None}, ("'pairs' is missing",)),
    "linkage with a label": ("linkage", {"columns": {"id": "item", "label": "y"}}, ("no column 'label'", "'entity' is missing")),
    "pairs that are not there": ("linkage", {"pairs": "none.csv"}, ("does not exist", "none.csv")),
    "pairs outside": ("linkage", {"pairs": "../pairs.csv"}, ("inside its folder",)),
    "risk without levels and positive": ("risk", {"levels": None, "positive": None}, ("'levels' is missing", "'positive' is missing")),
    "a queue that is the label too": (
        "ranking",
        {"columns": {"id": "item", "label": "y", "queue": "y", "arrived": "at"}},
        ("two roles", "label and queue"),
    ),
}


@pytest.mark.parametrize("fault", DECLARED)
def test_a_declaration_that_does_not_fit_its_task_is_told(tmp_path: Path, fault: str) -> None:
    task, changes, words = DECLARED[fault]
    folder = written(tmp_path, task)
    document = {key: value for key, value in {**DOCUMENTS[task], **changes}.items() if value is not None}
    write_table(folder, COLUMNS, document)
    with pytest.raises(BadInput) as caught:
        read_declaration(folder)
    for word in (*words, "benchmark.yaml"):
        assert word in str(caught.value)


def test_when_a_lead_arrived_may_be_a_feature_but_not_its_queue(tmp_path: Path) -> None:
    columns = {**DOCUMENTS["ranking"]["columns"], "features": ["at", "mins"]}
    benchmark = open_benchmark(written(tmp_path, "ranking", declared=columns))
    features = only(benchmark, "features").features
    assert features is not None
    assert features.column_names == ["at", "mins"]
    with pytest.raises(BadInput, match="two roles"):
        read_declaration(written(tmp_path, "ranking", declared={**columns, "features": ["day"]}))


def having(name: str, *values: Any) -> dict[str, list[Any]]:
    return {**COLUMNS, name: [*values, *COLUMNS[name][len(values) :]]}


CONTENT: dict[str, tuple[str, dict[str, list[Any]], tuple[str, ...]]] = {
    "a grade that is no level": ("ordinal", having("grade", "D", "Z"), ("not among the levels", "D, Z", "none, C, B, A")),
    "no grade at all": ("ordinal", {**COLUMNS, "grade": [None] * 6}, ("no row has a label",)),
    "a lead without a queue": ("ranking", having("day", None, None), ("without a queue: 2", "row 1")),
    "an arrival that is no number": ("ranking", having("at", 1, "noon"), ("a time of arrival cannot be values that are no numbers",)),
    "an arrival that is not finite": ("ranking", having("at", "inf"), ("not finite",)),
    "no arrival": ("ranking", having("at", None), ("without a time of arrival: 1", "row 1")),
    "negative minutes": ("ranking", having("mins", 1, -2, -3), ("negative minutes of review: 2", "row 2")),
    "a third label": ("ranking", having("y", 7), ("more than two labels",)),
    "a record without an entity": ("linkage", having("who", None), ("without an entity: 1",)),
    "a band that is no level": ("risk", having("band", "grave"), ("bands that are not among the levels", "grave")),
}


@pytest.mark.parametrize("fault", CONTENT)
def test_content_that_does_not_fit_the_task_is_told(tmp_path: Path, fault: str) -> None:
    task, columns, words = CONTENT[fault]
    answer = told(written(tmp_path, task, columns))
    for word in (*words, "items.csv"):
        assert word in answer


def test_all_faults_of_a_ranking_are_told_at_once(tmp_path: Path) -> None:
    columns = {**having("at", "noon"), "day": [None, *COLUMNS["day"][1:]], "mins": [-1, *COLUMNS["mins"][1:]], "y": [7, *COLUMNS["y"][1:]]}
    with pytest.raises(BadInput) as caught:
        open_benchmark(written(tmp_path, "ranking", columns))
    assert len(caught.value.problems) == 4


PAIR_FAULTS: dict[str, tuple[dict[str, list[Any]], tuple[str, ...]]] = {
    "an id that no record has": ({"left_id": ["a", "zz"], "right_id": ["b", "c"]}, ("id that no record has: 1", "row 2 ('zz', 'c')")),
    "no id": ({"left_id": ["a", None], "right_id": ["b", "c"]}, ("without two ids: 1",)),
    "a record with itself": ({"left_id": ["a", "c"], "right_id": ["b", "c"]}, ("with itself: 1", "row 2")),
    "records of two splits": ({"left_id": ["a"], "right_id": ["c"]}, ("of two splits: 1", "('a', 'c')")),
    "a pair twice": ({"left_id": ["a", "b"], "right_id": ["b", "a"]}, ("repeat an earlier pair: 1",)),
    "no pair": ({"left_id": [], "right_id": []}, ("no candidate pairs",)),
    "other columns": ({"left": ["a"], "right_id": ["b"]}, ("column is missing", "'left_id'")),
}


@pytest.mark.parametrize("fault", PAIR_FAULTS)
def test_candidate_pairs_that_cannot_be_are_told(tmp_path: Path, fault: str) -> None:
    pairs, words = PAIR_FAULTS[fault]
    answer = told(written(tmp_path, "linkage", pairs=pairs))
    for word in (*words, "pairs.csv"):
        assert word in answer


def test_all_faults_of_pairs_are_told_at_once(tmp_path: Path) -> None:
    pairs = {"left_id": ["a", "zz", None, "c", "a", "b"], "right_id": ["b", "a", "b", "c", "d", "a"]}
    with pytest.raises(BadInput) as caught:
        open_benchmark(written(tmp_path, "linkage", pairs=pairs))
    assert len(caught.value.problems) == 5
