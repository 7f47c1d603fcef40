"""What a policy asks, after its file has been checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from evalharness.records.condition import AS_IT_STANDS, Condition
from evalharness.records.estimate import OVERALL, Group
from evalharness.records.human_in_the_loop import HumanInTheLoop
from evalharness.records.oversight_certify import Certify
from evalharness.records.plan import Planning
from evalharness.records.reference import Reference


class Claim(StrEnum):
    """What evidence is evidence of, weakest first."""

    REHEARSAL = "rehearsal"
    LOCAL = "local"
    SHADOW = "shadow"
    PILOT = "pilot"

    @property
    def rank(self) -> int:
        return _PLACES[self]


_PLACES = {claim: place for place, claim in enumerate(Claim)}


Comparison = Literal["at_least", "at_most", "max_difference", "min_ratio", "equals", "margin"]


Task = Literal["binary", "ordinal", "ranking", "linkage", "risk"]
"""The kind of decision."""
Rule = Literal["score >= threshold", "label", "budget", "top_band"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingPoint:
    """How answers become decisions. All of it is part of what is approved."""

    rule: Rule
    threshold: float | None
    """Null where the rule is another than `score >= threshold`."""
    budget_per_day: int | None = None
    """For the rule `budget`: how many leads of each day's queue are worked."""
    top_band: str | None = None
    """For the rule `top_band`: the level whose items are acted on first."""
    certify: Certify | None = None
    """Where the threshold is found and certified on items of its own; then a policy that was only read has no `threshold`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostUnit:
    """What one item costs in one unit, by true class and by what happens to it."""

    name: str
    relevant_review: float = 0.0
    relevant_set_aside: float = 0.0
    not_relevant_review: float = 0.0
    not_relevant_set_aside: float = 0.0
    by_level: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = ()
    """Of an ordinal task in place of these: (true level, (given level, cost) …); what is not named costs nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """All units, side by side; they are never added up."""

    units: tuple[CostUnit, ...]
    stated_by: str
    stated_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """One cell exempted by name."""

    group: Group
    why: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One line of the policy."""

    id: str
    metric: str
    comparison: Comparison
    bound: float
    for_each: tuple[tuple[str, ...], ...] = ()
    """Attributes and intersections, one finding for each of their cells; empty: overall."""
    between: tuple[str, ...] = ()
    """For gaps: the attribute, or the attributes of the intersection."""
    unit: str = ""
    """For expected_cost."""
    not_judged: tuple[NotJudged, ...] = ()
    why: str = ""
    on: Condition = AS_IT_STANDS
    """Under what it is asked, where that is not the run as it stands."""

    @property
    def condition(self) -> str:
        """The text of `on`."""
        return self.on.text


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """Who must sign, and what a signature must carry."""

    roles: tuple[tuple[str, int], ...]
    """(role, how many people) of the quorum, sorted by role."""
    developers_may_not_sign: bool
    valid_for_days: int
    """The longest that an approval can last."""
    minimum_people: int = 1
    """Distinct people among those whose approvals count; default: the number of seats in `roles`."""
    one_person_several_roles: bool = False
    """Whether one person may fill more than one role of the quorum."""
    veto: tuple[str, ...] = ()
    """Roles whose holder alone can stop an approval, by rejecting or deferring. Sorted."""
    advice: tuple[str, ...] = ()
    """Roles whose advice must be there, or its absence explained in every approval. They do not vote. Sorted."""
    risk_owner: str = ""
    """The role whose approval must accept the residual risk in words."""
    status_at_most_days: int = 7
    """How old a status list may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedChange:
    """One line of the change plan agreed beforehand: such a change is re-tested as said, not argued anew. It never keeps an approval."""

    what: str
    """`model`, `threshold`, `budget`, `benchmark`, `requirement` or `text`."""
    name: str = ""
    """For a requirement: its id; empty: any."""
    within: tuple[float, float] | None = None
    """Least and greatest new value, for thresholds, budgets and the goals of requirements."""
    retest: str = ""
    """How it must be tested again."""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A checked policy."""

    name: str
    version: int
    title: str
    claim: Claim
    population: str
    intended_use: str
    prohibited_uses: tuple[str, ...]
    stream: str
    task: Task
    benchmark: str
    split: str
    confidence: float
    intersections: int
    operating_point: OperatingPoint
    human_in_the_loop: HumanInTheLoop | None
    costs: Costs | None
    requirements: tuple[Requirement, ...]
    sign_off: SignOff
    change_plan: tuple[AllowedChange, ...] = ()
    planning: Planning | None = None
    """What is believed before a test; it decides nothing that is judged."""
    references: tuple[Reference, ...] = ()
    """Models that requirements are relative to, sorted by name."""
    describe: tuple[str, ...] = ()
    """Metrics of other packages that are shown and decide nothing."""
    sealed: bool = False
    """Whether the items that count are made after the models were locked, under the benchmark's seal."""
    example_of_bad_policy: str
    """Why this policy must not be used, where its authors say so; printed on page one. Empty otherwise."""
    digest: str
    """sha256 of the file's bytes."""
    document: dict[str, Any]
    """The file as read: plain JSON values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One finding-to-be: a requirement and one of its cells. `key` finds the estimate that answers it."""

    requirement: str
    metric: str
    """The catalogue name (`recall`, also for a gap)."""
    comparison: Comparison
    bound: float
    group: Group = OVERALL
    between: tuple[str, ...] = ()
    excluded: tuple[Group, ...] = ()
    unit: str = ""
    on: Condition = AS_IT_STANDS

    @property
    def condition(self) -> str:
        """The text of `on`: the same metric under another condition answers another question."""
        return self.on.text

    @property
    def estimate_metric(self) -> str:
        """Name of the estimate: gaps carry fairlearn's suffixes; `recall_loss` is relative to another model."""
        return self.metric + {"max_difference": "_difference", "min_ratio": "_ratio", "margin": "_loss"}.get(self.comparison, "")
