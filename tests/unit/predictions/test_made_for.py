"""Answers that say which items they are for are refused for others, even where the ids are the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from item_benchmark import ItemBenchmark

from evalharness.errors import BadInput
from evalharness.predictions import Reading, align
from evalharness.predictions.aligned import align_entities
from evalharness.predictions.made_for import KEY, check_items, items_in_words
from evalharness.predictions.pairs import align_pairs

ITEMS = ItemBenchmark(["a", "b"])
RECORDS = ItemBenchmark(["a", "b"], task="linkage", pairs=[(0, 1)], pairs_a_batch=1)


def written(folder: Path, columns: dict[str, list[object]], told: dict[str | bytes, str | bytes]) -> Path:
    path = folder / "p.parquet"
    pq.write_table(pa.table(columns).replace_schema_metadata(told), path)
    return path


@pytest.mark.parametrize("kind", ["items", "entities", "pairs"])
def test_answers_for_other_items_are_refused(tmp_path: Path, kind: str) -> None:
    id_column = RECORDS.info.id_column
    columns: dict[str, list[object]] = {
        "items": {ITEMS.info.id_column: ["a", "b"], "score": [0.1, 0.9]},
        "entities": {id_column: ["a", "b"], "entity": ["1", "2"]},
        "pairs": {"left_id": ["a"], "right_id": ["b"], "score": [0.5]},
    }[kind]

    def ask(path: Path) -> object:
        if kind == "items":
            return align(path, ITEMS, "test", Reading(task="binary", rule="score >= threshold"))
        return align_entities(path, RECORDS, "test") if kind == "entities" else align_pairs(path, RECORDS, "test", score_range="unit")

    info = (ITEMS if kind == "items" else RECORDS).info
    ask(written(tmp_path, columns, {}))
    ask(written(tmp_path, columns, {KEY: items_in_words(info)}))
    with pytest.raises(BadInput, match="the model's answers are for other items than these") as caught:
        ask(written(tmp_path, columns, {KEY: items_in_words(replace(info, rows=9))}))
    assert "answers for the 9 items of" in str(caught.value)
    with pytest.raises(BadInput, match="answers for"):
        ask(written(tmp_path, columns, {KEY: b"\xff"}))


def test_rows_seed_and_seal_tell_items_apart() -> None:
    info = ITEMS.info
    seal: Any = SimpleNamespace(digest="sha256:" + "1" * 64)
    others = (replace(info, seed=3), replace(info, seed=4), replace(info, seed=None), replace(info, seed=None, seal=seal))
    assert len({items_in_words(each) for each in (*others, replace(info, seed=3, rows=7), replace(info, seed=3, version=9))}) == 6


def test_a_file_of_another_kind_or_none_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("item_id,score\na,1\n")
    check_items(tmp_path / "p.csv", ITEMS.info)
    check_items(tmp_path / "none.parquet", ITEMS.info)
