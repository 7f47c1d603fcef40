"""Share rows of rows that are of few kinds: those that counting row by row gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.errors import Fault
from evalharness.tally import Slices, share_kinds
from evalharness.tally.share_kinds import KindShare, count_kinds
from evalharness.tally.shares import count_shares

KINDS = 5
ROWS = st.lists(
    st.tuples(st.integers(0, KINDS - 1), st.integers(0, 40), st.integers(0, 3), st.integers(0, 1), st.integers(0, 2)), max_size=60
)
SHARES = st.lists(st.tuples(*[st.sampled_from([(False, False), (False, True), (True, True)])] * KINDS), min_size=1, max_size=3)
LEVELS = {"sex": ("F", "M"), "age": ("0", "1", "2")}


@pytest.mark.parametrize(("few", "sparse"), [(10_000, 4), (0, 1_000), (0, 0)])
@pytest.mark.parametrize("depth", [0, 1, 2])
@given(rows=ROWS, shares=SHARES)
def test_it_is_the_count_row_by_row_whatever_way_the_table_is_laid(few, sparse, depth, rows, shares):
    rows = sorted(rows, key=lambda row: row[0])
    kinds, case, reader, sex, age = (np.array([row[i] for row in rows], dtype=np.int32) for i in range(5))
    ways, groups = {"case": case, "reviewer": reader}, {"sex": sex, "age": age}
    slices = Slices(attributes=("sex", "age"), levels=LEVELS, depth=depth) if depth else None
    asked = [
        KindShare(metric=f"m{n}", part=np.array([of[0] for of in one]), total=np.array([of[1] for of in one]), rests_on=("x",))
        for n, one in enumerate(shares)
    ]
    before = share_kinds._FEW, share_kinds._SPARSE
    share_kinds._FEW, share_kinds._SPARSE = few, sparse
    try:
        found = count_kinds(asked, np.bincount(kinds, minlength=KINDS), ways, slices=slices, groups=groups, in_groups=("m0", "m2"))
    finally:
        share_kinds._FEW, share_kinds._SPARSE = before
    for share in asked:
        flags = {share.metric: (share.part[kinds], share.total[kinds])}
        told = slices if share.metric in ("m0", "m2") else None
        assert tuple(found[share.metric]) == count_shares(flags, ways, slices=told, groups=groups, rests_on={share.metric: ("x",)})


def test_what_counts_is_in_the_denominator():
    share = KindShare(metric="caught", part=np.array([True]), total=np.array([False]))
    with pytest.raises(Fault, match="not in the denominator"):
        count_kinds([share], np.ones(1, dtype=np.int64), {"case": np.zeros(1, dtype=np.int32)})


def test_nothing_asked_is_nothing_counted():
    assert count_kinds([], np.ones(1, dtype=np.int64), {"case": np.zeros(1, dtype=np.int32)}) == {}
