"""Clusters whose rows differ in group: their parts, counted apart and then together."""

import numpy as np
import numpy.typing as npt
import pytest

from evalharness.catalogue import TaskMetrics, task_metrics
from evalharness.tally.moments import Integers, layout_of
from evalharness.tally.parts import ClusterRows

SIZE = 4
BINARY = task_metrics("binary")
GRADES = task_metrics("ordinal", ("low", "middle", "high"))


def by_hand(rows: ClusterRows, codes: Integers, of: TaskMetrics) -> npt.NDArray[np.object_]:
    """Moments in whole numbers of any length, from their definition."""
    outcomes = range(len(of.outcomes))
    pairs = [(i, j) for i in outcomes for j in outcomes[i:]]
    table = np.zeros((len(pairs) + len(of.denominators), SIZE), dtype=object)
    for cluster, code in set(zip(rows.clusters.tolist(), codes.tolist(), strict=True)):
        counts = [0] * len(outcomes)
        for row in np.flatnonzero((rows.clusters == cluster) & (codes == code)):
            counts[rows.outcomes[row]] += int(rows.weights[row])
        table[:, code] += [counts[i] * counts[j] for i, j in pairs] + [
            int(any(n and w for n, w in zip(counts, weights, strict=True))) for weights in of.denominators
        ]
    return table


@pytest.mark.parametrize("of", [BINARY, GRADES], ids=["six outcomes", "twelve outcomes"])
@pytest.mark.parametrize("heaviest", [1, 3, 10**9])
def test_counted_apart_and_corrected_the_moments_are_those_of_the_parts(heaviest: int, of: TaskMetrics) -> None:
    rng = np.random.default_rng(heaviest)
    weights = rng.integers(1, heaviest + 1, 60).astype(float)
    clusters, outcomes = np.sort(rng.integers(0, 15, 60)), rng.integers(0, len(of.outcomes), 60)
    rows = ClusterRows(clusters=clusters, outcomes=outcomes, weights=weights, layout=layout_of(of))
    codes = rng.integers(0, SIZE, 60)
    sharing, correction = rows.shared(np.arange(60), codes, SIZE)
    np.testing.assert_array_equal((rows.moments_apart(codes, SIZE) + correction).astype(object), by_hand(rows, codes, of))
    keys = rows.clusters * SIZE + codes
    assert sorted(sharing) == [row for row in range(60) if (keys == keys[row]).sum() > 1]


def test_rows_that_share_nothing_correct_nothing() -> None:
    weights = np.array([2.0, 1.0, 5.0])
    rows = ClusterRows(clusters=np.array([0, 0, 1]), outcomes=np.array([0, 0, 3]), weights=weights, layout=layout_of(BINARY))
    sharing, correction = rows.shared(np.arange(3), np.array([0, 1, 0]), SIZE)
    assert len(sharing) == 0
    assert not correction.any()
