"""Policy locks: what was fixed before a run, by whom, and that no locked run was made to disappear."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.admission.case import Asked, Case, LockCase, NamedLock, RunCase, Subject
from evalharness.admission.decision import Reason
from evalharness.admission.findings import finding_reasons
from evalharness.admission.people import dependence
from evalharness.admission.results import forged
from evalharness.admission.trust import author_against, highest_claim, lifted
from evalharness.admission.wording import moment, signer


def locks_reasons(case: Case) -> Iterator[Reason]:
    """What the locks say of the request as a whole."""
    for text in (*case.locks.altered, *(text for lock in case.locks.locks for text in lock.altered)):
        yield Reason(code=13, text=text)
    yield from shared(case)
    for lock in case.locks.locks:
        if concerns(lock, case.asked):
            yield from without_result(lock, case)


def lock_reasons(run: RunCase, named: NamedLock, case: Case) -> Iterator[Reason]:
    """Why the lock that a run names is none for this run."""
    found = [lock for lock in case.locks.locks if lock.digest == named.digest]
    if not found:
        yield Reason(code=12, text=f"the lock that it names is not in sign-off/locks ({named.digest})", run=run.name)
    for lock in found[:1]:
        yield from (Reason(code=13, text=f"{lock.name}: {text}", run=run.name) for text in mismatch(lock, run, named, case.asked))
        yield from (Reason(code=12, text=f"{lock.name}: {text}", run=run.name) for text in unfit(lock, run, case))


def concerns(lock: LockCase, asked: Asked) -> bool:
    """Whether a lock is for exactly the model, policy, benchmark and operating point that are asked for."""
    about = lock.subject
    return (about.policy[2], about.model[1], about.benchmark[1], about.point) == (
        asked.policy_digest,
        asked.artefact_digest,
        asked.benchmark_digest,
        asked.point,
    )


def shared(case: Case) -> Iterator[Reason]:
    """One lock, one result."""
    evidence: dict[str, set[str]] = {}
    for run in case.runs:
        if run.lock is not None:
            evidence.setdefault(run.lock.digest, set()).add(run.evidence)
    for digest in sorted(digest for digest, found in evidence.items() if len(found) > 1):
        names = ", ".join(run.name for run in case.runs if run.lock is not None and run.lock.digest == digest)
        yield Reason(code=13, text=f"different runs under one lock ({digest}): {names}")


def without_result(lock: LockCase, case: Case) -> Iterator[Reason]:
    """A run that was locked and is not there, or does not match any more, counts as what is the worst that it can have been."""
    under = [run for run in case.runs if run.lock is not None and run.lock.digest == lock.digest]
    if not under:
        text = f"attempt {lock.attempt} of {lock.campaign} was locked ({lock.name}) and has no result: that counts as failed"
        yield Reason(code=10, text=text)
    for run in under:
        if run.unlike and run.lock is not None:
            yield from (Reason(code=13, text=f"{lock.name}: {text}", run=run.name) for text in mismatch(lock, run, run.lock, case.asked))
            yield from finding_reasons(run)
            yield from _vouched_for(run, run.lock)


def _vouched_for(run: RunCase, named: NamedLock) -> Iterator[Reason]:
    """What stands in for the result of a lock was signed as it is: otherwise it may have been made to look like something else."""
    if run.result is None:
        yield Reason(code=10, text="it is about something else now and has no signed test result: that counts as failed", run=run.name)
    else:
        yield from (Reason(code=13, text=f"the test result: {text}", run=run.name) for text in forged(run.result, run, named))


def mismatch(lock: LockCase, run: RunCase, named: NamedLock, asked: Asked) -> Iterator[str]:
    """Where the lock and the evidence do not say the same."""
    for part in parts_unlike(lock.subject, run.subject):
        yield f"the lock is about another {part}"
    if lock.claim != run.claim:
        yield f"the lock is for the claim '{lock.claim}', the run carries '{run.claim}'"
    if (lock.campaign, lock.attempt, lock.level) != (named.campaign, named.attempt, named.level):
        yield (
            f"the lock is attempt {lock.attempt} of {lock.campaign} at level {lock.level:g}, "
            f"the run says attempt {named.attempt} of {named.campaign} at {named.level:g}"
        )
    if asked.supplier and lock.supplier != asked.supplier:
        yield "the lock names another supplier than the card"


def unfit(lock: LockCase, run: RunCase, case: Case) -> Iterator[str]:
    """Why the lock does not count although it is the right one."""
    author = lock.author
    for text in author_against(author, highest_claim(case)):
        yield f"locked by {signer(author)}: {text}"
    if told := dependence(author, case.asked):
        yield f"locked by {signer(author)}, {told}"
    if author.created > run.created:
        yield f"locked at {moment(author.created)}, after the run of {moment(run.created)}: a lock comes first"
    yield from lock.campaign_problems
    yield from lifted(case.status, lock.digest)


def parts_unlike(one: Subject, other: Subject) -> tuple[str, ...]:
    """Names of the parts in which two differ."""
    if one == other:
        return ()
    return tuple(
        name
        for name, same in (
            ("policy", one.policy == other.policy),
            ("benchmark", one.benchmark == other.benchmark),
            ("model", one.model == other.model),
            ("operating point", one.point == other.point),
        )
        if not same
    )
