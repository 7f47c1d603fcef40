"""What statements say: strict models of every predicate, version 1. Extended by new versions, never by changing these.

Times are UTC, whole seconds. Numbers that matter (thresholds, levels, figures) are decimal strings, so that no reader rounds them.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, SerializerFunctionWrapHandler, StringConstraints, model_serializer, model_validator

from evalharness.evidence.part import Digest, Part
from evalharness.evidence.schema import ClaimName, Day, OutcomeName, Time
from evalharness.records import Rule

POLICY_LOCK = "urn:evalharness:policy-lock:v1"
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
DECISION = "urn:evalharness:decision:v1"
STATUS_LIST = "urn:evalharness:status-list:v1"
SIGNERS = "urn:evalharness:signers:v1"
KEY = "urn:evalharness:key:v1"

DecisionKind = Literal["approve", "approve-with-conditions", "defer", "reject", "dissent", "advice"]
APPROVING: tuple[DecisionKind, ...] = ("approve", "approve-with-conditions")


def _plain_words(text: str) -> str:
    """Words that look like what they are: nothing hidden, nothing that turns or overwrites the text around it."""
    if any(unicodedata.category(c)[0] == "C" and c != "\n" for c in text) or "\u2028" in text or "\u2029" in text:
        raise ValueError("it holds characters that cannot be seen")
    if text and not any(c.isalnum() for c in text):
        raise ValueError("it holds no word")
    return text


def _sorted_once(items: tuple[str, ...]) -> tuple[str, ...]:
    if list(items) != sorted(set(items)):
        raise ValueError("it is not sorted, or names the same thing twice")
    return items


KeyId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""sha256 of the key's SubjectPublicKeyInfo (DER), in hex."""
PublicKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""The 32 bytes of an Ed25519 public key, in hex (RFC 8032)."""
Hex256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
NameText = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
"""A name, as `files.names.NAME`; ids of persons too, so that no look-alike letter can stand in one."""
RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4000), AfterValidator(_plain_words)]
MaybeWords = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_plain_words)]
DECIMAL = r"0|[1-9][0-9]{0,19}|(0|[1-9][0-9]{0,19})\.[0-9]{0,19}[1-9]|-(0\.[0-9]{0,19}[1-9]|[1-9][0-9]{0,19}(\.[0-9]{0,19}[1-9])?)"
"""One text for each number: no exponent, no needless zero, no minus zero. `decimal_text` writes it."""
Decimal = Annotated[str, StringConstraints(pattern=f"^({DECIMAL})$")]
SortedDigests = Annotated[tuple[Digest, ...], AfterValidator(_sorted_once)]
SortedNames = Annotated[tuple[str, ...], AfterValidator(_sorted_once)]
Version = Annotated[int, Field(ge=1, le=10**9)]


class DigestSet(Part):
    """in-toto: digests by algorithm; here always and only sha256, in hex without a prefix."""

    sha256: Hex256


class Resource(Part):
    """in-toto ResourceDescriptor: a thing and its digest."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    digest: DigestSet


class SignersRef(Part):
    """The register of signers that was in force when a statement was made."""

    version: Version
    digest: Digest
    """sha256 of the file of that version's envelope."""
    root: Digest
    """Fingerprint of the first root: what a workspace pins."""


class StatusRef(Part):
    """The status list that a signer had before them: one that is older later on was rolled back."""

    version: Version
    digest: Digest
    """sha256 of that version's file."""


class PolicyRef(Part):
    name: NameText
    version: Annotated[int, Field(ge=0)]
    digest: Digest


class BenchmarkRef(Part):
    name: NameText
    digest: Digest
    rows: Annotated[int, Field(ge=0)]
    seed: int | None
    split: str


class ModelRef(Part):
    name: NameText
    digest: Digest
    card: Digest


ABSENT_WHEN_NONE = frozenset({"budget_per_day", "top_band", "lifted"})
"""Parts that are left out where they say nothing: of operating points of other rules, and why nothing was lifted."""


class PointRef(Part):
    """Operating point and stream."""

    rule: Rule
    threshold: Decimal | None
    stream: Words
    budget_per_day: Annotated[int, Field(ge=1)] | None = None
    """Of the rule `budget`, and only there."""
    top_band: Words | None = None
    """Of the rule `top_band`, and only there."""

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """As statements were written before there were other rules."""
        return {name: value for name, value in handler(self).items() if value is not None or name not in ABSENT_WHEN_NONE}


class Author(Part):
    """Who signed, in which role, when, under which register."""

    person: NameText
    role: RoleName
    created: Time
    signers: SignersRef


