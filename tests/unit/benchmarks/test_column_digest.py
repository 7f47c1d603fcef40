"""The digest of a column, against the definition written out once more, slowly."""

from __future__ import annotations

import hashlib
import math
import struct
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from evalharness.benchmarks.column_digest import ColumnDigest, digest_of

ROWS = 65_536


def defined(values: list[Any], code: str) -> str:
    """The definition: `code` is a struct format, `?` booleans, `s` text."""
    sha = hashlib.sha256()
    for start in range(0, len(values), ROWS):
        block = values[start : start + ROWS]
        missing = [v is None for v in block]
        sha.update(bytes([any(missing)]))
        if any(missing):
            bits = bytearray((len(block) + 7) // 8)
            for i, none in enumerate(missing):
                bits[i // 8] |= none << (i % 8)
            sha.update(bits)
        if code == "s":
            encoded = [("" if v is None else v).encode() for v in block]
            sha.update(b"".join(struct.pack("<I", len(e)) for e in encoded) + b"".join(encoded))
        else:
            sha.update(b"".join(struct.pack("<" + code, 0 if v is None else v) for v in block))
    return "sha256:" + sha.hexdigest()


def blocks(array: pa.Array) -> list[pa.Array]:
    return [array.slice(i, ROWS) for i in range(0, len(array), ROWS)]


@pytest.mark.parametrize(
    ("values", "kind", "code"),
    [
        (["a", "", "é", None, "x" * 300], pa.string(), "s"),
        (["a", None], pa.large_string(), "s"),
        ([1, -2, None, 2**62], pa.int64(), "q"),
        ([1, 255], pa.uint8(), "B"),
        ([1.5, None, -0.0, math.inf], pa.float64(), "d"),
        ([1.5, None], pa.float32(), "f"),
        ([True, False, None], pa.bool_(), "?"),
        ([None, None], pa.string(), "s"),
        ([], pa.string(), "s"),
    ],
)
def test_the_digest_is_the_one_defined(values: list[Any], kind: pa.DataType, code: str) -> None:
    assert digest_of(blocks(pa.array(values, kind))) == defined(values, code)


def test_more_than_a_block_is_the_one_defined() -> None:
    values = [None if i % 1000 == 7 else f"item-{i}" for i in range(ROWS + 1_234)]
    assert digest_of(blocks(pa.array(values, pa.string()))) == defined(values, "s")


def test_a_slice_and_a_dictionary_have_the_digest_of_their_values() -> None:
    values = ["x", "b", None, "b", "a"]
    plain = digest_of([pa.array(values[1:])])
    assert digest_of([pa.array(values).slice(1)]) == plain
    assert digest_of([pa.array(values).dictionary_encode().slice(1)]) == plain


def test_every_nan_is_the_same_and_no_other_two_columns_are() -> None:
    other_nan = np.array([0x7FF8000000000001], dtype=np.uint64).view(np.float64)
    assert digest_of([pa.array(other_nan)]) == digest_of([pa.array([math.nan])])
    different = [["ab", "c"], ["a", "bc"], ["abc", ""], ["abc", None], ["abc"], ["c", "ab"]]
    assert len({digest_of([pa.array(v, pa.string())]) for v in different}) == len(different)


@pytest.mark.parametrize(("values", "kind"), [([None, "a", "b"] * 7, pa.string()), ([1, None, 3] * 7, pa.int16())])
def test_pieces_of_odd_lengths_have_the_digest_of_the_whole(values: list[Any], kind: pa.DataType) -> None:
    whole = pa.array(values, kind)
    for cut in (1, 5, 8, 13):
        pieces = (whole.slice(0, cut), whole.slice(cut))
        for made in (pieces, tuple(piece.dictionary_encode() for piece in pieces)):
            digest = ColumnDigest()
            digest.add(*made)
            assert digest.digest() == digest_of([whole])


def test_a_dictionary_that_holds_no_value_as_a_value_has_the_digest_of_its_values() -> None:
    coded = pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 1], pa.int8()), pa.array(["a", None]))
    assert digest_of([coded]) == digest_of([pa.array(["a", None, None, None])])


def test_a_dictionary_of_numbers_has_the_digest_of_its_values() -> None:
    coded = pa.array([3, 1, None, 3], pa.int16()).dictionary_encode()
    assert digest_of([coded]) == digest_of([pa.array([3, 1, None, 3], pa.int16())])
