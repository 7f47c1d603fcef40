"""Pairwise and B-cubed agreement over resampled entities: records stay with their entity, never pairs on their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evalharness.stats.linkage import Overlap

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResampledAgreement:
    """Agreement in R replicates; NaN where a denominator is empty."""

    pairwise_precision: Floats
    """[R]."""
    pairwise_recall: Floats
    """[R]."""
    pairwise_f1: Floats
    """[R]."""
    bcubed_precision: Floats
    """[R]."""
    bcubed_recall: Floats
    """[R]."""
    bcubed_f1: Floats
    """[R]."""


def resampled_agreement(cells: Overlap, times: ArrayLike) -> ResampledAgreement:
    """Agreement where true cluster t is drawn `times` [R, T] times, T in the order of `cells.true_sizes`.

    A copy of an entity is an entity of its own, linked to other drawn entities as the original is, and not to its twin: that pair does not
    exist in the population. All ones give the figures of `linkage`. Memory: R x C numbers, C the cells. Raises ValueError for times that
    are negative, not whole, or of another shape.
    """
    drawn = np.asarray(times, dtype=np.float64)
    if drawn.ndim != 2 or drawn.shape[1] != len(cells.true_sizes) or (drawn < 0).any() or (drawn != np.floor(drawn)).any():
        raise ValueError("times must be whole numbers of 0 or more, [replicates, true clusters]")
    size, weight = cells.records.astype(np.float64), drawn[:, cells.true]
    others = _of_others(cells, weight * size)
    right = _summed(weight, size * (size - 1) / 2)
    wrong = _summed(weight * others, size) / 2
    true = cells.true_sizes.astype(np.float64)
    linked = _summed(drawn, true * (true - 1) / 2)
    records = _summed(drawn, true)
    precision = _share(np.sum(weight * size * (size / (size + others)), axis=1), records)
    recall = _share(_summed(weight, size * size / true[cells.true]), records)
    return ResampledAgreement(
        pairwise_precision=_share(right, right + wrong),
        pairwise_recall=_share(right, linked),
        pairwise_f1=_share(2 * right, right + wrong + linked),
        bcubed_precision=precision,
        bcubed_recall=recall,
        bcubed_f1=_share(2 * precision * recall, precision + recall),
    )


def _of_others(cells: Overlap, present: Floats) -> Floats:
    """[R, C]: records of other entities in the predicted cluster of each cell, `present` [R, C] being those drawn of each cell."""
    order = np.argsort(cells.predicted, kind="stable")
    if not len(order):
        return np.zeros_like(present)
    starts = np.flatnonzero(np.diff(cells.predicted[order], prepend=-1))
    totals = np.add.reduceat(present[:, order], starts, axis=1)
    others: Floats = totals[:, cells.predicted] - present
    return others


def _summed(weights: Floats, values: Floats) -> Floats:
    sums: Floats = weights @ values
    return sums


def _share(part: Floats, whole: Floats) -> Floats:
    some = whole > 0
    return np.where(some, part / np.where(some, whole, 1.0), np.nan)
