"""What metrics read from a tally: counts of slices, never rows or models."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import TaskMetrics, Weights
from evalharness.records import OVERALL
from evalharness.tally import ConfusionTally

Ints = NDArray[np.int64]


def second_of(tally: ConfusionTally, at: Sequence[int] | None = None) -> Ints | None:
    """Second moments (S, O, O) over clusters, of all slices or those `at` these positions; None where items are independent."""
    if not tally.clustered:
        return None
    return tally.second if at is None else tally.second[at]


def clusters_of(tally: ConfusionTally, denominators: Sequence[Weights]) -> Ints:
    """(S, Q) clusters with an item in each denominator; the items themselves where they are independent."""
    return tally.clusters[:, [tally.of.denominators.index(d) for d in denominators]]


def everything(of: TaskMetrics) -> Weights:
    """The denominator of all items."""
    return (1,) * len(of.outcomes)


def everybody(tally: ConfusionTally) -> int:
    """Index of the overall slice."""
    return tally.slices.position(OVERALL)
