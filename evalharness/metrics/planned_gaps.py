"""A gap between groups, planned: every pair by the bound that will decide, one group apart from all others."""

from __future__ import annotations

import math
from dataclasses import dataclass

from evalharness.metrics import methods
from evalharness.metrics.gaps import asked_comparison
from evalharness.metrics.planned_base import Base, Bases
from evalharness.metrics.planned_values import Value, Values, better
from evalharness.records import Question, group_text
from evalharness.stats.planning import LIMIT
from evalharness.stats.planning_gaps import MOST_GROUPS, Gap, needed_for_gap, power_of_gap

_WORST_LEVEL = 0.5
IMPOSSIBLE = "shares of groups so far apart, at this level, would lie below 0 or above 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class GapPlan:
    """The groups that one question compares, and their true rates."""

    question: Question
    alpha: float
    bases: tuple[Base, ...]
    spanned: bool
    """Whether some cluster has items in several groups."""
    rates: tuple[float, ...]
    level: float
    """The rate of all groups but one."""
    why: str
    """Where the level comes from."""
    reason: str = ""
    """Why nothing can be planned."""

    @property
    def kind(self) -> Gap:
        return "ratio" if self.question.comparison == "min_ratio" else "difference"

    @property
    def apart(self) -> Base:
        """The group that differs: the one that tells least."""
        return min(self.bases, key=lambda base: base.n_eff)

    def power(self, items: float) -> float:
        """Chance that every pair clears the goal, with so many items of everybody."""
        return self._power([base.independent(items) for base in self.bases])

    def power_here(self) -> float:
        """Likewise, with what the benchmark has."""
        return self._power([base.n_eff for base in self.bases])

    def needed(self, power: float, here: int) -> int | None:
        """Items of everybody for that chance. here: as many as the search begins with."""
        sizes = [base.independent(here) for base in self.bases]
        factor = needed_for_gap(
            self.rates,
            sizes,
            self.question.bound,
            self.alpha,
            power=power,
            kind=self.kind,
            spanned=self.spanned,
            clusters=[base.clusters for base in self.bases],
        )
        items = None if factor is None else math.ceil(factor * here)
        return None if items is None or items > LIMIT else items

    def _power(self, sizes: list[float]) -> float:
        if min(sizes) < 1:
            return 0.0
        clusters = [base.clusters for base in self.bases]
        return power_of_gap(self.rates, sizes, self.question.bound, self.alpha, self.kind, spanned=self.spanned, clusters=clusters)


def gap_plan(bases: Bases, values: Values, question: Question, value: Value, level: float) -> GapPlan:
    """One group, the one that tells least, lies apart from all others by the true gap, on the side that is worse for it."""
    between = asked_comparison(bases.tally, question, level)
    metric = bases.tally.of.metrics[question.metric]
    of = tuple(bases.base(metric, group) for group in between.groups)
    common, why = values.level_of(question.metric, value.step)
    if common is None:
        common, why = _WORST_LEVEL, "no requirement tells its level, so that at which chance plays the most"
    plan = GapPlan(question=question, alpha=methods.alpha_of(level), bases=of, spanned=between.spanned, rates=(), level=common, why=why)
    reason = _unplanned(plan, value)
    if reason or value.value is None:
        return _with(plan, (), reason)
    sign = 1 if metric.better == "lower" else -1
    ratio = value.value if sign < 0 else (1 / value.value if value.value > 0 else math.inf)
    other = common * ratio if plan.kind == "ratio" else common + sign * value.value
    if not 0 <= other <= 1:
        return _with(plan, (), IMPOSSIBLE)
    return _with(plan, tuple(other if base is plan.apart else common for base in of), "")


def _unplanned(plan: GapPlan, value: Value) -> str:
    if value.reason or value.value is None:
        return value.reason or "no value"
    if len(plan.bases) < 2:
        return "fewer than two groups are left to compare"
    if len(plan.bases) > MOST_GROUPS:
        return f"no plan is made for more than {MOST_GROUPS} groups"
    if absent := [base for base in plan.bases if base.reason]:
        return f"{absent[0].reason}: {group_text(absent[0].group)}"
    return "" if better(plan.question, value.value) else "wrong side"


def _with(plan: GapPlan, rates: tuple[float, ...], reason: str) -> GapPlan:
    return GapPlan(
        question=plan.question, alpha=plan.alpha, bases=plan.bases, spanned=plan.spanned, rates=rates, level=plan.level, why=plan.why,
        reason=reason,
    )  # fmt: skip
