"""Decisions of a run: made from their parts, and read back with everything that speaks against believing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evalharness.digests import sha256_bytes
from evalharness.errors import Altered, shown
from evalharness.signoff.authors import author_problem
from evalharness.signoff.conditions import condition_problems
from evalharness.signoff.envelope import Signed, read_statement, statement
from evalharness.signoff.predicates import APPROVING, DECISION, DecisionPredicate
from evalharness.signoff.references import References
from evalharness.signoff.register import Register
from evalharness.signoff.results import RESULT_FILE

OBJECTING = ("defer", "reject", "dissent")
"""Kinds that take back whatever the same person approved before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRead:
    """A decision that is about exactly this run and signed by whom it names."""

    signed: Signed
    predicate: DecisionPredicate
    doubts: tuple[str, ...]
    """Why its author cannot be believed, or why its form is not one that counts, in words; empty: nothing speaks against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsRead:
    """All statements of a run beside its test result."""

    decisions: tuple[DecisionRead, ...]
    """By the time of signing."""
    altered: tuple[str, ...]
    """Files that are not decisions of this run as somebody signed them."""


def decision_payload(refs: References, predicate: DecisionPredicate) -> bytes:
    """Payload bytes of the statement."""
    return statement(DECISION, refs.subject(), predicate)


def file_name(predicate: DecisionPredicate) -> str:
    """`decision-YYYYMMDDTHHMMSSZ-PERSON-ROLE.dsse.json`."""
    author = predicate.author
    stamp = author.created.replace("-", "").replace(":", "").lower()
    return f"decision-{stamp}-{author.person}-{author.role.replace('_', '-')}.dsse.json"


def read_decisions(statements: Mapping[str, bytes], refs: References, register: Register | None) -> DecisionsRead:
    """Every file of `statements/` but the test result, each checked.

    Without a register no signature can be checked; then only form and digests are, and `doubts` says so.
    """
    altered: list[str] = []
    found: list[DecisionRead] = []
    digests = {sha256_bytes(data) for data in statements.values()}
    payloads: dict[bytes, str] = {}
    for name, data in sorted(statements.items()):
        if name == RESULT_FILE:
            continue
        try:
            read = _read(data, name, refs, register)
        except Altered as error:
            altered += error.reasons
            continue
        altered += [f"{shown(name)}: {text}" for text in _against_folder(read, digests, payloads)]
        payloads.setdefault(read.signed.payload, name)
        found.append(read)
    found.sort(key=lambda d: (d.predicate.author.created, d.signed.name))
    return DecisionsRead(decisions=tuple(found), altered=tuple(altered))


def form_problems(decision: DecisionPredicate) -> tuple[str, ...]:
    """What a decision of its kind must have, or must not have, in words; empty when its form is right."""
    return tuple(_form(decision))


def other_things(decision: DecisionPredicate, refs: References) -> tuple[str, ...]:
    """Names of the things in which a decision is about something else than this run; empty when it is about exactly this."""
    return tuple(name.replace("_", " ") for name, value in refs.fields().items() if getattr(decision, name) != value)


def _read(data: bytes, name: str, refs: References, register: Register | None) -> DecisionRead:
    signed = read_statement(data, name)
    if signed.predicate_type != DECISION:
        raise Altered([f"{shown(name)}: only decisions and one test result lie in statements/, and this is neither"])
    decision: DecisionPredicate = signed.predicate
    if other := other_things(decision, refs):
        raise Altered([f"{shown(name)}: it is about another {', another '.join(other)}"])
    if {r.name: f"sha256:{r.digest.sha256}" for r in signed.subject} != refs.subject() or len(signed.subject) != len(refs.subject()):
        raise Altered([f"{shown(name)}: its subject is not what it decides about"])
    if register is None:
        doubts: tuple[str, ...] = ("its signature is not checked: there is no register of signers here",)
    else:
        doubts = author_problem(register, signed, decision.author, None, decision.claim)
    return DecisionRead(signed=signed, predicate=decision, doubts=(*doubts, *form_problems(decision)))


def _against_folder(read: DecisionRead, digests: set[str], payloads: Mapping[bytes, str]) -> Iterator[str]:
    missing = [digest for digest in read.predicate.seen if digest not in digests]
    if missing:
        yield f"{len(missing)} of the statements that its signer saw are gone: {', '.join(missing)}"
    if read.signed.payload in payloads:
        yield f"it says again what {shown(payloads[read.signed.payload])} says"


def _form(decision: DecisionPredicate) -> Iterator[str]:
    kind = decision.decision
    if kind in APPROVING:
        yield from _approval_form(decision)
    elif decision.valid_from or decision.valid_until or decision.control or decision.conditions or decision.residual_risk:
        yield "only an approval has a time, control answers, conditions or a residual risk"
    if kind in OBJECTING and not decision.why.strip():
        yield f"to {kind} needs a reason"
    if (kind == "advice") != (decision.advice is not None):
        yield "advice is there, and nothing else is, when the decision is advice"


def _approval_form(decision: DecisionPredicate) -> Iterator[str]:
    if decision.valid_from is None or decision.valid_until is None:
        yield "an approval says from when and until when it holds"
    elif decision.valid_from >= decision.valid_until:
        yield "the approval ends before it begins"
    if decision.control is None:
        yield "an approval answers the control questions"
    if (decision.decision == "approve-with-conditions") != bool(decision.conditions):
        yield "conditions are listed where somebody approves with conditions, and only there"
    ids = [c.id for c in decision.conditions]
    if len(set(ids)) != len(ids):
        yield "two conditions have the same id"
    for condition in decision.conditions:
        for text in condition_problems(condition):
            yield f"condition {condition.id}: {text}"
