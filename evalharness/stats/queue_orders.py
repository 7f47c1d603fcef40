"""Orders inside many queues at once, exact over ties: what `ranking` says of one queue, for all queues of a split in one pass.

Leads of one queue and equal key form a block in which every order is equally likely. Leads without a key stand last, in one block.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Number = TypeVar("Number", np.int64, np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QueueBlocks:
    """B blocks of Q queues, queue by queue, the first opened first. Made by `queue_blocks`."""

    day: Integers
    """[B] number of the block's queue among those that are there: 0 … Q - 1."""
    before: Integers
    """[B] leads in earlier blocks of the queue."""
    items: Integers
    """[B] leads in the block."""
    positives: Integers
    """[B] positives in the block."""
    labelled: Integers
    """[B] leads with a label."""
    placed: Flags
    """[B] whether its leads have a key; at most one block of a queue does not."""
    minutes: Floats
    """[B] minutes of work in the block."""
    minutes_before: Floats
    """[B] minutes of work in earlier blocks of the queue."""
    positive_minutes: Floats
    """[B] minutes of work on positives in the block."""
    names: Integers
    """[Q] the queues' numbers, rising."""
    block_of: Integers
    """[P] block of each positive, in the order of the rows."""
    own_minutes: Floats
    """[P] minutes of work on each positive."""

    @property
    def sizes(self) -> Integers:
        """[Q] leads of each queue."""
        return _by_day(self, self.items)

    @property
    def relevant(self) -> Integers:
        """[Q] positives of each queue."""
        return _by_day(self, self.positives)


def queue_blocks(keys: Floats, queues: Integers, labels: NDArray[np.int8], minutes: Floats) -> QueueBlocks:
    """Blocks from a key for each lead [n] (the highest is opened first, NaN for none), its queue, its label (1, 0, or -1 for none) and
    minutes of work. Raises ValueError for arrays of unequal lengths."""
    if len({len(keys), len(queues), len(labels), len(minutes)}) > 1:
        raise ValueError("keys, queues, labels and minutes must be of one length")
    falling = np.where(np.isnan(keys), np.inf, -keys)
    rows = np.lexsort((falling, queues))
    queue, key = queues[rows], falling[rows]
    opens_queue = _changes(queue)
    opens = opens_queue | _changes(key)
    firsts = np.flatnonzero(opens)
    positive = (labels == 1)[rows]
    work = minutes[rows]
    starts = np.flatnonzero(opens_queue[firsts])
    day = np.cumsum(opens_queue[firsts]) - 1
    items = np.diff(firsts, append=len(rows))
    spent = _sums(work, firsts)
    of_row = np.empty(len(rows), dtype=np.int64)
    of_row[rows] = np.cumsum(opens) - 1
    return QueueBlocks(
        day=day,
        before=_before(items, starts, day),
        items=items,
        positives=_sums(positive.astype(np.int64), firsts),
        labelled=_sums((labels >= 0)[rows].astype(np.int64), firsts),
        placed=~np.isposinf(key[firsts]),
        minutes=spent,
        minutes_before=_before(spent, starts, day),
        positive_minutes=_sums(work * positive, firsts),
        names=queue[firsts][starts],
        block_of=of_row[labels == 1],
        own_minutes=minutes[labels == 1],
    )


def average_precisions(blocks: QueueBlocks) -> Floats:
    """[Q] expected average precision of each queue; NaN without positives. See `ranking.expected_average_precision`."""
    p, m, found = blocks.positives, blocks.items, _before(blocks.positives, _starts(blocks), blocks.day)
    rise = (p - 1) / np.maximum(m - 1, 1)
    reciprocals = _over_places(blocks, np.reciprocal)
    precisions = rise * m + (found + 1 - rise * (blocks.before + 1)) * reciprocals
    return _share(_by_day(blocks, p / m * precisions), blocks.relevant)


def discounted_gains(blocks: QueueBlocks) -> Floats:
    """[Q] expected nDCG of each queue, every positive gaining 1; NaN without positives. See `ranking.expected_ndcg`."""
    of_block = _over_places(blocks, _discount)
    relevant = blocks.relevant
    most = int(relevant.max(initial=0))
    ideal = np.concatenate([[0.0], np.cumsum(_discount(np.arange(1, most + 1, dtype=np.float64)))])[relevant]
    return _share(_by_day(blocks, blocks.positives / blocks.items * of_block), ideal)


