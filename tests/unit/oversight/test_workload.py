"""Readings by fate, and the share row that is made of them, against adding them up item by item."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.oversight.workload import reading_row
from evalharness.records.oversight_bands import Band, Bands, SpotCheck
from evalharness.records.oversight_work import MINUTES, readings_of


def bands_of(readers: int, *, third: bool = False, days: int | None = None, share: float | None = None) -> Bands:
    check = None if share is None else SpotCheck(share=share, readers=1, blind=True)
    first = Band(name="first", selected=True, readers=readers, third_reader=third)
    return Bands(bands=(first, Band(name="rest", rest=True, opened_within_days=days, spot_check=check)))


@pytest.mark.parametrize(
    ("bands", "expected"),
    [
        (bands_of(1), (1, 0, 1)), (bands_of(2), (2, 0, 1)), (bands_of(2, third=True), (3, 0, 1)), (bands_of(2, days=30), (2, 1, 1)),
        (bands_of(1, share=0.02), (1, Fraction(1, 50), 1)), (bands_of(1, share=0.001), (1, Fraction(1, 100), 1)),
        (bands_of(1, days=30, share=0.02), (1, 1, 1)),
    ],
)  # fmt: skip
def test_readings_of_each_fate(bands: Bands, expected: tuple[Fraction | int, ...]):
    found = readings_of(bands)
    assert tuple(Fraction(one, found.parts) for one in found.by_fate) == expected
    assert found.most == max(found.by_fate)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), min_size=1, max_size=60), st.integers(1, 2), st.booleans(),
    st.sampled_from([None, 0.015, 0.3]), st.booleans(),
)  # fmt: skip
def test_the_row_is_the_sum_of_the_items(items: list[tuple[int, int]], readers: int, third: bool, share: float | None, clustered: bool):
    bands = bands_of(readers, third=third, share=share)
    fates, cases = (np.array([item[at] for item in items]) for at in (0, 1))
    row = reading_row(bands, fates.astype(np.int8), cases.astype(np.int32) if clustered else None)
    each = {0: Fraction(readers + third), 1: Fraction(0 if share is None else ceil(round(100 * share, 9)), 100), 2: Fraction(1)}
    most = max(each.values())
    assert Fraction(row.part, row.total) == sum(each[fate] for fate, _ in items) / (most * len(items))
    sums: dict[int, list[Fraction]] = defaultdict(list)
    for at, (fate, case) in enumerate(items):
        sums[case if clustered else at].append(each[fate])
    (way,) = row.ways
    unit = Fraction(row.total) / (most * len(items))
    assert way.clusters == len(sums)
    assert way.total2 == sum((unit * most * len(one)) ** 2 for one in sums.values())
    assert way.part2 == sum((unit * sum(one)) ** 2 for one in sums.values())
    assert way.rest2 == sum((unit * (most * len(one) - sum(one))) ** 2 for one in sums.values())
    assert row.rests_on == (MINUTES,)
