"""How good an order is: expectations over every order that the scores leave open, exact, from counts at sorted distinct scores.

Items of equal score form a block, inside which every order is equally likely. A random order of everything is therefore one block
(`one_block`), and first in, first out is the order of minus the time of arrival.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blocks:
    """B blocks of equal scores, the first opened first. Ranks begin at 1. Made by `blocks_of`."""

    before: Integers
    """[B] items in earlier blocks."""
    items: Integers
    """[B] items in the block, at least 1."""
    found: Integers
    """[B] positives in earlier blocks."""
    positives: Integers
    """[B] positives in the block."""

    @property
    def total(self) -> int:
        """Items."""
        return int(self.items.sum())

    @property
    def relevant(self) -> int:
        """Positives."""
        return int(self.positives.sum())


def blocks_of(positive: ArrayLike, negative: ArrayLike) -> Blocks:
    """Blocks from whole counts [D] at D distinct, *rising* scores: the highest score is opened first. ValueError for other counts."""
    p, n = _whole(positive)[::-1], _whole(negative)[::-1]
    if p.shape != n.shape or p.ndim != 1 or (p < 0).any() or (n < 0).any():
        raise ValueError("counts must be one-dimensional, of one length, and not below 0")
    has = p + n > 0
    return _blocks(p[has], (p + n)[has])


def one_block(blocks: Blocks) -> Blocks:
    """The same items in random order."""
    return blocks_of([blocks.relevant], [blocks.total - blocks.relevant])


def expected_average_precision(blocks: Blocks) -> float | None:
    """Mean, over positives, of the precision at each one's rank, expected over ties; None without positives.

    Place j of a block holds a positive with chance p / m, and then (j - 1)(p - 1)/(m - 1) of the places before it hold one on average.
    """
    if not blocks.relevant:
        return None
    p, m = blocks.positives, blocks.items
    rise = (p - 1) / np.maximum(m - 1, 1)
    reciprocals = _by_block(1 / np.arange(1, blocks.total + 1), blocks)
    precisions = rise * m + (blocks.found + 1 - rise * (blocks.before + 1)) * reciprocals
    return float(np.sum(p / m * precisions) / blocks.relevant)


def expected_ndcg(counts: ArrayLike, gains: ArrayLike, cut: int | None = None) -> float | None:
    """Normalised discounted cumulative gain at `cut` (all ranks unless given), expected over ties; None without any gain.

    `counts` [K, D]: whole counts of K grades at D distinct, rising scores; `gains` [K] of 0 or more. Discount 1 / log2(1 + rank), as
    scikit-learn's `ndcg_score`. Raises ValueError for a negative gain or a cut below 1.
    """
    whole, gain = _whole(counts), np.asarray(gains, dtype=np.float64)
    if (gain < 0).any() or (cut is not None and cut < 1):
        raise ValueError("gains must be 0 or more, and the cut at least 1")
    blocks = blocks_of(whole.sum(axis=0), np.zeros(whole.shape[1], dtype=np.int64))
    discounts = 1 / np.log2(np.arange(2, blocks.total + 2))
    discounts[len(discounts) if cut is None else cut :] = 0.0
    of_grade, falling = whole.sum(axis=1), np.argsort(-gain, kind="stable")
    ideal = float(np.repeat(gain[falling], of_grade[falling]) @ discounts)
    if not ideal:
        return None
    gained = (gain @ whole)[::-1][whole.sum(axis=0)[::-1] > 0]
    return float(np.sum(gained / blocks.items * _by_block(discounts, blocks)) / ideal)


def expected_rank(blocks: Blocks, places: ArrayLike) -> Floats:
    """Rank at which the i-th positive is met, expected over ties; `places` i from 1 to the number of positives, any shape.

    Inside a block of m items with p positives the i-th lies at i (m + 1)/(p + 1) on average. Raises ValueError for other places.
    """
    place = np.asarray(places, dtype=np.int64)
    if place.size and (place.min() < 1 or place.max() > blocks.relevant):
        raise ValueError("there is no positive of that number")
    ends = blocks.found + blocks.positives
    block = np.searchsorted(ends, place, side="left")
    within = place - blocks.found[block]
    return blocks.before[block] + within * (blocks.items[block] + 1) / (blocks.positives[block] + 1)


def rank_of_first_find(blocks: Blocks) -> float | None:
    """Expected rank of the first positive; None without positives."""
    return float(expected_rank(blocks, 1)) if blocks.relevant else None


def median_rank(blocks: Blocks) -> float | None:
    """Expected median of the ranks of the positives; None without positives."""
    return _median(blocks) if blocks.relevant else None


def median_rank_of_missed(blocks: Blocks, budget: int) -> float | None:
    """Expected median rank of the positives beyond the first `budget` items, given that there are any; None where there cannot be any.

    If the budget ends inside a block, the number found there is hypergeometric, and given it the rest lie evenly after the budget.
    Raises ValueError for a budget below 0.
    """
    _check_budget(budget)
    end = int(np.searchsorted(blocks.before + blocks.items, budget, side="right"))
    if end == len(blocks.items):
        return None
    opened = int(budget - blocks.before[end])
    here, size = int(blocks.positives[end]), int(blocks.items[end])
    found = np.arange(max(0, here - (size - opened)), min(here, opened) + 1)
    rest = _blocks(blocks.positives[end + 1 :], blocks.items[end + 1 :])
    left = here - found
    some = left + rest.relevant > 0
    if not some.any():
        return None
    chance = _hypergeometric(found, here, size, opened)[some]
    medians = _medians_after(left[some], size - opened, rest)
    return float(budget + medians @ chance / chance.sum())


def _medians_after(left: Integers, items: int, rest: Blocks) -> Floats:
    """Expected medians where a block of `items` with `left` [H] positives, at least one in all, stands before the `rest`."""
    missed = left + rest.relevant
    place = np.stack([(missed + 1) // 2, missed // 2 + 1])
    ranks = place * (items + 1) / (left + 1)
    beyond = place > left
    ranks[beyond] = items + expected_rank(rest, (place - left)[beyond])
    medians: Floats = ranks.mean(axis=0)
    return medians


def _blocks(positives: Integers, items: Integers) -> Blocks:
    return Blocks(before=np.cumsum(items) - items, items=items, found=np.cumsum(positives) - positives, positives=positives)


def _hypergeometric(found: Integers, positives: int, items: int, opened: int) -> Floats:
    def log_choose(n: ArrayLike, k: ArrayLike) -> Floats:
        n_, k_ = np.asarray(n, dtype=np.float64), np.asarray(k, dtype=np.float64)
        chosen: Floats = special.gammaln(n_ + 1) - special.gammaln(k_ + 1) - special.gammaln(n_ - k_ + 1)
        return chosen

    logs = log_choose(positives, found) + log_choose(items - positives, opened - found)
    chances = np.exp(logs - logs.max())
    return np.asarray(chances / chances.sum(), dtype=np.float64)


def _median(blocks: Blocks) -> float:
    middle = [(blocks.relevant + 1) // 2, blocks.relevant // 2 + 1]
    return float(expected_rank(blocks, middle).mean())


def _by_block(of_rank: Floats, blocks: Blocks) -> Floats:
    """Sum over the ranks of each block."""
    sums: Floats = np.add.reduceat(of_rank, blocks.before)
    return sums


def _check_budget(budget: int) -> None:
    if budget < 0:
        raise ValueError(f"the budget must not be below 0, got {budget!r}")


def _whole(counts: ArrayLike) -> Integers:
    values = np.asarray(counts)
    whole = values.astype(np.int64)
    if (whole != values).any():
        raise ValueError("counts must be whole numbers")
    return whole
