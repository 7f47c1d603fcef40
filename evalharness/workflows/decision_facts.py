"""What is known about the decisions of a run: its statements, the register, and what the status list says about it. No clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evalharness.cards import card_for
from evalharness.digests import sha256_bytes
from evalharness.errors import Altered, BadInput
from evalharness.evidence.store import SUMS_FILE, StoredRun
from evalharness.files.workspace import Workspace
from evalharness.records import Card
from evalharness.signoff.authors import author_problem
from evalharness.signoff.decisions import DecisionsRead, read_decisions
from evalharness.signoff.envelope import Signed
from evalharness.signoff.page import Marks, PageFacts
from evalharness.signoff.references import References, references
from evalharness.signoff.register import Register
from evalharness.signoff.results import RESULT_FILE, read_result, result_problems
from evalharness.signoff.roles import role_words
from evalharness.signoff.status import StatusRead, read_status
from evalharness.workflows.decision_state import Known, state_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRead:
    """The test result of a run."""

    signed: Signed | None
    altered: tuple[str, ...]
    doubts: tuple[str, ...]
    """Why its author cannot be believed."""


def read_test_result(run: StoredRun, register: Register | None) -> ResultRead:
    """The test result in a run folder. Nothing is raised for what is in it; where there is none, all is empty."""
    data = run.statements.get(RESULT_FILE)
    if data is None:
        return ResultRead(signed=None, altered=(), doubts=())
    try:
        signed = read_result(data)
        author = signed.predicate.evalharness.author
        doubts: tuple[str, ...] = ()
        if register is not None:
            doubts = author_problem(register, signed, author, register.authority.test_result, run.evidence.claim)
    except Altered as error:
        return ResultRead(signed=None, altered=error.reasons, doubts=())
    sums = sha256_bytes(run.files.get(SUMS_FILE, b""))
    return ResultRead(signed=signed, altered=result_problems(signed, run.evidence, sums), doubts=doubts)


def card_of(run: StoredRun, place: Workspace) -> Card | None:
    """The model card that the run was made with; None when it is not in the workspace, or was changed since."""
    try:
        card = card_for(run.evidence.model.name, place.root)
    except BadInput:
        return None
    return card if card.digest is not None and card.digest == run.evidence.model.card else None


def facts_of(run: StoredRun, place: Workspace, register: Register, team: tuple[str, ...] | None = None, at_least: str = "") -> PageFacts:
    """Everything the decision page of a run is drawn from.

    team: who built the classifier, where the run's card is no longer here. at_least: a time to which the state is to be looked at, where it
    is later than the last signature. Raises Altered when the status list is altered.
    """
    refs = references(run)
    result = read_test_result(run, register)
    read = read_decisions(run.statements, refs, register)
    read = DecisionsRead(decisions=read.decisions, altered=(*result.altered, *read.altered))
    status = read_status(place.sign_off, register)
    if status.altered:
        raise Altered(status.altered)
    marks = _marks(status, _targets(refs, read) | {sha256_bytes(run.files.get(SUMS_FILE, b""))})
    card = card_of(run, place)
    team = team if card is None else tuple(sorted(card.team))
    as_of = max(at_least, *_times(run, result, read, marks))
    return PageFacts(
        evidence=run.evidence,
        refs=refs,
        read=read,
        result=result.signed,
        marks=marks,
        state=state_of(Known(run=run, register=register, marks=marks, team=team, as_of=as_of)),
        as_of=as_of,
        root=register.root,
        rehearsal=register.rehearsal,
        organisations={entry.person: entry.organisation for entry in register.entries},
        team=team,
        may_stop=tuple(_may_stop(register, as_of)),
    )


def _may_stop(register: Register, as_of: str) -> Iterator[str]:
    """Whoever may issue a status list at that time: `ada (senior responsible owner)`."""
    roles: dict[str, set[str]] = {}
    for entry in register.entries:
        if entry.revoked is None and entry.valid_from <= as_of <= entry.valid_until:
            roles.setdefault(entry.person, set()).update(set(entry.roles) & set(register.authority.status))
    for person, held in sorted(roles.items()):
        if held:
            yield f"{person} ({', '.join(role_words(role) for role in sorted(held))})"


def _targets(refs: References, read: DecisionsRead) -> set[str]:
    """Everything that, revoked, takes this run or one of its statements away."""
    rests_on = {refs.evidence, refs.report, refs.test_result, refs.lock, refs.policy.digest, refs.benchmark.digest}
    model = set() if refs.model is None else {refs.model.digest, refs.model.card}
    return (rests_on | model | {d.signed.digest for d in read.decisions}) - {""}


def _marks(status: StatusRead, targets: set[str]) -> Marks:
    found = status.predicate
    if found is None:
        return Marks()
    return Marks(
        revoked=tuple(mark for mark in found.revoked if mark.target in targets),
        suspended=tuple(mark for mark in status.suspensions if mark.target in targets),
        discharged=tuple(done.discharge for done in status.done if done.discharge.decision in targets and not done.problems),
    )


def _times(run: StoredRun, result: ResultRead, read: DecisionsRead, marks: Marks) -> Iterator[str]:
    yield run.evidence.created
    if result.signed is not None:
        yield result.signed.predicate.evalharness.author.created
    yield from (decision.predicate.author.created for decision in read.decisions)
    yield from (mark.on for mark in (*marks.revoked, *marks.suspended))
    yield from (done.on for done in marks.discharged)
