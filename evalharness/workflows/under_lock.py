"""An evaluation under a lock: everything that could make its result worthless is asked before the model runs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evalharness.digests import sha256_bytes
from evalharness.errors import Altered, BadInput, Problems, bad_input, unreadable
from evalharness.evidence import Evidence
from evalharness.evidence.store import sums
from evalharness.files.once import NotPlain, read_once
from evalharness.files.workspace import Workspace
from evalharness.records.attempt import Attempt
from evalharness.signoff.envelope import LARGEST_STATEMENT
from evalharness.signoff.locks import LockRecord, attempt_problems, read_lock, read_locks
from evalharness.signoff.predicates import LockPredicate
from evalharness.signoff.refs import refs_for, refs_of_lock, unlike
from evalharness.signoff.register import Register, read_register
from evalharness.signoff.results import RESULT_FILE, result_payload
from evalharness.signoff.status import read_status
from evalharness.workflows.claims import attainable_claim
from evalharness.workflows.clock import clock_now, time_text
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.locked_runs import runs_under
from evalharness.workflows.sealing_files import opening_path, read_opening_of, seal_of
from evalharness.workflows.signing import KeyGiven, Pen, check_independent, open_pen


@dataclass(frozen=True, slots=True, kw_only=True)
class LockGiven:
    """The lock of a run, and the key that will sign its result."""

    file: Path
    key: KeyGiven
    role: str | None = None
    """Null: the only role of the key's holder that may sign a test result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderLock:
    """A lock that was read and believed, and an opened key. Made by `open_lock`."""

    record: LockRecord
    pen: Pen
    place: Workspace
    now: datetime | None
    """The clock, for tests; null: the machine's."""

    @property
    def attempt(self) -> Attempt:
        """What the evidence repeats of the lock."""
        lock = self.record.predicate
        return Attempt(lock=self.record.digest, campaign=lock.campaign, number=lock.attempt, level=float(lock.level))

    def check(self, inputs: Inputs) -> None:
        """Raises BadInput unless the run will be exactly what was locked, nobody ran it before, and the signer may sign its result."""
        lock = self.record.predicate
        problems = Problems()
        actual = refs_for(inputs.policy, inputs.card, inputs.model_digest, inputs.benchmark.info)
        for other in unlike(refs_of_lock(lock), actual):
            problems.add(
                f"the lock is for another {other.what}", where=self.record.signed.name, got=other.actual, expected=other.locked,
                hint="restore what was locked, or lock anew: that is one more attempt",
            )  # fmt: skip
        claim, _ = attainable_claim(inputs.policy, inputs.benchmark.info)
        if lock.claim != claim:
            problems.add("the lock is for another claim", where=self.record.signed.name, got=claim, expected=lock.claim)
        if lock.supplier != inputs.card.supplier:
            problems.add(
                "the lock is for another supplier", where=self.record.signed.name, got=inputs.card.supplier, expected=lock.supplier
            )
        if inputs.benchmark.practice:
            problems.add(
                "these items are for practice only: nothing on them can be signed", where=f"benchmark {inputs.benchmark.info.name}",
                got=inputs.benchmark.practice, hint="restore what was locked, or leave --lock out",
            )  # fmt: skip
        problems.raise_if_any()
        check_independent(inputs.policy, inputs.card, lock.author, self.pen.register)
        author = self.pen.author(time_text(self._clock()), lock.claim)
        check_independent(inputs.policy, inputs.card, author, self.pen.register)
        self.check_unused()

    def check_unused(self) -> None:
        """Raises BadInput when a run in reports/ was made under this lock already."""
        used = runs_under(self.place.reports, self.record.digest)
        if used:
            raise bad_input(
                "the lock has been used: one lock is for one run", where=self.record.signed.name, got=", ".join(f.name for f in used),
                expected="a lock without a run", hint="lock anew with `evalharness lock`: that is one more attempt",
            )  # fmt: skip

    def statements(self, evidence: Evidence, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """The signed test result of a run with these files, by its name in the run's folder of statements."""
        author = self.pen.author(time_text(self._clock()), evidence.claim)
        payload = result_payload(evidence, sha256_bytes(sums(files)), author)
        return {RESULT_FILE: self.pen.signed(payload, author, evidence.claim, RESULT_FILE)}

    def _clock(self) -> datetime:
        return clock_now() if self.now is None else self.now


def open_lock(place: Workspace, given: LockGiven, created: datetime, now: datetime | None = None) -> UnderLock:
    """Reads the lock and opens the key; nothing long has happened yet.

    created: the time that the evidence will carry. Raises MissingSignOff without a register; Altered where lock, register or status list
    were changed; BadInput for a lock that does not count, a run that would not be later than its lock, or a key that may not sign.
    """
    register = read_register(place.sign_off)
    record = _record(place, given.file, register)
    _check_times(record.predicate, time_text(created), time_text(clock_now() if now is None else now))
    pen = open_pen(given.key, register, role=given.role, roles=register.authority.test_result, created=time_text(now or clock_now()))
    return UnderLock(record=record, pen=pen, place=place, now=now)


def _record(place: Workspace, file: Path, register: Register) -> LockRecord:
    try:
        data = read_once(file, LARGEST_STATEMENT)
    except NotPlain as error:
        raise bad_input(str(error), where=file, expected="a lock as `evalharness lock` writes it") from error
    except OSError as error:
        raise unreadable(file, error) from error
    record = read_lock(data, file.name, register)
    locks = read_locks(place.sign_off, register)
    if record.altered or locks.unreadable:
        raise Altered([*record.altered, *locks.unreadable])
    if locks.by_digest(record.digest) is None:
        raise bad_input(
            "the lock is not among those of the workspace, where the gate will look for it", where=file, expected=f"a file in {place.locks}"
        )
    problems = [*record.problems, *attempt_problems(record, locks.campaign_of(record))]
    if problems:
        raise bad_input(
            f"the lock does not count: {'; '.join(problems)}", where=file, got=f"locked by {record.predicate.author.person}",
            expected="a lock by somebody whom the register lets lock, with every attempt before it in sign-off/locks",
        )  # fmt: skip
    _check_status(place, register, record)
    _check_counted(place, record)
    return record


def _check_counted(place: Workspace, record: LockRecord) -> None:
    """Raises BadInput for a lock on a seal whose opening does not count it. Whatever else is wrong with an opening is told later."""
    opening = None
    with suppress(Altered, BadInput):
        seal = seal_of(place.benchmark_folder(record.predicate.benchmark.name))
        path = opening_path(place, seal)
        opening = read_opening_of(seal, path)
    if opening is None or opening.seal != record.predicate.benchmark.digest or record.digest in opening.locks:
        return
    raise bad_input(
        "the lock is not among those for which its seal was opened: it came later, and whoever made it may have seen the secret",
        where=record.signed.name, got=record.digest, expected=f"one of the locks in {path}",
        hint="make a new seal with `evalharness benchmark seal`, and lock on that",
    )  # fmt: skip


def _check_status(place: Workspace, register: Register, record: LockRecord) -> None:
    status = read_status(place.sign_off, register)
    if status.altered:
        raise Altered(status.altered)
    mark = status.revoked(record.digest) or status.suspended(record.digest)
    if mark is not None:
        raise bad_input(
            "the lock was revoked or suspended", where=record.signed.name, got=f"by {mark.by} on {mark.on}: {mark.why}",
            hint="lock anew with `evalharness lock`: that is one more attempt",
        )  # fmt: skip


def _check_times(lock: LockPredicate, created: str, clock: str) -> None:
    locked = lock.author.created
    if created < locked:
        raise bad_input(
            "the run would be older than its lock: a lock comes first", where="--at", got=created, expected=f"{locked} or later"
        )
    if created > clock:
        raise bad_input("a run under a lock cannot be dated in the future", where="--at", got=created, expected=f"{clock} or earlier")
