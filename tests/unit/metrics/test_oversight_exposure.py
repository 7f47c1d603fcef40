"""How much less severe items are read by the bands: against its definition, at any number of parts of a reading."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from evalharness.catalogue import EVERY_METRIC
from evalharness.metrics.oversight_exposure import reduction_of_row
from evalharness.oversight.exposure.by_bands import severe_row
from evalharness.oversight.fates import Fated
from evalharness.records.oversight_bands import Band, Bands, SpotCheck
from evalharness.records.oversight_work import readings_of

BANDS = Bands(
    bands=(
        Band(name="first", at_least=0.9, readers=2, third_reader=True),
        Band(name="review", selected=True, readers=1),
        Band(name="rest", rest=True, spot_check=SpotCheck(share=0.02, readers=1, blind=True)),
    )
)
TIMES = (3.0, 1.0, 0.02, 1.0)
"""Readings of each fate, the last to a person."""
SHARE, METRIC = EVERY_METRIC["severe_reading_load"], EVERY_METRIC["exposure_reduction"]


def fated(fates: list[int], relevant: list[bool]) -> Fated:
    labels = np.array(relevant, dtype=np.int8)
    return Fated(fates=np.array(fates, dtype=np.int8), decisions=labels, labels=labels, relevant=labels == 1, top=1)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 3)), max_size=20), st.booleans())
def test_it_is_one_less_the_mean_readings_of_a_severe_item(items: list[tuple[int, bool, int]], clustered: bool):
    fates, relevant, cases = ([item[at] for item in items] for at in range(3))
    of = fated(fates, relevant)
    row = severe_row(BANDS, of, of.relevant, np.array(cases, dtype=np.int32) if clustered else None)
    found = reduction_of_row(row, METRIC, SHARE, readings_of(BANDS), 0.95)
    severe = [TIMES[fate] for fate, is_severe in zip(fates, relevant, strict=True) if is_severe]
    assert not found.decides
    if not severe:
        assert (found.value, found.lower, found.upper) == (None, None, None)
        assert found.reason
        return
    assert found.value == pytest.approx(1 - np.mean(severe), abs=1e-9)
    lower, upper = found.bounds
    assert lower is not None
    assert upper is not None
    assert 1 - 3 - 1e-9 <= lower <= found.value + 1e-9
    assert found.value - 1e-9 <= upper <= 1


def test_the_limits_are_those_of_the_share_turned_round():
    of = fated([0, 1, 1, 2, 2, 2, 2, 2], [True] * 8)
    row = severe_row(BANDS, of, of.relevant, None)
    found = reduction_of_row(row, METRIC, SHARE, readings_of(BANDS), 0.95)
    k = 8 * (3 + 2 + 5 * 0.02) / 24
    assert (found.n_eff, found.lower) == (8, pytest.approx(1 - 3 * beta.ppf(0.95, k + 1, 8 - k), rel=1e-6))
    assert found.upper == pytest.approx(1 - 3 * beta.ppf(0.05, k, 8 - k + 1), rel=1e-6)


def test_nobody_severe_is_read():
    of = fated([2], [False])
    row = severe_row(BANDS, of, of.relevant, None)
    assert (row.part, row.total) == (0, 0)
