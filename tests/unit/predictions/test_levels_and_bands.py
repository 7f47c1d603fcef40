"""Stored answers of ordinal, ranking and risk tasks: levels, scores of levels, bands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from item_benchmark import ItemBenchmark, write_predictions

from evalharness.errors import BadInput
from evalharness.predictions import ANSWERED, DUPLICATE, INVALID, MISSING, Accounting, Aligned, Reading, align
from evalharness.predictions.values import bands_of, highest

LEVELS = ("none", "C", "B", "A")
BANDS = ("low", "medium", "high")
ORDINAL = Reading(task="ordinal", rule="label", labels=LEVELS)
RANKING = Reading(task="ranking", rule="budget")
RISK = Reading(task="risk", rule="top_band", labels=BANDS)
CUT = Reading(task="risk", rule="top_band", labels=BANDS, cuts=(0.0, 0.1, 0.3))
NAN = float("nan")


def aligned(folder: Path, columns: dict[str, Any], reading: Reading, ids: str = "abcde", suffix: str = ".csv", **others: Any) -> Aligned:
    path = write_predictions(folder / f"p{suffix}", columns)
    return align(path, ItemBenchmark(list(ids), **others), "test", reading)


def test_the_highest_score_decides_and_ties_go_to_the_graver_level() -> None:
    columns = [np.array(column) for column in ([0.5, 0.1, 0.3, 0.0, NAN], [0.2, 0.4, 0.3, 0.0, 1.0], [0.5, 0.4, 0.3, 0.0, 0.0])]
    assert highest(columns).tolist() == [2, 2, 2, 2, -1]
    assert [column.tolist()[0] for column in columns] == [0.5, 0.2, 0.5], "the scores are left as they were"


@pytest.mark.parametrize("seed", range(20))
def test_the_highest_score_is_that_of_plain_python(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 4, (60, 5)) / 4
    scores[rng.random((60, 5)) < 0.03] = NAN
    plain = [-1 if np.isnan(row).any() else max(k for k in range(5) if row[k] == max(row)) for row in scores]
    assert highest(list(scores.T)).tolist() == plain


def test_a_band_begins_at_its_cut_point() -> None:
    scores = np.array([0.0, 0.0999, 0.1, 0.2999, 0.3, 1.0, NAN])
    assert bands_of(scores, (0.0, 0.1, 0.3)).tolist() == [0, 0, 1, 1, 2, 2, -1]
    assert bands_of(np.array([-5.0, -2.0, 7.0]), (-2.0, 3.0)).tolist() == [-1, 0, 1]


@pytest.mark.parametrize("order", ["abcde", "ecbda"])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_labels_are_levels_and_any_other_is_invalid(tmp_path: Path, order: str, suffix: str) -> None:
    said = {"a": "A", "b": "none", "c": "D", "d": "B", "e": "a"}
    found = aligned(tmp_path, {"item_id": list(order), "label": [said[i] for i in order]}, ORDINAL, suffix=suffix)
    assert found.labels.tolist() == [3, 0, -1, 2, -1]
    assert found.scores is None
    assert found.status.tolist() == [ANSWERED, ANSWERED, INVALID, ANSWERED, INVALID]


def test_scores_of_levels_may_stand_in_any_order_and_one_without_use_spoils_the_row(tmp_path: Path) -> None:
    columns = {
        "B": ["0.1", "0.5", "x", "0.2", "0.2"],
        "item_id": ["c", "zz", "a", "b", "b"],
        "A": ["0.1", "0.1", "0.9", "0.2", "0.3"],
        "none": ["0.7", "0.1", "0", "0.2", "0.4"],
        "C": ["0.1", "0.1", "0", "0.2", "0.4"],
        "note": ["n"] * 5,
    }
    found = aligned(tmp_path, columns, ORDINAL)
    assert found.labels.tolist() == [-1, -1, 0, -1, -1]
    assert found.status.tolist() == [INVALID, DUPLICATE, ANSWERED, MISSING, MISSING]
    assert found.accounting == Accounting(rows=5, answered=1, missing=2, duplicate=1, invalid=1, extra=1)
    assert found.ignored_columns == ("note",)


def test_scores_of_levels_keep_to_the_range_of_the_card(tmp_path: Path) -> None:
    columns = {"item_id": ["a"], "none": ["-7"], "C": ["2"], "B": ["1.5"], "A": ["0"]}
    assert aligned(tmp_path, columns, ORDINAL, ids="a").status.tolist() == [INVALID]
    wide = Reading(task="ordinal", rule="label", labels=LEVELS, score_range="any")
    assert aligned(tmp_path, columns, wide, ids="a").labels.tolist() == [1]


def test_ranking_reads_the_score_and_leaves_a_label_aside(tmp_path: Path) -> None:
    found = aligned(tmp_path, {"item_id": ["a", "b"], "label": ["1", "0"], "score": ["0.5", "nan"]}, RANKING, ids="ab")
    assert repr(found.scores.tolist()) == repr([0.5, NAN])
    assert (found.labels, found.ignored_columns) == (None, ("label",))


@pytest.mark.parametrize("order", ["abcde", "edcab"])
def test_risk_takes_score_and_band_and_both_must_be_usable(tmp_path: Path, order: str) -> None:
    said = {"a": ("0.9", "high"), "b": ("1.5", "low"), "c": ("0.1", "HIGH"), "d": ("x", "?"), "e": ("0.2", "medium")}
    columns = {"item_id": list(order), "score": [said[i][0] for i in order], "label": [said[i][1] for i in order]}
    found = aligned(tmp_path, columns, RISK)
    assert found.status.tolist() == [ANSWERED, INVALID, INVALID, INVALID, ANSWERED]
    assert found.labels.tolist() == [2, -1, -1, -1, 1]
    assert repr(found.scores.tolist()) == repr([0.9, NAN, NAN, NAN, 0.2])
    assert (found.accounting.rows, found.accounting.answered, found.accounting.invalid) == (5, 2, 3)
    part = found.slice(3, 5)
    assert (part.labels.tolist(), repr(part.scores.tolist())) == ([-1, 1], repr([NAN, 0.2]))


def test_risk_may_state_the_band_alone_or_as_scores_of_bands(tmp_path: Path) -> None:
    alone = aligned(tmp_path, {"item_id": ["a", "b"], "label": ["high", "low"]}, RISK, ids="ab")
    assert (alone.scores, alone.labels.tolist()) == (None, [2, 0])
    columns = {"item_id": ["b", "a"], "low": ["0.2", "0.4"], "medium": ["0.2", "0.3"], "high": ["0.1", "0.4"], "score": ["0.3", "0.8"]}
    scored = aligned(tmp_path, columns, RISK, ids="ab")
    assert (scored.scores.tolist(), scored.labels.tolist()) == ([0.8, 0.3], [2, 1])


def test_the_cards_cut_points_make_the_band_of_a_score(tmp_path: Path) -> None:
    found = aligned(tmp_path, {"item_id": ["d", "b", "a", "c"], "score": ["0.3", "0.1", "0.05", "2"]}, CUT, ids="abcde")
    assert found.labels.tolist() == [0, 1, -1, 2, -1]
    assert found.status.tolist() == [ANSWERED, ANSWERED, INVALID, ANSWERED, MISSING]
    low = Reading(task="risk", rule="top_band", labels=BANDS, cuts=(-1.0, 0.0, 1.0), score_range="any")
    below = aligned(tmp_path, {"item_id": ["a", "b"], "score": ["-2", "-1"]}, low, ids="ab")
    assert below.status.tolist() == [INVALID, ANSWERED]
    assert np.isnan(below.scores[0])


REFUSED: list[tuple[str, list[str], Reading, list[str]]] = [
    ("no level", ["item_id", "x"], ORDINAL, ["there is no column 'label', and none of scores of levels", "none, C, B, A"]),
    ("some levels", ["item_id", "A", "none"], ORDINAL, ["there is no score for C, B"]),
    ("label and levels", ["item_id", "label", "A"], ORDINAL, ["both a label and scores of levels (A)"]),
    ("no id either", ["x"], ORDINAL, ["no column of ids", "no column 'label'"]),
    ("ranking by labels", ["item_id", "label"], RANKING, ["there is no column 'score'", "rename"]),
    ("no band", ["item_id", "score"], RISK, ["no column 'label'", "`bands` in the card"]),
    ("some bands", ["item_id", "score", "high"], RISK, ["there is no score for low, medium"]),
    ("band twice", ["item_id", "score", "label"], CUT, ["the card makes the band from the score, and the file states it (label)", "drop"]),
    ("bands twice", ["item_id", "score", "high"], CUT, ["states it (high)"]),
    ("nothing to cut", ["item_id", "probability"], CUT, ["there is no column 'score'"]),
    ("repeated", ["item_id", "A", "A", "label"], ORDINAL, ["repeated", "both a label"]),
]


@pytest.mark.parametrize(("names", "reading", "said"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_a_file_without_usable_columns_is_refused_with_every_reason(
    tmp_path: Path, names: list[str], reading: Reading, said: list[str]
) -> None:
    (tmp_path / "p.csv").write_text(",".join(names) + "\n" + ",".join("a" for _ in names) + "\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        align(tmp_path / "p.csv", ItemBenchmark(["a"]), "test", reading)
    assert all(part in str(caught.value) for part in said), str(caught.value)


def test_a_level_whose_name_is_taken_can_only_be_stated_as_a_label(tmp_path: Path) -> None:
    reading = Reading(task="ordinal", rule="label", labels=("score", "label"))
    assert aligned(tmp_path, {"item_id": ["a"], "score": ["1"], "label": ["score"]}, reading, ids="a").labels.tolist() == [0]


def test_columns_of_other_types_are_refused_all_at_once(tmp_path: Path) -> None:
    columns = {"item_id": ["a"], "none": [True], "C": [[0.1]], "B": [0.5], "A": pa.array([b"x"])}
    with pytest.raises(BadInput) as caught:
        aligned(tmp_path, columns, ORDINAL, ids="a", suffix=".parquet")
    assert [part in str(caught.value) for part in ("'none'", "'C'", "'A'", "'B'")] == [True, True, True, False]