def ranks_of(blocks: QueueBlocks, wanted: Integers) -> Floats:
    """[Q] expected rank of the `wanted`-th [Q] positive of each queue; NaN for queues without positives.

    `wanted` lies from 1 to the positives of the queue where it has any. Source: `ranking.expected_rank`.
    """
    has, block, within = _block_of_place(blocks, wanted)
    ranks = np.full(len(blocks.names), np.nan)
    ranks[has] = blocks.before[block] + within * (blocks.items[block] + 1) / (blocks.positives[block] + 1)
    return ranks


def ranks_for_recall(blocks: QueueBlocks, recall: float) -> Floats:
    """[Q] expected leads to open until the share `recall` of the positives of the queue is found; NaN without positives."""
    return ranks_of(blocks, np.ceil(recall * blocks.relevant * (1 - 1e-12)).astype(np.int64))


def minutes_to_first_find(blocks: QueueBlocks) -> Floats:
    """[Q] expected minutes of work before the first positive is opened; NaN without positives.

    In its block with p positives, each other lead stands before all of them with chance 1 / (p + 1).
    """
    has, block, _ = _block_of_place(blocks, np.ones(len(blocks.names), dtype=np.int64))
    minutes = np.full(len(blocks.names), np.nan)
    others = blocks.minutes[block] - blocks.positive_minutes[block]
    minutes[has] = blocks.minutes_before[block] + others / (blocks.positives[block] + 1)
    return minutes


def by_budget(blocks: QueueBlocks, most: int) -> tuple[Floats, Floats, Integers]:
    """([0 … most] positives, labelled leads, leads) among the first so many of every queue together, expected over ties.

    Leads without a key take no place, so they are never among them.
    """
    start, m = np.minimum(blocks.before, most), blocks.items
    end = np.minimum(blocks.before + m, most)

    def summed(of_block: Integers) -> Floats:
        each = np.where(blocks.placed, of_block / m, 0.0)
        steps = np.bincount(start, weights=each, minlength=most + 1) - np.bincount(end, weights=each, minlength=most + 1)
        return np.concatenate([[0.0], np.cumsum(np.cumsum(steps))[:most]])

    return summed(blocks.positives), summed(blocks.labelled), np.rint(summed(m)).astype(np.int64)


def _block_of_place(blocks: QueueBlocks, wanted: Integers) -> tuple[Flags, Integers, Integers]:
    """(queues with positives, the block of the wanted positive of each of them, its number inside that block)."""
    relevant = blocks.relevant
    has = relevant > 0
    ends = np.cumsum(blocks.positives)
    target = ((np.cumsum(relevant) - relevant) + wanted)[has]
    block = np.searchsorted(ends, target, side="left")
    return has, block, target - (ends - blocks.positives)[block]


def _discount(places: Floats) -> Floats:
    result: Floats = 1 / np.log2(1 + places)
    return result


def _over_places(blocks: QueueBlocks, of_place: Callable[[Floats], Floats]) -> Floats:
    """[B] sum of a function of the place over the places of each block."""
    most = int((blocks.before + blocks.items).max(initial=0))
    sums = np.concatenate([[0.0], np.cumsum(of_place(np.arange(1, most + 1, dtype=np.float64)))])
    result: Floats = sums[blocks.before + blocks.items] - sums[blocks.before]
    return result


def _by_day(blocks: QueueBlocks, of_block: NDArray[Number]) -> NDArray[Number]:
    sums = np.bincount(blocks.day, weights=of_block, minlength=len(blocks.names))
    return sums.astype(of_block.dtype)


def _starts(blocks: QueueBlocks) -> Integers:
    return np.flatnonzero(_changes(blocks.day))


def _changes(values: NDArray[Any]) -> Flags:
    """[n] whether a value differs from the one before it; the first does."""
    opens = np.ones(len(values), dtype=bool)
    opens[1:] = values[1:] != values[:-1]
    return opens


def _before(of_block: NDArray[Number], starts: Integers, day: Integers) -> NDArray[Number]:
    """[B] the sum over earlier blocks of the queue."""
    earlier = np.cumsum(of_block) - of_block
    result: NDArray[Number] = earlier - earlier[starts][day]
    return result


def _sums(values: NDArray[Number], firsts: Integers) -> NDArray[Number]:
    result: NDArray[Number] = np.add.reduceat(values, firsts) if len(firsts) else values[:0]
    return result


def _share(part: Floats, whole: NDArray[Any]) -> Floats:
    total = np.asarray(whole, dtype=np.float64)
    return np.where(total > 0, part / np.where(total > 0, total, 1.0), np.nan)
