"""Steps that every row of every family goes through, each against the plain way to do it."""

from __future__ import annotations

import numpy as np
import pytest

from evalharness.benchmarks.families.family import BLOCK_ROWS
from evalharness.benchmarks.families.ingredients.bits import Bits
from evalharness.benchmarks.families.ingredients.columns import coded, numbered
from evalharness.benchmarks.families.ingredients.copied import order_of_block
from evalharness.benchmarks.families.ingredients.shares import ONE_32, happens, pick


@pytest.mark.parametrize("prefix", ["", "a", "item-", "obfuscation-"])
def test_ids_are_the_numbers_in_nine_digits(prefix: str) -> None:
    numbers = np.array([0, 9, 9_999, 10_000, 99_990_000, 100_000_000, 123_456_789, 999_999_999])
    assert numbered(prefix, numbers).to_pylist() == [f"{prefix}{number:09}" for number in numbers.tolist()]
    assert numbered(prefix, np.array([], dtype=np.int64)).to_pylist() == []


@pytest.mark.parametrize("levels", [1, 2, 24, 25, 60])
def test_the_level_of_a_draw_is_that_whose_end_is_above_it(levels: int) -> None:
    rng = np.random.default_rng(levels)
    ends = np.sort(rng.integers(1, ONE_32, levels - 1, dtype=np.uint32))
    draws = np.concatenate([rng.integers(0, ONE_32, 1_000, dtype=np.uint32), ends, ends - np.uint32(1), [0, ONE_32 - 1]]).astype(np.uint32)
    assert pick(ends, draws).tolist() == [sum(int(end) <= draw for end in ends.tolist()) for draw in draws.tolist()]


@pytest.mark.parametrize("limit", [0, 1, 1 << 31, ONE_32 - 1, ONE_32])
def test_a_draw_below_the_limit_happens(limit: int) -> None:
    draws = np.array([0, 1, 2, (1 << 31) - 1, 1 << 31, ONE_32 - 2, ONE_32 - 1], dtype=np.uint32)
    expected = [draw < limit for draw in draws.tolist()]
    assert happens(draws, limit).tolist() == expected
    assert happens(draws, np.full(len(draws), limit, dtype=np.uint64)).tolist() == expected


def test_the_order_of_a_block_is_that_of_its_draws_and_of_their_places_where_they_are_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = np.random.default_rng(1).integers(0, 50, BLOCK_ROWS, dtype=np.uint32)
    monkeypatch.setattr(Bits, "draw32", lambda *_: draws)
    found = order_of_block(Bits(1, split=0, block=0))
    assert found.tolist() == np.argsort(np.argsort(draws, kind="stable")).tolist()


@pytest.mark.parametrize("levels", [1, 127, 128, 300])
def test_codes_are_the_texts_of_their_places(levels: int) -> None:
    texts = [f"level {place}" for place in range(levels)]
    codes = np.arange(levels)[::-1]
    assert coded(codes, texts).to_pylist() == texts[::-1]
