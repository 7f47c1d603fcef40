"""Chance that the bound which will decide shows a requirement in one group, and the independent items that it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import TaskMetrics
from evalharness.metrics.costs import cost_of_outcome
from evalharness.metrics.quantities import Quantity
from evalharness.records import CostUnit
from evalharness.stats.ladder import steps
from evalharness.stats.planning import Direction, needed_for_proportion, power_of_proportion
from evalharness.stats.planning_clusters import Clusters
from evalharness.stats.planning_means import needed_for_cost, power_of_cost


class PlannedBound(Protocol):
    """One quantity of one group, its true value believed."""

    def power(self, n: int) -> float:
        """Chance that `n` independent items show it."""

    def needed(self, power: float) -> int | None:
        """Fewest independent items that show it with this chance; null where none do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePlan:
    """A proportion, by the exact bound of Clopper and Pearson."""

    rate: float
    goal: float
    alpha: float
    direction: Direction
    clusters: Clusters | None = None
    """Of the denominator, where they are of unequal size: both pairs of bounds must show it."""

    def power(self, n: int) -> float:
        return power_of_proportion(self.rate, self.goal, n, self.alpha, self.direction, self.clusters) if n >= 1 else 0.0

    def needed(self, power: float) -> int | None:
        return needed_for_proportion(self.rate, self.goal, self.alpha, power, self.direction, self.clusters)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPlan:
    """A mean cost, by the ladder of bounds, where items cost either the least or the most: no other costs with this mean vary more."""

    mean: float
    goal: float
    alpha: float
    costs: NDArray[np.float64]
    clusters: Clusters | None = None
    """Of all items, likewise: their items cost the same."""

    @property
    def shares(self) -> NDArray[np.float64]:
        low, high = float(self.costs.min()), float(self.costs.max())
        dear = (self.mean - low) / (high - low) if high > low else 0.0
        parts = np.zeros(len(self.costs))
        parts[int(self.costs.argmin())] = 1 - dear
        parts[int(self.costs.argmax())] += dear
        return parts

    @property
    def of_rises(self) -> tuple[Clusters | None, ...]:
        """The clusters above each rise: all the same."""
        return () if self.clusters is None else (self.clusters,) * len(steps(self.costs)[1])

    def power(self, n: int) -> float:
        return power_of_cost(self.costs, self.shares, self.goal, n, self.alpha, clusters=self.of_rises) if n >= 1 else 0.0

    def needed(self, power: float) -> int | None:
        if self.goal >= self.costs.max():
            return 1
        return needed_for_cost(self.costs, self.shares, self.goal, self.alpha, power=power, clusters=self.of_rises)


def share_plan(  # noqa: PLR0917  what is asked, what is believed, and of which clusters
    quantity: Quantity, value: float, goal: float, comparison: str, alpha: float, clusters: Clusters | None
) -> SharePlan:
    """Of a proportion or a known function of one, at a true `value` in its own unit."""
    high = (comparison == "at_least") != quantity.reciprocal
    rate, share_goal = min(max(quantity.share_goal(value), 0.0), 1.0), quantity.share_goal(goal)
    return SharePlan(rate=rate, goal=share_goal, alpha=alpha, direction="at_least" if high else "at_most", clusters=clusters)


def cost_plan(  # noqa: PLR0917  likewise
    unit: CostUnit, of: TaskMetrics, value: float, goal: float, alpha: float, clusters: Clusters | None
) -> CostPlan:
    """Of the mean cost in a unit."""
    return CostPlan(mean=value, goal=goal, alpha=alpha, costs=cost_of_outcome(unit, of), clusters=clusters)


def several_rises(unit: CostUnit, of: TaskMetrics) -> bool:
    """Whether more than one step of cost is bounded, so that how costs are spread matters."""
    return len(steps(cost_of_outcome(unit, of))[1]) > 1
