"""Batches and repeated ids, for streams of any shape."""

from __future__ import annotations

from itertools import pairwise

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.benchmarks.exact import in_batches
from evalharness.benchmarks.hashing import text_hashes
from evalharness.benchmarks.identity import ascending, find_repeats
from evalharness.benchmarks.text import coded

texts = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30), max_size=60)


@settings(deadline=None)
@given(pieces=st.lists(st.lists(st.sampled_from(["a", "b", "cc"]), min_size=1, max_size=20), max_size=8), size=st.integers(1, 25))
def test_batches_hold_the_same_rows_in_the_same_order(pieces: list[list[str]], size: int) -> None:
    stream = [{"plain": pa.array(p, pa.string()), "coded": pa.array(p, pa.string()).dictionary_encode()} for p in pieces]
    batches = list(in_batches(stream, size))
    assert all(len(batch["plain"]) == size for batch in batches[:-1])
    assert all(0 < len(batch["plain"]) <= size for batch in batches)
    wanted = [value for piece in pieces for value in piece]
    twice = list(in_batches(batches, 7))
    for column in ("plain", "coded"):
        assert [value for batch in batches for value in batch[column].to_pylist()] == wanted
        assert [value for batch in twice for value in batch[column].to_pylist()] == wanted


@settings(deadline=None)
@given(values=texts, cut=st.integers(0, 60))
def test_repeats_are_exactly_the_values_that_stand_twice(values: list[str], cut: int) -> None:
    arrays = [pa.array(part, pa.string()) for part in (values[:cut], values[cut:])]
    repeats = find_repeats(lambda: arrays, len(values))
    assert (0 if repeats is None else repeats.rows) == len(values) - len(set(values))
    for text, first, second in () if repeats is None else repeats.examples:
        assert values[first - 1] == values[second - 1] == text
        assert first < second


@settings(deadline=None)
@given(values=texts)
def test_equal_texts_hash_equally_wherever_they_stand(values: list[str]) -> None:
    array = pa.array(["padding", *values], pa.string()).slice(1)
    alone = [int(text_hashes(pa.array([value], pa.string()))[0]) for value in values]
    assert text_hashes(array).tolist() == alone


@settings(deadline=None)
@given(values=texts, before=st.none() | st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=5))
def test_ascending_is_the_order_of_the_bytes(values: list[str], before: str | None) -> None:
    chain = [v.encode() for v in ([] if before is None or not values else [before]) + values]
    assert ascending(pa.array(values, pa.string()), before) == all(a < b for a, b in pairwise(chain))


@settings(deadline=None)
@given(values=st.lists(st.none() | st.sampled_from(["", "a", "b", "é"]), max_size=30))
def test_codes_point_at_the_texts(values: list[str | None]) -> None:
    for array in (pa.array(values, pa.string()), pa.array(values, pa.string()).dictionary_encode()):
        codes, known = coded(array)
        assert [None if code < 0 else known[code] for code in codes.tolist()] == values
        assert len(known) == len(set(known))
