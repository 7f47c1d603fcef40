"""Counting two models on the same items: by hand, by brute force, in any order, and misuse."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.catalogue import paired_metrics, task_metrics
from evalharness.errors import BadInput, Fault
from evalharness.tally import Counter, Slices
from evalharness.tally.paired import KINDS, PairedCounter, PairedTally

SEX = Slices(("sex",), {"sex": ("F", "M")}, 1)
NOBODY = Slices((), {}, 0)
OF = paired_metrics(task_metrics("binary"))
GRADES = paired_metrics(task_metrics("ordinal", ("none", "low", "high")))


def _int8(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int8)


def _drawn(rows: int, seed: int, levels: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels, one, two = (rng.integers(-1, levels, rows).astype(np.int8) for _ in range(3))
    return labels, one, two, rng.integers(0, 2, rows).astype(np.int32), rng.integers(0, max(rows // 3, 1), rows)


def _counted(labels, one, two, sex, clusters, *, cut: int, contiguous: bool = False, of=OF) -> PairedTally:
    counter = PairedCounter(SEX, clustered=True, of=of, contiguous=contiguous)
    for part in (slice(0, cut), slice(cut, None)):
        names = pa.array([f"c{c}" for c in clusters[part]], type=pa.string())
        counter.add(labels[part], one[part], two[part], {"sex": sex[part]}, names)
    return counter.result()


def test_who_is_right_is_told_apart_and_no_answer_is_wrong():
    counter = PairedCounter(NOBODY, clustered=False, of=OF)
    counter.add(
        _int8(1, 1, 1, 1, 1, 0, 0, 0, 0, 0, -1),
        _int8(1, 1, 0, 0, -1, 0, 0, 1, 1, -1, 1),
        _int8(1, -1, 1, 0, 0, 0, 1, 0, 1, -1, 1),
        {},
        None,
    )
    assert counter.result().counts[0].tolist() == [[1] * 5, [1] * 5, [2] * 5]


def _kind(metric, label: int, one: int, two: int) -> str | None:
    right = metric.right[label]
    if right[one + 1] == -1:
        return None
    if right[one + 1]:
        return "both" if right[two + 1] else "only_incumbent"
    if right[two + 1]:
        return "only_challenger"
    return "unknown" if one == -1 else "neither"


@settings(max_examples=40, deadline=None)
@given(rows=st.integers(0, 60), seed=st.integers(0, 10_000), cut=st.integers(0, 60), levels=st.sampled_from([2, 3]))
def test_counts_moments_and_clusters_are_those_of_a_loop(rows: int, seed: int, cut: int, levels: int):
    of = GRADES if levels == 3 else OF
    labels, one, two, sex, clusters = _drawn(rows, seed, levels)
    tally = _counted(labels, one, two, sex, clusters, cut=min(cut, rows), of=of)
    assert tally.metrics == tuple(metric.name for metric in of)
    for place, chosen in enumerate((np.ones(rows, bool), sex == 0, sex == 1)):
        for m, metric in enumerate(of):
            by_cluster: dict[int, np.ndarray] = {}
            for i in np.flatnonzero(chosen & (labels >= 0)):
                kind = _kind(metric, labels[i], one[i], two[i])
                if kind is not None:
                    by_cluster.setdefault(int(clusters[i]), np.zeros(5, dtype=np.int64))[KINDS.index(kind)] += 1
            parts = np.array(list(by_cluster.values()), dtype=np.int64).reshape(-1, 5)
            assert tally.counts[place, m].tolist() == parts.sum(axis=0).tolist()
            assert tally.second[place, m].tolist() == (parts.T @ parts).tolist()
            assert tally.clusters[place, m] == len(by_cluster)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_and_knowing_that_clusters_stand_together_change_nothing(seed: int):
    drawn = _drawn(50, seed)
    order = np.argsort(drawn[4], kind="stable")
    one, two = _counted(*drawn, cut=20), _counted(*(column[order] for column in drawn), cut=31, contiguous=True)
    for name in ("counts", "second", "clusters"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_margins_of_the_pair_are_the_tallies_of_the_models(seed: int):
    labels, one, two, sex, _ = _drawn(80, seed)
    pair, alone = PairedCounter(SEX, clustered=False, of=OF), Counter(SEX, clustered=False)
    pair.add(labels, one, two, {"sex": sex}, None)
    alone.add(labels, one, {"sex": sex}, None)
    found, own = pair.result().counts, alone.result().counts
    assert found[:, 0, :2].sum(axis=1).tolist() == own[:, 0].tolist()  # right on relevant items: true positives
    assert found[:, 1, :2].sum(axis=1).tolist() == own[:, 3].tolist()  # right on irrelevant ones: true negatives


def test_tallies_of_parts_merge_in_any_order():
    drawn = [_drawn(40, seed) for seed in (1, 2)]
    first = _counted(*drawn[0], cut=10)
    second = _counted(*drawn[1][:4], drawn[1][4] + 1000, cut=10)
    whole = _counted(*(np.concatenate([a, b]) for a, b in zip(drawn[0], (*drawn[1][:4], drawn[1][4] + 1000), strict=True)), cut=33)
    for merged in (first.merge(second), second.merge(first)):
        for name in ("counts", "second", "clusters"):
            np.testing.assert_array_equal(getattr(merged, name), getattr(whole, name))
    with pytest.raises(Fault, match="cannot be merged"):
        first.merge(PairedTally.of_independent(SEX, first.metrics, first.counts))


def test_misuse_is_refused():
    counter = PairedCounter(SEX, clustered=True, of=OF)
    with pytest.raises(Fault, match="different numbers"):
        counter.add(_int8(1), _int8(1, 0), _int8(1), {"sex": np.zeros(1, np.int32)}, pa.array(["a"]))
    with pytest.raises(Fault, match="cluster id for each row"):
        counter.add(_int8(1), _int8(1), _int8(1), {"sex": np.zeros(1, np.int32)}, None)
    with pytest.raises(BadInput, match="without a cluster"):
        counter.add(_int8(1), _int8(1), _int8(1), {"sex": np.zeros(1, np.int32)}, pa.array([None], type=pa.string()))
    counter.result()
    with pytest.raises(Fault, match="after its result"):
        counter.add(_int8(1), _int8(1), _int8(1), {"sex": np.zeros(1, np.int32)}, pa.array(["a"]))
