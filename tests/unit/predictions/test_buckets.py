from __future__ import annotations

import pytest

from evalharness.predictions.buckets import buckets_for


@pytest.mark.parametrize(("rows", "count"), [(0, 1), (400_000, 1), (400_001, 2), (800_000, 2), (800_001, 4), (10_000_000, 32)])
def test_buckets_are_a_power_of_two_of_a_few_hundred_thousand_rows(rows: int, count: int) -> None:
    assert buckets_for(rows) == count
