"""Whether even the best possible classifier reaches a goal, by what the evidence records of the known truth. Compares, computes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.evidence.schema import Evidence, FindingPart
from evalharness.evidence.tallied import AttainablePart


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What the best possible classifier would be expected to reach where a finding sets a goal."""

    best: float
    """Its value of the finding's metric."""
    reached: bool
    """Whether that is the goal or better."""
    at: str
    """The metric that is held at the model's own value, `false_positive_rate` or `recall`; empty where none is."""
    at_value: float | None
    """That value; null where none is held."""


def reach_of(evidence: Evidence, finding: FindingPart) -> Reach | None:
    """For a goal on recall, false_positive_rate or the metric that `attainable` is about; null where the best is not known.

    The best at the model's own rate of false alarms (for recall) or at its own recall (for false_positive_rate): whoever accepts more of
    the one gets more of the other. Intersections of attributes are not known.
    """
    row = next((row for row in evidence.attainable or () if row.group == finding.group), None)
    if row is None or finding.between or finding.condition:
        return None
    best, at, at_value = _best(row, finding)
    if best is None:
        return None
    reached = best >= finding.bound if finding.comparison == "at_least" else best <= finding.bound
    return Reach(best=best, reached=reached, at=at, at_value=at_value)


def _best(row: AttainablePart, finding: FindingPart) -> tuple[float | None, str, float | None]:
    asked = finding.metric, finding.comparison
    if asked == ("recall", "at_least"):
        return row.best_recall, "false_positive_rate", row.false_positive_rate
    if asked == ("false_positive_rate", "at_most"):
        return row.best_false_positive_rate, "recall", row.recall
    if row.metric and asked == (row.metric, "at_least"):
        return row.best, "", None
    return None, "", None
