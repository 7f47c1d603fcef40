"""What metrics read from a tally: counts of slices, never rows or models."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import TaskMetrics, Weights
from evalharness.records import OVERALL
from evalharness.stats.clusters import kish_n_eff
from evalharness.stats.uneven import one_more_of
from evalharness.tally import ConfusionTally

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def second_of(tally: ConfusionTally, at: Sequence[int] | None = None) -> Ints | None:
    """Second moments (S, O, O) over clusters, of all slices or those `at` these positions; None where items are independent."""
    if not tally.clustered:
        return None
    return tally.second if at is None else tally.second[at]


def clusters_of(tally: ConfusionTally, denominators: Sequence[Weights]) -> Ints:
    """(S, Q) clusters with an item in each denominator; the items themselves where they are independent."""
    return tally.clusters[:, [tally.of.denominators.index(d) for d in denominators]]


def of_labels(of: TaskMetrics, weights: Weights) -> bool:
    """Whether the labels alone say what is in a denominator, whatever a model answers."""
    return all(len({weights[k] for k in (*answers, refused)}) == 1 for answers, refused in zip(of.answers, of.refused, strict=True))


def one_more_of_all(tally: ConfusionTally, denominators: Sequence[Weights], at: Sequence[int] | None = None) -> Floats | None:
    """(S, Q) items of one more cluster of everything, where the answers decide what is in a denominator; 0 elsewhere.

    A cluster that goes wrong as a whole can enter such a denominator with all of its items, and one that goes right with few: then the
    clusters that are seen there say too little of how large the next one is. None where no item depends on another. Ranking: the budget
    fills, whatever is answered.
    """
    of = tally.of
    decided = np.array([not of_labels(of, weights) for weights in denominators])
    if not tally.clustered or of.task == "ranking" or not decided.any():
        return None
    chosen = slice(None) if at is None else at
    total = tally.counts[chosen].sum(axis=1).astype(np.float64)
    squares = tally.second[chosen].sum(axis=(1, 2)).astype(np.float64)
    mean = squares / np.maximum(total, 1.0)
    size = mean * one_more_of(clusters_of(tally, [everything(of)])[chosen, 0], kish_n_eff(total, squares))
    return np.where(decided, size[:, None], 0.0)


def everything(of: TaskMetrics) -> Weights:
    """The denominator of all items."""
    return (1,) * len(of.outcomes)


def everybody(tally: ConfusionTally) -> int:
    """Index of the overall slice."""
    return tally.slices.position(OVERALL)
