"""Policy locks: what was fixed before a run, and the count of a campaign's attempts.

Files prove the order of the locks that are there. They cannot prove that the newest one was not deleted, nor that nothing was tried
elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from evalharness.errors import Altered, shown
from evalharness.files.once import NotPlain, read_once
from evalharness.records.attempt import attempt_level
from evalharness.records.decimals import decimal_text
from evalharness.signoff.authors import author_problem
from evalharness.signoff.envelope import LARGEST_STATEMENT, Signed, read_statement, statement
from evalharness.signoff.organisations import organisation_skeleton
from evalharness.signoff.predicates import POLICY_LOCK, LockPredicate
from evalharness.signoff.register import Register

FOLDER = "locks"
"""Of sign-off/."""
SUFFIX = ".dsse.json"
MOST_LOCKS = 5_000
_LONGEST_CAMPAIGN = 200
_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,199}\.dsse\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class LockRecord:
    """A lock file, read."""

    signed: Signed
    predicate: LockPredicate
    altered: tuple[str, ...]
    """Where its signature is wrong, or it says what no lock of the harness says: exit 13. Empty when all is well."""
    problems: tuple[str, ...]
    """Why its author cannot be believed: exit 12. Empty when all is well."""

    @property
    def digest(self) -> str:
        """sha256 of the file: how evidence and statements name this lock."""
        return self.signed.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Locks:
    """Every lock of a workspace."""

    records: tuple[LockRecord, ...]
    """Sorted by campaign, attempt and digest; copies of one file once."""
    unreadable: tuple[str, ...]
    """Files that are no lock any more, or never were, in words: exit 13. Nobody can say whose attempts they counted."""

    def by_digest(self, digest: str) -> LockRecord | None:
        return next((record for record in self.records if record.digest == digest), None)

    def campaign(self, policy: str, supplier: str, name: str = "") -> tuple[LockRecord, ...]:
        """The locks whose attempts count together with those of `policy` for `supplier`, by attempt.

        Together belong locks of the same policy name and the same supplier (as the eye sees it), and locks that carry the same campaign;
        `name`: and those of this campaign.
        """
        keys, names = {(policy, organisation_skeleton(supplier))}, {name} - {""}
        found: dict[str, LockRecord] = {}
        while new := [r for r in self.records if r.digest not in found and (_key(r) in keys or r.predicate.campaign in names)]:
            found |= {r.digest: r for r in new}
            keys |= {_key(r) for r in new}
            names |= {r.predicate.campaign for r in new}
        return tuple(sorted(found.values(), key=_order))

    def campaign_of(self, record: LockRecord) -> tuple[LockRecord, ...]:
        """The locks whose attempts count together with `record`, itself included."""
        return self.campaign(record.predicate.policy.name, record.predicate.supplier, record.predicate.campaign)


def campaign_of(policy_name: str, supplier: str) -> str:
    """The campaign of a policy and a supplier, where nobody named another: `message-triage/example-supplier`.

    The name is for reading. What belongs together is found by `Locks.campaign`, which takes look-alike suppliers for one.
    """
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", supplier).casefold())
    full = f"{policy_name}/{'-'.join(words) or 'unnamed'}"
    if len(full) <= _LONGEST_CAMPAIGN:
        return full
    return f"{full[:150]}-{sha256(full.encode()).hexdigest()[:16]}"


def file_name(campaign: str, attempt: int) -> str:
    """Name of a lock's file. One campaign and attempt have one name, so that two cannot be made; readers go by the content."""
    slug = re.sub(r"[^a-z0-9]+", "-", campaign).strip("-")[:100]
    mark = sha256(campaign.encode()).hexdigest()[:8]
    return f"{slug}-{mark}-{attempt:04d}{SUFFIX}"


def lock_payload(predicate: LockPredicate) -> bytes:
    """The statement to be signed."""
    return statement(POLICY_LOCK, _subject(predicate), predicate)


