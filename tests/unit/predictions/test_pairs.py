"""Stored scores of pairs: every row of the file finds its candidate, or is counted where it belongs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from item_benchmark import ItemBenchmark, write_predictions

from evalharness.errors import BadInput, Fault
from evalharness.predictions import ANSWERED, DUPLICATE, INVALID, MISSING, Accounting, account
from evalharness.predictions.aligned import align_entities
from evalharness.predictions.pair_answers import LinkAnswers
from evalharness.predictions.pairs import align_pairs

NAN = float("nan")
IDS = ["a", "b", "c", "d", "e"]
PAIRS = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)]


def benchmark(**options: Any) -> ItemBenchmark:
    return ItemBenchmark(IDS, others=["x", "y"], task="linkage", **{"pairs": PAIRS, "pairs_a_batch": 2, **options})


def written(folder: Path, rows: list[tuple[str | None, str | None, str]], suffix: str = ".csv") -> Path:
    columns = {"left_id": [r[0] for r in rows], "right_id": [r[1] for r in rows], "score": [r[2] for r in rows]}
    return write_predictions(folder / f"p{suffix}", {name: pa.array(values, pa.string()) for name, values in columns.items()})


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_every_kind_of_row_is_counted_where_it_belongs(tmp_path: Path, suffix: str) -> None:
    rows = [
        ("b", "a", "0.9"),  # the other way round: the candidate (0, 1)
        ("b", "c", "0.2"), ("c", "b", "0.2"),  # twice, in both orders
        ("c", "d", "junk"), ("a", "c", "0.7"),  # no score; no candidate
        ("a", "zz", "0.7"), ("zz", "x", "0.7"),  # unknown records
        ("a", "x", "0.7"), ("x", "y", "0.7"),  # other splits
        ("b", "b", "0.7"), ("x", "x", "0.7"),  # a record with itself; of another split
        ("e", "a", "0.25"),
    ]  # fmt: skip
    aligned = align_pairs(written(tmp_path, rows, suffix), benchmark(), "test", score_range="unit")
    answers = aligned.answers
    assert answers.status.tolist() == [ANSWERED, DUPLICATE, INVALID, MISSING, ANSWERED]
    assert repr(answers.scores.tolist()) == repr([0.9, NAN, NAN, NAN, 0.25])
    assert answers.accounting == Accounting(rows=12, answered=2, missing=1, duplicate=1, invalid=2, extra=3, other_split=3)
    assert (answers.self_pairs, aligned.no_candidates) == (1, 1)
    with pytest.raises(ValueError, match="read-only"):
        answers.scores[0] = 0.0


def test_a_null_id_is_a_pair_that_nobody_knows(tmp_path: Path) -> None:
    path = written(tmp_path, [(None, "a", "0.5"), ("a", "b", "0.5"), (None, None, "0.5")], ".parquet")
    answers = align_pairs(path, benchmark(), "test", score_range="unit").answers
    assert (answers.accounting.extra, answers.accounting.answered) == (2, 1)


def test_the_score_range_decides_what_is_out_of_range(tmp_path: Path) -> None:
    path = written(tmp_path, [("a", "b", "-3"), ("b", "c", "7")])
    assert align_pairs(path, benchmark(), "test", score_range="unit").answers.accounting.invalid == 2
    assert align_pairs(path, benchmark(), "test", score_range="any").answers.scores[:2].tolist() == [-3.0, 7.0]


def test_other_splits_are_consulted_only_when_a_record_is_unknown(tmp_path: Path) -> None:
    items = benchmark()
    align_pairs(written(tmp_path, [("a", "b", "0.5")]), items, "test", score_range="unit")
    assert items.others_asked == 0
    align_pairs(written(tmp_path, [("a", "b", "0.5"), ("a", "x", "0.5"), ("x", "a", "0.5")]), items, "test", score_range="unit")
    assert items.others_asked == 1


REFUSED = [
    ("p.csv", b"x,y\n1,2\n", ["'left_id'", "'right_id'", "'score'"]),
    ("p.csv", b"left_id,right_id\na,b\n", ["'score'", "left_id, right_id and score"]),
    ("p.csv", b"item_id,entity\na,1\n", ["'left_id'", "{rule: label}"]),
    ("p.csv", b"left_id,right_id,score,score\na,b,1,1\n", ["repeated"]),
    ("p.csv", b"left_id,right_id,score\n", ["no row"]),
    ("p.csv", b"left_id,right_id,score\nzz,a,1\nx,y,1\na,a,1\n", ["not one pair", "1 name no candidate", "1 other splits", "1 one record"]),
    ("p.csv", b"left_id,right_id,score\nzz,a,1\n", ["not one pair", "other rows or another seed", "leave --rows and --seed away"]),
    ("p.csv", b"left_id,right_id,score\nx,y,1\n", ["not one pair", "the answers are for other splits", "--split"]),
    ("p.json", b"{}", ["not known"]),
]


@pytest.mark.parametrize(("name", "data", "said"), REFUSED)
def test_a_file_that_cannot_be_used_is_refused_with_every_reason(tmp_path: Path, name: str, data: bytes, said: list[str]) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadInput) as caught:
        align_pairs(tmp_path / name, benchmark(), "test", score_range="unit")
    assert all(part in str(caught.value) for part in said), str(caught.value)


def test_columns_of_other_types_are_refused_at_once(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.parquet", {"left_id": [1.5], "right_id": [b"b"], "score": [True]})
    with pytest.raises(BadInput) as caught:
        align_pairs(path, benchmark(), "test", score_range="unit")
    assert len(caught.value.problems) == 3


def test_columns_that_nobody_asked_for_are_told(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", {"note": ["n"], "left_id": ["a"], "right_id": ["b"], "score": ["1"], "entity": ["e"]})
    assert align_pairs(path, benchmark(), "test", score_range="unit").ignored_columns == ("note", "entity")


def test_a_candidate_pair_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="twice"):
        align_pairs(written(tmp_path, [("a", "b", "1")]), benchmark(pairs=[(0, 1), (1, 0)]), "test", score_range="unit")


@pytest.mark.parametrize("pair", [(0, 0), (0, 5), (-1, 2)])
def test_a_candidate_pair_that_is_none_is_a_fault(tmp_path: Path, pair: tuple[int, int]) -> None:
    with pytest.raises(Fault):
        align_pairs(written(tmp_path, [("a", "b", "1")]), benchmark(pairs=[pair]), "test", score_range="unit")


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [4, 2, 0, 3, 1]])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_entities_are_texts_and_equal_texts_are_one_entity(tmp_path: Path, order: list[int], suffix: str) -> None:
    said = {"a": "E1", "b": "7", "c": "E1", "d": "", "e": "e1"}
    ids = [IDS[k] for k in order]
    path = write_predictions(tmp_path / f"p{suffix}", {"item_id": ids, "entity": [said[item] for item in ids]})
    found = align_entities(path, benchmark(), "test")
    assert found.status.tolist() == [ANSWERED, ANSWERED, ANSWERED, INVALID, ANSWERED]
    first, second, third, fourth, fifth = found.entities.tolist()
    assert first == third
    assert len({first, second, fifth}) == 3
    assert fourth == -1


def test_records_without_one_usable_entity_are_counted(tmp_path: Path) -> None:
    columns = {"item_id": ["a", "b", "b", "x", "zz", "d"], "entity": pa.array(["1", "1", "2", "3", "4", None])}
    found = align_entities(write_predictions(tmp_path / "p.parquet", columns), benchmark(), "test")
    assert found.status.tolist() == [ANSWERED, DUPLICATE, MISSING, INVALID, MISSING]
    assert found.accounting == Accounting(rows=6, answered=1, missing=2, duplicate=1, invalid=1, extra=1, other_split=1)


def test_a_file_without_entities_is_refused(tmp_path: Path) -> None:
    path = write_predictions(tmp_path / "p.csv", {"left_id": ["a"], "right_id": ["b"], "score": ["1"]})
    with pytest.raises(BadInput) as caught:
        align_entities(path, benchmark(), "test")
    assert all(part in str(caught.value) for part in ("no column of ids", "'entity'", "{threshold: …}"))


@pytest.mark.parametrize(("scores", "entities"), [(None, None), (np.zeros(1), np.zeros(1, np.int64)), (np.zeros(2), None)])
def test_answers_about_links_that_do_not_fit_together_cannot_be_made(scores: Any, entities: Any) -> None:
    status = np.zeros(1, np.uint8)
    with pytest.raises(Fault, match="answers about links"):
        LinkAnswers(scores=scores, entities=entities, status=status, accounting=account(status, rows=1))
