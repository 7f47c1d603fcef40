"""Two models on the same items: who decided what rightly, and whether one may be called not worse."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from evalharness.records.estimate import OVERALL, Group


class Standing(StrEnum):
    """Whether "not worse than the incumbent by more than the margin" was shown."""

    DEMONSTRATED = "demonstrated"
    """The bound of what is lost is at most the margin."""
    NOT_DEMONSTRATED = "not_demonstrated"
    WORSE = "worse"
    """Shown to be worse, and by more than the margin."""
    NOT_EVALUABLE = "not_evaluable"
    """There is no item to compare on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedCounts:
    """How two models decided the same items of one kind."""

    both: int
    """Items that both got right."""
    only_incumbent: int
    """Items lost by a change."""
    only_challenger: int
    """Items gained by it."""
    neither: int
    unknown: int = 0
    """Items that the challenger gets wrong and the incumbent did not answer: they may be lost, and the deciding bound takes them so."""

    @property
    def n(self) -> int:
        return self.both + self.only_incumbent + self.only_challenger + self.neither + self.unknown

    @property
    def may_be_lost(self) -> int:
        return self.only_incumbent + self.unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedFinding:
    """One challenger against the incumbent in one metric, for everybody."""

    challenger: str
    metric: str
    items: str
    """What one item of its denominator is, in words."""
    counts: PairedCounts
    clusters: int
    n_eff: float
    """Effective number of independent items."""
    difference: float | None
    """(only incumbent - only challenger) / n: positive where the challenger is wrong more often; null without items."""
    upper: float | None
    """The deciding bound of the difference, at `level`, rounded up."""
    lower: float | None
    """The opposite bound, at `opposite_level`, rounded down."""
    level: float
    """Confidence of the deciding bound after Holm's correction for the number of challengers."""
    opposite_level: float
    p: float | None
    """p value of "the share lost is the margin or more"."""
    outcome: Standing
    attainable: bool
    """Whether losing nothing at all would have shown it at this size."""
    fewest: int | None
    """Independent items on which losing nothing would have shown it."""
    method: str
    score_lower: float | None = None
    score_upper: float | None = None
    """Bounds that describe, each at the run's level; null where there are none."""
    score_method: str = ""
    mcnemar_exact: float | None = None
    mcnemar_mid_p: float | None = None
    """Two-sided p values of equality, which describe; null where items are not independent."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BothFinding:
    """One challenger in all metrics that must be shown together (`Comparison.together`)."""

    challenger: str
    outcome: Standing
    p: float | None
    """The largest of their p values."""
    level: float
    """Confidence after Holm's correction for the number of challengers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Where two models disagree, in one group."""

    challenger: str
    metric: str
    group: Group = OVERALL
    items: str
    """What one item is, in words."""
    counts: PairedCounts
    clusters: int
    n_eff: float
    lower: float | None
    upper: float | None
    """Bounds of the share that may be lost in this group, each on its own and uncorrected, at the run's level; null without items."""
