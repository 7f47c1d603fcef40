"""What the pure rules of admission say of a run's decisions, as of its last signature. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.admission.quorum import empty_seats
from evalharness.evidence.store import StoredRun
from evalharness.records import Policy
from evalharness.signoff.decisions import DecisionsRead
from evalharness.signoff.envelope import Signed
from evalharness.signoff.page import Marks, Seat, State
from evalharness.signoff.predicates import APPROVING
from evalharness.signoff.register import Register


def state_of(
    run: StoredRun, policy: Policy, register: Register, read: DecisionsRead, result: Signed | None, doubts: Sequence[str], marks: Marks,
    team: tuple[str, ...] | None, as_of: str,
) -> State:  # fmt: skip
    people: dict[str, list[str]] = {}
    for d in read.decisions:
        if d.predicate.decision in APPROVING and not d.doubts:
            people.setdefault(d.predicate.author.role, []).append(d.predicate.author.person)
    empty = empty_seats(policy.sign_off.roles, people, several=policy.sign_off.one_person_several_roles)
    return State(
        approved=not empty,
        reasons=tuple(f"{n} open for {r}" for r, n in empty.items()),
        seats=tuple(Seat(role=r, wanted=n, people=tuple(sorted(people.get(r, ())))) for r, n in policy.sign_off.roles),
        why_not={d.signed.digest: d.doubts for d in read.decisions if d.doubts},
    )
