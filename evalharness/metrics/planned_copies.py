"""What a group of a benchmark gives of a denominator among the items that have copies, before any model was run."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evalharness.metrics.copies import as_of_items
from evalharness.metrics.planned_base import Bases
from evalharness.records import Policy
from evalharness.tally import ConfusionTally


class CopiedBases(Bases):
    """As `Bases`, where each item has a copy with the same chance, whatever it is and whatever its cluster.

    Items are those of the benchmark, with and without copies: what is needed is told in them.
    """

    def __init__(self, tally: ConfusionTally, policy: Policy, prevalence: float | None, selected: float | None, *, share: float) -> None:
        """share: of the items, those that have copies; may be 0. Metrics of pairs can be asked too."""
        super().__init__(thinned(as_of_items(tally), share), policy, prevalence, selected)
        self.items = int(tally.counts[0].sum())

    @cached_property
    def prevalence_here(self) -> float | None:
        """Share of relevant items among those that have copies; null where the task has levels instead, or none has."""
        of_everybody = self.tally.counts[0]
        if self.tally.of.ordinal or not of_everybody.any():
            return None
        return float(of_everybody @ self._relevant) / float(of_everybody.sum())


def thinned(tally: ConfusionTally, share: float) -> ConfusionTally:
    """The counts to be expected of items that are kept with chance `share`, one by one: of a cluster with n items of an outcome and m of
    another, s^2 n m on average, and s^2 n^2 + s (1 - s) n of the outcome with itself; of clusters, the most that can be expected.
    """
    weights = np.array(tally.of.denominators).T
    counts: Any = tally.counts * share  # averages: no whole numbers, which only planning can use
    of_one = tally.counts[:, :, None] * np.eye(len(tally.of.outcomes))
    second: Any = share**2 * tally.second + share * (1 - share) * of_one
    clusters: Any = _kept(tally.clusters, tally.counts @ weights, share)
    return replace(tally, counts=counts, second=second, clusters=clusters)


def _kept(clusters: NDArray[np.int64], items: NDArray[np.int64], share: float) -> NDArray[np.float64]:
    """How many clusters keep an item: at most what it would be were they of one size, by Jensen's inequality."""
    some = clusters > 0
    number = np.where(some, clusters, 1)
    return np.where(some, number * -np.expm1(np.log1p(-min(share, 1 - 1e-15)) * items / number), 0.0)
