from __future__ import annotations

import pyarrow as pa
import pytest

from evalharness.predictions import hashing
from evalharness.predictions.buckets import buckets_for
from evalharness.predictions.hashing import hashes_of

MASK = 2**64 - 1


def slow(text: str) -> int:
    keys = [int(key) for key in hashing._KEYS]
    return sum((byte + 1) * keys[at % len(keys)] for at, byte in enumerate(text.encode())) & MASK


CASES = {
    "equally long": ["abc", "abd", "xyz"],
    "of several lengths": ["a", "", "abcdef", "é", "ab"],
    "long": ["a" * 3000, "", "b", "a" * 2999 + "b", ""],
    "all empty": ["", ""],
    "one": ["one"],
}


@pytest.mark.parametrize("texts", CASES.values(), ids=CASES.keys())
def test_every_way_of_hashing_follows_the_formula(texts: list[str]) -> None:
    assert hashes_of(pa.array(texts, pa.string())).tolist() == [slow(text) for text in texts]


def test_a_slice_hashes_like_its_copy() -> None:
    whole = pa.array(["aa", "b", "cccc", "", "d"])
    assert hashes_of(whole.slice(1, 3)).tolist() == hashes_of(pa.array(["b", "cccc", ""])).tolist()


def test_no_ids_have_no_hashes() -> None:
    assert len(hashes_of(pa.array([], pa.string()))) == 0


@pytest.mark.parametrize(("rows", "count"), [(0, 1), (400_000, 1), (400_001, 2), (800_000, 2), (800_001, 4), (10_000_000, 32)])
def test_buckets_are_a_power_of_two_of_a_few_hundred_thousand_rows(rows: int, count: int) -> None:
    assert buckets_for(rows) == count
