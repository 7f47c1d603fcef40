"""Numbers with how they were made, and what became of each line of the policy."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from evalharness.evidence.part import Count, GroupPart, Level, Number, Part
from evalharness.records.policy import Comparison


def _real_day(text: str) -> str:
    date.fromisoformat(text)
    return text


Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_real_day)]
OutcomeName = Literal["met", "not_demonstrated", "not_evaluable", "not_met"]


class EstimatePart(Part):
    """A number and how it was made."""

    metric: str
    group: GroupPart
    value: Number | None
    lower: Number | None
    upper: Number | None
    level: Level
    sides: Literal["each"]
    method: str
    n: Count
    clusters: Count
    n_eff: Number
    reason: str
    between: tuple[str, ...] = ()
    pair: tuple[GroupPart, GroupPart] | None = None
    fairlearn: str = ""
    """For gaps: fairlearn's name of the same quantity, where it has one."""
    contrary_pair: tuple[GroupPart, GroupPart] | None = None
    """For gaps: the pair whose bound would show that a requirement is not met."""
    worst_case: tuple[Number | None, Number | None] | None = None
    """Lower and upper bound if every item without an answer were counted whichever way is worse; absent where that changes nothing."""
    by_size: tuple[Number | None, Number | None] | None = None
    """Lower and upper bound that hold also if large clusters are missed more often than small ones; absent where these are the bounds
    above. Never tighter than those: it decides, and findings carry it."""
    excluded: tuple[GroupPart, ...] = ()
    unit: str = ""
    condition: str = ""
    """Under what it holds, as `at prevalence 0.01`; absent for the run as it stands."""
    rests_on: tuple[str, ...] = ()
    """What it takes for granted that nobody has measured; absent when empty."""
    decides: bool = True

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The pair that decides, and that every face shows: `by_size` where there is one."""
        return self.by_size or (self.lower, self.upper)


class CurvePart(Part):
    """A table for a chart: rows of points. It describes."""

    name: str
    group: GroupPart
    columns: tuple[str, ...] = Field(min_length=1)
    rows: tuple[tuple[Number | None, ...], ...]
    method: str

    @model_validator(mode="after")
    def _rectangular(self) -> CurvePart:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row does not have one value for each column")
        return self


class FindingPart(Part):
    """One line of the policy, for one group, judged."""

    requirement: str
    metric: str
    group: GroupPart
    outcome: OutcomeName
    value: Number | None
    lower: Number | None
    upper: Number | None
    level: Level
    method: str
    n: Count
    clusters: Count
    n_eff: Number
    comparison: Comparison
    bound: Number
    attainable: bool
    needed: Count | None
    reason: str
    corrected: bool | None = None
    """Where it is not met: whether that stands after Holm's correction for the number of findings; absent for other outcomes."""
    between: tuple[str, ...] = ()
    pair: tuple[GroupPart, GroupPart] | None = None
    unit: str = ""
    condition: str = ""
    """Under what it was asked, as in `EstimatePart`."""
    rests_on: tuple[str, ...] = ()
    """Likewise."""


class CostRangePart(Part):
    """How far one stated cost may be off before a finding on everybody changes."""

    requirement: str
    unit: str
    true: str
    given: str
    cost: Number
    outcome: OutcomeName
    least: Number | None
    most: Number | None


class VerdictPart(Part):
    """All findings together: the worst of them."""

    outcome: OutcomeName
    reasons: tuple[str, ...]


class NotJudgedPart(Part):
    """A cell that the policy exempts by name."""

    requirement: str
    group: GroupPart
    why: str
    until: Day
