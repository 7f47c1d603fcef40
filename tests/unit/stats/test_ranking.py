"""Ranking metrics are exact expectations over the orders that ties leave open: compared with every order there is."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, ndcg_score

from evalharness.stats.distinct import distinct_counts
from evalharness.stats.ranking import (
    Blocks,
    blocks_of,
    expected_average_precision,
    expected_ndcg,
    expected_rank,
    median_rank,
    median_rank_of_missed,
    one_block,
    rank_of_first_find,
)

ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), min_size=1, max_size=6)


def made(rows: list[tuple[int, int]]) -> Blocks:
    labels, scores = zip(*rows, strict=True)
    _, (negative, positive) = distinct_counts(scores, labels)
    return blocks_of(positive, negative)


def every_order(rows: list[tuple[int, int]]) -> list[list[int]]:
    """Labels in each order that the scores allow, every arrangement inside ties equally often."""
    return [[label for label, _ in sorted(order, key=lambda row: -row[1])] for order in permutations(rows)]


def ranks(labels: list[int]) -> list[int]:
    return [rank for rank, label in enumerate(labels, start=1) if label]


@settings(deadline=None)
@given(ROWS)
def test_precision_and_ranks_are_means_over_every_order(rows: list[tuple[int, int]]) -> None:
    blocks, orders = made(rows), [ranks(order) for order in every_order(rows)]
    if not blocks.relevant:
        assert [expected_average_precision(blocks), rank_of_first_find(blocks), median_rank(blocks)] == [None] * 3
        return
    precision = [np.mean([(k + 1) / rank for k, rank in enumerate(order)]) for order in orders]
    assert expected_average_precision(blocks) == pytest.approx(np.mean(precision))
    assert rank_of_first_find(blocks) == pytest.approx(np.mean([order[0] for order in orders]))
    assert median_rank(blocks) == pytest.approx(np.mean([np.median(order) for order in orders]))
    assert expected_rank(blocks, np.arange(1, blocks.relevant + 1)) == pytest.approx(np.mean(orders, axis=0))


@settings(deadline=None)
@given(ROWS, st.integers(0, 7))
def test_what_a_budget_misses_is_a_mean_over_every_order(rows: list[tuple[int, int]], budget: int) -> None:
    blocks, orders = made(rows), [ranks(order) for order in every_order(rows)]
    missed = [[rank for rank in order if rank > budget] for order in orders]
    medians = [np.median(some) for some in missed if some]
    found = median_rank_of_missed(blocks, budget)
    assert found == (pytest.approx(np.mean(medians)) if medians else None)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=6), st.none() | st.integers(1, 7))
def test_discounted_gain_is_the_mean_over_every_order(rows: list[tuple[int, int]], cut: int | None) -> None:
    grades, scores = zip(*rows, strict=True)
    _, counts = distinct_counts(scores, grades, 3)
    gains = [0.0, 1.0, 2.5]
    found = expected_ndcg(counts, gains, cut)
    upto = len(rows) if cut is None else cut

    def total(order: list[int]) -> float:
        return sum(gains[grade] / math.log2(rank + 1) for rank, grade in enumerate(order[:upto], start=1))

    ideal = total(sorted(grades, reverse=True))
    assert found == (pytest.approx(np.mean([total(order) for order in every_order(rows)]) / ideal) if ideal else None)


@given(st.permutations(range(12)), st.integers(1, 11))
def test_without_ties_it_is_scikit_learn_s(scores: list[int], relevant: int) -> None:
    labels = [1] * relevant + [0] * (12 - relevant)
    _, counts = distinct_counts(scores, labels)
    assert expected_average_precision(blocks_of(counts[1], counts[0])) == pytest.approx(average_precision_score(labels, scores))
    assert expected_ndcg(counts, [0, 1], 5) == pytest.approx(ndcg_score([labels], [scores], k=5, ignore_ties=True))


def test_a_random_order_is_one_block() -> None:
    blocks = blocks_of([0, 3, 4], [80, 10, 3])
    chance = one_block(blocks)
    assert (chance.total, chance.relevant, len(chance.items)) == (100, 7, 1)
    assert float(expected_rank(chance, 4)) == pytest.approx(4 * 101 / 8)
    assert expected_average_precision(chance) < expected_average_precision(blocks)


def test_large_blocks_of_ties_are_quick_and_agree_with_drawn_orders() -> None:
    blocks = blocks_of([4_000, 1_000], [96_000, 9_000])
    rng = np.random.default_rng(9)
    medians, precisions = [], []
    for _ in range(200):
        order = np.concatenate([rng.permutation(np.arange(10_000) < 1_000), rng.permutation(np.arange(100_000) < 4_000)])
        found = np.flatnonzero(order) + 1
        medians.append(np.median(found[found > 5_000]))
        precisions.append(np.mean(np.arange(1, 5_001) / found))
    assert median_rank_of_missed(blocks, 5_000) == pytest.approx(np.mean(medians), abs=4 * np.std(medians) / math.sqrt(200))
    assert expected_average_precision(blocks) == pytest.approx(np.mean(precisions), abs=4 * np.std(precisions) / math.sqrt(200))


def test_twice_the_rows_of_every_score_is_twice_the_counts() -> None:
    rows = [(1, 2), (0, 2), (1, 1), (0, 0)]
    twice = made(rows * 2)
    assert (twice.items.tolist(), twice.positives.tolist()) == ((2 * made(rows).items).tolist(), (2 * made(rows).positives).tolist())


@pytest.mark.parametrize(
    ("positive", "negative", "words"),
    [([0.5], [1], "whole"), ([1], [-1], "not below 0"), ([1, 2], [1], "one length"), ([[1]], [[1]], "one-dimensional")],
)
def test_counts_that_are_none_are_refused(positive: list[float], negative: list[float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        blocks_of(positive, negative)


def test_bounds_of_what_may_be_asked() -> None:
    blocks = blocks_of([1, 1], [1, 0])
    with pytest.raises(ValueError, match="budget"):
        median_rank_of_missed(blocks, -1)
    for place in (0, 3):
        with pytest.raises(ValueError, match="no positive"):
            expected_rank(blocks, place)
    for gains, cut in (([-1, 0], None), ([0, 1], 0)):
        with pytest.raises(ValueError, match="gains"):
            expected_ndcg([[1], [1]], gains, cut)


def test_no_items_have_no_ranks() -> None:
    empty = blocks_of([], [])
    assert (empty.total, expected_average_precision(empty), median_rank_of_missed(empty, 3)) == (0, None, None)
    assert expected_ndcg(np.zeros((2, 0), dtype=int), [0, 1]) is None
