"""How large a test must be before it could show what a policy asks: what is stated beforehand, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.records.estimate import Group
from evalharness.records.planned_people import PlannedPeople


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """What a policy states for planning. It decides nothing that is judged."""

    expected: tuple[tuple[str, float], ...] = ()
    """(id of a requirement, value believed to be true), sorted by id."""
    minutes_per_label: float | None = None
    """Minutes that one person needs to label one item."""
    labels_per_item: int = 1
    """How many people label each item, each by themselves."""
    prevalence: float | None = None
    """Share of relevant items where the items will be drawn; null: the benchmark's."""
    selected: float | None = None
    """Share of items that the model is believed to select; null: see the plan's assumptions."""
    readings_per_reviewer: int | None = None
    """Of the kind that a requirement counts; null: nobody says."""
    reviewer_correlation: float | None = None
    """Between readings of one reviewer; null: nobody says, and none is assumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCell:
    """One group of a requirement, at the alternative that leads."""

    group: Group
    units: int | None
    """Items of the denominator needed in this group so that all groups of the requirement are shown together."""
    items: int | None
    """Items of the group to be labelled to find so many, on average."""
    has_units: int
    """Items of the denominator that the benchmark has."""
    has_n_eff: float
    """What these are worth, as items that are independent."""
    design_effect: float | None
    """Items of the denominator for each independent one; null where there is none."""
    power: float | None
    """Chance of showing it for this group alone with what the benchmark has."""
    reason: str = ""
    """Why a number is null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One true value, and what would show the requirement if it were true."""

    name: str
    """`stated`, or how far the value lies from the goal towards a model without error."""
    value: float | None
    """In the metric's own unit; for a gap the true difference or ratio."""
    units: int | None
    """Items of the denominator, of all groups together where there are several."""
    items: int | None
    """Items drawn as the benchmark's are, of all groups and classes together."""
    hours: float | None
    """People's hours to label all of them."""
    power: float | None
    """Chance of showing the requirement, in all of its groups, with the benchmark as it is."""
    reason: str = ""
    """Why a number is null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRequirement:
    """One requirement of the policy, planned."""

    id: str
    metric: str
    comparison: str
    bound: float
    unit: str
    """Of cost; empty otherwise."""
    between: tuple[str, ...]
    denominator: str
    """What one item of the denominator is, in words."""
    stated: bool
    """Whether somebody stated the true value; otherwise several are shown and none is believed."""
    leading: int
    """Which alternative the groups and the curve are of."""
    alternatives: tuple[Alternative, ...]
    cells: tuple[PlannedCell, ...]
    curve: tuple[tuple[int, float], ...]
    """(items, chance of showing it), at the alternative that leads."""
    assumptions: tuple[str, ...]
    condition: str = ""
    """Under what it is asked; empty for the run as it stands."""

    @property
    def lead(self) -> Alternative:
        return self.alternatives[self.leading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All requirements of a policy, planned on one benchmark."""

    policy: str
    title: str
    version: int
    digest: str
    """Of the policy."""
    benchmark: str
    benchmark_digest: str
    split: str
    task: str
    items: int
    """Labelled items of the split: what is counted by the requirements (of a linkage task: pairs)."""
    clustered: bool
    synthetic: bool
    confidence: float
    """The policy's."""
    level: float
    """Of each bound: the policy's, or that of the attempt."""
    attempt: int | None
    wanted: float
    """Chance that is planned for."""
    prevalence: float | None
    """Share of relevant items that is planned with; null where the task has none."""
    prevalence_here: float | None
    """That of the benchmark."""
    minutes_per_label: float | None
    labels_per_item: int
    requirements: tuple[PlannedRequirement, ...]
    assumptions: tuple[str, ...]
    """What holds for all requirements."""
    exempted: tuple[tuple[str, Group], ...]
    """(requirement, group) that the policy exempts on the day of the plan."""
    items_needed: int | None
    """The largest number of items of the leading alternatives; null where one of them has none."""
    items_reason: str
    hours: float | None
    hours_reason: str
    all_shown_planned: float | None
    """Least chance that so many items show every requirement, whatever hangs together with what (Bonferroni)."""
    all_shown_at_least: float | None
    """Likewise, that the benchmark shows every requirement; null where a chance is not known."""
    people: tuple[PlannedPeople, ...] = ()
    """Requirements on figures about people. No number of items of the benchmark shows them, so no other number here is of them."""