def read_lock(data: bytes, name: str, register: Register | None) -> LockRecord:
    """The lock in the bytes of a file. Raises Altered when they are no lock.

    Without a register no signature can be checked: `problems` says so.
    """
    signed = read_statement(data, name, POLICY_LOCK)
    predicate: LockPredicate = signed.predicate
    altered = list(_contradictions(signed, predicate))
    problems: tuple[str, ...] = ("its signature is not checked: there is no register of signers here",)
    if register is not None:
        try:
            problems = author_problem(register, signed, predicate.author, register.authority.lock, predicate.claim)
        except Altered as error:
            altered, problems = [*error.reasons, *altered], ()
    return LockRecord(signed=signed, predicate=predicate, altered=tuple(altered), problems=problems)


def read_locks(sign_off: Path, register: Register | None) -> Locks:
    """Every file of locks/ in `sign_off` (the workspace's `sign-off/`), hidden ones (unfinished writes) apart.

    Nothing is raised for what is in them: it is in the answer.
    """
    folder = sign_off / FOLDER
    if folder.is_symlink():
        return Locks(records=(), unreadable=(f"{FOLDER}/ is a link",))
    found: dict[str, LockRecord] = {}
    unreadable: list[str] = []
    paths = sorted(p for p in folder.iterdir() if not p.name.startswith(".")) if folder.is_dir() else []
    if len(paths) > MOST_LOCKS:
        return Locks(records=(), unreadable=(f"{FOLDER}/ holds {len(paths)} files; at most {MOST_LOCKS} are read",))
    for path in paths:
        try:
            record = read_lock(read_once(path, LARGEST_STATEMENT), path.name, register)
            unreadable += _misplaced(path.name, found.get(record.digest))
            found.setdefault(record.digest, record)
        except Altered as error:
            unreadable += error.reasons
        except NotPlain as error:
            unreadable.append(f"{shown(path.name)}: {error}")
        except OSError as error:
            unreadable.append(f"{shown(path.name)}: it cannot be read ({error.strerror or error})")
    return Locks(records=tuple(sorted(found.values(), key=_order)), unreadable=tuple(unreadable))


def _misplaced(name: str, same: LockRecord | None) -> Iterator[str]:
    if not _FILE_NAME.fullmatch(name):
        yield f"{shown(name)}: not the name of a lock's file"
    if same is not None:
        yield f"{shown(name)}: the same lock as {shown(same.signed.name)}, under another name"


def attempt_problems(lock: LockRecord, campaign: Sequence[LockRecord]) -> tuple[str, ...]:
    """Why the number of the attempt that `lock` counts is not to be believed, given the locks of its campaign (itself may be among them).

    As many other locks must be as old or older as its number says came before it, and the one that it follows must be here: the one before
    it by number, or the newest of all before it where numbers were left out because two branches had locked the same attempt.
    """
    others = [other for other in campaign if other.digest != lock.digest]
    number, created = lock.predicate.attempt, lock.predicate.author.created
    before = sum(other.predicate.author.created <= created for other in others)
    found = []
    if before > number - 1:
        found.append(f"attempt number {number} is too low: {before} other locks of the campaign are as old or older")
    if before < number - 1:
        found.append(f"a lock of the campaign is missing: {number - 1} must be older than attempt {number}, and {before} are here")
    if any(other.predicate.attempt == number for other in others):
        found.append(f"attempt {number} was locked more than once")
    if lock.predicate.previous is not None and _followed(lock, others) is None:
        found.append(f"the lock of attempt {number - 1} that it follows is not here")
    return tuple(found)


def attempts_problems(locks: Sequence[LockRecord]) -> tuple[str, ...]:
    """Why nobody can say how many attempts of one campaign there were; empty when each follows one before it and none is missing.

    Deleting, reordering or resetting attempts shows here, unless it is the newest one that was deleted. An attempt that two branches locked
    is no such reason (`locked_twice` tells it): both locks are here, and both are counted.
    """
    return tuple(_disorder(sorted(locks, key=_order)))


def locked_twice(locks: Iterable[LockRecord]) -> tuple[int, ...]:
    """Numbers of attempts that were locked more than once. `attempt_problems` says it of each of their locks: no run under one counts."""
    return tuple(sorted(number for number, times in Counter(lock.predicate.attempt for lock in locks).items() if times > 1))


