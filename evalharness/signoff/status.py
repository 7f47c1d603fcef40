"""The status list: what was revoked, suspended or fulfilled, and what must not be missing.

Files prove that the chain that is here is whole. They cannot prove that newer versions were not taken away: only the list's age, the least
version that a caller has seen before, and the lists that decisions name, limit that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evalharness.errors import Altered
from evalharness.signoff.authors import author_problem
from evalharness.signoff.envelope import Signed
from evalharness.signoff.predicates import Discharge, Mark, StatusPredicate
from evalharness.signoff.register import Register
from evalharness.signoff.status_chain import VERSIONS, read_chain, read_file, read_version, signature_problems
from evalharness.signoff.status_standing import UNCHECKED, Done, Standing, standing

FILE = "status.json"
VALID_DAYS = 7
"""How long a list is good; a policy may ask for less."""


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
    standing: Standing
    """Which of its discharges count, and what is suspended although it no longer says so."""
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
        return _mark(self.suspensions, digest)

    def discharged(self, decision: str, condition: str) -> Discharge | None:
        """Where a condition of a decision (digest of its file) was fulfilled, by somebody who could say so."""
        found = (done.discharge for done in self.done if not done.problems)
        return next((d for d in found if (d.decision, d.condition) == (decision, condition)), None)

    @property
    def suspensions(self) -> tuple[Mark, ...]:
        """What it suspends, and what somebody lifted who could not."""
        return () if self.predicate is None else (*self.predicate.suspended, *self.standing.still_suspended)

    @property
    def done(self) -> tuple[Done, ...]:
        """Its discharges, each with what speaks against the version that brought it."""
        named = frozenset(() if self.predicate is None else self.predicate.discharged)
        return tuple(done for done in self.standing.done if done.discharge in named)

    @property
    def seen_as(self) -> str:
        """How somebody who saw this list names it elsewhere, for `--status-version`; empty where it cannot be relied upon."""
        return "" if self.signed is None or self.predicate is None or self.problems else seen_as(self.predicate.version, self.signed.digest)


def seen_as(version: int, digest: str) -> str:
    """A version of the list and the sha256 of its file: `3@sha256:…`."""
    return f"{version}@{digest}"


def read_status(sign_off: Path, register: Register | None, claim: str = "rehearsal") -> StatusRead:
    """status.json and every version beside it, in `sign_off` (the workspace's `sign-off/`). Nothing is raised for what is in them.

    claim: what is to rest on the list; rehearsal keys count for no more than a rehearsal.
    """
    read = read_chain(sign_off, register)
    chain, altered, missing = read.versions, [*read.altered], [*read.missing]
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
        standing=Standing() if current is None else standing(chain, register, current.predicate.version),
        author_problems=author_problems,
        missing=tuple(missing),
        altered=tuple(dict.fromkeys(altered)),
    )


def _current(sign_off: Path, chain: Mapping[int, Signed | None], missing: list[str], altered: list[str]) -> Signed | None:
    """status.json, held against the versions beside it."""
    count = len(altered)
    data = read_file(sign_off / FILE, FILE, altered)
    latest = chain[max(chain)] if chain else None
    if latest is not None and latest.data == data:
        return latest
    current = None if data is None else read_version(data, FILE, altered)
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
        return (UNCHECKED,)
    try:
        return author_problem(register, current, current.predicate.author, register.authority.status, claim)
    except Altered as error:
        altered += error.reasons
        return ()


def _mark(marks: Sequence[Mark], digest: str) -> Mark | None:
    return next((mark for mark in marks if mark.target == digest), None)
