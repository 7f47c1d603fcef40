"""What a group of a benchmark gives of a denominator, before any model was run: from a tally of a model that makes no error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evalharness.catalogue import Metric, Weights
from evalharness.metrics.arrays import rates
from evalharness.metrics.counted import clusters_of, everything, of_labels, second_of
from evalharness.metrics.shares import none_of
from evalharness.records import OVERALL, Group, Policy
from evalharness.stats.planning_clusters import Clusters, unequal
from evalharness.stats.uneven import one_more_of
from evalharness.tally import ConfusionTally

Floats = NDArray[np.float64]

_CEILINGS = ("review_rate", "selection_rate")
_SELECTED, _SET_ASIDE = (1, 1, 0, 0), (0, 0, 1, 1)
_DUST = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """One denominator in one group."""

    group: Group
    units: float
    """Items of the denominator that the benchmark has."""
    n_eff: float
    """What they are worth as independent items: Kish, correlation inside a cluster taken as 1."""
    per_item: float
    """Items of the denominator among as many items of everybody, as they will be drawn."""
    in_group: float
    """Items of the group among as many items of everybody, likewise."""
    one_more: float = 1.0
    """Size of one more cluster, where the one in which an item is on average has size 1; 1 where clusters are of one size."""
    reason: str = ""
    """Why there is none."""

    @property
    def design_effect(self) -> float:
        """Items for each independent one."""
        return self.units / self.n_eff

    @property
    def clusters(self) -> Clusters | None:
        """What its clusters are like, missed as a whole or not at all; None where size makes no difference."""
        return unequal(self.one_more)

    def independent(self, items: float) -> float:
        """What so many items of everybody are worth in this denominator, on average."""
        return items * self.per_item / self.design_effect

    def whole(self, items: float) -> int:
        """The same in whole items, rounded down."""
        return math.floor(self.independent(items) + _DUST)

    @property
    def whole_here(self) -> int:
        """What the benchmark's are worth, rounded down."""
        return math.floor(self.n_eff + _DUST)


class Bases:
    """The denominators of all groups, of items drawn with a prevalence and selected in a share that are stated, or named as assumed."""

    def __init__(self, tally: ConfusionTally, policy: Policy, prevalence: float | None, selected: float | None) -> None:
        self.tally, self._policy = tally, policy
        self._wanted, self._selected = prevalence, selected
        self.items = int(tally.counts[0].sum())

    @cached_property
    def prevalence_here(self) -> float | None:
        """Share of relevant items; null where the task has levels instead, or there is no item."""
        if self.tally.of.ordinal or not self.items:
            return None
        return float(self.tally.counts[0] @ self._relevant) / self.items

    @property
    def prevalence(self) -> float | None:
        """The share that is planned with."""
        return self._wanted if self._wanted is not None and self.prevalence_here is not None else self.prevalence_here

    @cached_property
    def counts(self) -> Floats:
        """(S, O) outcomes of the model without error for each item of everybody, at the prevalence that is planned with."""
        here, wanted = self.prevalence_here, self.prevalence
        weights = np.ones(len(self.tally.of.outcomes))
        if here is not None and wanted is not None and 0 < here < 1:
            weights = np.where(self._relevant == 1, wanted / here, (1 - wanted) / (1 - here))
        return np.asarray(self.tally.counts * weights / max(self.items, 1), dtype=np.float64)

    def base(self, metric: Metric, group: Group) -> Base:
        """The denominator of a metric in a group."""
        at = self.tally.slices.position(group)
        if of_labels(self.tally.of, metric.denominator) or self.tally.of.task not in {"binary", "risk"}:
            return self._base(metric, group, metric.denominator, 1.0, at)
        share, _ = self._share_of(metric.denominator)
        if share is None:
            return Base(group=group, units=0, n_eff=0, per_item=0, in_group=0, reason="how many items count depends on the model's answers")
        return self._base(metric, group, everything(self.tally.of), share, at)

    def assumed(self, metric: Metric) -> str:
        """What is assumed of a denominator that depends on the model; empty where it follows from the labels."""
        if of_labels(self.tally.of, metric.denominator):
            return ""
        if self.tally.of.task == "ranking":
            return "The daily budget is used up in every queue."
        if self.tally.of.task == "linkage":
            return "As many links are predicted as there are true ones."
        share, why = self._share_of(metric.denominator)
        return "" if share is None else f"{100 * share:.4g} % of the items are {metric.denominator_name.removeprefix('items ')}: {why}."

    def _base(self, metric: Metric, group: Group, weights: Weights, share: float, at: int) -> Base:
        of = rates(self.tally.counts[[at]], second_of(self.tally, [at]), np.array([weights]), np.array([weights]))
        counted = weights if weights in self.tally.of.denominators else everything(self.tally.of)  # no fewer clusters, so no fewer items
        clusters = clusters_of(self.tally, [counted])[at, 0]
        units, n_eff = float(of.total[0, 0]) * share, float(of.n_eff[0, 0]) * share
        return Base(
            group=group,
            units=units,
            n_eff=n_eff,
            per_item=float(self.counts[at] @ np.array(weights)) * share,
            in_group=float(self.counts[at].sum()),
            one_more=float(one_more_of(clusters, of.n_eff[0, 0])) if self.tally.clustered else 1.0,
            reason="" if units > 0 else none_of(metric.denominator_name, group),
        )

    def _share_of(self, weights: Weights) -> tuple[float | None, str]:
        """The share of all items in a denominator of what is selected or set aside, and where it comes from."""
        if weights[:4] not in {_SELECTED, _SET_ASIDE}:
            return None, ""
        aside = weights[:4] == _SET_ASIDE
        if self._selected is not None:
            return (1 - self._selected if aside else self._selected), "stated as `selected`"
        plain = [r for r in self._policy.requirements if not r.for_each and not r.condition]
        ceilings = [r.bound for r in plain if r.metric in _CEILINGS and r.comparison == "at_most"]
        if aside and ceilings and min(ceilings) < 1:
            return 1 - min(ceilings), "the least that the policy allows (its ceiling on what is reviewed or selected)"
        share = self.prevalence or 0.0
        return (1 - share if aside else share), "as of a model without error; state `selected` in the block planning for another share"

    @property
    def _relevant(self) -> NDArray[np.int64]:
        return np.array([1, 0, 1, 0, 1, 0])

    def everybody(self) -> Floats:
        """(O,) outcomes of the model without error, of everybody."""
        return np.asarray(self.counts[self.tally.slices.position(OVERALL)])