def newest(locks: Iterable[LockRecord]) -> LockRecord | None:
    """The lock that the next one follows."""
    return max(locks, key=lambda lock: (lock.predicate.author.created, *_order(lock)[1:]), default=None)


def _followed(lock: LockRecord, others: Sequence[LockRecord]) -> LockRecord | None:
    """The lock that `lock` names as the one before it, if it is here and may be that."""
    told = lock.predicate
    named = next((other for other in others if other.digest == told.previous), None)
    if named is None or named.predicate.attempt == told.attempt - 1:
        return named
    before = [other for other in others if other.predicate.author.created <= told.author.created and other.predicate.attempt < told.attempt]
    return named if locked_twice(before) and newest(before) == named else None


def _disorder(locks: Sequence[LockRecord]) -> Iterator[str]:
    names = sorted({lock.predicate.campaign for lock in locks})
    if len(names) > 1:
        yield f"the attempts of one campaign go by {len(names)} names: {', '.join(shown(name) for name in names)}"
    missing = _missing([lock.predicate.attempt for lock in locks])
    if missing:
        yield f"the lock of attempt {_listed(missing)} is missing"
    there = {lock.predicate.attempt for lock in locks}
    for lock in locks:
        number = lock.predicate.attempt
        if number == 1 or number - 1 in missing:
            continue
        before = _followed(lock, locks)
        if before is None:
            follows = f"the lock of attempt {number - 1} that is here" if number - 1 in there else "the newest lock before it"
            yield f"the lock of attempt {number} does not follow {follows}"
        elif lock.predicate.author.created <= before.predicate.author.created:
            yield f"the lock of attempt {number} is not dated after the one of attempt {before.predicate.attempt}"


def _missing(numbers: Sequence[int]) -> list[int]:
    """Numbers (sorted) that were left out although not as many locks have lower ones: each lock is numbered one more than there were."""
    missing: list[int] = []
    for number in sorted(set(numbers)):
        lower = len(missing) + sum(other < number for other in numbers)
        missing += range(lower + 1, number)
    return missing


def _listed(numbers: Iterable[int]) -> str:
    found = [str(number) for number in numbers]
    return ", ".join(found[:10]) + (" …" if len(found) > 10 else "")


def _contradictions(signed: Signed, predicate: LockPredicate) -> Iterator[str]:
    where = shown(signed.name)
    if statement(POLICY_LOCK, _subject(predicate), predicate) != signed.payload:
        yield f"{where}: its subject is not the policy, the benchmark and the model that it locks"
    if (predicate.attempt == 1) != (predicate.previous is None):
        yield f"{where}: attempt {predicate.attempt} {'follows another lock' if predicate.previous else 'does not name the lock before it'}"
    right = _level(predicate)
    if predicate.level != right:
        yield f"{where}: its level is {predicate.level}, and attempt {predicate.attempt} at confidence {predicate.confidence} has {right}"


def _level(predicate: LockPredicate) -> str | None:
    """The level as it must be; null where the confidence is none."""
    confidence = float(predicate.confidence)
    try:
        known = 0 < confidence < 1 and decimal_text(confidence) == predicate.confidence
    except ValueError:
        return None
    return decimal_text(attempt_level(confidence, predicate.attempt)) if known else None


def _subject(predicate: LockPredicate) -> dict[str, str]:
    """Names with a dot or a slash cannot be names of models, so that no two are the same."""
    model = predicate.model
    return {
        model.name: model.digest,
        f"{model.name}.md": model.card,
        f"policies/{predicate.policy.name}.yaml": predicate.policy.digest,
        f"benchmark/{predicate.benchmark.name}": predicate.benchmark.digest,
    }


def _key(record: LockRecord) -> tuple[str, str]:
    return record.predicate.policy.name, organisation_skeleton(record.predicate.supplier)


def _order(record: LockRecord) -> tuple[str, int, str, str]:
    return record.predicate.campaign, record.predicate.attempt, record.predicate.author.created, record.digest
