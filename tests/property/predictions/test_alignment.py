from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from item_benchmark import ItemBenchmark, write_predictions

from evalharness.predictions import ANSWERED, Aligned, Reading, align

IDS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6), min_size=1, max_size=30, unique=True)
SCORES = st.one_of(st.floats(0, 1).map(repr), st.sampled_from(["nan", "", "x", "1.5", "-1", "1e-3", "+.5"]))


def read(folder: Path, rows: list[tuple[str, str]], benchmark: ItemBenchmark, suffix: str, group: int) -> Aligned:
    columns = {"item_id": [item for item, _ in rows], "score": [score for _, score in rows]}
    path = write_predictions(folder / f"p{suffix}", columns, **({"row_group_size": group} if suffix == ".parquet" else {}))
    return align(path, benchmark, "test", Reading(task="binary", rule="score >= threshold", labels=("0", "1")))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), ids=IDS, suffix=st.sampled_from([".csv", ".parquet"]))
def test_any_permutation_of_the_file_gives_the_same_answers(data: st.DataObject, ids: list[str], suffix: str) -> None:
    rows = [(item, data.draw(SCORES)) for item in ids]
    rows += [(data.draw(st.sampled_from(ids)), data.draw(SCORES)) for _ in range(data.draw(st.integers(0, 3)))]
    shuffled = data.draw(st.permutations(rows))
    others = [f"other {n}" for n in range(3)]
    extra = [("other 1", "0.5")] * data.draw(st.integers(0, 2))
    benchmark = ItemBenchmark(ids, others=[other for other in others if other not in ids])
    with tempfile.TemporaryDirectory() as folder:
        one = read(Path(folder), rows + extra, benchmark, suffix, data.draw(st.integers(1, 40)))
        other = read(Path(folder), extra + shuffled, benchmark, suffix, data.draw(st.integers(1, 40)))
    assert np.array_equal(one.scores, other.scores, equal_nan=True)
    assert np.array_equal(one.status, other.status)
    assert one.accounting == other.accounting


@settings(max_examples=60, deadline=None)
@given(data=st.data(), ids=IDS)
def test_the_answers_are_those_of_a_dictionary(data: st.DataObject, ids: list[str]) -> None:
    rows = data.draw(st.lists(st.tuples(st.sampled_from([*ids, "unknown id"]), st.floats(0, 1)), min_size=1, max_size=40))
    rows.append((ids[0], 0.5))
    with tempfile.TemporaryDirectory() as folder:
        result = read(Path(folder), [(item, repr(score)) for item, score in rows], ItemBenchmark(ids), ".parquet", 7)
    said: dict[str, list[float]] = {}
    for item, score in rows:
        said.setdefault(item, []).append(score)
    for item, value, status in zip(ids, result.scores, result.status, strict=True):
        once = len(said.get(item, ())) == 1
        assert (status == ANSWERED) == once
        assert not once or value == said[item][0]
    assert result.accounting.extra == len(said.get("unknown id", ())) * ("unknown id" not in ids)
    counted = result.accounting
    assert counted.answered + counted.missing + counted.duplicate + counted.invalid == len(ids)
