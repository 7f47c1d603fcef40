"""Everything in a workspace that a status list can be about: what runs rest on, by digest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evalharness.digests import sha256_bytes
from evalharness.errors import Altered, NoEvidence
from evalharness.evidence.store import SUMS_FILE, StoredRun, read_run, runs_in
from evalharness.files.workspace import Workspace
from evalharness.signoff.authors import author_problem
from evalharness.signoff.envelope import Signed, read_statement
from evalharness.signoff.locks import Locks
from evalharness.signoff.predicates import DECISION, TEST_RESULT, Anchor, Author
from evalharness.signoff.register import Register

Kind = Literal["evidence", "report", "sums", "test result", "decision", "lock", "policy", "benchmark", "model", "card"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing that has a digest."""

    digest: str
    kind: Kind
    name: str
    """File, run or name, for people."""
    signed: Signed | None = None
    """For statements: what was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All of them, by digest; where several have one digest, the first in the order of `Kind`."""

    things: dict[str, Thing]
    anchors: tuple[Anchor, ...]
    """Locks, test results and decisions that are here and rightly signed by a key of the register. Sorted by digest."""


def known_things(place: Workspace, locks: Locks, register: Register) -> Known:
    """Looks at every run in reports/ and every lock. Runs that cannot be read are passed over: what they were is not known."""
    things: dict[str, Thing] = {}
    anchors: dict[str, Anchor] = {}
    for folder in runs_in(place.reports):
        run = _run(folder)
        if run is None:
            continue
        for thing in _of_run(run):
            things.setdefault(thing.digest, thing)
            if thing.signed is not None and _rightly_signed(thing.signed, register):
                kind: Literal["test-result", "decision"] = "decision" if thing.kind == "decision" else "test-result"
                anchors[thing.digest] = Anchor(digest=thing.digest, kind=kind, model=run.evidence.model.name)
    for thing in _of_locks(locks):
        things.setdefault(thing.digest, thing)
    for record in locks.records:
        if _rightly_signed(record.signed, register):
            anchors[record.digest] = Anchor(digest=record.digest, kind="lock", model=record.predicate.model.name)
    return Known(things=things, anchors=tuple(anchors[digest] for digest in sorted(anchors)))


def _run(folder: Path) -> StoredRun | None:
    try:
        return read_run(folder)
    except (NoEvidence, Altered, OSError):
        return None


def _of_run(run: StoredRun) -> Iterator[Thing]:
    evidence, name = run.evidence, run.folder.name
    yield Thing(digest=run.digest, kind="evidence", name=name)
    if "report.html" in run.files:
        yield Thing(digest=sha256_bytes(run.files["report.html"]), kind="report", name=f"{name}/report.html")
    if SUMS_FILE in run.files:
        yield Thing(digest=sha256_bytes(run.files[SUMS_FILE]), kind="sums", name=f"{name}/{SUMS_FILE}")
    for file, data in run.statements.items():
        try:
            signed = read_statement(data, file)
        except Altered:
            continue
        if signed.predicate_type in (TEST_RESULT, DECISION):
            kind: Kind = "decision" if signed.predicate_type == DECISION else "test result"
            yield Thing(digest=signed.digest, kind=kind, name=f"{name}/statements/{file}", signed=signed)
    yield Thing(digest=evidence.policy.digest, kind="policy", name=evidence.policy.name)
    yield Thing(digest=evidence.benchmark.digest, kind="benchmark", name=evidence.benchmark.name)
    yield Thing(digest=evidence.model.digest, kind="model", name=evidence.model.name)
    if evidence.model.card is not None:
        yield Thing(digest=evidence.model.card, kind="card", name=evidence.model.name)


def _of_locks(locks: Locks) -> Iterator[Thing]:
    for record in locks.records:
        lock = record.predicate
        yield Thing(digest=record.digest, kind="lock", name=record.signed.name, signed=record.signed)
        yield Thing(digest=lock.policy.digest, kind="policy", name=lock.policy.name)
        yield Thing(digest=lock.benchmark.digest, kind="benchmark", name=lock.benchmark.name)
        yield Thing(digest=lock.model.digest, kind="model", name=lock.model.name)
        yield Thing(digest=lock.model.card, kind="card", name=lock.model.name)


def _rightly_signed(signed: Signed, register: Register) -> bool:
    """Whether a key of the register made the signature; whether it was allowed to is another question."""
    if len(signed.keys) != 1 or register.entry(signed.keys[0]) is None:
        return False
    predicate = signed.predicate
    author: Author = predicate.evalharness.author if signed.predicate_type == TEST_RESULT else predicate.author
    try:
        author_problem(register, signed, author, None, "rehearsal")
    except Altered:
        return False
    return True
