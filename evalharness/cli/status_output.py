"""How a status list is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalharness.cli.output import print_text
from evalharness.errors import shown

if TYPE_CHECKING:
    from evalharness.signoff.predicates import Discharge, Mark
    from evalharness.signoff.status_standing import Done
    from evalharness.workflows.status import StatusShown
    from evalharness.workflows.status_desk import Issued

_MEANS = {
    "refreshed": "Nothing else has changed.",
    "revoked": "It no longer holds, for ever. The gate answers 12 to whatever rests on it.",
    "suspended": "It does not hold until the same person lifts this. The gate answers 12 to whatever rests on it.",
    "lifted": "It holds again.",
    "discharged": "The condition is fulfilled.",
}
KEEP = "Keep this outside the workspace and give it to the gate: --status-version {}"


def print_issued(what: str, issued: Issued) -> None:
    """What was done, and until when the list is good."""
    list_ = issued.predicate
    about = "" if issued.target is None else f" {issued.target.kind} {shown(issued.target.name, 300)}:"
    print_text(f"{what.upper()}{about or ':'} status list version {list_.version}, by {list_.author.person}, {list_.issued}.")
    print_text(_MEANS[what])
    print_text(f"Good until {list_.next_update}; issue it again before: evalharness status refresh --key KEY")
    print_text(KEEP.format(issued.seen_as))
    for path in issued.redrawn:
        print_text(f"Drawn anew: {path}")


def issued_as_json(what: str, issued: Issued) -> dict[str, Any]:
    """What was done, for scripts."""
    target = issued.target
    return {
        "done": what,
        "target": None if target is None else {"kind": target.kind, "name": target.name, "digest": target.digest},
        "file": str(issued.path),
        "status_version": issued.seen_as,
        "redrawn": [str(path) for path in issued.redrawn],
        **issued.predicate.model_dump(mode="json", by_alias=True),
    }


def print_status(status: StatusShown) -> None:
    """The list as people read it, and whatever speaks against relying on it."""
    list_ = status.read.predicate
    for code, text in status.read.problems:
        print_text(f"✗ {shown(text, 600)} ({code})")
    if list_ is None:
        return
    late = " OUT OF DATE: issue it again (evalharness status refresh --key KEY)." if status.now > list_.next_update else ""
    print_text(f"Status list version {list_.version}, by {list_.author.person} as {list_.author.role.replace('_', ' ')}.")
    print_text(f"Issued {list_.issued}, next update {list_.next_update}.{late}")
    for title, marks in (("Revoked", list_.revoked), ("Suspended", list_.suspended)):
        _print_marks(title, marks, status)
    for mark in status.read.standing.still_suspended:
        print_text(f"Still suspended, lifted by a key that could not lift it: {_name(mark.target, status)}: {_said(mark)}")
    in_vain = {(mark.target, mark.by) for mark in status.read.standing.still_suspended}
    for mark in (mark for mark in list_.lifted if (mark.target, mark.by) not in in_vain):
        print_text(f"Lifted: {_name(mark.target, status)}: {_said(mark)}")
    for done in status.read.done:
        _print_done(done, status)
    print_text(f"Locks and statements it has seen: {len(list_.anchors)}. None of them may be missing later.")
    if status.read.seen_as:
        print_text(KEEP.format(status.read.seen_as))


def _print_marks(title: str, marks: tuple[Mark, ...], status: StatusShown) -> None:
    if not marks:
        print_text(f"{title}: nothing.")
    for mark in marks:
        print_text(f"{title}: {_name(mark.target, status)}: {_said(mark)}")


def _print_done(done: Done, status: StatusShown) -> None:
    said = f"condition {done.discharge.condition} of {_name(done.discharge.decision, status)}: {_said(done.discharge)}"
    if done.problems:
        print_text(f"Does not count as fulfilled: {said}: {shown('; '.join(done.problems), 600)}")
    else:
        print_text(f"Fulfilled: {said}")


def _said(mark: Mark | Discharge) -> str:
    return f"{shown(mark.why, 600)} ({mark.by}, {mark.on})"


def _name(digest: str, status: StatusShown) -> str:
    thing = status.things.get(digest)
    return f"{thing.kind} {shown(thing.name, 300)}" if thing is not None else f"{digest} (not here)"


def status_as_json(status: StatusShown) -> dict[str, Any]:
    """The whole list, for scripts."""
    list_ = status.read.predicate
    return {
        "problems": [{"exit_code": code, "text": text} for code, text in status.read.problems],
        "out_of_date": list_ is not None and status.now > list_.next_update,
        "highest": status.read.highest,
        "status_version": status.read.seen_as or None,
        "still_suspended": [mark.model_dump(mode="json") for mark in status.read.standing.still_suspended],
        "discharged_in_vain": [
            {**done.discharge.model_dump(mode="json"), "why_not": list(done.problems)} for done in status.read.done if done.problems
        ],
        "status": None if list_ is None else list_.model_dump(mode="json", by_alias=True),
    }
