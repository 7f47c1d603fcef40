"""The register of signers, and the status list: what everything signed rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from operator import attrgetter

from evalharness.admission.case import Asked, Author, Case, RunCase, StatusCase, StatusList
from evalharness.admission.decision import Reason
from evalharness.admission.people import dependence
from evalharness.admission.wording import moment, signer
from evalharness.records import Claim


def register_reasons(case: Case) -> Iterator[Reason]:
    """What is wrong with the register: absent, altered, not the pinned one, or for rehearsals only."""
    register = case.register
    yield from (Reason(code=12, text=text) for text in register.missing)
    yield from (Reason(code=13, text=text) for text in register.altered)
    if not register.root and not register.missing and not register.altered:
        yield Reason(code=12, text="there is no register of signers")
    if register.rehearsal and highest_claim(case) is not Claim.REHEARSAL:
        text = f"the register of signers holds rehearsal keys: nothing under it is ever approved for '{highest_claim(case)}'"
        yield Reason(code=12, text=text)


def status_reasons(case: Case) -> Iterator[Reason]:
    """What is wrong with the status list: without a fresh one nobody can tell what was revoked."""
    status, found = case.status, case.status.found
    yield from (Reason(code=12, text=text) for text in status.problems)
    yield from (Reason(code=13, text=text) for text in status.altered)
    if found is None:
        if not status.problems and not status.altered:
            yield Reason(code=12, text="there is no status list: nobody can tell what was revoked")
        return
    for text in author_against(found.author, highest_claim(case)):
        yield Reason(code=12, text=f"the status list, signed by {signer(found.author)}: {text}")
    if told := dependence(found.author, case.asked):
        yield Reason(code=12, text=f"the status list is signed by {signer(found.author)}, {told}; somebody else must issue a new one")
    yield from freshness(found, case.asked)
    yield from rollback(found, case)


def freshness(found: StatusList, asked: Asked) -> Iterator[Reason]:
    """The list is neither from the future nor out of date."""
    if found.issued > asked.at:
        yield Reason(code=12, text=f"the status list is dated {moment(found.issued)}, later than the moment of the decision")
    if found.author.created > asked.at:
        yield Reason(code=12, text=f"the status list was signed at {moment(found.author.created)}, later than the moment of the decision")
    if asked.at > found.next_update:
        yield Reason(code=12, text=f"the status list is out of date: it held until {moment(found.next_update)}; issue a new one")
    days = asked.sign_off.status_at_most_days
    if asked.at - found.issued > timedelta(days=days):
        yield Reason(code=12, text=f"the status list of {moment(found.issued)} is older than the policy's {days} days; issue a new one")


def rollback(found: StatusList, case: Case) -> Iterator[Reason]:
    """No later list was there before."""
    if found.version < found.highest:
        yield Reason(code=12, text=f"the status list is version {found.version}, and version {found.highest} lies beside it: rolled back")
    if found.version < case.asked.least_status:
        text = f"the status list is version {found.version}, and version {case.asked.least_status} was seen before: rolled back"
        yield Reason(code=12, text=text)
    least, seen_before = case.asked.least_status, case.asked.status_seen
    if seen_before and found.digests.get(least) != seen_before:
        text = f"the version {least} of the status list that was seen before ({seen_before}) is not here: rolled back or rewritten"
        yield Reason(code=12, text=text)
    believed = [d for run in matching(case) for d in run.decisions if not d.author.problems]
    named = max((d.author.register for d in believed), default=0)
    if found.author.register < named:
        text = f"the status list knows version {found.author.register} of the register, a decision version {named}: it is an older list"
        yield Reason(code=12, text=f"{text}; issue a new one")
    seen = max((d.status[0] for d in believed if d.status is not None), default=0)
    if found.version < seen:
        text = f"the status list is version {found.version}, and a signer had version {seen} before them: rolled back"
        yield Reason(code=12, text=text)
    for decision in believed:
        if decision.status is not None and found.digests.get(decision.status[0], decision.status[1]) != decision.status[1]:
            text = f"{decision.name}: its signer had another version {decision.status[0]} of the status list than the one that is here"
            yield Reason(code=13, text=text)


def anchor_reasons(case: Case) -> Iterator[Reason]:
    """Locks and statements that were there when the status list was issued, and are gone."""
    found = case.status.found
    if found is None or not found.anchors:
        return
    there = {lock.digest for lock in case.locks.locks}.union(*(run.statements for run in case.runs), case.loose_statements)
    for kind, digest in found.anchors:
        if digest not in there:
            text = f"a {kind.replace('-', ' ')} that was there when the status list was issued is gone ({digest})"
            yield Reason(code=13, text=text)


def author_against(author: Author, claim: Claim) -> tuple[str, ...]:
    """Why this author cannot be believed for `claim`."""
    if author.rehearsal and claim is not Claim.REHEARSAL:
        return (*author.problems, f"a rehearsal key is refused for '{claim}'")
    return author.problems


def lifted(status: StatusCase, digest: str) -> tuple[str, ...]:
    """Why what has this digest no longer holds, by the status list."""
    found = status.found
    if found is None or not (digest in found.revoked or digest in found.suspended):
        return ()
    return tuple(marks[digest] for marks in (found.revoked, found.suspended) if digest in marks)


def matching(case: Case) -> tuple[RunCase, ...]:
    """Runs about exactly what is asked."""
    return tuple(run for run in case.runs if not run.unlike)


def highest_claim(case: Case) -> Claim:
    """The highest of what is asked and what the matching runs carry."""
    return max((case.asked.claim, *(run.claim for run in case.runs if not run.unlike)), key=attrgetter("rank"))
