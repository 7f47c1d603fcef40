"""A policy judged over the plausible range of a recipe's dials: at every setting, at worst, and where each requirement tips."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.records.estimate import Group
from evalharness.records.finding import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class StressDial:
    """A harm of the recipe whose plausible range is declared."""

    name: str
    of: Group
    """Whom it concerns; empty: everybody."""
    low: float
    high: float
    own: float
    """The recipe's own size, in the set that the policy judges: what acts on a changed set only is off in the test set."""
    prevalence: float | None = None
    """Where the size scales the prevalence: the prevalence where it is off. The dial then stands for prevalence x (1 + size)."""

    def shown(self, size: float) -> float:
        """What a reader is told of a size: the prevalence it leads to, where it scales that; otherwise the size."""
        return size if self.prevalence is None else self.prevalence * (1 + size)


@dataclass(frozen=True, slots=True, kw_only=True)
class StressSetting:
    """One set of sizes, and the seed of its items."""

    name: str
    """`own`, `setting-0001` …, or `DIAL=SIZE` where one dial is turned away from the recipe's own setting."""
    sizes: tuple[tuple[str, float], ...]
    """(dial, size), sorted."""
    seed: int

    def size(self, dial: str) -> float:
        """Raises KeyError for a dial that it does not have."""
        return dict(self.sizes)[dial]


@dataclass(frozen=True, slots=True, kw_only=True)
class StressFinding:
    """One requirement at one setting: of its findings the one that decides, the worst and among those the nearest to failing."""

    requirement: str
    outcome: Outcome
    group: Group
    value: float | None
    decides: float | None
    """The bound that would have to reach the goal; null where there is none."""
    margin: float | None
    """How far that bound lies on the right side of the goal, in the metric's own unit; below 0: on the wrong side."""
    n: int
    findings: int
    """How many cells the requirement has."""
    met: int
    """How many of them are met."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StressRun:
    """The model, run and judged at one setting."""

    setting: StressSetting
    items: int
    """Items that were counted."""
    counts: str
    """Digest of everything that was counted."""
    outcome: Outcome
    """The verdict."""
    findings: tuple[StressFinding, ...]
    """One a requirement, in the policy's order."""

    def finding(self, requirement: str) -> StressFinding:
        """Raises StopIteration for a requirement that was not judged."""
        return next(f for f in self.findings if f.requirement == requirement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """Where, going one way from the recipe's own setting, a requirement stops being met."""

    rising: bool
    last_met: float
    """The last size tried at which it is met."""
    first_not: float
    """The first size tried at which it is not: the resolution is what lies between."""
    outcome: Outcome
    """What it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tipping:
    """One requirement along one dial, all others as in the recipe."""

    requirement: str
    dial: str
    tips: tuple[Tip, ...]
    """At most one each way; falling first."""
    reason: str = ""
    """Why there is none; empty where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StressRequirement:
    """One requirement over all settings of the design."""

    id: str
    metric: str
    comparison: str
    bound: float
    unit: str
    for_each: tuple[tuple[str, ...], ...]
    between: tuple[str, ...]
    own: StressFinding
    """At the recipe's own setting."""
    outcomes: tuple[tuple[Outcome, int], ...]
    """(outcome, settings of the design), worst first, none left out."""
    worst_setting: str
    worst: StressFinding
    over_range: Outcome
    """The worst outcome over the recipe's own setting and every one of the design: met only where each is."""
    condition: str = ""
    """Under what it is asked, as in `Condition.text`, the range apart."""
    demanded: bool = False
    """Whether the policy asks that it holds over the range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stress:
    """Everything that one stress run found. Practice: never evidence."""

    key: str
    """Digest of what the settings are of: policy, model, recipe, dials, size, seed."""
    created: str
    policy: str
    policy_title: str
    policy_version: int
    policy_digest: str
    model: str
    model_digest: str
    benchmark: str
    benchmark_title: str
    recipe_digest: str
    family: str
    task: str
    split: str
    """The policy's."""
    seed: int
    """The recipe's; every setting's follows from it."""
    confidence: float
    items: int
    """Items asked for at each setting."""
    sampler: str
    method: str
    """How tipping points are found."""
    dials: tuple[StressDial, ...]
    fixed: tuple[str, ...]
    """Dials whose plausible range is a single size."""
    own: StressRun
    design: tuple[StressRun, ...]
    alone: tuple[StressRun, ...]
    """One dial turned at a time, by dial and size."""
    requirements: tuple[StressRequirement, ...]
    tipping: tuple[Tipping, ...]
    """For each requirement and dial."""
    inert: tuple[str, ...]
    """Dials that, turned alone to either end, change nothing that is counted."""
    verdicts: tuple[tuple[Outcome, int], ...]
    """(verdict, settings of the design), worst first, none left out."""
    outcome: Outcome
    """The worst verdict over the recipe's own setting and every one of the design."""
    worst_setting: str
    left_out: tuple[str, ...] = ()
    """Requirements that no setting can answer: those about copies of items, which the test set alone has."""
    exempted: tuple[tuple[str, Group], ...] = ()
    """(requirement, group) that the policy exempts on the day."""
