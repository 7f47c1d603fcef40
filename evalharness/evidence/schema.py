"""The shape of `evidence.json`, version 1: strict models for reading. Extended by adding names, never by changing them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PrivateAttr, StringConstraints, field_validator, model_validator

from evalharness.catalogue import level_problem
from evalharness.evidence.answered import PredictionsPart
from evalharness.evidence.claimed import SupplierClaimPart
from evalharness.evidence.copied import shape_of_copies
from evalharness.evidence.group_context import GroupContextPart
from evalharness.evidence.judged import CostRangePart, CurvePart, Day, EstimatePart, FindingPart, NotJudgedPart, OutcomeName, VerdictPart
from evalharness.evidence.oversight import OversightPart
from evalharness.evidence.part import Digest, Level, Number, Part
from evalharness.evidence.subject import BenchmarkPart, ModelPart, SealPart
from evalharness.evidence.tallied import AttainablePart, ConfusionPart, CountsPart, MomentPart, OrdinalPart, TalliesPart
from evalharness.records import Attempt, CautionKind, Rule
from evalharness.records.attempt import MOST_ATTEMPTS

__all__ = [
    "SCHEMA",
    "TIME_FORMAT",
    "AttainablePart",
    "BenchmarkPart",
    "ClaimName",
    "ConfusionPart",
    "CostRangePart",
    "CurvePart",
    "Day",
    "EstimatePart",
    "Evidence",
    "FindingPart",
    "GroupContextPart",
    "LockPart",
    "ModelPart",
    "MomentPart",
    "NotJudgedPart",
    "NoticePart",
    "OperatingPointPart",
    "OrdinalPart",
    "OutcomeName",
    "PolicyPart",
    "PredictionsPart",
    "SealPart",
    "SupplierClaimPart",
    "TalliesPart",
    "Time",
    "VerdictPart",
]

SCHEMA = "evalharness/evidence/v1"
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def _real_time(text: str) -> str:
    datetime.strptime(text, TIME_FORMAT).replace(tzinfo=UTC)
    return text


Time = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"), AfterValidator(_real_time)]
ClaimName = Literal["rehearsal", "local", "shadow", "pilot"]


class PolicyPart(Part):
    """What was asked; `document` is the policy as read."""

    name: str
    version: int
    digest: Digest
    document: dict[str, Any]


class OperatingPointPart(Part):
    """How answers became decisions."""

    threshold: Number | None
    rule: Rule
    chosen: Literal["fixed", "certified"]
    """certified: found on other items than those that are judged; `oversight.certify` says how."""
    stream: str
    budget_per_day: Annotated[int, Field(ge=1)] | None = None
    """Absent, like `top_band`, where the rule is another."""
    top_band: str | None = None

    @property
    def stated(self) -> float | None:
        """The threshold as the policy states it, which locks and approvals name: none where it was certified. The evidence has that one."""
        return self.threshold if self.chosen == "fixed" else None

    @field_validator("budget_per_day", "top_band", mode="before")
    @classmethod
    def _there_or_absent(cls, value: Any) -> Any:
        """One way to say that there is none."""
        if value is None:
            raise ValueError("an operating point without it has no such name")
        return value


class NoticePart(Part):
    """A caution for page one."""

    kind: CautionKind
    text: str


class LockPart(Part):
    """The policy lock that was signed before this run, and the level that its attempt is judged at."""

    digest: Digest
    """sha256 of the lock's file."""
    campaign: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    attempt: Annotated[int, Field(ge=1, le=MOST_ATTEMPTS)]
    """From 1; every lock of the campaign counts, whatever became of its run."""
    level: Level
    """Confidence of each bound: `records.attempt_level` of the policy's confidence and the attempt."""


