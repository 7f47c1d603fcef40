"""What a policy declares of the people who read items: how often they are right, by what they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evalharness.records.estimate import OVERALL, Group

Shown = Literal["selected", "blind"]
"""What readers see of an item: that the classifier selected it, or nothing of its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A figure that nobody has measured lies between these."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """What stands for it where one figure is told; it decides nothing."""
        return (self.low + self.high) / 2


NO_DROP = Range(low=0.0, high=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """How often people are right about items of one kind."""

    shown: Shown
    group: Group = OVERALL
    """Whose items; everybody's where it is empty. Of several that fit an item, the one with most attributes counts."""
    recall: Range
    """Share of the relevant items put before them that they call relevant."""
    specificity: Range
    """Share of the other items put before them that they do not call relevant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentProcess:
    """What is declared of how the work is done today, without the classifier. It stands beside, and decides nothing."""

    recall: Range
    """Share of the relevant items that are found."""
    false_alarm_rate: Range
    """Share of the other items that are acted on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """What is declared of readers. It fills in what no review log measures, at its worse end."""

    readers: tuple[Readers, ...]
    fatigue_drop: Range = NO_DROP
    """How much of the readers' recall is lost over a shift, on average; taken off measured recall too."""
    low_prevalence_drop: Range = NO_DROP
    """Likewise because relevant items are rare at work."""
    current_process: CurrentProcess | None = None
    """None where the policy says nothing of it."""