class KeyPredicate(Part):
    """A public key, signed by itself: who holds the private half, and whether it is for rehearsals only."""

    schema_name: Literal["evalharness/key/v1"] = Field(alias="schema")
    key: KeyId
    public: PublicKey
    person: NameText
    rehearsal: bool
    """Made by a demonstration: refused for any claim above rehearsal."""
    created: Time


class RootKey(Part):
    key: KeyId
    public: PublicKey
    person: NameText
    rehearsal: bool


class Root(Part):
    """Who may change the register, and how many of them it takes."""

    quorum: Annotated[int, Field(ge=1, le=100)]
    keys: Annotated[tuple[RootKey, ...], Field(min_length=1, max_length=100)]


class Authority(Part):
    """Roles that may sign what is not a vote."""

    lock: tuple[RoleName, ...]
    test_result: tuple[RoleName, ...]
    status: tuple[RoleName, ...]


class KeyRevocation(Part):
    on: Time
    why: Words


class SignerEntry(Part):
    """One key of one person. A person may have had several keys; a key belongs to one person."""

    key: KeyId
    public: PublicKey
    person: NameText
    organisation: Words
    roles: Annotated[tuple[RoleName, ...], Field(min_length=1)]
    valid_from: Time
    valid_until: Time
    rehearsal: bool
    revoked: KeyRevocation | None = None
    """A revoked key makes every signature by it void, whenever it was given: its date is only the signer's word."""


class SignersPredicate(Part):
    """The register of signers."""

    schema_name: Literal["evalharness/signers/v1"] = Field(alias="schema")
    version: Version
    issued: Time
    previous: Digest | None
    """sha256 of the previous version's file; null for version 1."""
    root: Root
    authority: Authority
    signers: tuple[SignerEntry, ...]


class LockPredicate(Part):
    """What is fixed before a run."""

    schema_name: Literal["evalharness/policy-lock/v1"] = Field(alias="schema")
    campaign: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    attempt: Annotated[int, Field(ge=1, le=1000)]
    previous: Digest | None
    """sha256 of the file of the campaign's previous lock; null for attempt 1."""
    confidence: Decimal
    """The policy's."""
    level: Decimal
    """`records.attempt_level(confidence, attempt)`."""
    claim: ClaimName
    supplier: Words
    """From the card: whose attempts are counted together."""
    policy: PolicyRef
    benchmark: BenchmarkRef
    model: ModelRef
    operating_point: PointRef
    author: Author


class ResultPart(Part):
    """Our part of a test result."""

    schema_name: Literal["evalharness/test-result/v1"] = Field(alias="schema")
    verdict: OutcomeName
    claim: ClaimName
    evidence: Digest
    sums: Digest
    """sha256 of the run's SHA256SUMS: binds every face of the report."""
    lock: Digest
    campaign: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    attempt: Annotated[int, Field(ge=1, le=1000)]
    author: Author


class TestResultPredicate(Part):
    """in-toto test-result/v0.1 with an extension of ours. PASSED = met, WARNED = not demonstrated, FAILED = the rest."""

    __test__ = False  # not a test class, whatever pytest thinks of its name

    result: Literal["PASSED", "WARNED", "FAILED"]
    configuration: tuple[Resource, ...]
    """Policy, benchmark and lock."""
    passedTests: tuple[str, ...]  # noqa: N815  in-toto's names
    """Findings by name (`recall-everyone[sex=F]`)."""
    warnedTests: tuple[str, ...]  # noqa: N815
    failedTests: tuple[str, ...]  # noqa: N815
    evalharness: ResultPart


class Control(Part):
    """Answers to three control questions: has the signer read the page?"""

    missed_per_1000: Decimal
    """Relevant items set aside of 1,000, as page one says."""
    not_tested: Words
    risk_carried_by: NameText
    """A person."""


CONDITION_FIELDS: dict[str, set[str]] = {
    "claim": {"value"},
    "stream": {"value"},
    "maximum_volume": {"per_week"},
    "unit": {"value"},
    "threshold": {"value"},
    "dual_review": {"value"},
    "until": {"due"},
    "further_requirement": {"value", "due"},
    "action": {"value", "owner", "due"},
}
"""Exactly the fields that each type of condition has beside `id`."""


