"""Is a locked run approved: its statements whole, nobody's veto, enough people, their conditions held?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from evalharness.admission.case import Case, DecisionCase, NamedLock, RunCase
from evalharness.admission.conditions import state
from evalharness.admission.decision import ConditionSeen, Reason
from evalharness.admission.locks import parts_unlike
from evalharness.admission.quorum import empty_seats
from evalharness.admission.trust import lifted
from evalharness.admission.votes import APPROVING, OBJECTING, Vote
from evalharness.admission.wording import objector, people_number, signer
from evalharness.errors import shown


def statement_reasons(run: RunCase, named: NamedLock, case: Case) -> Iterator[Reason]:
    """Statements that are not what somebody signed about this run."""
    for text in run.altered_statements:
        yield Reason(code=13, text=text, run=run.name)
    for decision in run.decisions:
        for text in (*other_things(decision, run, named), *gone(decision, run)):
            yield Reason(code=13, text=f"{decision.name}: {text}", run=run.name)
    yield from copies(run)
    for what, digest in rests_on(run):
        for text in lifted(case.status, digest):
            yield Reason(code=12, text=f"{what}: {text}", run=run.name)


def rests_on(run: RunCase) -> tuple[tuple[str, str], ...]:
    """What, taken back by the status list, takes the run with it, beside its statements and its lock."""
    _, model, card = run.subject.model
    parts = (
        ("this run", run.evidence),
        ("its report", run.report),
        ("its checksums", run.sums),
        ("its policy", run.subject.policy[2]),
        ("its classifier", model),
    )
    return (*parts, ("its benchmark", run.subject.benchmark[1]), ("its model card", card or ""))


def vote_reasons(run: RunCase, votes: Sequence[Vote], case: Case) -> Iterator[Reason]:
    """Why the votes are no approval."""
    yield from (veto(run, vote) for vote in vetoes(votes, case))
    short = (*missing(votes, case), *not_only_its_makers(run, votes, case))
    yield from (Reason(code=12, text=text, run=run.name) for text in short)
    if short:
        for vote in votes:
            if vote.decision.kind in APPROVING and vote.against:
                text = f"the approval by {signer(vote.decision.author)} does not count: {'; '.join(vote.against)}"
                yield Reason(code=12, text=text, run=run.name)


def condition_reasons(run: RunCase, seen: Sequence[tuple[ConditionSeen, bool]]) -> Iterator[Reason]:
    """Conditions that do not hold."""
    for condition, holds in seen:
        if not holds:
            text = f"a condition of {condition.person} does not hold: {condition.words} ({condition.id}): {condition.state}"
            yield Reason(code=12, text=text, run=run.name)


def conditions_of(votes: Sequence[Vote], case: Case) -> tuple[tuple[ConditionSeen, bool], ...]:
    """Every condition that is in force, and whether it lets the use go on."""
    found = []
    for vote in in_force(votes):
        for condition in vote.decision.conditions:
            holds, words = state(condition, vote.decision.digest, case)
            person = vote.decision.author.person
            found.append((ConditionSeen(id=condition.id, words=condition.words or condition.type, person=person, state=words), holds))
    return tuple(found)


def in_force(votes: Sequence[Vote]) -> tuple[Vote, ...]:
    """Approvals whose conditions apply: those that count, each person's last one whether or not it still counts, and those that an approval
    that counts has seen. A condition ends when its signer, and whoever relied on it, has signed anew; nobody else can take it away."""
    seen = frozenset(digest for vote in votes if vote.approves for digest in vote.decision.seen)
    given = [vote for vote in votes if vote.decision.author.heard or not vote.decision.author.problems]
    return tuple(
        vote
        for vote in votes
        if vote.approves
        or (vote in given and vote.decision.kind in APPROVING and (vote.decision.digest in seen or not _replaced(vote.decision, given)))
    )


def _replaced(decision: DecisionCase, given: Sequence[Vote]) -> bool:
    """Whether the same person has signed anew: in the same role later, or an objection in any role later or at the same time."""
    who, when = decision.author.person_likeness, decision.author.created
    others = [v.decision for v in given if v.decision is not decision and v.decision.author.person_likeness == who]
    return any(
        (o.author.role == decision.author.role and o.author.created > when) or (o.kind in OBJECTING and o.author.created >= when)
        for o in others
    )


def not_only_its_makers(run: RunCase, votes: Sequence[Vote], case: Case) -> Iterator[str]:
    """Somebody who neither locked the run nor signed its result approves it."""
    approving = {vote.decision.author.person_likeness for vote in votes if vote.approves}
    digest = None if run.lock is None else run.lock.digest
    makers = {lock.author.person_likeness for lock in case.locks.locks if lock.digest == digest}
    makers |= set() if run.result is None else {run.result.author.person_likeness}
    if approving and approving <= makers:
        yield "no sign-off: nobody approves it but those who locked the run or signed its result"


def other_things(decision: DecisionCase, run: RunCase, named: NamedLock) -> Iterator[str]:
    """In what a decision is about something else than this run."""
    for part in parts_unlike(decision.subject, run.subject):
        yield f"it is about another {part}"
    if decision.evidence != run.evidence:
        yield "it is about other evidence"
    if not decision.exact:
        yield "its subject is not what it decides about"
    if decision.report != run.report:
        yield "it is about another report"
    if decision.lock != named.digest:
        yield "it is about another lock"
    if run.result is None or decision.test_result != run.result.digest:
        yield "it is about another test result"


def gone(decision: DecisionCase, run: RunCase) -> Iterator[str]:
    """Statements that its signer saw are still there."""
    if not decision.seen <= run.statements:
        absent = sorted(decision.seen - run.statements)
        yield f"{len(absent)} of the statements that its signer saw are gone: {', '.join(absent)}"


def copies(run: RunCase) -> Iterator[Reason]:
    """Nothing is said twice by two files."""
    payloads = Counter(decision.payload for decision in run.decisions)
    if len(payloads) < len(run.decisions):
        for payload in sorted(payload for payload, times in payloads.items() if times > 1):
            names = ", ".join(shown(d.name) for d in run.decisions if d.payload == payload)
            yield Reason(code=13, text=f"the same decision lies there more than once: {names}", run=run.name)


def vetoes(votes: Sequence[Vote], case: Case) -> tuple[Vote, ...]:
    """Decisions of somebody who alone can stop an approval, and stops it."""
    roles = case.asked.sign_off.veto
    return tuple(v for v in votes if v.counts and v.decision.kind in ("reject", "defer") and v.decision.author.role in roles)


def veto(run: RunCase, vote: Vote) -> Reason:
    """In words."""
    did = "rejected it" if vote.decision.kind == "reject" else "deferred it"
    text = f"{objector(vote.decision.author)} {did}, and this role can stop it: {shown(vote.decision.why, 300)}"
    return Reason(code=12, text=text, run=run.name)


def missing(votes: Sequence[Vote], case: Case) -> Iterator[str]:
    """What the approvals that count lack."""
    rules = case.asked.sign_off
    approving = [vote.decision for vote in votes if vote.approves]
    people: dict[str, list[str]] = {}
    for decision in approving:
        people.setdefault(decision.author.role, []).append(decision.author.person_likeness)
    if not rules.roles or any(count < 1 for _, count in rules.roles):
        yield "the policy asks for no signature: that approves nothing"
    empty = empty_seats(rules.roles, people, several=rules.one_person_several_roles)
    if empty:
        seats = ", ".join(f"{count} x {role.replace('_', ' ')}" for role, count in sorted(empty.items()))
        one = "" if rules.one_person_several_roles else "; one person fills one role"
        yield f"no sign-off: approvals that count are missing: {seats}{one}"
    distinct = {decision.author.person_likeness for decision in approving}
    least = max(1, rules.minimum_people)
    if len(distinct) < least:
        yield f"no sign-off: the approvals that count are by {people_number(len(distinct))}, the policy wants {least}"
    yield from unowned(approving, case)


def unowned(approving: Sequence[DecisionCase], case: Case) -> Iterator[str]:
    """Nobody accepts the residual risk."""
    owner = case.asked.sign_off.risk_owner
    if not any(d.residual_risk and owner in ("", d.author.role) for d in approving):
        yield f"no approval that counts accepts the residual risk{f' as {owner.replace(chr(95), chr(32))}' if owner else ''}"


def objections(votes: Sequence[Vote]) -> tuple[Vote, ...]:
    """Rejections, deferrals and dissent that stand."""
    return tuple(vote for vote in votes if vote.counts and vote.decision.kind in OBJECTING)
