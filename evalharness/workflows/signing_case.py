"""What must hold before anybody can sign: the whole run verified, its lock and test result there and by those who may, the signer known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evalharness.errors import Altered, MissingSignOff, bad_input
from evalharness.evidence import never_signed
from evalharness.evidence.store import StoredRun, read_run
from evalharness.files.workspace import Workspace, find_workspace
from evalharness.records import Card, Policy
from evalharness.requirements import policy_from_document
from evalharness.signoff.locks import attempt_problems, read_locks
from evalharness.signoff.page import PageFacts
from evalharness.signoff.predicates import APPROVING, Author, DecisionKind, StatusRef
from evalharness.signoff.references import benchmark_ref, model_ref, point_ref, policy_ref
from evalharness.signoff.refs import Refs, refs_of_lock, unlike
from evalharness.signoff.register import Register, read_register
from evalharness.signoff.skeleton import skeleton
from evalharness.signoff.status import StatusRead, read_status
from evalharness.workflows.clock import clock_now, time_text
from evalharness.workflows.decision_facts import card_of, facts_of, read_test_result
from evalharness.workflows.sealing_files import not_of_its_locks
from evalharness.workflows.signing import KeyGiven, Pen, open_pen
from evalharness.workflows.verify import verify_stored


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningCase:
    """A verified run, and somebody who may sign a decision about it."""

    place: Workspace
    run: StoredRun
    policy: Policy
    register: Register
    card: Card
    pen: Pen
    author: Author
    kind: DecisionKind
    facts: PageFacts
    """What was said by others so far."""
    status: StatusRef | None
    """The status list that the signer has before them."""


def open_case(
    folder: Path, kind: DecisionKind, key: KeyGiven, *, role: str | None = None, workspace: Path | None = None, now: datetime | None = None
) -> SigningCase:
    """Verifies everything that the gate will verify, in full.

    Raises NoEvidence without a run, Altered where anything was changed, MissingSignOff where lock, test result or register are missing or
    not by those who may, BadInput where the key or its role may not sign this.
    """
    place, created = find_workspace(workspace), time_text(clock_now() if now is None else now)
    register = read_register(place.sign_off)
    run = read_run(folder)
    policy = policy_from_document(run.evidence.policy.document, run.evidence.policy.digest)
    _check_signable(run)
    pen = open_pen(key, register, role=role, roles=_roles(kind, policy, register), created=created)
    author = pen.author(created, run.evidence.claim)
    problems = verify_stored(run, place=place).problems
    if problems:
        raise Altered(problems)
    status = read_status(place.sign_off, register)
    card = _card(run, place)
    missing = [*_lock_problems(run, place, register, card, status), *_result_problems(run, register, card, status)]
    if missing:
        raise MissingSignOff(missing)
    return SigningCase(
        place=place,
        run=run,
        policy=policy,
        register=register,
        card=card,
        pen=pen,
        author=author,
        kind=kind,
        facts=facts_of(run, place, register),
        status=_status_ref(status),
    )


def _roles(kind: DecisionKind, policy: Policy, register: Register) -> tuple[str, ...]:
    """Roles in which such a decision is heard. Anybody in the register may disagree."""
    rules = policy.sign_off
    voting = {role for role, _ in rules.roles}
    if kind in APPROVING:
        return tuple(sorted(voting))
    if kind == "advice":
        return rules.advice
    if kind == "dissent":
        return tuple(sorted({role for entry in register.entries for role in entry.roles}))
    return tuple(sorted({*voting, *rules.veto}))


def _check_signable(run: StoredRun) -> None:
    hint = " (`evalharness lock` first)" if run.evidence.lock is None else ""
    if bars := never_signed(run.evidence):
        raise MissingSignOff([f"{bar.words}, so nobody can sign for it{hint}" for bar in bars])


def _card(run: StoredRun, place: Workspace) -> Card:
    card = card_of(run, place)
    if card is None:
        raise bad_input(
            "the model card of this run is not here, or was changed since", where=place.model_cards / f"{run.evidence.model.name}.md",
            expected=run.evidence.model.card or "", hint="without it nobody can say who built the classifier",
        )  # fmt: skip
    return card


def _lock_problems(run: StoredRun, place: Workspace, register: Register, card: Card, status: StatusRead) -> Iterator[str]:
    named = run.evidence.lock
    if named is None:
        return
    locks = read_locks(place.sign_off, register)
    record = locks.by_digest(named.digest)
    if record is None:
        yield f"the lock {named.digest}, which the evidence names, is not in sign-off/locks/"
        return
    lock, refs = record.predicate, _refs(run)
    differences = [f"the lock is about another {part.what}" for part in unlike(refs_of_lock(lock), refs)]
    if (lock.campaign, lock.attempt, float(lock.level), lock.claim) != (named.campaign, named.attempt, named.level, run.evidence.claim):
        differences.append("the lock says another campaign, attempt, level or claim than the evidence")
    differences += not_of_its_locks(run.evidence, locks)
    if record.altered or differences:
        raise Altered((*record.altered, *differences))
    yield from (f"the lock: {text}" for text in record.problems)
    yield from (f"the lock: {text}" for text in attempt_problems(record, locks.campaign_of(record)))
    if lock.author.created > run.evidence.created:
        yield f"the lock is dated {lock.author.created}, after the run of {run.evidence.created}"
    yield from _by_team("the lock", lock.author, card)
    if mark := status.revoked(record.digest):
        yield f"the lock was revoked on {mark.on}: {mark.why}"


def _refs(run: StoredRun) -> Refs:
    evidence = run.evidence
    model = model_ref(evidence)
    if model is None:
        raise MissingSignOff(["the model of this run has no card: nobody can sign for it"])
    return Refs(policy=policy_ref(evidence), benchmark=benchmark_ref(evidence), model=model, operating_point=point_ref(evidence))


def _result_problems(run: StoredRun, register: Register, card: Card, status: StatusRead) -> Iterator[str]:
    result = read_test_result(run, register)
    if result.signed is None:
        yield "there is no signed test result in the run (`evalharness evaluate --lock … --key …` writes it)"
        return
    author = result.signed.predicate.evalharness.author
    yield from (f"the test result: {text}" for text in result.doubts)
    yield from _by_team("the test result", author, card)
    if author.created < run.evidence.created:
        yield f"the test result is dated {author.created}, before the run of {run.evidence.created}"
    if mark := status.revoked(result.signed.digest):
        yield f"the test result was revoked on {mark.on}: {mark.why}"


def _by_team(what: str, author: Author, card: Card) -> Iterator[str]:
    if skeleton(author.person) in {skeleton(person) for person in card.team}:
        yield f"{what} is signed by {author.person}, who belongs to the team that built the classifier"


def _status_ref(status: StatusRead) -> StatusRef | None:
    if status.signed is None or status.predicate is None:
        return None
    return StatusRef(version=status.predicate.version, digest=status.signed.digest)
