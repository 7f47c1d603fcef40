from __future__ import annotations

import numpy as np
import pytest

from evalharness.tally import group_sums
from evalharness.tally.group_sums import UNIT, GroupSums, units_of

LEVELS = {"sex": ("F", "M"), "age": ("x", "y", "z")}


def test_everybody_and_every_level_has_its_own_sums() -> None:
    sums = GroupSums(LEVELS, 2)
    groups = {"sex": np.array([0, 1, 1], np.int32), "age": np.array([2, 2, 0], np.int32)}
    sums.add(groups, np.array([0, 1, 1]), np.array([5.0, 7.0, 11.0]))
    assert sums.groups == ((), (("sex", "F"),), (("sex", "M"),), (("age", "x"),), (("age", "y"),), (("age", "z"),))
    assert sums.sums.tolist() == [[5, 18], [5, 0], [0, 18], [0, 11], [0, 0], [5, 7]]


def test_levels_of_an_attribute_may_have_weights_of_their_own() -> None:
    sums = GroupSums(LEVELS, 1)
    groups = {"sex": np.array([0, 1], np.int32), "age": np.array([1, 1], np.int32)}
    sums.add(groups, np.zeros(2, np.int64), np.array([1.0, 2.0]), {"sex": np.array([10.0, 20.0])})
    assert sums.sums.ravel().tolist() == [3, 10, 20, 0, 3, 0]


def test_sums_of_chances_are_exact_whatever_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_sums, "CHUNK", 100)
    rng = np.random.default_rng(1)
    chances, codes, places = rng.random(5000), rng.integers(0, 2, 5000).astype(np.int32), rng.integers(0, 3, 5000)
    found = []
    for order in (np.arange(5000), rng.permutation(5000)):
        sums = GroupSums({"sex": ("F", "M")}, 3)
        sums.add({"sex": codes[order]}, places[order], units_of(chances[order]))
        found.append(sums.sums)
    assert np.array_equal(found[0], found[1])
    assert found[0][0, 1] == sum(round(c * UNIT) for c in chances[places == 1].tolist())
    assert np.array_equal(found[0][0], found[0][1] + found[0][2])
