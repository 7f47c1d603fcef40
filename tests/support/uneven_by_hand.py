"""Bounds of clusters of unequal size, written anew with scipy.stats: in items, one cluster at a time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
from scipy.stats import beta, expon, gamma

from evalharness.stats.uneven import BEYOND

Strata = Sequence[tuple[float, np.ndarray]]
"""(how many items of the population an item stands for, clusters [m, ...]) of each stratum."""


def shape_of(sizes: np.ndarray) -> tuple[float, float]:
    """Mean size of an item's cluster, and the size of one more cluster: `BEYOND` deviations of the sizes more. Empty clusters are none."""
    present = sizes[sizes > 0].astype(float)
    if not len(present):
        return 0.0, 0.0
    mean = float((present**2).sum() / present.sum())
    return mean, mean * (1 + BEYOND * float(np.std(present) / np.mean(present)))


def share_limits(clusters: Sequence[tuple[float, float]], alpha: float) -> tuple[float, float]:
    """The widest of three pairs for the share of hits; clusters are (size, hits)."""
    sizes, hits = [size for size, _ in clusters if size], [hit for size, hit in clusters if size]
    misses = [size - hit for size, hit in zip(sizes, hits, strict=True)]
    total, squares = sum(sizes), sum(size * size for size in sizes)
    _, more = shape_of(np.array(sizes))
    n_eff = total**2 / squares
    k = sum(hits) / total * n_eff

    def low(part: list[float]) -> float:
        y, v = sum(part), sum(x * x for x in part)
        return float(beta.ppf(alpha, y * y / v, (total + more - y) * y / v)) if y else 0.0

    def high(part: list[float]) -> float:
        y, v = sum(part), sum(x * x for x in part)
        m, size = (y + more) / (total + more), (y + more) * (total + more) / (v + more * more)
        nothing = float(beta.ppf(1 - alpha, 1, total / more))
        return max(float(beta.ppf(1 - alpha, m * size, (1 - m) * size)), nothing) if y < total else 1.0

    exact_low = float(beta.ppf(alpha, k, n_eff - k + 1)) if sum(hits) else 0.0
    exact_high = float(beta.ppf(1 - alpha, k + 1, n_eff - k)) if sum(misses) else 1.0
    return min(low(hits), 1 - high(misses), exact_low), max(high(hits), 1 - low(misses), exact_high)


def number_limits(parts: np.ndarray, mean: float, more: float, alpha: float) -> tuple[float, float]:
    """The wider of Fay and Feuer's limits and Garwood's for clusters of the `mean` size; parts: items of each cluster."""
    y, v = float(parts.sum()), float((parts.astype(float) ** 2).sum())
    low = min(gamma.ppf(alpha, y * y / v, scale=v / y), gamma.ppf(alpha, y / mean, scale=mean)) if y else 0.0
    after = (v + more * more) / (y + more)
    highs = gamma.isf(alpha, (y + more) / after, scale=after), gamma.isf(alpha, y / mean + 1, scale=mean), expon.isf(alpha, scale=more)
    return float(low), float(max(highs))


def stratified_share_limits(strata: Strata, alpha: float, *, decided: bool = False) -> tuple[float, float]:
    """Clusters are (items that count, that do not, that are not asked about). NaN where nothing is asked about.

    decided: answers decide what is asked about, so one more cluster is not smaller than one more of all items.
    """
    if not sum(clusters[:, :2].sum() for _, clusters in strata):
        return np.nan, np.nan
    ends = np.zeros((2, 2))
    for stands_for, clusters in strata:
        asked, everything = shape_of(clusters[:, :2].sum(axis=1)), shape_of(clusters.sum(axis=1))
        mean, more = max(asked[0], everything[0]), asked[1] or everything[0]
        more = max(more, everything[1]) if decided else more
        for column in (0, 1):
            ends[column] += np.array(number_limits(clusters[:, column], mean, more, alpha / (2 * len(strata)))) * stands_for
    (part_low, part_high), (rest_low, rest_high) = ends
    return part_low / (part_low + rest_high), part_high / (part_high + rest_low)


def stratified_cost_limits(strata: Strata, costs: Sequence[float], alpha: float) -> tuple[float, float]:
    """Clusters are counts [m, outcomes]."""
    each, levels = alpha / (3 * len(strata)), sorted(set(costs))
    means, numbers = [], []
    for stands_for, clusters in strata:
        sizes = clusters.sum(axis=1)
        ends = np.full(2, levels[0], dtype=float)
        for below, level in pairwise(levels):
            reached = clusters[:, np.array(costs) >= level].sum(axis=1)
            tail = share_limits(list(zip(sizes.tolist(), reached.tolist(), strict=True)), each / (len(levels) - 1))
            ends += (level - below) * np.array(tail)
        means.append(ends)
        numbers.append(np.array(number_limits(sizes, *shape_of(sizes), each)) * stands_for)
    ways = [np.array([number[k] for number, k in zip(numbers, chosen, strict=True)]) for chosen in product((0, 1), repeat=len(strata))]
    low, high = (np.array([ends[side] for ends in means]) for side in (0, 1))
    return min(float(n @ low / n.sum()) for n in ways), max(float(n @ high / n.sum()) for n in ways)
