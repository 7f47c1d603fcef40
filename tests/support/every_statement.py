"""One signed statement of every kind, made from the predicates alone: for those who check envelopes and not what they decide."""

from __future__ import annotations

from securesystemslib.signer import CryptoSigner

from evalharness.signoff.ed25519 import key_id
from evalharness.signoff.envelope import sign, statement
from evalharness.signoff.predicates import (
    DECISION,
    KEY,
    POLICY_LOCK,
    SIGNERS,
    STATUS_LIST,
    TEST_RESULT,
    Author,
    Authority,
    BenchmarkRef,
    Control,
    DecisionPredicate,
    KeyPredicate,
    LockPredicate,
    Mark,
    ModelRef,
    PointRef,
    PolicyRef,
    ResultPart,
    Root,
    RootKey,
    SignerEntry,
    SignersPredicate,
    SignersRef,
    StatusPredicate,
    TestResultPredicate,
)

CREATED = "2026-11-22T09:00:00Z"
PERSON = "ada-lovelace"


def digest(letter: str) -> str:
    return "sha256:" + letter * 64


REFERENCES = {
    "policy": PolicyRef(name="small", version=1, digest=digest("a")),
    "benchmark": BenchmarkRef(name="small", digest=digest("b"), rows=700, seed=None, split="test"),
    "model": ModelRef(name="vendor", digest=digest("c"), card=digest("d")),
    "operating_point": PointRef(rule="score >= threshold", threshold="0.5", stream="synthetic"),
}
LOCKED = {"vendor": digest("c"), "vendor.md": digest("d"), "policies/small.yaml": digest("a"), "benchmark/small": digest("b")}
DECIDED = {"evidence.json": digest("2"), "report.html": digest("3"), "test-result.dsse.json": digest("7")}
AUTHOR = Author(
    person=PERSON, role="independent_evaluator", created=CREATED, signers=SignersRef(version=1, digest=digest("e"), root=digest("f"))
)


def every_statement() -> dict[str, tuple[str, bytes]]:
    """By kind: the public key (hex) and the file that its private half signed. The private half is gone when this returns."""
    signer = CryptoSigner.generate_ed25519()
    public = signer.public_key.keyval["public"]
    made = {
        "key": statement(KEY, {PERSON: "sha256:" + key_id(public)}, _key(public)),
        "signers": statement(SIGNERS, {"signers.yaml": digest("1")}, _signers(public)),
        "lock": statement(POLICY_LOCK, LOCKED, _lock()),
        "test-result": statement(TEST_RESULT, {"vendor": digest("c"), "evidence.json": digest("2")}, _result()),
        "decision": statement(DECISION, DECIDED, _decision()),
        "status": statement(STATUS_LIST, {"signers/0001.dsse.json": digest("e")}, _status()),
    }
    return {kind: (public, sign(payload, [signer])) for kind, payload in made.items()}


def _key(public: str) -> KeyPredicate:
    return KeyPredicate(schema="evalharness/key/v1", key=key_id(public), public=public, person=PERSON, rehearsal=True, created=CREATED)


def _signers(public: str) -> SignersPredicate:
    entry = SignerEntry(
        key=key_id(public), public=public, person=PERSON, organisation="Büro für Prüfung – 評価", roles=("independent_evaluator",),
        valid_from=CREATED, valid_until="2027-11-22T09:00:00Z", rehearsal=True,
    )  # fmt: skip
    root = Root(quorum=1, keys=(RootKey(key=key_id(public), public=public, person=PERSON, rehearsal=True),))
    roles = ("independent_evaluator",)
    return SignersPredicate(
        schema="evalharness/signers/v1", version=1, issued=CREATED, previous=None, root=root,
        authority=Authority(lock=roles, test_result=roles, status=roles), signers=(entry,),
    )  # fmt: skip


def _lock() -> LockPredicate:
    return LockPredicate(
        schema="evalharness/policy-lock/v1", campaign="small/a-supplier", attempt=1, previous=None, confidence="0.95",
        level="0.9696036449", claim="rehearsal", supplier="a supplier", author=AUTHOR, **REFERENCES,
    )  # fmt: skip


def _result() -> TestResultPredicate:
    ours = ResultPart(
        schema="evalharness/test-result/v1", verdict="met", claim="rehearsal", evidence=digest("2"), sums=digest("5"), lock=digest("6"),
        campaign="small/a-supplier", attempt=1, author=AUTHOR,
    )  # fmt: skip
    return TestResultPredicate(
        result="PASSED", configuration=(), passedTests=("recall", "everyone[sex=F]"), warnedTests=(), failedTests=(), evalharness=ours
    )


def _decision() -> DecisionPredicate:
    return DecisionPredicate(
        schema="evalharness/decision/v1", decision="approve", author=AUTHOR, claim="rehearsal", evidence=digest("2"), report=digest("3"),
        test_result=digest("7"), lock=digest("6"), sentence="I approve “this” – été, 𝔘nicode and </script> included.", why="",
        conflicts="", seen=(digest("7"),), valid_from=CREATED, valid_until="2026-12-22T09:00:00Z",
        control=Control(missed_per_1000="9.1", not_tested="nothing else", risk_carried_by=PERSON), **REFERENCES,
    )  # fmt: skip


def _status() -> StatusPredicate:
    mark = Mark(target=digest("8"), why="a wrong key", by=PERSON, on=CREATED)
    return StatusPredicate(
        schema="evalharness/status-list/v1", version=1, issued=CREATED, next_update="2026-11-29T09:00:00Z", previous=None,
        author=AUTHOR, revoked=(mark,), suspended=(), discharged=(),
    )  # fmt: skip
