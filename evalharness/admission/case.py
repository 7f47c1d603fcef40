"""Everything the gate's answer depends on, as plain values. Files were read, signatures verified and times parsed before; nothing here
decides anything. `decide` sees a `Case` and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from evalharness.records import Claim, Outcome, Policy, SealFacts, SignOff


class Point(NamedTuple):
    """How answers become decisions, and whose: all of it is approved together."""

    rule: str
    threshold: float | None
    stream: str
    budget_per_day: int | None = None
    top_band: str | None = None

    @classmethod
    def of(cls, policy: Policy) -> Point:
        """What a policy asks for."""
        point = policy.operating_point
        return cls(point.rule, point.threshold, policy.stream, point.budget_per_day, point.top_band)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a run, a lock or a decision is about. Two are about the same exactly when they are equal."""

    policy: tuple[str, int, str]
    """Name, version, digest."""
    benchmark: tuple[str, str, int, int | None, str]
    """Name, digest, rows, seed, split."""
    model: tuple[str, str, str | None]
    """Name, digest, digest of the card."""
    point: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be admitted, from the actual files."""

    model: str
    policy: str
    benchmark: str
    """Name of the benchmark asked for."""
    claim: Claim
    """The least claim that is enough."""
    at: datetime
    """The moment for which the decision is asked."""
    clock: datetime
    """The machine's own clock."""
    has_card: bool
    artefact: str
    """File name of the artefact."""
    artefact_digest: str
    card_states: str | None
    """The digest that the card states for the artefact."""
    supplier: str
    """Skeleton of the card's supplier; empty: the card names none."""
    team: frozenset[str]
    """Skeletons of the card's developers."""
    policy_benchmark: str
    """The benchmark that the policy is about."""
    policy_digest: str
    benchmark_digest: str
    benchmark_problems: tuple[str, ...]
    """What is wrong with the committed manifest."""
    point: Point
    """Of the policy."""
    sign_off: SignOff
    reports: str
    """Name of the folder of run folders, for messages."""
    least_status: int = 0
    """Least version of the status list that the caller has seen; 0: none."""
    status_seen: str = ""
    """sha256 of that version's file, as the caller has seen it; empty: the caller knows its number only."""
    supplier_name: str = ""
    """The card's supplier as it stands there."""
    bad_policy: str = ""
    """Why nobody should use the policy, in its own words; empty: it is no example of a bad one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who signed a statement. The signature over it is right wherever `problems` is empty."""

    person: str
    role: str
    organisation: str
    """As the register has it."""
    person_likeness: str
    """Skeleton of the person's id."""
    organisation_likeness: str
    created: datetime
    register: int
    """Version of the register that the statement names."""
    rehearsal: bool
    """Signed with a rehearsal key, or under a rehearsal register."""
    problems: tuple[str, ...] = ()
    """Why this author cannot be believed."""
    heard: bool = False
    """Whether a key that the register ever gave this person, with that role, made the signature, ended or revoked as it may be: enough to
    object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCase:
    """The register of signers."""

    root: str
    """Fingerprint of the root; empty when there is no register that can be read."""
    rehearsal: bool
    people: frozenset[str]
    """Ids of the persons who can carry a risk."""
    version: int = 0
    missing: tuple[str, ...] = ()
    """Why there is none that may be trusted: absent, or not the one that is pinned."""
    altered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusList:
    """The status list as it lies there."""

    version: int
    highest: int
    """Highest version that lies beside it."""
    issued: datetime
    next_update: datetime
    author: Author
    revoked: Mapping[str, str]
    """Digest of evidence or of a statement's file -> why, in words."""
    suspended: Mapping[str, str]
    discharged: Mapping[tuple[str, str], tuple[Author, ...]]
    """(digest of a decision's file, id of its condition) -> whoever said so, each as the version that brought it was signed."""
    digests: Mapping[int, str] = field(default_factory=dict)
    """Version -> sha256 of its file, for every version that is there."""
    anchors: tuple[tuple[str, str], ...] = ()
    """(kind, digest of its file) of locks and statements about this model that were there when the list was issued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCase:
    """What became of reading the status list."""

    found: StatusList | None
    problems: tuple[str, ...] = ()
    """Why it cannot be relied upon: absent, or out of order."""
    altered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LockCase:
    """One policy lock in `locks/` that could be read."""

    name: str
    digest: str
    altered: tuple[str, ...] = ()
    """Where it says what no lock says."""
    subject: Subject
    claim: str
    campaign: str
    attempt: int
    level: float
    supplier: str
    """Skeleton of the supplier that it names."""
    author: Author
    campaign_problems: tuple[str, ...] = ()
    """What is out of order among the attempts of its campaign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocksCase:
    """All of `locks/`."""

    locks: tuple[LockCase, ...] = ()
    altered: tuple[str, ...] = ()
    """Files that cannot be read, or were altered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLock:
    """The lock as the evidence repeats it."""

    digest: str
    campaign: str
    attempt: int
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCase:
    """One finding as it stands at the moment asked for."""

    outcome: Outcome
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultCase:
    """The test result that lies in a run."""

    digest: str
    exact: bool
    """Whether subject and configuration of the statement are those that belong to this evidence."""
    evidence: str
    sums: str
    lock: str
    campaign: str
    attempt: int
    claim: str
    verdict: str
    result: str
    passed: tuple[str, ...]
    """Names of findings, in the evidence's order."""
    warned: tuple[str, ...]
    failed: tuple[str, ...]
    author: Author


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionCase:
    """One condition of an approval."""

    id: str
    type: str
    value: str = ""
    per_week: int | None = None
    owner: str = ""
    due: date | None = None
    words: str = ""
    """In one sentence."""
    problems: tuple[str, ...] = ()
    """What is wrong with its form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCase:
    """One decision in a run: unaltered, its signature right wherever the author has no problem."""

    name: str
    """File name."""
    digest: str
    payload: str
    """sha256 of the signed payload: two files with the same one are copies."""
    author: Author
    kind: str
    exact: bool
    """Whether the subject of the statement is what belongs to this run."""
    subject: Subject
    evidence: str
    report: str
    test_result: str
    lock: str
    claim: str
    seen: frozenset[str]
    """sha256 of the other statements that lay in the run."""
    status: tuple[int, str] | None = None
    """Version and digest of the status list that its signer had; null: none."""
    form: tuple[str, ...] = ()
    """What a decision of its kind lacks, or has too much."""
    why: str = ""
    conflicts: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    missed_agrees: bool | None = None
    """Whether the answer to the first control question is page one's figure; null: no answer."""
    risk_carried_by: str = ""
    residual_risk: bool = False
    """Whether the residual risk is accepted in words."""
    accepts_not_judged: tuple[str, ...] = ()
    conditions: tuple[ConditionCase, ...] = ()
    stance: str = ""
    """Of advice: for, against or neutral."""
    departures: frozenset[str] = frozenset()
    """Roles from whose advice it departs, with a reason."""
    absences: frozenset[str] = frozenset()
    """Roles for whose advice it does not wait, with a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCase:
    """A run under this model's name that agrees with itself."""

    name: str
    unlike: tuple[str, ...]
    """In what it is about something else than what is asked; empty: it matches."""
    subject: Subject
    evidence: str
    """Digest of the evidence."""
    report: str
    """Digest of report.html."""
    sums: str
    """Digest of SHA256SUMS."""
    created: datetime
    claim: Claim
    verdict: str
    findings: tuple[FindingCase, ...]
    level_problems: tuple[str, ...]
    """Findings judged below the policy's level."""
    passed: tuple[str, ...]
    """Names of findings that are met, in the evidence's order."""
    warned: tuple[str, ...]
    failed: tuple[str, ...]
    not_judged: frozenset[str]
    """Names of cells that nobody judged."""
    lock: NamedLock | None
    """Null: a practice run."""
    result: ResultCase | None = None
    """Null: there is none."""
    decisions: tuple[DecisionCase, ...] = ()
    statements: frozenset[str] = frozenset()
    """sha256 of every file under `statements/`."""
    altered_statements: tuple[str, ...] = ()
    """Files under `statements/` that cannot be read, or were altered, or are no statement about a run."""
    exempt_until: date | None = None
    """The last day on which all of its exemptions hold; null: it has none."""
    certified: float | None = None
    """The threshold, where the policy fixes none and the run certified it."""
    seal: SealFacts | None = None
    """For which models and locks the seal of its items was opened; null: its items were not sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlteredRun:
    """A run that is, or may be, this model's, and cannot be believed."""

    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """How the model is used, as the deployment file says. Null: it does not say."""

    claim: Claim | None = None
    stream: str | None = None
    volume_per_week: int | None = None
    unit: str | None = None
    threshold: float | None = None
    budget_per_day: int | None = None
    top_band: str | None = None
    dual_review: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All of it."""

    asked: Asked
    register: RegisterCase
    status: StatusCase
    locks: LocksCase
    runs: tuple[RunCase, ...]
    altered_runs: tuple[AlteredRun, ...]
    deployment: Deployment | None
    """Null: no deployment file was given."""
    loose_statements: frozenset[str] = frozenset()
    """sha256 of the statements in run folders that cannot be believed."""
    requirements_met: frozenset[str] = frozenset()
    """POLICY/REQUIREMENT-ID that unaltered runs of this exact model meet."""
