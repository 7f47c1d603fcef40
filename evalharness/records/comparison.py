"""What came of two or more models on the same items. A comparison serves to choose; it is never evidence and cannot be signed."""

from __future__ import annotations

from dataclasses import dataclass

from evalharness.records.caution import Caution
from evalharness.records.cost_ratio import CostRatio
from evalharness.records.estimate import Estimate, Group
from evalharness.records.paired import BothFinding, Disagreement, PairedFinding
from evalharness.records.policy import Task

DEFAULT_MARGIN = 0.01
"""Where nobody states a margin: one item in a hundred. Strict, so that no lax one is taken by accident."""
WIDE_MARGIN = 0.1
"""From one item in ten on, readers are warned that a margin asks for little."""


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