class Condition(Part):
    """One condition of an approval. Exactly the fields that its type needs are there; `signoff.conditions` says which."""

    id: NameText
    type: Literal["claim", "stream", "maximum_volume", "unit", "threshold", "dual_review", "until", "further_requirement", "action"]
    value: MaybeWords = ""
    """claim: the most; stream, unit: which; threshold: decimal; dual_review: the class; action: what is to be done;
    further_requirement: POLICY/REQUIREMENT-ID."""
    per_week: Annotated[int, Field(ge=0)] | None = None
    """maximum_volume."""
    owner: NameText | None = None
    """action: the person who does it."""
    due: Day | None = None
    """until: last day of use; further_requirement, action: last day on which it may be open."""

    @model_validator(mode="after")
    def _fields_of_its_type(self) -> Self:
        given = {
            "value": bool(self.value),
            "per_week": self.per_week is not None,
            "owner": self.owner is not None,
            "due": self.due is not None,
        }
        if {name for name, there in given.items() if there} != CONDITION_FIELDS[self.type]:
            raise ValueError(f"a condition of the type {self.type} has exactly: {', '.join(sorted(CONDITION_FIELDS[self.type]))}")
        return self


class Advice(Part):
    stance: Literal["for", "against", "neutral"]
    text: Words


class RoleWords(Part):
    role: RoleName
    why: Words


class DecisionPredicate(Part):
    """One person's decision over exact evidence."""

    schema_name: Literal["evalharness/decision/v1"] = Field(alias="schema")
    decision: DecisionKind
    author: Author
    claim: ClaimName
    """What the evidence carries, and so the most that is approved."""
    evidence: Digest
    report: Digest
    """sha256 of the report.html that was read."""
    test_result: Digest
    """sha256 of the test result's file."""
    lock: Digest
    policy: PolicyRef
    benchmark: BenchmarkRef
    model: ModelRef
    operating_point: PointRef
    sentence: Words
    """What was agreed to, word for word."""
    why: MaybeWords
    """Required for defer, reject and dissent."""
    conflicts: MaybeWords
    """A declared conflict of interest; empty: none. A declared conflict takes the vote away."""
    seen: SortedDigests
    """sha256 of every other statement that lay in the run when this was signed, sorted: none of them may be missing later."""
    status: StatusRef | None = None
    """The status list in force when this was signed."""
    valid_from: Time | None = None
    valid_until: Time | None = None
    """Required for approvals."""
    control: Control | None = None
    """Required for approvals."""
    residual_risk: MaybeWords = ""
    """The words in which the residual risk is accepted; required of the policy's risk owner."""
    accepts_not_judged: SortedNames = ()
    """Names of cells that nobody judged (`recall-everyone[ethnicity=other]`), sorted: an approval names every one."""
    conditions: tuple[Condition, ...] = ()
    advice: Advice | None = None
    """Required for advice."""
    departures: tuple[RoleWords, ...] = ()
    """For each advisory role that is against: why this approval departs from it."""
    absences: tuple[RoleWords, ...] = ()
    """For each advisory role without advice: why this approval does not wait for it."""


class Mark(Part):
    """One thing revoked or suspended, or whose suspension was lifted."""

    target: Digest
    """Evidence digest (the whole run), or sha256 of the file of a lock, a test result or a decision."""
    why: Words
    by: NameText
    on: Time


class Discharge(Part):
    """A condition that was fulfilled."""

    decision: Digest
    condition: NameText
    why: Words
    by: NameText
    on: Time


class Anchor(Part):
    """A statement that lay in the workspace when a status list was issued: it may not be missing later."""

    digest: Digest
    """sha256 of its file."""
    kind: Literal["lock", "test-result", "decision"]
    model: NameText
    """Whose gate answers for it."""


class StatusPredicate(Part):
    """What no longer holds. Each version repeats everything revoked before: a revocation is for ever."""

    schema_name: Literal["evalharness/status-list/v1"] = Field(alias="schema")
    version: Version
    issued: Time
    next_update: Time
    previous: Digest | None
    """sha256 of the previous version's file; null for version 1."""
    author: Author
    revoked: tuple[Mark, ...]
    suspended: tuple[Mark, ...]
    discharged: tuple[Discharge, ...]
    anchors: tuple[Anchor, ...] = ()
    """Every lock and every statement of a run that was there when this was issued, and all that the previous version named.
    Sorted by digest."""
    lifted: tuple[Mark, ...] = ()
    """Why each suspension was lifted, by whom and when, in the order in which they were; absent where there is none."""

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """As lists were written before lifting had a reason."""
        return {name: value for name, value in handler(self).items() if value or name not in ABSENT_WHEN_NONE}


Predicate = KeyPredicate | SignersPredicate | LockPredicate | TestResultPredicate | DecisionPredicate | StatusPredicate
PREDICATES: dict[str, type[Part]] = {
    KEY: KeyPredicate,
    SIGNERS: SignersPredicate,
    POLICY_LOCK: LockPredicate,
    TEST_RESULT: TestResultPredicate,
    DECISION: DecisionPredicate,
    STATUS_LIST: StatusPredicate,
}
"""Every predicate type this version understands; anything else is refused."""
