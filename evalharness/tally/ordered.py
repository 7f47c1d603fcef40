"""What is left of the leads of a split once they stand in one order: places of the relevant ones, and measures of each day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalharness.errors import Fault
from evalharness.predictions.queues import whole_queues
from evalharness.stats import queue_orders as orders

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WaitingLeads:
    """The leads of a split, whatever their order."""

    queues: Integers
    """[leads] number of the daily queue, from 0."""
    labels: NDArray[np.int8]
    """[leads] 1 relevant, 0 not, -1 no label."""
    minutes: Floats | None
    """[leads] of a review; null where nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InOrder:
    """One order of every queue: P relevant leads in the order of the rows, D days that have one."""

    first: Floats
    """[P] the earliest place that the lead may have; 1 is opened first."""
    places: Integers
    """[P] how many places from there on are equally likely: the leads of its score."""
    placed: NDArray[np.bool_]
    """[P] whether it has a score; those without stand last."""
    ahead: Floats
    """[P] minutes of review before the earliest place."""
    each: Floats
    """[P] minutes that each further place adds, on average."""
    queue: Integers
    """[P] number of its queue."""
    leads: Floats
    """[D] leads of the day."""
    average_precision: Floats
    """[D] expected over ties, as all that follows."""
    ndcg: Floats
    """[D] normalised discounted gain."""
    first_find: Floats
    """[D] place of the first relevant lead."""
    minutes_to_find: Floats
    """[D] minutes of review before it is opened."""
    opened: dict[float, Floats]
    """Share of relevant leads -> [D] leads opened until that share of the day's is found."""
    found: Floats
    """[0 … most] relevant leads among the first so many of every queue together; one without a score is never among them."""
    labelled: Floats
    """[0 … most] leads with a label, likewise."""
    looked_at: Integers
    """[0 … most] leads, likewise."""


def in_order(leads: WaitingLeads, keys: Floats, most: int, recalls: tuple[float, ...]) -> InOrder:
    """Puts every queue in falling order of `keys` [leads], NaN last. `most`: the largest budget that is asked for.

    Raises Fault for arrays that do not fit together. Memory: some 150 bytes a lead of those that are sorted at a time (about a million
    where queues stand together), and 50 bytes a relevant lead.
    """
    if not len(keys) == len(leads.queues) == len(leads.labels) or most < 0:
        raise Fault("keys, queues and labels do not fit together")
    parts = [_part(leads, keys, part, most, recalls) for part in whole_queues(leads.queues)]
    if not parts:
        parts = [_part(leads, keys, slice(0, 0), most, recalls)]
    if len(parts) == 1:
        return parts[0]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _ROWS}
    summed = {name: np.sum([getattr(part, name) for part in parts], axis=0) for name in ("found", "labelled", "looked_at")}
    return InOrder(**joined, **summed, opened={r: np.concatenate([part.opened[r] for part in parts]) for r in recalls})


_ROWS = (
    *("first", "places", "placed", "ahead", "each", "queue", "leads"),
    *("average_precision", "ndcg", "first_find", "minutes_to_find"),
)  # fmt: skip


def _part(leads: WaitingLeads, keys: Floats, rows: slice, most: int, recalls: tuple[float, ...]) -> InOrder:
    key = keys[rows]
    minutes = np.zeros(len(key)) if leads.minutes is None else leads.minutes[rows]
    blocks = orders.queue_blocks(key, leads.queues[rows], leads.labels[rows], minutes)
    block = blocks.block_of
    places = blocks.items[block]
    days = blocks.relevant > 0
    found, labelled, looked_at = orders.by_budget(blocks, most)
    return InOrder(
        first=(blocks.before[block] + 1).astype(np.float64),
        places=places,
        placed=blocks.placed[block],
        ahead=blocks.minutes_before[block],
        each=(blocks.minutes[block] - blocks.own_minutes) / np.maximum(places - 1, 1) * (places > 1),
        queue=blocks.names[blocks.day[block]],
        leads=blocks.sizes[days].astype(np.float64),
        average_precision=orders.average_precisions(blocks)[days],
        ndcg=orders.discounted_gains(blocks)[days],
        first_find=orders.ranks_of(blocks, np.ones(len(days), dtype=np.int64))[days],
        minutes_to_find=orders.minutes_to_first_find(blocks)[days],
        opened={recall: orders.ranks_for_recall(blocks, recall)[days] for recall in recalls},
        found=found,
        labelled=labelled,
        looked_at=looked_at,
    )
