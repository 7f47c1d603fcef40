"""All queues in one pass agree with each queue on its own, with scikit-learn, and with every order that ties leave open."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, ndcg_score

from evalharness.stats import queue_orders as orders
from evalharness.stats.distinct import distinct_counts
from evalharness.stats.ranking import (
    Blocks,
    blocks_of,
    expected_average_precision,
    expected_ndcg,
    expected_rank,
    rank_of_first_find,
)

LEADS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([0.0, 0.5, 1.0, None]), st.sampled_from([1, 0, -1]), st.integers(0, 9)), max_size=14
)
Lead = tuple[int, float | None, int, int]


def made(leads: list[Lead]) -> orders.QueueBlocks:
    queues, keys, labels, minutes = zip(*leads, strict=True) if leads else ((), (), (), ())
    return orders.queue_blocks(
        np.array([np.nan if key is None else key for key in keys], float), np.array(queues, int), np.array(labels, np.int8),
        np.array(minutes, float),
    )  # fmt: skip


def of_queue(leads: list[Lead], queue: int) -> Blocks:
    """The pure functions' own blocks; leads without a key below all others."""
    rows = [(-1.0 if key is None else key, label == 1) for q, key, label, _ in leads if q == queue]
    _, (negative, positive) = distinct_counts([key for key, _ in rows], [int(positive) for _, positive in rows])
    return blocks_of(positive, negative)


@settings(deadline=None, max_examples=200)
@given(LEADS, st.sampled_from([0.25, 0.5, 0.95, 1.0]))
def test_each_queue_is_measured_as_if_it_stood_alone(leads: list[Lead], recall: float) -> None:
    blocks = made(leads)
    assert blocks.names.tolist() == sorted({queue for queue, *_ in leads})
    found = zip(
        blocks.names.tolist(), orders.average_precisions(blocks), orders.discounted_gains(blocks),
        orders.ranks_of(blocks, np.ones(len(blocks.names), int)), orders.ranks_for_recall(blocks, recall), strict=True,
    )  # fmt: skip
    for queue, precision, gain, first, opened in found:
        alone = of_queue(leads, queue)
        if not alone.relevant:
            assert np.isnan([precision, gain, first, opened]).all()
            continue
        assert precision == pytest.approx(expected_average_precision(alone))
        assert gain == pytest.approx(expected_ndcg(_graded(leads, queue), [0, 1]))
        assert first == pytest.approx(rank_of_first_find(alone))
        wanted = min(k for k in range(1, alone.relevant + 1) if k / alone.relevant >= recall)
        assert opened == pytest.approx(float(expected_rank(alone, wanted)))


def _graded(leads: list[Lead], queue: int) -> np.ndarray:
    rows = [(-1.0 if key is None else key, int(label == 1)) for q, key, label, _ in leads if q == queue]
    return distinct_counts([key for key, _ in rows], [label for _, label in rows], 2)[1]


def found_by(blocks: Blocks, budget: int) -> float:
    """Positives among the first leads of one queue: of a block that is opened in part, its share."""
    opened = np.clip(budget - blocks.before, 0, blocks.items)
    return float((blocks.positives * opened / blocks.items).sum())


@settings(deadline=None, max_examples=100)
@given(LEADS, st.integers(0, 8))
def test_budgets_add_up_what_each_queue_finds(leads: list[Lead], budget: int) -> None:
    positives, labelled, looked = orders.by_budget(made(leads), 8)
    answered = [lead for lead in leads if lead[1] is not None]
    queues = {queue for queue, *_ in answered}
    assert positives[budget] == pytest.approx(sum(found_by(of_queue(answered, queue), budget) for queue in queues))
    sizes = [sum(lead[0] == queue for lead in answered) for queue in queues]
    assert looked[budget] == sum(min(size, budget) for size in sizes)
    if all(label >= 0 for _, _, label, _ in answered):
        assert labelled[budget] == pytest.approx(looked[budget])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.just(0), st.sampled_from([0.0, 1.0]), st.sampled_from([1, 0]), st.integers(0, 9)), min_size=1, max_size=6))
def test_work_before_a_find_is_the_mean_over_every_order(leads: list[Lead]) -> None:
    """Of the first find; of each positive, by the ends of the places that it may have; and what so many leads find."""
    blocks, firsts = made(leads), []
    found_first = np.zeros((0, len(leads) + 1))
    waits: dict[int, list[int]] = {k: [] for k, lead in enumerate(leads) if lead[2] == 1}
    for arranged in permutations(range(len(leads))):
        order = sorted(arranged, key=lambda k: -(leads[k][1] or 0.0))
        before = {k: sum(leads[j][3] for j in order[:place]) for place, k in enumerate(order)}
        found_first = np.vstack([found_first, [sum(leads[k][2] for k in order[:opened]) for opened in range(len(leads) + 1)]])
        if waits:
            firsts.append(min(before[k] for k in waits))
        for k, seen in waits.items():
            seen.append(before[k])
    assert orders.by_budget(blocks, len(leads))[0] == pytest.approx(found_first.mean(axis=0))
    found = orders.minutes_to_first_find(blocks)[0]
    assert np.isnan(found) if not waits else found == pytest.approx(np.mean(firsts))
    for row, seen in enumerate(waits.values()):
        block = blocks.block_of[row]
        ahead = (blocks.minutes[block] - blocks.own_minutes[row]) / 2
        assert blocks.minutes_before[block] + ahead == pytest.approx(np.mean(seen))


def test_shares_that_binary_cannot_write_need_no_extra_positive() -> None:
    blocks = orders.queue_blocks(np.arange(100) / 100, np.zeros(100, int), np.ones(100, np.int8), np.ones(100))
    assert orders.ranks_for_recall(blocks, 0.55).tolist() == [55]


def test_without_ties_it_is_what_scikit_learn_says() -> None:
    draw = np.random.default_rng(3)
    scores, labels, queues = draw.permutation(400) / 400, (draw.random(400) < 0.3).astype(np.int8), draw.integers(0, 9, 400)
    blocks = orders.queue_blocks(scores, queues, labels, np.ones(400))
    for queue, precision, gain in zip(blocks.names, orders.average_precisions(blocks), orders.discounted_gains(blocks), strict=True):
        own = queues == queue
        assert precision == pytest.approx(average_precision_score(labels[own], scores[own]))
        assert gain == pytest.approx(ndcg_score([labels[own]], [scores[own]]))


def test_arrays_of_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        orders.queue_blocks(np.zeros(2), np.zeros(3, int), np.zeros(2, np.int8), np.zeros(2))
