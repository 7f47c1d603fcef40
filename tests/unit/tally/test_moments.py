"""Cluster moments: exact sums of products."""

import numpy as np
import pytest

from evalharness.catalogue import task_metrics
from evalharness.errors import Fault
from evalharness.tally.moments import cluster_moments, layout_of, unpacked

BINARY = layout_of(task_metrics("binary"))


def test_the_layout_has_every_product_once_and_a_row_for_each_denominator() -> None:
    for of in (task_metrics("binary"), task_metrics("linkage"), task_metrics("ordinal", ("a", "b", "c"))):
        layout, size = layout_of(of), len(of.outcomes)
        assert len(set(layout.pairs)) == len(layout.pairs) == size * (size + 1) // 2
        assert [layout.pairs[row] for row in layout.squares] == [(i, i) for i in range(size)]
        assert layout.rows == len(layout.pairs) + len(of.denominators)


def test_an_ordinal_task_without_levels_cannot_be_counted() -> None:
    with pytest.raises(Fault, match="without levels"):
        layout_of(task_metrics("ordinal"))


def test_sums_stay_exact_beyond_what_float64_holds() -> None:
    columns = np.array([[3e9, 1], [1, 1], [0, 0], [94_906_267, 5], [0, 0], [0, 0]], dtype=float)
    second, clusters = unpacked(cluster_moments(np.array([0, 0]), columns, 1, BINARY), BINARY)
    exact = np.array([[int(x) for x in row] for row in columns], dtype=object)
    np.testing.assert_array_equal(second[0].astype(object), exact @ exact.T)
    assert int(second[0, 0, 0]) == 9 * 10**18 + 1
    assert clusters[0].max() == 2


def test_small_and_large_counts_take_ways_that_agree() -> None:
    rng = np.random.default_rng(5)
    small = rng.integers(0, 4, (6, 40)).astype(float)
    codes = rng.integers(0, 3, 40)
    giant = np.zeros((6, 41))
    giant[:, :40] = small
    giant[5, 40] = 1e8
    alone = cluster_moments(codes, small, 4, BINARY)
    together = cluster_moments(np.append(codes, 3), giant, 4, BINARY)
    np.testing.assert_array_equal(alone[:, :3], together[:, :3])
    assert together[BINARY.squares[5], 3] == 10**16
