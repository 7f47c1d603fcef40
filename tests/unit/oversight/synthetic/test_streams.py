"""Random numbers by (seed, item, reviewer)."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evalharness.oversight.synthetic.streams import item_codes, philox, uniform

WORDS = st.integers(0, 2**64 - 1)


@given(key=st.tuples(WORDS, WORDS), counter=st.tuples(st.integers(1, 2**64 - 1), WORDS, WORDS, WORDS))
def test_the_words_are_those_of_numpys_philox(key: tuple[int, int], counter: tuple[int, int, int, int]) -> None:
    before = np.array([counter[0] - 1, *counter[1:]], dtype=np.uint64)  # numpy counts up before it draws
    theirs = np.random.Philox(key=np.array(key, dtype=np.uint64), counter=before).random_raw(4)
    a, b, c, d = (np.array([word], dtype=np.uint64) for word in counter)
    ours = philox(key, (a, b, c, d))
    assert [int(word[0]) for word in ours] == theirs.tolist()


def test_numbers_are_even_and_differ_by_reviewer_and_purpose() -> None:
    codes = item_codes(7, (f"item-{i}" for i in range(20_000)))
    assert len(set(codes.tolist())) == 20_000
    found = [*uniform(7, 0, codes), uniform(7, 0, codes, 1)[0], uniform(7, 1, codes)[0], uniform(8, 0, codes)[0]]
    for numbers in found:
        assert 0 <= numbers.min() < 0.001
        assert 0.999 < numbers.max() < 1
        assert abs(numbers.mean() - 0.5) < 4 * np.sqrt(1 / 12 / len(numbers))
    together = np.corrcoef(np.array(found)) - np.eye(len(found))
    assert np.abs(together).max() < 5 / np.sqrt(20_000)


def test_the_code_of_an_item_depends_on_its_id_and_the_seed_alone() -> None:
    assert item_codes(1, ["a", "b"]).tolist() == item_codes(1, ["b", "a"]).tolist()[::-1]
    assert item_codes(1, ["a"])[0] != item_codes(2, ["a"])[0]
