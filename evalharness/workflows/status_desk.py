"""What every status command does: look at everything, open the key, issue the next version, publish it, draw the pages anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from evalharness.digests import DIGEST_PATTERN, sha256_bytes, sha256_file
from evalharness.errors import Altered, BadInput, MissingSignOff, bad_input, shown
from evalharness.evidence.store import EVIDENCE_FILE
from evalharness.files.atomic import Taken, new_file, write_bytes
from evalharness.files.workspace import Workspace, find_workspace
from evalharness.records.progress import Notice, unheard
from evalharness.signoff.authors import author_problem, issuer_problems
from evalharness.signoff.locks import read_locks
from evalharness.signoff.predicates import Anchor, Author, Mark, StatusPredicate
from evalharness.signoff.register import Register, read_register
from evalharness.signoff.status import FILE, VALID_DAYS, StatusRead, read_status, seen_as
from evalharness.signoff.status_chain import VERSIONS, signature_problems, status_payload, version_path
from evalharness.workflows.clock import clock_now, parse_time, time_text
from evalharness.workflows.decision_pages import redraw_all
from evalharness.workflows.known_things import Known, Thing, known_things
from evalharness.workflows.signing import KeyGiven, Pen, open_pen

_CANDIDATES = 12
Values = dict[str, tuple[Any, ...]]
"""revoked, suspended, discharged, lifted."""
Change = Callable[[Values, Author], Values]
"""What a version marks, from what the one before marked and from who signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A status list that was issued."""

    path: Path
    predicate: StatusPredicate
    target: Thing | None
    """What the change is about; null where the list was only issued again."""
    redrawn: tuple[Path, ...]
    """Decision pages that were drawn anew."""
    seen_as: str
    """The list as whoever keeps it elsewhere names it: `3@sha256:…`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues a list, where, with which key."""

    key: KeyGiven
    role: str | None = None
    """Null: the only role of the key's holder that may."""
    workspace: Path | None = None
    now: datetime | None = None
    """The clock, for tests; null: the machine's."""
    notice: Notice = unheard


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything that was read and checked before a key is opened."""

    place: Workspace
    register: Register
    read: StatusRead
    known: Known

    @property
    def last(self) -> StatusPredicate | None:
        return None if self.read.latest is None else self.read.latest.predicate


def open_desk(issuer: Issuer, *, after_anybody: bool = False) -> Desk:
    """Reads register, status list, locks and runs. Raises MissingSignOff without a register, Altered where it or the list was changed.

    What is wrong with locks or runs is told and stops nobody: taking something back must always be possible. after_anybody: also follow a
    list whose author may not issue one; else MissingSignOff, because what it takes back would stay for ever.
    """
    place = find_workspace(issuer.workspace)
    register = read_register(place.sign_off)
    locks = read_locks(place.sign_off, register)
    read = read_status(place.sign_off, register)
    wrong = [*read.altered, *(signature_problems(read.latest, register) if read.latest is not None else ())]
    if wrong:
        raise Altered(dict.fromkeys(wrong))
    for text in (*locks.unreadable, *(text for record in locks.records for text in record.altered)):
        issuer.notice(f"sign-off/locks: {text}")
    if not after_anybody:
        _check_last(read, register)
    _warn(read, register, issuer.notice)
    return Desk(place=place, register=register, read=read, known=known_things(place, locks, register))


def _check_last(read: StatusRead, register: Register) -> None:
    """A key that was revoked since stops nobody; somebody who never could issue a list does."""
    wrong = () if read.latest is None else issuer_problems(register, read.latest)
    if read.latest is None or not wrong:
        return
    last: StatusPredicate = read.latest.predicate
    path = f"sign-off/{VERSIONS}/{last.version:04d}.dsse.json"
    before = f"put the version before it back as sign-off/{FILE}" if last.version > 1 else f"sign-off/{FILE} with it"
    raise MissingSignOff(
        [
            *(f"the last status list (version {last.version}) is by {last.author.person}, who may not issue one: {text}" for text in wrong),
            "a list that follows it would carry on for ever what it takes back: look first (evalharness status show)",
            f"if it does not belong there, take {path} away and {before}; if it must stay, `evalharness status revoke` can follow it "
            "(no discharge and no lifting of its own ever counts)",
        ]
    )


def _warn(read: StatusRead, register: Register, notice: Notice) -> None:
    """A list by somebody who cannot be believed any more is carried on: whoever signs next should know what it brought."""
    if read.latest is None:
        return
    last: StatusPredicate = read.latest.predicate
    for problem in author_problem(register, read.latest, last.author, register.authority.status, "rehearsal"):
        notice(f"the last status list (version {last.version}, by {last.author.person}) cannot be relied upon: {shown(problem, 300)}")
        new = sum((mark.by, mark.on) == (last.author.person, last.issued) for marks in values_of(last).values() for mark in marks)
        notice(f"what it says is carried on under your name, {new} entries of its own too; look first: evalharness status show")


def target_of(desk: Desk, text: str, *, known: bool = True) -> Thing:
    """What TARGET stands for. With `known`, raises BadInput unless something here has its digest."""
    digest = _digest(desk.place, text)
    thing = desk.known.things.get(digest)
    if thing is not None:
        return thing
    if known:
        near = [t for t in desk.known.things.values() if t.kind in ("evidence", "lock", "test result", "decision")]
        raise bad_input(
            "nothing in this workspace has this digest", where="TARGET", got=f"{text} ({digest})" if digest != text else text,
            expected="a run, a lock, a test result, a decision, or a report, policy, model, card or benchmark that one of them rests on",
            hint="known here: " + ("; ".join(f"{t.kind} {t.name} {t.digest[:19]}…" for t in near[:_CANDIDATES]) or "nothing yet"),
        )  # fmt: skip
    return Thing(digest=digest, kind="evidence", name=text)


def _digest(place: Workspace, text: str) -> str:
    if DIGEST_PATTERN.fullmatch(text):
        return text
    for path in (Path(text), place.reports / text):
        if path.is_dir() and (path / EVIDENCE_FILE).is_file():
            return sha256_file(path / EVIDENCE_FILE)
        if path.is_file():
            return sha256_file(path)
    raise bad_input(
        "there is nothing of this name", where="TARGET", got=text, expected="a run's folder or name, a file, or a digest (sha256:…)"
    )


def marked(desk: Desk, where: str, digest: str) -> Mark | None:
    """The mark on a digest in the part `where` (revoked, suspended) of the newest list."""
    return next((mark for mark in values_of(desk.last)[where] if mark.target == digest), None)


def values_of(last: StatusPredicate | None) -> Values:
    """What a list marks, by its parts; of no list: nothing."""
    if last is None:
        return {"revoked": (), "suspended": (), "discharged": (), "lifted": ()}
    return {"revoked": last.revoked, "suspended": last.suspended, "discharged": last.discharged, "lifted": last.lifted}


def issue(issuer: Issuer, desk: Desk, target: Thing | None, change: Change, days: int = VALID_DAYS) -> Issued:
    """Opens the key, makes the next version, publishes it. Raises BadInput when the key may not, or somebody else was faster."""
    created = time_text(issuer.now or clock_now())
    last = desk.last
    if last is not None and created < last.issued:
        raise bad_input("the clock is behind the last status list", where="clock", got=created, expected=f"{last.issued} or later")
    pen = open_pen(issuer.key, desk.register, role=issuer.role, roles=desk.register.authority.status, created=created)
    author = pen.author(created, "rehearsal")
    predicate = StatusPredicate(
        schema="evalharness/status-list/v1",
        version=desk.read.highest + 1,
        issued=created,
        next_update=_after(created, days),
        previous=None if desk.read.latest is None else desk.read.latest.digest,
        author=author,
        **change(values_of(last), author),
        anchors=_anchors(last, desk.known),
    )
    path, digest = _write(desk, pen, predicate)
    redrawn = _redrawn(desk.place, issuer.notice)
    return Issued(path=path, predicate=predicate, target=target, redrawn=redrawn, seen_as=seen_as(predicate.version, digest))


def _after(issued: str, days: int) -> str:
    return time_text(parse_time(issued) + timedelta(days=days))


def _redrawn(place: Workspace, notice: Notice) -> tuple[Path, ...]:
    """The list is issued by now: pages that cannot be drawn change nothing about that."""
    try:
        return redraw_all(place)
    except (Altered, BadInput) as error:
        notice(f"the decision pages could not be drawn anew: {error}")
        return ()


def _anchors(last: StatusPredicate | None, known: Known) -> tuple[Anchor, ...]:
    """What the list before had seen, and what is here now."""
    found = {anchor.digest: anchor for anchor in (*known.anchors, *(last.anchors if last is not None else ()))}
    return tuple(found[digest] for digest in sorted(found))


def _write(desk: Desk, pen: Pen, predicate: StatusPredicate) -> tuple[Path, str]:
    folder = desk.place.sign_off
    path = version_path(folder, predicate.version)
    data = pen.signed(status_payload(predicate), predicate.author, "rehearsal", path.name)
    try:
        new_file(path, data)
    except Taken as error:
        raise bad_input(
            f"somebody else has issued version {predicate.version} of the status list in the meantime; nothing was written", where=path,
            hint="look at it (evalharness status show), then run the command again",
        ) from error  # fmt: skip
    _publish(desk, data, predicate.version)
    return path, sha256_bytes(data)


def _publish(desk: Desk, data: bytes, version: int) -> None:
    """status.json is the highest version, also when others issue theirs at the same time."""
    folder = desk.place.sign_off
    write_bytes(folder / FILE, data)
    while version_path(folder, version + 1).is_file():
        version += 1
        write_bytes(folder / FILE, version_path(folder, version).read_bytes())
