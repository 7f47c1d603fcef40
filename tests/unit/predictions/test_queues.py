"""The daily budget: which leads of each queue are worked."""

from __future__ import annotations

import numpy as np
import pytest

from evalharness.errors import Fault
from evalharness.predictions import queues as queues_module
from evalharness.predictions.queues import Ties, Worked, work

NAN = float("nan")


def worked(scores: list[float], queues: list[int], arrived: list[float] | None, budget: int) -> Worked:
    return work(np.array(scores), np.array(queues, np.int64), None if arrived is None else np.array(arrived), budget)


def test_the_highest_scores_of_each_queue_are_worked() -> None:
    found = worked([0.1, 0.9, 0.5, 0.4, 0.3, 0.2], [0, 0, 0, 1, 1, 1], [0, 1, 2, 3, 4, 5], 2)
    assert found.decisions.tolist() == [0, 1, 1, 1, 1, 0]
    assert (found.queues, found.short, found.ties) == (2, 0, Ties(queues=0, leads=0, stored_order=0))


def test_queues_need_not_stand_together() -> None:
    found = worked([0.1, 0.4, 0.9, 0.3, 0.5, 0.2], [0, 1, 0, 1, 0, 1], [0, 1, 2, 3, 4, 5], 2)
    assert found.decisions.tolist() == [0, 1, 1, 1, 1, 0]


def test_no_answer_takes_no_place() -> None:
    found = worked([NAN, 0.1, NAN, 0.2, 0.0], [0, 0, 0, 0, 0], [0, 1, 2, 3, 4], 2)
    assert found.decisions.tolist() == [-1, 1, -1, 1, 0]


def test_of_equal_scores_the_earlier_arrival_comes_first_and_is_told() -> None:
    found = worked([0.5, 0.5, 0.5, 0.9, 0.1], [0] * 5, [30, 10, 20, 40, 5], 2)
    assert found.decisions.tolist() == [0, 1, 0, 1, 0]
    assert found.ties == Ties(queues=1, leads=3, stored_order=0)


def test_of_equal_arrivals_the_earlier_row_comes_first_and_is_told() -> None:
    found = worked([0.5, 0.5, 0.5, 0.9], [0] * 4, [10, 10, 20, 40], 2)
    assert found.decisions.tolist() == [1, 0, 0, 1]
    assert found.ties == Ties(queues=1, leads=3, stored_order=2)


def test_without_arrivals_the_earlier_row_decides() -> None:
    found = worked([0.5, 0.5, 0.2], [0] * 3, None, 1)
    assert found.decisions.tolist() == [1, 0, 0]
    assert found.ties == Ties(queues=1, leads=2, stored_order=2)


def test_equal_scores_on_one_side_of_the_edge_are_no_tie() -> None:
    assert worked([0.9, 0.9, 0.1, 0.1], [0] * 4, [1, 1, 1, 1], 2).ties == Ties(queues=0, leads=0, stored_order=0)
    assert worked([0.5, 0.5], [0] * 2, [1, 1], 2).ties.leads == 0


def test_a_queue_with_fewer_scored_leads_than_places_is_worked_whole() -> None:
    found = worked([0.1, NAN, NAN, 0.2, 0.3], [0, 0, 1, 2, 2], [0] * 5, 2)
    assert found.decisions.tolist() == [1, -1, -1, 1, 1]
    assert (found.queues, found.short) == (3, 2)


def test_a_split_without_rows_has_no_queue() -> None:
    found = worked([], [], [], 3)
    assert (found.decisions.tolist(), found.queues, found.short) == ([], 0, 0)


@pytest.mark.parametrize(("queues", "budget"), [([0], 1), ([0, -1], 1), ([0, 0], 0)])
def test_what_does_not_fit_together_is_a_fault(queues: list[int], budget: int) -> None:
    with pytest.raises(Fault):
        worked([0.1, 0.2], queues, None, budget)


def plainly(scores: list[float], queues: list[int], arrived: list[float], budget: int) -> list[int]:
    """The same in plain Python."""
    decisions = [-1 if np.isnan(score) else 0 for score in scores]
    for queue in set(queues):
        rows = [row for row in range(len(scores)) if queues[row] == queue and not np.isnan(scores[row])]
        for row in sorted(rows, key=lambda r: (-scores[r], arrived[r], r))[:budget]:
            decisions[row] = 1
    return decisions


def tied_plainly(scores: list[float], queues: list[int], arrived: list[float], budget: int) -> tuple[int, int, int]:
    counts = [0, 0, 0]
    for queue in set(queues):
        rows = [row for row in range(len(scores)) if queues[row] == queue and not np.isnan(scores[row])]
        order = sorted(rows, key=lambda r: (-scores[r], arrived[r], r))
        if len(order) > budget and scores[order[budget - 1]] == scores[order[budget]]:
            edge = order[budget - 1]
            same = [row for row in rows if scores[row] == scores[edge]]
            counts[0] += 1
            counts[1] += len(same)
            counts[2] += sum(arrived[row] == arrived[edge] for row in same) if arrived[edge] == arrived[order[budget]] else 0
    return counts[0], counts[1], counts[2]


@pytest.mark.parametrize("seed", range(60))
def test_a_plain_sort_selects_the_same_leads(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues_module, "_TOGETHER", 13)
    rng = np.random.default_rng(seed)
    rows, budget = int(rng.integers(1, 120)), int(rng.integers(1, 9))
    queues = rng.integers(0, 8, rows)
    queues = np.unique(np.sort(queues) if seed % 2 else queues, return_inverse=True)[1]
    scores = rng.integers(0, 6, rows) / 10
    scores[rng.random(rows) < 0.15] = NAN
    arrived = rng.integers(0, 4, rows).astype(np.float64)
    found = work(scores, queues.astype(np.int64), arrived, budget)
    plain = scores.tolist(), queues.tolist(), arrived.tolist(), budget
    assert found.decisions.tolist() == plainly(*plain)
    assert (found.ties.queues, found.ties.leads, found.ties.stored_order) == tied_plainly(*plain)
    assert found.queues == len(set(queues.tolist()))
