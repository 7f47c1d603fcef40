"""Items for notebooks: arrays, a DataFrame, an Arrow dataset, of every task, generated and supplied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from benchmark_folder import COLUMNS, TABLE, changed, write_recipe, write_table
from recipes import recipe_folder

from evalharness.benchmarks import load
from evalharness.errors import BadInput

PARQUET = changed(TABLE, "table", "items.parquet")
TASKS = {
    "message-triage": {0, 1},
    "lead-priority": {0, 1},
    "risk-level": {0, 1},
    "severity-grading": {0, 1, 2, 3},
}


@pytest.mark.parametrize("name", TASKS)
def test_arrays_of_a_recipe_have_one_entry_a_row(tmp_path: Path, name: str) -> None:
    found = load(recipe_folder(tmp_path, name), split="test", rows=2_000, seed=4)
    rows = len(found.y)
    assert set(found.y.tolist()) <= TASKS[name]
    assert found.X.shape == (rows, len(found.feature_names))
    assert {len(levels) for levels in found.groups.values()} == {rows}
    assert found.clusters is not None
    assert len(found.clusters) == len(found.ids) == rows
    assert (found.queues is not None) == (name == "lead-priority") == (found.arrived is not None)
    assert (found.bands is not None) == (name == "risk-level")


def test_numbers_are_a_matrix_that_scikit_learn_takes_as_it_is(tmp_path: Path) -> None:
    from sklearn.linear_model import LogisticRegression

    found = load(recipe_folder(tmp_path, "severity-grading"), split="train", rows=2_000, seed=4)
    assert found.X.dtype == np.float64
    model = LogisticRegression(max_iter=50, tol=1.0).fit(found.X, found.y)
    assert set(model.classes_) <= {0, 1, 2, 3}


def test_one_text_feature_is_what_a_vectoriser_takes(tmp_path: Path) -> None:
    from sklearn.feature_extraction.text import CountVectorizer

    found = load(write_table(tmp_path, COLUMNS, changed(TABLE, "columns.features", ["colour"])), split="train")
    assert found.X.tolist() == ["red", "blue"]
    assert CountVectorizer().fit_transform(found.X).shape == (2, 2)


@pytest.mark.parametrize("document", [TABLE, PARQUET], ids=["csv", "parquet"])
def test_a_supplied_table_comes_in_every_form_with_the_same_values(tmp_path: Path, document: dict[str, Any]) -> None:
    folder = write_table(tmp_path, COLUMNS, document)
    found = load(folder)
    assert found.X.tolist() == [[None, "red"], [-2.0, None], [1e300, "red"], [0.0, "blue"]]
    assert found.y.tolist() == [0, 1, -1, 1]
    assert found.groups["sex"].tolist() == ["(missing)", "F", "F", "M"]
    assert found.ids.tolist() == list("cdef")
    frame = load(folder, as_="pandas")
    assert frame["f1"].isna().tolist() == [True, False, False, False]
    assert frame["f1"].tolist()[1:] == [-2.0, 1e300, 0.0]
    assert frame["y"].tolist()[:2] == ["0", "1"]
    dataset = load(folder, as_="arrow")
    assert dataset.count_rows() == 4
    assert dataset.to_table(columns=["f1"]).column("f1").to_pylist() == [None, -2.0, 1e300, 0.0]


def test_all_splits_stand_together_in_stored_order(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    arrays, frame, dataset = load(folder, split=None), load(folder, split=None, as_="pandas"), load(folder, split=None, as_="arrow")
    assert len(arrays.y) == len(frame) == dataset.count_rows() == 3_000
    assert arrays.ids.tolist() == frame["item_id"].tolist() == sorted(arrays.ids)
    assert frame["split"].value_counts().to_dict() == {"train": 600, "calibration": 600, "test": 1_800}


def test_records_are_loaded_with_their_entities(tmp_path: Path) -> None:
    found = load(recipe_folder(tmp_path, "case-linkage"), split="test", rows=2_000, seed=4)
    assert all(isinstance(entity, str) for entity in found.y)
    assert len(set(found.y)) < len(found.y)


def test_candidate_pairs_are_places_among_the_records_loaded(tmp_path: Path) -> None:
    folder = recipe_folder(tmp_path, "case-linkage")
    test, whole = (load(folder, split=split, rows=2_000, seed=4) for split in ("test", None))
    assert test.pairs is not None
    assert whole.pairs is not None
    assert (test.pairs[:, 0] < test.pairs[:, 1]).all()
    assert 0.05 < np.mean(test.y[test.pairs[:, 0]] == test.y[test.pairs[:, 1]]) < 0.95
    inside = {(left, right) for left, right in whole.ids[whole.pairs]}
    assert {(left, right) for left, right in test.ids[test.pairs]} < inside
    stored = pq.read_table(folder / "data" / "4-2000" / "pairs.parquet")
    assert len(whole.pairs) == len(inside) == stored.num_rows
    assert load(recipe_folder(tmp_path, "risk-level"), rows=2_000).pairs is None


def test_altered_features_are_not_loaded(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    load(folder)
    path = folder / "data" / "7-3000" / "items.parquet"
    table = pq.read_table(path)
    place = table.column_names.index("tokens")
    pq.write_table(table.set_column(place, "tokens", table.column("tokens").take([*range(1, 3_000), 0])), path)
    for form in ("arrays", "pandas", "arrow"):
        with pytest.raises(BadInput, match="tokens"):
            load(folder, as_=form)


def test_an_unknown_benchmark_split_or_form_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such benchmark"):
        load("nowhere", workspace=tmp_path)
    folder = write_table(tmp_path)
    with pytest.raises(BadInput, match="no row in this split"):
        load(folder, split="holdout")
    with pytest.raises(BadInput, match="arrays, pandas or arrow"):
        load(folder, as_="polars")  # type: ignore[call-overload]


def test_a_name_is_found_in_the_workspace(tmp_path: Path) -> None:
    write_recipe(tmp_path / "datasets_synthetic" / "small-triage")
    (tmp_path / "policies").mkdir()
    assert len(load("small-triage", workspace=tmp_path).y) == 1_800


def test_what_is_wrong_with_an_argument_is_told_under_its_name(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path)
    for wrong, where in (({"rows": -1}, "rows"), ({"seed": -1}, "seed")):
        with pytest.raises(BadInput) as caught:
            load(folder, **wrong)  # type: ignore[call-overload]
        assert [(told.where, told.got) for told in caught.value.problems] == [(where, "-1")]
    with pytest.raises(BadInput) as caught:
        load(folder, split="bogus")
    assert caught.value.problems[0].hint == "name one of them as split"
    with pytest.raises(BadInput) as caught:
        load("nowhere", workspace=tmp_path)
    assert caught.value.problems[0].where == "name"
