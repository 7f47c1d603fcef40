"""Quantities that are a proportion of counts, or a known function of one."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.catalogue import Metric, TaskMetrics, Weights
from evalharness.records import HumanInTheLoop, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """scale x share, or scale / share where reciprocal, with share = numerator / denominator over the task's outcomes."""

    name: str
    """Name of its estimates."""
    numerator: Weights
    denominator: Weights
    denominator_name: str
    """What one unit of the denominator is, in words."""
    scale: float = 1.0
    reciprocal: bool = False
    note: str = ""
    """What stands behind the bound's own method: the scale, and what is counted."""
    decides: bool = True

    def share_goal(self, bound: float) -> float:
        """The goal of the share that amounts to `bound` on the quantity; infinite where no share does."""
        if self.reciprocal:
            return self.scale / bound if bound > 0 else float("inf")
        return bound / self.scale if self.scale > 0 else float("inf")


def quantities(of: TaskMetrics, policy: Policy) -> tuple[Quantity, ...]:
    """Every metric of the task that is a function of one proportion and that the policy says enough for, in the catalogue's order."""
    found = (quantity_of(metric, policy.human_in_the_loop) for metric in of.metrics.values())
    return tuple(quantity for quantity in found if quantity is not None)


def quantity_of(metric: Metric, human: HumanInTheLoop | None) -> Quantity | None:
    """The metric as a quantity; None for costs, composites, and where the policy declares no people."""
    if metric.kind not in {"proportion", "scaled", "reciprocal"} or (metric.needs_human and human is None):
        return None
    scale, note = _scale(metric, human)
    return Quantity(
        name=metric.name,
        numerator=metric.numerator,
        denominator=metric.denominator,
        denominator_name=metric.denominator_name,
        scale=scale,
        reciprocal=metric.kind == "reciprocal",
        note=note,
        decides=metric.decides,
    )


def _scale(metric: Metric, human: HumanInTheLoop | None) -> tuple[float, str]:
    if metric.kind == "reciprocal":
        return 1.0, "inverted, bounds swapped"
    if metric.kind == "proportion" or human is None:
        return 1.0, ""
    if metric.name == "system_recall":
        return human.sensitivity_low, f"times reviewer_sensitivity.low={human.sensitivity_low!r} ({human.source})"
    if metric.name == "review_minutes_per_1000":
        return 1000.0 * human.minutes_per_review, f"times 1000 items times minutes_per_review={human.minutes_per_review!r}"
    raise ValueError(f"no scale is known for {metric.name}")
