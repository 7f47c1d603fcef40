"""The shape of `evidence.json`, version 1 (design.md 4.2): strict models for reading. Extended by adding names, never by changing them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints, field_validator

from evalharness.records import Attempt, BenchmarkFacts, CautionKind, Rule
from evalharness.records.attempt import MOST_ATTEMPTS

SCHEMA = "evalharness/evidence/v1"
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def _real_time(text: str) -> str:
    datetime.strptime(text, TIME_FORMAT).replace(tzinfo=UTC)
    return text


def _real_day(text: str) -> str:
    date.fromisoformat(text)
    return text


Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Level = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
Time = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"), AfterValidator(_real_time)]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_real_day)]
GroupPart = dict[str, str]
OutcomeName = Literal["met", "not_demonstrated", "not_evaluable", "not_met"]
ClaimName = Literal["rehearsal", "local", "shadow", "pilot"]


class Part(BaseModel):
    """Strict and frozen; an unknown name is an error."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class ModelPart(Part):
    """What was measured."""

    name: str
    version: str
    adapter: str
    digest: Digest
    """sha256 of the artefact's bytes."""
    card: Digest | None
    """sha256 of the model card; null when there is none."""
    family: str = ""
    supplier: str = ""
    vendor_artifact_sha256: Digest | None = None
    """Stated by the vendor of stored predictions; nothing here ties the predictions to it."""


class BenchmarkPart(Part):
    """What it was measured on."""

    name: str
    task: Literal["binary"]
    version: int
    digest: Digest
    rows: Count
    """Rows of all splits."""
    synthetic: bool
    seed: int | None
    split: str
    rows_judged: Count
    """Rows of the split that have a label."""
    attributes: tuple[str, ...]
    """Protected attributes, in declared order."""
    clustered: bool
    positive: str
    negative: str
    sampling: str = ""
    title: str = ""

    @property
    def facts(self) -> BenchmarkFacts:
        """What must agree with the committed files of the benchmark."""
        return BenchmarkFacts(
            version=self.version,
            rows=self.rows,
            seed=self.seed,
            synthetic=self.synthetic,
            sampling=self.sampling,
            attributes=self.attributes,
            clustered=self.clustered,
        )


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
    chosen: Literal["fixed"]
    stream: str
    budget_per_day: Annotated[int, Field(ge=1)] | None = None
    """Absent, like `top_band`, where the rule is another."""
    top_band: str | None = None

    @field_validator("budget_per_day", "top_band", mode="before")
    @classmethod
    def _there_or_absent(cls, value: Any) -> Any:
        """One way to say that there is none."""
        if value is None:
            raise ValueError("an operating point without it has no such name")
        return value


class PredictionsPart(Part):
    """What became of every answer. Answered, missing, duplicate and invalid are of the judged items and add up to `items`."""

    rows: Count
    """Answers given: rows of the predictions file, or items scored."""
    items: Count
    """Items of the judged split, labelled or not."""
    answered: Count
    missing: Count
    duplicate: Count
    invalid: Count
    extra: Count
    other_split: Count


class ConfusionPart(Part):
    """Counts of one group."""

    group: GroupPart
    tp: Count
    fp: Count
    fn: Count
    tn: Count
    no_answer_positive: Count
    no_answer_negative: Count

    @property
    def counts(self) -> tuple[int, int, int, int, int, int]:
        """The six counts, in the catalogue's order of outcomes."""
        return self.tp, self.fp, self.fn, self.tn, self.no_answer_positive, self.no_answer_negative


class MomentPart(Part):
    """Second moments of one group's clusters: the bounds can be recomputed from these and the counts."""

    group: GroupPart
    second: tuple[Count, ...] = Field(min_length=21, max_length=21)
    """Upper triangle, row by row, of the sum over clusters of the outer product of the six counts."""
    clusters: dict[str, Count]
    """Clusters with an item in each denominator."""


class TalliesPart(Part):
    """Counts: all that was kept of the rows."""

    confusion: tuple[ConfusionPart, ...]
    moments: tuple[MomentPart, ...]


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
    excluded: tuple[GroupPart, ...] = ()
    unit: str = ""
    decides: bool = True


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
    comparison: Literal["at_least", "at_most", "max_difference", "min_ratio"]
    bound: Number
    attainable: bool
    needed: Count | None
    reason: str
    corrected: bool | None = None
    """Where it is not met: whether that stands after Holm's correction for the number of findings; absent for other outcomes."""
    between: tuple[str, ...] = ()
    pair: tuple[GroupPart, GroupPart] | None = None
    unit: str = ""


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


class AttainablePart(Part):
    """How the model compares with the best that the known truth allows, at the model's own rate of false alarms."""

    group: GroupPart
    false_positive_rate: Number | None
    recall: Number | None
    best_recall: Number | None
    reason: str = ""
    positives: Count | None = None
    negatives: Count | None = None
    expected_positives: Number | None = None
    """Relevant items to be expected by the known truth."""


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
    lock: LockPart | None = None
    """Absent for a practice run: one without a lock, which can never be signed."""
    _digest: str = PrivateAttr(default="")

    @property
    def digest(self) -> str:
        """sha256 of the canonical bytes this was read from."""
        return self._digest

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

    def document(self) -> dict[str, Any]:
        """The document as plain JSON values: exactly the names that were read."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)
