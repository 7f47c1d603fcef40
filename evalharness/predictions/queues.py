"""A daily budget: in each day's queue the leads with the highest scores are worked, as many as the budget allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import Fault
from evalharness.predictions.decide import NO_ANSWER, NOT_SELECTED, SELECTED

_TOGETHER = 2**20
"""Rows sorted at a time where each queue stands together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """What equal scores at the edge of the budget left to the order of arrival."""

    queues: int
    """Queues in which the last lead within the budget and the first beyond it have the same score."""
    leads: int
    """Leads of those queues with that score: arrival decided which of them are worked."""
    stored_order: int
    """Those of them that had arrived at the same moment as well: the order in the benchmark decided."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worked:
    """A budget applied to the queues of a split."""

    decisions: NDArray[np.int8]
    """[rows] 1 within the budget, 0 beyond it, -1 no answer: such a lead takes no place."""
    queues: int
    short: int
    """Queues with fewer leads that have a score than places: all of those leads are worked."""
    ties: Ties


def work(scores: NDArray[np.float64], queues: NDArray[np.int64], arrived: NDArray[np.float64] | None, budget: int) -> Worked:
    """Selects the `budget` highest scores of each queue; of equal scores the earlier arrival, then the earlier row.

    scores: [rows] NaN for no answer; queues: [rows] numbers from 0; arrived: [rows] minutes, or null where nobody knows.
    Raises Fault for arrays that do not fit together. Memory: 9 bytes a row beside the arguments, and some 60 bytes a row of those that
    are sorted at a time (all rows, where queues do not stand together).
    """
    arrived = np.zeros(len(scores)) if arrived is None else arrived
    if not len(scores) == len(queues) == len(arrived) or budget < 1 or (len(queues) and queues.min() < 0):
        raise Fault("scores, queues and arrivals do not fit together, or the budget is no positive number")
    decisions = np.full(len(scores), NO_ANSWER, dtype=np.int8)
    counted, short, tied = 0, 0, np.zeros(3, dtype=np.int64)
    for part in whole_queues(queues):
        rows = np.flatnonzero(~np.isnan(scores[part])) + part.start
        counted += len(np.unique(queues[part]))
        order = rows[np.lexsort((arrived[rows], -scores[rows], queues[rows]))]
        firsts = _firsts(queues[order])
        sizes = np.diff(firsts, append=len(order))
        rank = np.arange(len(order)) - np.repeat(firsts, sizes)
        decisions[order] = np.where(rank < budget, np.int8(SELECTED), np.int8(NOT_SELECTED))
        short += len(np.unique(queues[part])) - int(np.count_nonzero(sizes >= budget))
        tied += _ties(scores[order], arrived[order], firsts, sizes, budget)
    return Worked(
        decisions=decisions, queues=counted, short=short, ties=Ties(queues=int(tied[0]), leads=int(tied[1]), stored_order=int(tied[2]))
    )


def whole_queues(queues: NDArray[np.int64]) -> Iterator[slice]:
    """Whole queues, about a million rows at a time where each of them stands together; else all rows at once."""
    steps = np.diff(queues)
    if len(steps) and steps.min() < 0:
        yield slice(0, len(queues))
        return
    begins = np.concatenate([[0], np.flatnonzero(steps) + 1, [len(queues)]])
    start = 0
    while start < len(queues):
        stop = int(begins[np.searchsorted(begins, min(start + _TOGETHER, len(queues)), side="left")])
        yield slice(start, stop)
        start = stop


def _firsts(sorted_queues: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each queue begins."""
    changes: NDArray[np.int64] = np.flatnonzero(np.diff(sorted_queues)) + 1
    return np.concatenate([np.zeros(min(1, len(sorted_queues)), dtype=np.int64), changes])


def _ties(
    scores: NDArray[np.float64], arrived: NDArray[np.float64], firsts: NDArray[np.int64], sizes: NDArray[np.int64], budget: int
) -> NDArray[np.int64]:
    """[queues, leads, leads decided by the stored order] of ties at the edge. Rows are sorted, `firsts` and `sizes` are the queues'."""
    full = np.flatnonzero(sizes > budget)
    last = firsts[full] + budget - 1
    tied = full[scores[last] == scores[last + 1]]
    edge = firsts[tied] + budget - 1
    rows = np.repeat(firsts[tied] - (np.cumsum(sizes[tied]) - sizes[tied]), sizes[tied]) + np.arange(int(sizes[tied].sum()))
    edges = np.repeat(edge, sizes[tied])
    same = scores[rows] == scores[edges]
    at_once = _equal(arrived[edge], arrived[edge + 1])
    both = same & np.repeat(at_once, sizes[tied]) & _equal(arrived[rows], arrived[edges])
    return np.array([len(tied), np.count_nonzero(same), np.count_nonzero(both)], dtype=np.int64)


def _equal(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether two moments are the same; two that nobody knows are."""
    same: NDArray[np.bool_] = (one == other) | (np.isnan(one) & np.isnan(other))
    return same
