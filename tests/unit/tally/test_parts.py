"""Clusters whose rows differ in group: their parts, counted apart and then together."""

import numpy as np
import numpy.typing as npt
import pytest

from evalharness.tally.moments import DENOMINATORS, PAIRS, Integers
from evalharness.tally.parts import ClusterRows

SIZE = 4


def by_hand(rows: ClusterRows, codes: Integers) -> npt.NDArray[np.object_]:
    """Moments in whole numbers of any length, from their definition."""
    table = np.zeros((len(PAIRS) + len(DENOMINATORS), SIZE), dtype=object)
    for cluster, code in set(zip(rows.clusters.tolist(), codes.tolist(), strict=True)):
        counts = [0] * 6
        for row in np.flatnonzero((rows.clusters == cluster) & (codes == code)):
            counts[rows.outcomes[row]] += int(rows.weights[row])
        table[:, code] += [counts[i] * counts[j] for i, j in PAIRS] + [
            int(any(n and w for n, w in zip(counts, weights, strict=True))) for weights in DENOMINATORS
        ]
    return table


@pytest.mark.parametrize("heaviest", [1, 3, 10**9])
def test_counted_apart_and_corrected_the_moments_are_those_of_the_parts(heaviest: int) -> None:
    rng = np.random.default_rng(heaviest)
    weights = rng.integers(1, heaviest + 1, 60).astype(float)
    rows = ClusterRows(clusters=np.sort(rng.integers(0, 15, 60)), outcomes=rng.integers(0, 6, 60), weights=weights)
    codes = rng.integers(0, SIZE, 60)
    sharing, correction = rows.shared(np.arange(60), codes, SIZE)
    np.testing.assert_array_equal((rows.moments_apart(codes, SIZE) + correction).astype(object), by_hand(rows, codes))
    keys = rows.clusters * SIZE + codes
    assert sorted(sharing) == [row for row in range(60) if (keys == keys[row]).sum() > 1]


def test_rows_that_share_nothing_correct_nothing() -> None:
    rows = ClusterRows(clusters=np.array([0, 0, 1]), outcomes=np.array([0, 0, 3]), weights=np.array([2.0, 1.0, 5.0]))
    sharing, correction = rows.shared(np.arange(3), np.array([0, 1, 0]), SIZE)
    assert len(sharing) == 0
    assert not correction.any()
