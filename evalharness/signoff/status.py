"""The status list: what was revoked, suspended or fulfilled, in a chain of versions of which each repeats every earlier revocation.

Files prove that the chain that is here is whole. They cannot prove that newer versions were not taken away: only the list's age, the least
version that a caller has seen before, and the register that decisions name, limit that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from evalharness.errors import Altered, shown
from evalharness.evidence.schema import TIME_FORMAT
from evalharness.files.once import NotPlain, read_once
from evalharness.signoff.authors import author_problem
from evalharness.signoff.envelope import LARGEST_STATEMENT, Signed, read_statement, statement, verified_by
from evalharness.signoff.predicates import STATUS_LIST, Discharge, Mark, StatusPredicate
from evalharness.signoff.register import Register

FILE = "status.json"
VERSIONS = "status"
MOST_VERSIONS = 10_000
VALID_DAYS = 7
"""How long a list is good for; a policy may ask for less."""
_VERSION = re.compile(r"([0-9]{4,9})\.dsse\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRead:
    """What became of reading the status list."""

    signed: Signed | None
    """status.json as it lies there; null where it is absent or cannot be read."""
    predicate: StatusPredicate | None
    """What it says."""
    highest: int
    """Highest version that lies in status/; 0: none."""
    latest: Signed | None
    """That version; null where it is absent or cannot be read."""
    versions: Mapping[int, str]
    """sha256 of the file of every version that can be read."""
    author_problems: tuple[str, ...]
    """Why the author of status.json cannot be believed: exit 12."""
    missing: tuple[str, ...]
    """What is absent, or older than what lies beside it: exit 12."""
    altered: tuple[str, ...]
    """What was changed, or is not as any list of the harness is: exit 13."""

    @property
    def problems(self) -> tuple[tuple[int, str], ...]:
        """(exit code, text) of everything that speaks against relying on this list, its age apart; empty when nothing does."""
        return (*((13, text) for text in self.altered), *((12, text) for text in (*self.missing, *self.author_problems)))

    @property
    def absent(self) -> bool:
        """Whether no status list was ever issued here, as far as files can tell."""
        return self.signed is None and self.highest == 0 and not self.altered

    def revoked(self, digest: str) -> Mark | None:
        """The mark that takes this digest (of evidence, or of a statement's file) back for ever."""
        return _mark(() if self.predicate is None else self.predicate.revoked, digest)

    def suspended(self, digest: str) -> Mark | None:
        """The mark that suspends it."""
        return _mark(() if self.predicate is None else self.predicate.suspended, digest)

    def discharged(self, decision: str, condition: str) -> Discharge | None:
        """Where a condition of a decision (digest of its file) was fulfilled."""
        found = () if self.predicate is None else self.predicate.discharged
        return next((d for d in found if (d.decision, d.condition) == (decision, condition)), None)


def status_payload(predicate: StatusPredicate) -> bytes:
    """The statement to be signed. Its subject is the version of the register under which it was issued."""
    signers = predicate.author.signers
    return statement(STATUS_LIST, {f"signers/{signers.version:04d}.dsse.json": signers.digest}, predicate)


def next_update(issued: str, days: int = VALID_DAYS) -> str:
    """Until when a list issued then is good."""
    return (datetime.strptime(issued, TIME_FORMAT) + timedelta(days=days)).strftime(TIME_FORMAT)


def version_path(sign_off: Path, version: int) -> Path:
    """The file of one version."""
    return sign_off / VERSIONS / f"{version:04d}.dsse.json"


def read_status(sign_off: Path, register: Register | None, claim: str = "rehearsal") -> StatusRead:
    """status.json and every version beside it, in `sign_off` (the workspace's `sign-off/`). Nothing is raised for what is in them.

    claim: what is to rest on the list; rehearsal keys count for no more than a rehearsal.
    """
    altered: list[str] = []
    missing: list[str] = []
    chain = _chain(sign_off, register, altered, missing)
    latest = chain[max(chain)] if chain else None
    current = _current(sign_off, chain, missing, altered)
    author_problems: tuple[str, ...] = ()
    if current is not None:
        author_problems = _author(current, register, claim, altered)
    if latest is not None and (current is None or current.data != latest.data):
        altered += signature_problems(latest, register)
    return StatusRead(
        signed=current,
        predicate=None if current is None else current.predicate,
        highest=max(chain, default=0),
        latest=latest,
        versions={version: signed.digest for version, signed in chain.items() if signed is not None},
        author_problems=author_problems,
        missing=tuple(missing),
        altered=tuple(dict.fromkeys(altered)),
    )


def _chain(sign_off: Path, register: Register | None, altered: list[str], missing: list[str]) -> dict[int, Signed | None]:
    """Every version by number, checked each against the one before; null for one that cannot be read.

    Who signed the newest is asked elsewhere; of the older ones it is enough that somebody known did, and that the next names their digest.
    """
    paths = _version_files(sign_off / VERSIONS, altered)
    chain: dict[int, Signed | None] = {}
    for version in sorted(paths):
        name = f"{VERSIONS}/{paths[version].name}"
        chain[version] = signed = _read(paths[version], name, altered)
        if signed is None:
            continue
        altered += [f"{name}: {text}" for text in _own_problems(signed.predicate, signed, version)]
        if version < max(paths):
            altered += signature_problems(signed, register)
        before = chain.get(version - 1)
        if before is not None:
            altered += [f"{name}: {text}" for text in _link_problems(before, signed)]
            missing += [f"{name}: {text}" for text in _lost_anchors(before.predicate, signed.predicate)]
    gaps = sorted(set(range(1, max(chain, default=0) + 1)) - set(chain))
    altered += [f"{VERSIONS}/{gap:04d}.dsse.json is missing: the status list is a chain without gaps" for gap in gaps[:5]]
    return chain


def signature_problems(signed: Signed, register: Register | None) -> list[str]:
    """Of a version whose author is not judged: is it rightly signed by a key that the register knows, ended or revoked as it may be?"""
    entries = [] if register is None else [entry for key in signed.keys if (entry := register.entry(key)) is not None]
    if register is None or (entries and verified_by(signed, [e.public for e in entries]) == signed.keys):
        return []
    return [f"{signed.name}: it is not rightly signed by a key of the register"]


def _version_files(folder: Path, altered: list[str]) -> dict[int, Path]:
    if folder.is_symlink():
        altered.append(f"{VERSIONS}/ is a link")
        return {}
    if not folder.is_dir():
        return {}
    found: dict[int, Path] = {}
    paths = sorted(p for p in folder.iterdir() if not p.name.startswith("."))
    if len(paths) > MOST_VERSIONS:
        altered.append(f"{VERSIONS}/ holds {len(paths)} files; at most {MOST_VERSIONS} are read")
        return {}
    for path in paths:
        match = _VERSION.fullmatch(path.name)
        number = int(match[1]) if match else 0
        if number < 1 or path.name != f"{number:04d}.dsse.json":
            altered.append(f"{VERSIONS}/{shown(path.name)}: not the name of a version of the status list")
        else:
            found[number] = path
    return found


def _read(path: Path, name: str, altered: list[str]) -> Signed | None:
    try:
        return read_statement(read_once(path, LARGEST_STATEMENT), name, STATUS_LIST)
    except Altered as error:
        altered += error.reasons
    except NotPlain as error:
        altered.append(f"{name}: {error}")
    except FileNotFoundError:
        return None
    except OSError as error:
        altered.append(f"{name}: it cannot be read ({error.strerror or error})")
    return None


def _own_problems(predicate: StatusPredicate, signed: Signed, version: int) -> Iterator[str]:
    """What a version of the harness never says, whoever signed it."""
    if predicate.version != version:
        yield f"it says that it is version {predicate.version}"
    if status_payload(predicate) != signed.payload:
        yield "its subject is not the register that it names"
    if predicate.author.created != predicate.issued or predicate.next_update <= predicate.issued:
        yield f"it was signed {predicate.author.created} as issued {predicate.issued} and good until {predicate.next_update}"
    if (version == 1) != (predicate.previous is None):
        yield "it does not name the version before it" if version > 1 else "version 1 follows nothing"
    for marks in (predicate.revoked, predicate.suspended):
        targets = [mark.target for mark in marks]
        if len(set(targets)) < len(targets):
            yield "it names the same thing twice"
    anchors = [anchor.digest for anchor in predicate.anchors]
    if anchors != sorted(set(anchors)):
        yield "its anchors are not in order, or one stands twice"
    if version == 1:
        yield from _new_marks(predicate, brought(None, predicate))


def _link_problems(before: Signed, after: Signed) -> Iterator[str]:
    old: StatusPredicate = before.predicate
    new: StatusPredicate = after.predicate
    if new.previous != before.digest:
        yield f"it does not follow version {old.version} that is here: `previous` is not that file's digest"
    if new.issued < old.issued:
        yield f"it is dated {new.issued}, before version {old.version} ({old.issued})"
    if new.author.signers.version < old.author.signers.version:
        yield "it was signed under an older register than the version before it"
    lost = [mark.target for mark in old.revoked if mark not in new.revoked]
    if lost:
        yield f"it no longer names {len(lost)} of the revocations of version {old.version}: a revocation is for ever"
    if any(discharge not in new.discharged for discharge in old.discharged):
        yield f"it no longer names a discharge of version {old.version}"
    lifted = sorted({mark.by for mark in old.suspended if mark not in new.suspended} - {new.author.person})
    if lifted:
        yield f"it lifts what {', '.join(lifted)} suspended: only whoever suspends may lift"
    yield from _new_marks(new, brought(old, new))


def brought(old: StatusPredicate | None, new: StatusPredicate) -> tuple[Mark | Discharge, ...]:
    """What a version names that the one before it (null: none) did not."""
    known = _all_marks(old)
    return tuple(mark for mark in _all_marks(new) if mark not in known)


def _all_marks(predicate: StatusPredicate | None) -> list[Mark | Discharge]:
    return [] if predicate is None else [*predicate.revoked, *predicate.suspended, *predicate.discharged]


def _lost_anchors(old: StatusPredicate, new: StatusPredicate) -> Iterator[str]:
    lost = [anchor for anchor in old.anchors if anchor not in new.anchors]
    if lost:
        yield f"it no longer names {len(lost)} of the locks and statements that version {old.version} had seen"


def _new_marks(predicate: StatusPredicate, marks: Sequence[Mark | Discharge]) -> Iterator[str]:
    """A version brings only what its own author says, at its own time."""
    if any((mark.by, mark.on) != (predicate.author.person, predicate.issued) for mark in marks):
        yield "it brings a revocation, suspension or discharge in the name of somebody else, or of another time"


def _current(sign_off: Path, chain: dict[int, Signed | None], missing: list[str], altered: list[str]) -> Signed | None:
    """status.json, held against the versions beside it."""
    count = len(altered)
    current = _read(sign_off / FILE, FILE, altered)
    if current is None:
        if len(altered) == count:
            missing.append(f"{FILE} is absent: nobody can tell what was revoked (`evalharness status refresh --key KEY` issues one)")
        return None
    version, highest = current.predicate.version, max(chain, default=0)
    beside = chain.get(version)
    if beside is None:
        altered.append(f"{FILE} says that it is version {version}, and no such version that can be read is in {VERSIONS}/")
    elif beside.data != current.data:
        altered.append(f"{FILE} is not the version {version} that is in {VERSIONS}/")
    elif version < highest:
        missing.append(
            f"{FILE} is version {version}, and version {highest} lies beside it: rolled back, or a change was interrupted "
            "(`evalharness status refresh --key KEY` puts it right)"
        )
    return current


def _author(current: Signed, register: Register | None, claim: str, altered: list[str]) -> tuple[str, ...]:
    if register is None:
        return ("its signature is not checked: there is no register of signers here",)
    try:
        return author_problem(register, current, current.predicate.author, register.authority.status, claim)
    except Altered as error:
        altered += error.reasons
        return ()


def _mark(marks: Sequence[Mark], digest: str) -> Mark | None:
    return next((mark for mark in marks if mark.target == digest), None)