class Evidence(Part):
    """The one document that is signed. Made by `read_evidence` only."""

    schema_name: Literal["evalharness/evidence/v1"] = Field(alias="schema")
    claim: ClaimName
    model: ModelPart
    benchmark: BenchmarkPart
    policy: PolicyPart
    operating_point: OperatingPointPart
    predictions: PredictionsPart
    tallies: TalliesPart
    estimates: tuple[EstimatePart, ...]
    translation: tuple[EstimatePart, ...]
    """Per 1,000 items and per week: for reading, they decide nothing."""
    findings: tuple[FindingPart, ...]
    verdict: VerdictPart
    not_judged: tuple[NotJudgedPart, ...]
    score_summary: dict[str, bool | int | Number | str | None] | None
    """Null where the classifier gives labels, not scores."""
    attainable: tuple[AttainablePart, ...] | None
    attainable_reason: str = ""
    """Why `attainable` is null."""
    notices: tuple[NoticePart, ...]
    limits: tuple[str, ...]
    environment: dict[str, str]
    created: Time
    digests: dict[str, Digest]
    described: tuple[EstimatePart, ...] = ()
    """Estimates of what the tallies do not hold: of scores, of an order. They decide nothing, and only a replay derives them again."""
    curves: tuple[CurvePart, ...] = ()
    """Tables of the same, for charts."""
    group_context: GroupContextPart | None = None
    """Beside the gaps between groups: what could be seen at all, distances to everybody, what cannot be equal at once. It describes; absent
    without groups, and in evidence from before it was measured."""
    cost_ranges: tuple[CostRangePart, ...] = ()
    """Over what range of each stated cost the findings on expected costs stay the same."""
    claims: tuple[SupplierClaimPart, ...] = ()
    """What the card says the model reaches, checked."""
    oversight: OversightPart | None = None
    """What is known of the people in the loop, by source; absent where nothing is."""
    lock: LockPart | None = None
    """Absent for a practice run: one without a lock, which can never be signed."""
    _digest: str = PrivateAttr(default="")

    @property
    def digest(self) -> str:
        """sha256 of the canonical bytes this was read from."""
        return self._digest

    @property
    def unconditional(self) -> tuple[EstimatePart, ...]:
        """The estimates of the run as it stands."""
        return tuple(estimate for estimate in self.estimates if not estimate.condition)

    @property
    def attempt(self) -> Attempt | None:
        """What the lock fixed; null for a practice run."""
        lock = self.lock
        return None if lock is None else Attempt(lock=lock.digest, campaign=lock.campaign, number=lock.attempt, level=lock.level)

    @field_validator("lock", mode="before")
    @classmethod
    def _there_or_absent(cls, value: Any) -> Any:
        """One way to say that there is no lock."""
        if value is None:
            raise ValueError("a run without a lock has no such name")
        return value

    @field_validator("group_context", "oversight", mode="after")
    @classmethod
    def _context_or_absent(cls, value: Any) -> Any:
        """One way to say that there is none."""
        if value is None:
            raise ValueError("evidence without it has no such name")
        return value

    @model_validator(mode="after")
    def _counts_of_the_task(self) -> Evidence:
        """Counts and moments are as long as the task's outcomes: nothing else here can be counted with them."""
        told = self.benchmark
        if problem := level_problem(told.task, told.levels):
            raise ValueError(f"benchmark.levels: {problem}")
        outcomes = len(told.task_metrics.outcomes)
        every: tuple[CountsPart, ...] = (self.tallies, *self.tallies.others, *self.tallies.strata)
        for tallies in every:
            if (tallies.confusion if told.task == "ordinal" else tallies.ordinal) or any(
                row.labels != told.levels for row in tallies.ordinal
            ):
                raise ValueError(f"tallies: not the counts of the task {told.task} with the levels of the benchmark")
            if any(len(row.second) != outcomes * (outcomes + 1) // 2 for row in tallies.moments):
                raise ValueError(f"tallies.moments: not the moments of {outcomes} outcomes")
        if problem := shape_of_copies(self.tallies.copies, told.task):
            raise ValueError(problem)
        return self

    def document(self) -> dict[str, Any]:
        """The document as plain JSON values: exactly the names that were read."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)
