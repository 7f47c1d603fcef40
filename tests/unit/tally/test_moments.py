"""Cluster moments: exact sums of products."""

import numpy as np

from evalharness.catalogue import METRICS
from evalharness.tally import DENOMINATOR_NAMES, DENOMINATORS
from evalharness.tally.moments import PAIRS, cluster_moments, unpacked


def test_every_metric_with_a_denominator_finds_it_among_the_distinct_ones() -> None:
    for metric in METRICS.values():
        assert not any(metric.denominator) or DENOMINATOR_NAMES[DENOMINATORS.index(metric.denominator)] == metric.denominator_name


def test_denominators_and_their_names_are_distinct_and_in_a_fixed_order() -> None:
    assert len(set(DENOMINATORS)) == len(DENOMINATORS) == len(set(DENOMINATOR_NAMES)) == 7
    assert DENOMINATOR_NAMES[:4] == ("relevant items", "irrelevant items", "items selected", "items set aside")


def test_sums_stay_exact_beyond_what_float64_holds() -> None:
    columns = np.array([[3e9, 1], [1, 1], [0, 0], [94_906_267, 5], [0, 0], [0, 0]], dtype=float)
    second, clusters = unpacked(cluster_moments(np.array([0, 0]), columns, 1))
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
    alone = cluster_moments(codes, small, 4)
    together = cluster_moments(np.append(codes, 3), giant, 4)
    np.testing.assert_array_equal(alone[:, :3], together[:, :3])
    assert together[PAIRS.index((5, 5)), 3] == 10**16
