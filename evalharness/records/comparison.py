"""What came of two or more models on the same items. A comparison serves to choose; it is never evidence and cannot be signed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from evalharness.records.caution import Caution
from evalharness.records.estimate import OVERALL, Estimate, Group
from evalharness.records.policy import Task

DEFAULT_MARGIN = 0.01
"""Where nobody states a margin: one item in a hundred. Strict, so that no lax one is taken by accident."""


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


Ratios = tuple[float, float | None]
"""From which to which ratio: how many false alarms one miss is worth. Null: without an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRange:
    """Where the same models cost least."""

    ratios: Ratios
    models: tuple[str, ...]
    """More than one where they cost the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPair:
    """Which of two models costs less, by what one miss is worth in false alarms. Ranges are open at their ends; null: nowhere."""

    one: str
    other: str
    one_cheaper: Ratios | None
    """Of the errors counted: exact."""
    other_cheaper: Ratios | None
    one_shown: Ratios | None = None
    """Where a bound shows it, for all ratios of the range at once."""
    other_shown: Ratios | None = None
    level: float | None = None
    """Confidence of each of the two ranges that are shown; null where no admissible bound is known: then the pair is only described."""
    method: str = ""
    reason: str = ""
    """Why there is no bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """What a model gets wrong, as counted."""

    model: str
    missed: int
    false_alarms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRatio:
    """Which model costs least, whatever one miss is worth."""

    metrics: tuple[str, str]
    """Whose errors are the misses, and whose the false alarms."""
    errors: tuple[Errors, ...]
    ranges: tuple[CostRange, ...]
    """By rising ratio; together they hold every ratio above 0."""
    pairs: tuple[CostPair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPair:
    """How well two models' scores order the same items: areas under the ROC curve. It describes and never decides."""

    challenger: str
    items: int
    """Labelled items that both scored."""
    left_out: int
    """Labelled items without a score of one of them."""
    incumbent_area: float | None
    challenger_area: float | None
    difference: float | None
    """Challenger less incumbent: above 0 it orders better."""
    lower: float | None
    upper: float | None
    """Each at `level`; null with a reason."""
    level: float
    p: float | None
    """Two-sided, of equal areas. A large one shows nothing."""
    method: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedFinding:
    """One line of the policy for one model, as `evaluate` would judge it."""

    requirement: str
    group: Group
    outcome: str
    value: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedModel:
    """One model beside the others."""

    name: str
    version: str
    digest: str
    card: str | None
    """Digest of the card; null without one."""
    incumbent: bool
    level: float
    """Confidence of each of its bounds: the policy's, or that of its attempt."""
    verdict: str
    findings: tuple[ComparedFinding, ...]
    estimates: tuple[Estimate, ...]
    """For everybody: those that stand beside each other in this task."""
    answered: int
    no_answer: int
    dominated_by: tuple[str, ...]
    """Models that are at least as good in both metrics of the drawing and better in one of them, on the measured values alone."""

    cautions: tuple[Caution, ...] = ()
    """What `evaluate` would warn of."""

    def value(self, metric: str) -> float | None:
        """The measured value; null where there is none."""
        estimate = self.estimate(metric)
        return None if estimate is None else estimate.value

    def estimate(self, metric: str, unit: str = "") -> Estimate | None:
        """The estimate of a metric; None where the policy declares too little for it."""
        return next((e for e in self.estimates if e.metric == metric and e.unit == unit), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that came of it."""

    policy: str
    policy_version: int
    policy_digest: str
    benchmark: str
    benchmark_digest: str
    task: Task
    split: str
    claim: str
    """What evidence of the same run would be evidence of."""
    items: int
    """Labelled items of the split, the same for every model."""
    unlabelled: int
    clustered: bool
    incumbent: str
    margin: float
    margin_stated: bool
    """Whether the caller stated it; otherwise it is the harness's default."""
    confidence: float
    """The policy's."""
    attempt: int | None
    """The first attempt of a campaign that the models spend; null: a practice comparison."""
    attempts: tuple[tuple[str, int, float], ...]
    """(model, attempt, level): the challengers in their order, then the incumbent. In practice: as if they were a campaign's first ones."""
    models: tuple[ComparedModel, ...]
    """The incumbent first, then as named."""
    together: tuple[str, ...]
    """Metrics that must all be shown before a challenger is called not worse."""
    drawn: tuple[str, str]
    """Metrics upward and across in the drawing."""
    findings: tuple[PairedFinding, ...]
    both: tuple[BothFinding, ...]
    disagreements: tuple[Disagreement, ...]
    costs: CostRatio | None = None
    """Null where one kind of error follows from the other."""
    orders: tuple[OrderPair, ...] = ()
    """One for each challenger, where it and the incumbent give scores."""
    notices: tuple[str, ...] = ()
    created: str
