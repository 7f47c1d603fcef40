"""Scores by group, against scikit-learn and plain loops; whatever the order of rows and the cuts of batches."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from evalharness.errors import Fault
from evalharness.stats.average_precision import average_precision
from evalharness.stats.roc import roc_auc
from evalharness.stats.roc_clusters import clustered_auc
from evalharness.tally.rounded_scores import rounded
from evalharness.tally.score_groups import MOST_STEPS, ScoreGroups, ScoreGroupsCounter

LEVELS = {"sex": ("F", "M", "X")}
ROWS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0, float("nan")]), st.integers(-1, 1), st.integers(0, 2), st.integers(0, 6)),
    max_size=40,
)


def made(rows: Any, *, contiguous: bool = False, clustered: bool = True, cuts: int = 7, **options: Any) -> ScoreGroups:
    table = np.array(rows, dtype=float).reshape(-1, 4)
    counter = ScoreGroupsCounter(LEVELS, clustered=clustered, contiguous=contiguous, **options)
    for start in range(0, len(table), cuts):
        part = table[start : start + cuts]
        names = pa.array([f"c{code:.0f}" for code in part[:, 3]], type=pa.string())
        counter.add(part[:, 0], part[:, 1].astype(np.int8), {"sex": part[:, 2].astype(np.int32)}, names)
    return counter.result()


def same(one: ScoreGroups, other: ScoreGroups) -> bool:
    def flat(found: ScoreGroups) -> list[bytes]:
        parts = [np.asarray(getattr(found, f.name)) for f in fields(found) if f.name not in {"orders", "groups"}]
        parts += [np.asarray(getattr(order, f.name), dtype=float) for order in found.orders for f in fields(order)]
        return [part.tobytes() for part in parts]

    return one.groups == other.groups and flat(one) == flat(other)


@settings(deadline=None, max_examples=50)
@given(ROWS, st.booleans())
def test_every_group_has_its_own_counts_order_errors_and_variance(rows: list[tuple[float, int, int, int]], contiguous: bool) -> None:
    table = np.array(sorted(rows, key=lambda r: r[3]) if contiguous else rows, dtype=float).reshape(-1, 4)
    found = made(table, contiguous=contiguous)
    assert found.groups == ((), (("sex", "F"),), (("sex", "M"),), (("sex", "X"),))
    for k, order in enumerate(found.orders):
        own = table if not k else table[table[:, 2] == k - 1]
        own = own[own[:, 1] >= 0]
        silent = own[np.isnan(own[:, 0])]
        assert found.unscored[k].tolist() == [int((silent[:, 1] == c).sum()) for c in (0, 1)]
        own = own[~np.isnan(own[:, 0])]
        scores, labels = own[:, 0], own[:, 1]
        assert order.squared_error == pytest.approx(((scores - labels) ** 2).sum())
        assert found.counts[k].tolist() == [[int(((scores == s) & (labels == c)).sum()) for s in found.least] for c in (0, 1)]
        assert (order.positive.sum(), order.negative.sum()) == (labels.sum(), len(labels) - labels.sum())
        if 0 < labels.sum() < len(labels):
            assert roc_auc(order.positive, order.negative) == pytest.approx(roc_auc_score(labels, scores))
            assert average_precision(order.positive, order.negative) == pytest.approx(average_precision_score(labels, scores))
            known = clustered_auc(labels, scores, own[:, 3])
            assert order.clustered is not None
            assert order.clustered[0] == pytest.approx(known.covariance[0, 0], rel=1e-5, abs=1e-12, nan_ok=True)
            assert order.clustered[1:] == (known.positive_clusters, known.negative_clusters)


@settings(deadline=None, max_examples=50)
@given(ROWS, st.randoms(), st.integers(1, 50))
def test_neither_the_order_of_rows_nor_the_cuts_change_a_bit(rows: list[tuple[float, int, int, int]], random: Any, cuts: int) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert same(made(rows), made(shuffled, cuts=cuts))


def test_many_scores_are_merged_and_the_asked_one_begins_a_step() -> None:
    draw = np.random.default_rng(2)
    scores, labels = draw.random(9_000), draw.integers(0, 2, 9_000)
    rows = np.stack([scores, labels, draw.integers(0, 3, 9_000), np.arange(9_000)], axis=1)
    found = made(rows, clustered=False, cuts=4_000, at=(0.5,))
    assert found.merged
    assert len(found.least) <= MOST_STEPS + 1
    at = int(np.searchsorted(found.least, 0.5))
    assert found.counts[0][:, at:].sum() == (scores >= 0.5).sum()
    assert np.sum(found.means * found.counts[0].sum(axis=0)) == pytest.approx(scores.sum())
    assert roc_auc(found.orders[0].positive, found.orders[0].negative) == pytest.approx(roc_auc_score(labels, scores)), "not merged"
    again = made(rows[draw.permutation(9_000)], clustered=False, cuts=999, at=(0.5,))
    assert same(found, again)


def test_beyond_the_most_rows_scores_are_rounded_and_little_changes() -> None:
    draw = np.random.default_rng(3)
    labels = draw.integers(0, 2, 5_000)
    scores = np.clip(0.3 * labels + draw.random(5_000) * 0.7, 0, 1)
    rows = np.stack([scores, labels, draw.integers(0, 3, 5_000), np.arange(5_000) // 3], axis=1)
    plain, coarse = made(rows, cuts=500), made(rows, cuts=500, most_rows=1_200)
    assert (plain.rounded, coarse.rounded) == (False, True)
    assert coarse.orders[0].clustered is None
    for k, (one, other) in enumerate(zip(plain.orders, coarse.orders, strict=True)):
        assert roc_auc(other.positive, other.negative) == pytest.approx(roc_auc(one.positive, one.negative), abs=1e-4)
        assert other.squared_error == pytest.approx(one.squared_error, rel=1e-3)
        assert coarse.counts[k].sum(axis=1).tolist() == plain.counts[k].sum(axis=1).tolist()
    assert same(coarse, made(rows[draw.permutation(5_000)], cuts=321, most_rows=1_200))


def test_with_many_rows_groups_are_ordered_by_the_steps_and_everybody_by_the_rows() -> None:
    draw = np.random.default_rng(4)
    labels = (draw.random(20_000) < 0.1).astype(int)
    scores = np.clip(0.3 * labels + draw.random(20_000) * 0.7, 0, 1)
    rows = np.stack([scores, labels, draw.integers(0, 3, 20_000), np.arange(20_000) // 3], axis=1)
    exact, quick = made(rows, cuts=5_000), made(rows, cuts=5_000, most_grouped=10_000)
    assert (exact.by_steps, quick.by_steps) == (False, True)
    for k, (one, other) in enumerate(zip(exact.orders, quick.orders, strict=True)):
        assert (other.clustered is None) == bool(k)
        assert roc_auc(other.positive, other.negative) == pytest.approx(roc_auc(one.positive, one.negative), abs=1e-4 if k else 0)
        assert average_precision(other.positive, other.negative) == pytest.approx(average_precision(one.positive, one.negative), abs=2e-3)
        assert other.squared_error == pytest.approx(one.squared_error, rel=1e-4)


@given(st.lists(st.floats(-1e300, 1e300), min_size=1))
def test_rounding_keeps_the_order_and_stays_close(values: list[float]) -> None:
    scores = np.sort(np.array(values) + 0.0)
    close = rounded(scores)
    assert (np.diff(close) >= 0).all()
    assert (np.abs(close - scores) <= np.abs(scores) / 4_000 + 1e-300).all()
    assert rounded(np.array([0.0, 1.0, 0.5])).tolist() == [0.0, 1.0, 0.5]


def test_no_rows_and_rows_that_do_not_fit() -> None:
    found = made([])
    assert found.counts.shape == (4, 2, 0)
    counter = ScoreGroupsCounter(LEVELS, clustered=True)
    with pytest.raises(Fault, match="different numbers of rows"):
        counter.add(np.zeros(2), np.zeros(2, np.int8), {"sex": np.zeros(2, np.int32)}, None)
