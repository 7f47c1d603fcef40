"""What the pure rules of admission say of a run's decisions, as of its last signature. Nothing is decided here, and no clock is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalharness.admission.approval import in_force, rests_on, statement_reasons, vote_reasons
from evalharness.admission.case import Asked, Author, Case, LocksCase, Point, RegisterCase, RunCase, StatusCase, StatusList
from evalharness.admission.decision import CODES, Reason
from evalharness.admission.findings import finding_reasons
from evalharness.admission.gather_runs import run_case
from evalharness.admission.gather_sign_off import as_time, carriers
from evalharness.admission.matching import Expected
from evalharness.admission.quorum import empty_seats
from evalharness.admission.request import bad_policy
from evalharness.admission.results import result_reasons
from evalharness.admission.trust import register_reasons
from evalharness.admission.votes import Vote, weighed
from evalharness.evidence import bars_under_lock
from evalharness.evidence.store import StoredRun
from evalharness.records import Claim, Policy
from evalharness.requirements import policy_from_document
from evalharness.signoff.page import Marks, Seat, State
from evalharness.signoff.predicates import Mark
from evalharness.signoff.register import Register
from evalharness.signoff.skeleton import skeleton

NOT_LOCKED = "this is a practice run: nothing was locked before it, so nobody can sign for it"
NO_SIGN_OFF = "no sign-off: "
"""How the gate begins some of its reasons; the page says it in its headline."""
NO_CARD = "the model card of this run is not here, or was changed since: nobody can say who built the classifier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the state depends on."""

    run: StoredRun
    register: Register
    marks: Marks
    team: tuple[str, ...] | None
    """Who built the classifier; None where nobody can say."""
    as_of: str


def state_of(known: Known) -> State:
    """Whether the seats are filled by decisions that count, and everything that stands in the way."""
    evidence = known.run.evidence
    policy = policy_from_document(evidence.policy.document, evidence.policy.digest)
    at = as_time(known.as_of)
    run = run_case(known.run, policy, known.register, _expected(known, policy), at)
    case = _case(known, policy, run)
    votes = weighed(run, case)
    reasons = tuple(dict.fromkeys(reason.text.removeprefix(NO_SIGN_OFF) for reason in sorted(_reasons(known, run, votes, case), key=_rank)))
    return State(
        approved=not reasons,
        reasons=reasons,
        seats=_seats(votes, policy),
        why_not={vote.decision.digest: vote.against for vote in votes if vote.against},
        in_force=frozenset(vote.decision.digest for vote in in_force(votes)),
        status_days=policy.sign_off.status_at_most_days,
    )


def _reasons(known: Known, run: RunCase, votes: Sequence[Vote], case: Case) -> Iterator[Reason]:
    if known.team is None:
        yield Reason(code=12, text=NO_CARD)
    yield from register_reasons(case)
    yield from bad_policy(case.asked)
    yield from finding_reasons(run)
    if run.lock is None:
        yield Reason(code=12, text=NOT_LOCKED)
        return
    for bar in bars_under_lock(known.run.evidence):
        yield Reason(code=13, text=f"it can never be signed: {bar.words}")
    yield from result_reasons(run, run.lock, case)
    yield from statement_reasons(run, run.lock, case)
    yield from vote_reasons(run, votes, case)
    yield from _gone(known, run)


def _gone(known: Known, run: RunCase) -> Iterator[Reason]:
    """What else the run rests on was taken back: its lock."""
    told = {digest for _, digest in rests_on(run)} | {run.result.digest if run.result is not None else ""}
    told |= {decision.digest for decision in run.decisions}
    for word, marks in (("revoked", known.marks.revoked), ("suspended", known.marks.suspended)):
        for mark in marks:
            if mark.target not in told:
                yield Reason(code=12, text=f"what this run rests on was {_words(word, mark)}")


def _rank(reason: Reason) -> int:
    return CODES.index(reason.code)


def _seats(votes: Sequence[Vote], policy: Policy) -> tuple[Seat, ...]:
    rules = policy.sign_off
    people: dict[str, list[str]] = {}
    shown: dict[str, set[str]] = {}
    for vote in votes:
        if vote.approves:
            author = vote.decision.author
            people.setdefault(author.role, []).append(author.person_likeness)
            shown.setdefault(author.role, set()).add(author.person)
    empty = empty_seats(rules.roles, people, several=rules.one_person_several_roles)
    return tuple(
        Seat(role=role, wanted=wanted, people=tuple(sorted(shown.get(role, ()))), open=empty.get(role, 0)) for role, wanted in rules.roles
    )


def _case(known: Known, policy: Policy, run: RunCase) -> Case:
    register = known.register
    asked = _asked(known, policy)
    people = carriers(register, asked)
    return Case(
        asked=asked,
        register=RegisterCase(root=register.root, rehearsal=register.rehearsal, people=people, version=register.version),
        status=StatusCase(found=_status(known)),
        locks=LocksCase(),
        runs=(run,),
        altered_runs=(),
        deployment=None,
    )


def _asked(known: Known, policy: Policy) -> Asked:
    evidence, at = known.run.evidence, as_time(known.as_of)
    return Asked(
        model=evidence.model.name,
        policy=policy.name,
        benchmark=evidence.benchmark.name,
        claim=Claim(evidence.claim),
        at=at,
        clock=at,
        has_card=known.team is not None,
        artefact=evidence.model.name,
        artefact_digest=evidence.model.digest,
        card_states=evidence.model.digest,
        supplier=skeleton(evidence.model.supplier) if evidence.model.supplier.strip() else "",
        team=frozenset(skeleton(person) for person in known.team or () if person.strip()),
        policy_benchmark=policy.benchmark,
        policy_digest=policy.digest,
        benchmark_digest=evidence.benchmark.identity,
        benchmark_problems=(),
        point=Point.of(policy),
        sign_off=policy.sign_off,
        reports="reports",
        supplier_name=evidence.model.supplier,
        bad_policy=policy.example_of_bad_policy,
    )


def _expected(known: Known, policy: Policy) -> Expected:
    """The run itself: here it is asked what its decisions say, not whether it is about something else."""
    evidence = known.run.evidence
    return Expected(
        model_digest=evidence.model.digest,
        card_digest=evidence.model.card,
        policy=policy,
        benchmark=evidence.benchmark.name,
        benchmark_digest=evidence.benchmark.identity,
    )


def _status(known: Known) -> StatusList:
    """What the status list says about this run. That the list can be relied upon today is the gate's affair."""
    at = as_time(known.as_of)
    return StatusList(
        version=1,
        highest=1,
        issued=at,
        next_update=at,
        author=_listed("", known),
        revoked={mark.target: _words("revoked", mark) for mark in known.marks.revoked},
        suspended={mark.target: _words("suspended", mark) for mark in known.marks.suspended},
        discharged={(done.decision, done.condition): (_listed(done.by, known),) for done in known.marks.discharged},
    )


def _listed(person: str, known: Known) -> Author:
    """Who brought something into the list, whose right to do so was checked; empty: nobody."""
    organisation = next((entry.organisation for entry in known.register.person(person)), "")
    return Author(
        person=person, role="", organisation=organisation, person_likeness=skeleton(person) if person else "",
        organisation_likeness=skeleton(organisation) if organisation else "", created=as_time(known.as_of), register=0, rehearsal=False,
    )  # fmt: skip


def _words(word: str, mark: Mark) -> str:
    return f"{word} by {mark.by} on {mark.on}: {mark.why}"
