"""Status lists: issued again, and with one more revocation, suspension or discharge. One authorised person is enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from evalharness.errors import bad_input
from evalharness.files.workspace import find_workspace
from evalharness.signoff.locks import read_locks
from evalharness.signoff.predicates import Author, Discharge, Mark, Words
from evalharness.signoff.register import read_register
from evalharness.signoff.status import VALID_DAYS, StatusRead, read_status
from evalharness.workflows.clock import clock_now, time_text
from evalharness.workflows.known_things import Thing, known_things
from evalharness.workflows.status_desk import Issued, Issuer, Values, issue, marked, open_desk, target_of

MOST_DAYS = 366
_AGAINST = ("reject", "defer", "dissent")
_WORDS: TypeAdapter[str] = TypeAdapter(Words)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusShown:
    """The status list as it lies there."""

    read: StatusRead
    things: dict[str, Thing]
    """What its digests stand for, as far as it is here."""
    now: str
    """The clock."""


def refresh(issuer: Issuer, *, days: int = VALID_DAYS) -> Issued:
    """The list issued again: nothing changes but its date and what it has seen. `days`: until when it is good."""
    if not 1 <= days <= MOST_DAYS:
        raise bad_input("not a number of days", where="--days", got=str(days), expected=f"1 to {MOST_DAYS}")
    return issue(issuer, open_desk(issuer), None, lambda values, _: values, days)


def revoke(issuer: Issuer, target: str, *, why: str) -> Issued:
    """Takes something back for ever: a run, a lock, a test result, a decision, or anything else that runs rest on.

    target: a run's folder or name, a file, or a digest. Raises BadInput when nothing here has that digest, when it is revoked already,
    and for a decision against approval, which nobody but its author can take away. It also follows a list whose author may not issue one.
    """
    words, desk = _why(why), open_desk(issuer, after_anybody=True)
    thing = target_of(desk, target)
    _check_mark(thing)
    if marked(desk, "revoked", thing.digest):
        raise bad_input("it is revoked already", where="TARGET", got=thing.name)
    return issue(issuer, desk, thing, lambda values, author: _with(values, "revoked", _mark(thing, words, author)))


def suspend(issuer: Issuer, target: str, *, why: str) -> Issued:
    """As `revoke`, until the same person lifts it."""
    words, desk = _why(why), open_desk(issuer)
    thing = target_of(desk, target)
    _check_mark(thing)
    if marked(desk, "revoked", thing.digest) or marked(desk, "suspended", thing.digest):
        raise bad_input("it is revoked or suspended already", where="TARGET", got=thing.name)
    return issue(issuer, desk, thing, lambda values, author: _with(values, "suspended", _mark(thing, words, author)))


def lift(issuer: Issuer, target: str, *, why: str) -> Issued:
    """Ends a suspension. Only whoever suspended may; a revocation is for ever."""
    words, desk = _why(why), open_desk(issuer)
    thing = target_of(desk, target, known=False)
    mark = marked(desk, "suspended", thing.digest)
    if mark is None:
        revoked = marked(desk, "revoked", thing.digest)
        vain = desk.read.suspended(thing.digest)
        what = "it is revoked, and a revocation is for ever" if revoked else "it is not suspended"
        raise bad_input(
            "it was lifted by a key that could not lift it" if vain and not revoked else what, where="TARGET", got=thing.name,
            expected="something that `evalharness status show` lists as suspended",
            hint=f"only {vain.by} can end it: suspend it again, then lift it" if vain and not revoked else "",
        )  # fmt: skip

    def without(values: Values, author: Author) -> Values:
        if author.person != mark.by:
            raise bad_input("only whoever suspended may lift", where="--key", got=author.person, expected=mark.by)
        left = tuple(m for m in values["suspended"] if m != mark)
        return _with({**values, "suspended": left}, "lifted", _mark(thing, words, author))

    return issue(issuer, desk, thing, without)


def discharge(issuer: Issuer, decision: Path, condition: str, *, why: str) -> Issued:
    """Says that a condition of a decision which people check (`action`) was fulfilled. Raises BadInput when it has no such condition."""
    words, desk = _why(why), open_desk(issuer)
    thing = target_of(desk, str(decision))
    if thing.kind != "decision" or thing.signed is None:
        raise bad_input("this is no decision", where="DECISION_FILE", got=f"{thing.name} ({thing.kind})")
    found = {c.id: c for c in thing.signed.predicate.conditions}
    actions = [id_ for id_, c in found.items() if c.type == "action"]
    if condition not in actions:
        raise bad_input(
            "the decision has no such condition for people to fulfil" if condition not in found else "machines check this condition",
            where="CONDITION_ID", got=condition, expected=" or ".join(actions) or "none: this decision has no condition of the type action",
        )  # fmt: skip
    if desk.read.discharged(thing.digest, condition) is not None:
        raise bad_input("it is discharged already", where="CONDITION_ID", got=condition)

    def with_discharge(values: Values, author: Author) -> Values:
        done = Discharge(decision=thing.digest, condition=condition, why=words, by=author.person, on=author.created)
        return _with(values, "discharged", done)

    return issue(issuer, desk, thing, with_discharge)


def show(workspace: Path | None = None, now: datetime | None = None) -> StatusShown:
    """The list, checked, with what its digests stand for. Raises MissingSignOff or Altered for the register."""
    place = find_workspace(workspace)
    register = read_register(place.sign_off)
    known = known_things(place, read_locks(place.sign_off, register), register)
    return StatusShown(read=read_status(place.sign_off, register), things=known.things, now=time_text(now or clock_now()))


def _check_mark(thing: Thing) -> None:
    """A decision against approval stands whatever anybody else says."""
    if thing.kind != "decision" or thing.signed is None:
        return
    decision = thing.signed.predicate
    if decision.decision in _AGAINST or decision.conflicts.strip():
        raise bad_input(
            "nobody can take away a decision against approval, or one that declares a conflict", where="TARGET", got=thing.name,
            expected="an approval, a run, a lock or a test result", hint=f"only {decision.author.person} can, by deciding anew",
        )  # fmt: skip


def _mark(thing: Thing, why: str, author: Author) -> Mark:
    return Mark(target=thing.digest, why=why, by=author.person, on=author.created)


def _with(values: Values, where: str, mark: Mark | Discharge) -> Values:
    return {**values, where: (*values[where], mark)}


def _why(text: str) -> str:
    """Raises BadInput unless a reason is given in plain words."""
    try:
        return _WORDS.validate_python(text.strip())
    except ValidationError as error:
        raise bad_input(
            "a reason in words is needed", where="--why", got=text, expected="a sentence of at most 4000 plain characters"
        ) from error
