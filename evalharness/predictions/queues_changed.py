"""A daily budget, were the score of one lead another and all other leads as they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import Fault
from evalharness.predictions.decide import NO_ANSWER, NOT_SELECTED, SELECTED


def work_changed(
    scores: NDArray[np.float64],
    queues: NDArray[np.int64],
    arrived: NDArray[np.float64] | None,
    budget: int,
    *,
    leads: NDArray[np.int64],
    changed: NDArray[np.float64],
) -> NDArray[np.int8]:
    """[changes] what `work` would decide of each of `leads`, a row, had it the score `changed`: each change by itself.

    scores, queues, arrived: as for `work`. A lead keeps its queue, its arrival and its row; -1 where the changed score is NaN.
    Raises Fault for arrays that do not fit together. Memory: some 60 bytes a lead of the queues in question, and a change.
    """
    if len(leads) != len(changed) or budget < 1 or (len(leads) and not 0 <= leads.min() <= leads.max() < len(scores)):
        raise Fault("changed leads and scores do not fit together, or the budget is no positive number")
    arrived = np.zeros(len(scores)) if arrived is None else arrived
    decisions = np.full(len(leads), NO_ANSWER, dtype=np.int8)
    asked = np.flatnonzero(~np.isnan(changed))
    if not len(asked):
        return decisions
    rows = np.flatnonzero(~np.isnan(scores) & np.isin(queues, queues[leads[asked]]))
    both = np.concatenate([rows, leads[asked]])
    told = np.concatenate([scores[rows], changed[asked]])
    order = np.lexsort((both, arrived[both], -told, queues[both]))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    stored = np.concatenate([[0], np.cumsum(order < len(rows))])  # [place] leads as they are that stand before it
    first = np.searchsorted(queues[both][order], queues[leads[asked]], side="left")
    new = place[len(rows) :]
    ahead = stored[new] - stored[first]
    own = np.searchsorted(rows, leads[asked])  # rows ascend
    known = own < len(rows)
    known[known] = rows[own[known]] == leads[asked][known]
    ahead[known] -= place[own[known]] < new[known]  # it does not stand in its own way
    decisions[asked] = np.where(ahead < budget, np.int8(SELECTED), np.int8(NOT_SELECTED))
    return decisions
