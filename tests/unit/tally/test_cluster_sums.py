"""Clusters of rows sorted by score: codes and variances, against plain loops."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.errors import BadInput
from evalharness.stats.clusters import sum_of_squares
from evalharness.tally.cluster_sums import ClusterCodes, ClusterSums

ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.booleans(), st.integers(-8, 8)), min_size=1, max_size=40)


@settings(deadline=None)
@given(ROWS, st.sampled_from(["together", "apart", "one level each"]))
def test_the_variance_of_each_level_is_over_its_clusters(rows: list[tuple[int, int, bool, int]], kind: str) -> None:
    rows = rows if kind == "apart" else sorted(rows)
    clusters, code, positive = (np.array([row[k] for row in rows]) for k in range(3))
    code = clusters % 3 if kind == "one level each" else code
    influence = np.array([row[3] / 8 for row in rows])
    order = np.random.default_rng(len(rows)).permutation(len(rows))
    found = ClusterSums(clusters=clusters, positive=positive, order=order).variances(influence[order], code, 3)
    for level, (variance, ones, zeros) in enumerate(found):
        inside = code == level
        assert ones == len(set(clusters[inside & positive]))
        assert zeros == len(set(clusters[inside & ~positive]))
        sums = [influence[inside & (clusters == c)].sum() for c in set(clusters[inside])]
        m = len(sums)
        expected = np.sum(np.square(sums)) * m / (m - 1) if m > 1 and ones and zeros else np.nan
        assert variance == pytest.approx(expected, rel=1e-5, abs=1e-12, nan_ok=True)


@given(st.lists(st.floats(-1, 1), max_size=50))
def test_the_order_of_sums_changes_no_bit_of_their_squares(values: list[float]) -> None:
    sums = np.array(values)
    level = np.arange(len(values)) % 2
    order = np.random.default_rng(1).permutation(len(values))
    found = sum_of_squares(sums, level, 2)
    assert found.tolist() == sum_of_squares(sums[order], level[order], 2).tolist()
    assert found == pytest.approx([float(np.sum(sums[level == k] ** 2)) for k in (0, 1)], rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("contiguous", [True, False])
def test_codes_go_on_across_batches(contiguous: bool) -> None:
    names = ["a", "a", "b", "b", "b", "c", "d", "d"] if contiguous else ["a", "b", "a", "c", "b", "a", "d", "d"]
    codes = ClusterCodes(contiguous)
    kept = np.array([True, False, True, True, True, True, True, True])
    for cut in (slice(0, 4), slice(4, 4), slice(4, 8)):
        codes.add(pa.array(names[cut], type=pa.string()), kept[cut])
    found = codes.codes().tolist()
    own = [name for name, keep in zip(names, kept, strict=True) if keep]
    assert len(set(zip(found, own, strict=True))) == len(set(own)) == len(set(found))


def test_a_row_without_a_cluster_is_refused() -> None:
    with pytest.raises(BadInput, match="without a cluster"):
        ClusterCodes(True).add(pa.array(["a", None]), None)
