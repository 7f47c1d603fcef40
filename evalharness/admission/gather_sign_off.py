"""Register, status list and locks as they lie in the workspace -> the parts of a `Case`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from evalharness.admission.case import Asked, Author, LockCase, LocksCase, Point, RegisterCase, StatusCase, StatusList, Subject
from evalharness.admission.people import of_supplier
from evalharness.errors import Altered, MissingSignOff, shown
from evalharness.signoff import predicates
from evalharness.signoff.envelope import Signed
from evalharness.signoff.locks import LockRecord, Locks, attempt_problems, read_locks
from evalharness.signoff.register import Register, read_register
from evalharness.signoff.skeleton import skeleton
from evalharness.signoff.status import StatusRead, read_status

UNCHECKED = "its signature is not checked: there is no register of signers here"


def register_case(sign_off: Path, pinned: str | None, at: datetime) -> tuple[Register | None, RegisterCase]:
    """The register, where there is one to be trusted, and what is told of it."""
    try:
        found = read_register(sign_off, pinned)
    except MissingSignOff as error:
        return None, _no_register(missing=error.reasons or ("there is no register of signers",))
    except Altered as error:
        return None, _no_register(altered=error.reasons or ("the register of signers was altered",))
    except OSError as error:
        return None, _no_register(altered=(f"the register of signers cannot be read ({error.strerror or error})",))
    if as_time(found.issued) > at:
        text = f"the register of signers is dated {found.issued}, later than the moment of the decision"
        return None, _no_register(missing=(text,))
    return found, RegisterCase(root=found.root, rehearsal=found.rehearsal, people=frozenset(), version=found.version)


def carriers(register: Register | None, asked: Asked) -> frozenset[str]:
    """Who can carry the risk: people with a key that was not revoked, in the owner's role where there is one, and no part in the model."""
    entries = () if register is None else register.entries
    owner = asked.sign_off.risk_owner
    return frozenset(
        entry.person
        for entry in entries
        if entry.revoked is None
        and (not owner or owner in entry.roles)
        and skeleton(entry.person) not in asked.team
        and not of_supplier(entry.organisation, asked)
    )


def _no_register(missing: tuple[str, ...] = (), altered: tuple[str, ...] = ()) -> RegisterCase:
    return RegisterCase(root="", rehearsal=False, people=frozenset(), missing=missing, altered=altered)


def status_case(sign_off: Path, register: Register | None, model: str) -> StatusCase:
    """The status list as the gate of `model` needs it."""
    try:
        read = read_status(sign_off, register)
    except OSError as error:
        return StatusCase(found=None, altered=(f"the status list cannot be read ({error.strerror or error})",))
    found = None if read.signed is None or read.predicate is None else _status_list(read, read.signed, read.predicate, register, model)
    return StatusCase(found=found, problems=read.missing, altered=read.altered)


def _status_list(read: StatusRead, signed: Signed, told: predicates.StatusPredicate, register: Register | None, model: str) -> StatusList:
    return StatusList(
        version=told.version,
        highest=read.highest,
        issued=as_time(told.issued),
        next_update=as_time(told.next_update),
        author=author_case(register, signed, told.author, read.author_problems),
        revoked={mark.target: _marked("revoked", mark) for mark in told.revoked},
        suspended={mark.target: _marked("suspended", mark) for mark in read.suspensions},
        discharged=_discharged(read, register),
        digests=dict(read.versions),
        anchors=tuple((anchor.kind, anchor.digest) for anchor in told.anchors if anchor.model == model),
    )


def _discharged(read: StatusRead, register: Register | None) -> dict[tuple[str, str], tuple[Author, ...]]:
    found: dict[tuple[str, str], tuple[Author, ...]] = {}
    for done in read.done:
        author = author_case(register, done.version, done.version.predicate.author, done.problems)
        key = (done.discharge.decision, done.discharge.condition)
        found[key] = (*found.get(key, ()), author)
    return found


def _marked(word: str, mark: predicates.Mark) -> str:
    return f"{word} by {mark.by} on {mark.on}: {shown(mark.why, 300)}"


def locks_case(sign_off: Path, register: Register | None, named: frozenset[str]) -> LocksCase:
    """Every lock; the order of attempts is looked at for the campaigns of those that runs name."""
    try:
        locks = read_locks(sign_off, register)
    except OSError as error:
        return LocksCase(altered=(f"the locks cannot be read ({error.strerror or error})",))
    return LocksCase(
        locks=tuple(_lock(record, locks, register, ordered=record.digest in named) for record in locks.records),
        altered=locks.unreadable,
    )


def _lock(record: LockRecord, locks: Locks, register: Register | None, *, ordered: bool) -> LockCase:
    told = record.predicate
    return LockCase(
        name=record.signed.name,
        digest=record.digest,
        altered=record.altered,
        subject=subject_of(told),
        claim=told.claim,
        campaign=told.campaign,
        attempt=told.attempt,
        level=float(told.level),
        supplier=skeleton(told.supplier),
        author=author_case(register, record.signed, told.author, record.problems),
        campaign_problems=attempt_problems(record, locks.campaign_of(record)) if ordered else (),
    )


def subject_of(told: predicates.LockPredicate | predicates.DecisionPredicate) -> Subject:
    """What a statement is about."""
    policy, benchmark, model, point = told.policy, told.benchmark, told.model, told.operating_point
    return Subject(
        policy=(policy.name, policy.version, policy.digest),
        benchmark=(benchmark.name, benchmark.digest, benchmark.rows, benchmark.seed, benchmark.split),
        model=(model.name, model.digest, model.card),
        point=Point(
            point.rule,
            None if point.threshold is None else float(point.threshold),
            point.stream,
            point.budget_per_day,
            point.top_band,
        ),
    )


def author_case(register: Register | None, signed: Signed, told: predicates.Author, problems: tuple[str, ...]) -> Author:
    """The author of a statement; `problems`: what `signoff.authors` says against them."""
    entry = register.entry(signed.keys[0]) if register is not None and len(signed.keys) == 1 else None
    if register is None:
        problems = problems or (UNCHECKED,)
    elif entry is None:
        problems = problems or ("its key is not in the register of signers",)
    organisation = "" if entry is None else entry.organisation
    return Author(
        person=told.person,
        role=told.role,
        organisation=organisation,
        person_likeness=skeleton(told.person),
        organisation_likeness=skeleton(organisation),
        created=as_time(told.created),
        register=told.signers.version,
        rehearsal=register is not None and (register.rehearsal or (entry is not None and entry.rehearsal)),
        problems=problems,
        heard=entry is not None and entry.person == told.person and told.role in entry.roles,
    )


def as_time(text: str) -> datetime:
    """A time of a checked statement or of evidence, with its zone."""
    return datetime.fromisoformat(text)
