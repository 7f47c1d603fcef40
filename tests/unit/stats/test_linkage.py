"""Two clusterings of the same records."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.stats.linkage import bcubed, merge_distance, overlap, pairs, pairwise, variation_of_information

CLUSTERINGS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=14)


@given(CLUSTERINGS)
def test_pairs_are_counted_as_one_by_one(rows: list[tuple[int, int]]) -> None:
    found = pairs(overlap(*zip(*rows, strict=True)))
    every = [(a, b) for i, a in enumerate(rows) for b in rows[:i]]
    assert found.both == sum(a == b for a, b in every)
    assert found.only_true == sum(a[0] == b[0] and a[1] != b[1] for a, b in every)
    assert found.only_predicted == sum(a[0] != b[0] and a[1] == b[1] for a, b in every)


@given(CLUSTERINGS, st.randoms(use_true_random=False))
def test_names_and_order_change_nothing_and_swapping_swaps(rows: list[tuple[int, int]], random: object) -> None:
    true, predicted = zip(*rows, strict=True)
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    renamed = overlap([f"e{9 - t}" for t, _ in shuffled], [p * 7 - 3 for _, p in shuffled])
    cells, swapped = overlap(true, predicted), overlap(predicted, true)
    for function in (pairs, pairwise, merge_distance):
        assert function(renamed) == function(cells)
    assert bcubed(renamed).f1 == pytest.approx(bcubed(cells).f1)
    assert (pairwise(swapped).precision, pairwise(swapped).recall) == (pairwise(cells).recall, pairwise(cells).precision)
    assert bcubed(swapped).precision == pytest.approx(bcubed(cells).recall)
    assert variation_of_information(swapped) == pytest.approx(variation_of_information(cells), abs=1e-12)
    assert (merge_distance(swapped).splits, merge_distance(swapped).merges) == (merge_distance(cells).merges, merge_distance(cells).splits)


@given(CLUSTERINGS)
def test_the_merge_distance_is_what_splitting_and_merging_takes(rows: list[tuple[int, int]]) -> None:
    parts = {p: {t for t, q in rows if q == p} for _, p in rows}
    pieces = {t: {p for u, p in rows if u == t} for t, _ in rows}
    found = merge_distance(overlap(*zip(*rows, strict=True)))
    assert found.splits == sum(len(inside) - 1 for inside in parts.values())
    assert found.merges == sum(len(inside) - 1 for inside in pieces.values())
    assert found.distance == found.splits + found.merges


@given(CLUSTERINGS)
def test_b_cubed_of_a_group_is_the_mean_over_its_records_in_whole_clusters(rows: list[tuple[int, int]]) -> None:
    cells = overlap(*zip(*rows, strict=True))
    group = np.arange(len(rows)) % 2 == 0
    of_each = [sum(r == q for q in rows) / sum(r[1] == q[1] for q in rows) for r in rows]
    assert bcubed(cells, group).precision == pytest.approx(np.mean(np.array(of_each)[group]))
    assert bcubed(cells, np.ones(len(rows))).recall == pytest.approx(bcubed(cells).recall)
    assert bcubed(cells, np.zeros(len(rows))).precision is None


def test_equal_clusterings_are_perfect() -> None:
    cells = overlap([1, 1, 2], ["b", "b", "a"])
    assert pairwise(cells).f1 == bcubed(cells).f1 == 1
    assert merge_distance(cells).distance == 0
    assert variation_of_information(cells) == 0


def test_records_that_all_stand_alone_have_no_pairs_to_be_right_about() -> None:
    alone = pairwise(overlap([1, 2, 3], [1, 2, 3]))
    assert (alone.precision, alone.recall, alone.f1) == (None, None, None)
    apart = pairwise(overlap([1, 1], [1, 2]))
    assert (apart.precision, apart.recall, apart.f1) == (None, 0.0, 0.0)


def test_no_records_have_no_figures() -> None:
    cells = overlap([], [])
    assert pairwise(cells).f1 is None
    assert bcubed(cells).f1 is None
    assert variation_of_information(cells) is None
    assert merge_distance(cells).distance == 0


def test_a_single_record_is_whole() -> None:
    assert bcubed(overlap(["x"], ["y"])).f1 == 1


def test_a_hundred_thousand_records_together_have_no_overflow() -> None:
    n = 200_000
    assert pairs(overlap(np.zeros(n, dtype=int), np.zeros(n, dtype=int))).both == n * (n - 1) // 2


def test_clusterings_and_weights_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        overlap([1, 2], [1])
    for weights in ([1.0], [1.0, -1.0], [1.0, np.nan]):
        with pytest.raises(ValueError, match="weights"):
            bcubed(overlap([1, 2], [1, 1]), weights)
