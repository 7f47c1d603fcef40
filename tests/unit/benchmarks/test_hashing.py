from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from evalharness.benchmarks.hashing import text_hashes

MASK = 2**64 - 1


def slow(text: str) -> int:
    data = text.encode()
    value = len(data) * 0x9E3779B97F4A7C15 & MASK
    for at in range(0, len(data), 8):
        mixed = (value ^ int.from_bytes(data[at : at + 8], "little")) * 0xD6E8FEB86659FD93 & MASK
        value = mixed ^ mixed >> 29
    value = value * 0xA0761D6478BD642F & MASK
    return value ^ value >> 32


CASES = {
    "equally long": ["abc", "abd", "xyz"],
    "of several lengths": ["a", "", "abcdef", "é", "ab"],
    "of whole words and more": ["12345678", "1234567812345678", "123456789", "1234567"],
    "long": ["a" * 3000, "", "b", "a" * 2999 + "b", ""],
    "all empty": ["", ""],
    "one": ["one"],
}


@pytest.mark.parametrize("texts", CASES.values(), ids=CASES.keys())
def test_hashes_follow_the_formula(texts: list[str]) -> None:
    assert text_hashes(pa.array(texts, pa.string())).tolist() == [slow(text) for text in texts]


def test_a_slice_hashes_like_its_copy() -> None:
    whole = pa.array(["aa", "b", "cccc", "", "d"])
    assert text_hashes(whole.slice(1, 3)).tolist() == text_hashes(pa.array(["b", "cccc", ""])).tolist()


def test_no_texts_have_no_hashes() -> None:
    assert len(text_hashes(pa.array([], pa.string()))) == 0


def test_leading_bits_spread_ids_that_count_upwards_over_buckets() -> None:
    hashes = text_hashes(pa.array([f"item-{n:09d}" for n in range(32_000)]))
    assert np.bincount((hashes >> np.uint64(59)).astype(np.int64), minlength=32).max() < 1_300
