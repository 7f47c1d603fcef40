"""The decision: a pure function of a `Case`. It reads no file, asks no clock, checks no signature, and approves only where nothing at all
stands in the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from evalharness.admission.approval import condition_reasons, conditions_of, statement_reasons, veto, vetoes, vote_reasons
from evalharness.admission.case import Case, RunCase
from evalharness.admission.conditions import deployment_reasons
from evalharness.admission.decision import CODES, Decision, Limit, Reason, RunSeen, VoteSeen
from evalharness.admission.findings import standing_reasons
from evalharness.admission.locks import concerns, lock_reasons, locks_reasons
from evalharness.admission.request import request_reasons
from evalharness.admission.results import result_reasons
from evalharness.admission.trust import anchor_reasons, matching, register_reasons, status_reasons
from evalharness.admission.votes import Vote, weighed
from evalharness.errors import shown


def decide(case: Case) -> Decision:
    """Approved for the claim asked for, or blocked with every reason. Of several matching runs the worst stands."""
    reasons = [*request_reasons(case), *register_reasons(case), *status_reasons(case), *deployment_reasons(case)]
    reasons += [*locks_reasons(case), *anchor_reasons(case), *absence_reasons(case)]
    seen: list[RunSeen] = []
    limits: list[Limit] = []
    for altered in case.altered_runs:
        reasons += [Reason(code=13, text=text, run=altered.name) for text in altered.reasons or ("it cannot be believed",)]
        seen.append(RunSeen(run=altered.name, used=True, note="altered or unreadable"))
    voted = votes_of(case)
    last, approvers = newest(voted)
    for run, votes in voted:
        older = run.lock is not None and run.lock.attempt != last
        against, told, ends = _weigh_older(run, votes, case, approvers) if older else _weigh(run, votes, case)
        reasons += [*against, *misplaced(run)]
        seen.append(told)
        limits += ends
    reasons += vetoes_elsewhere(voted, case, approvers)
    return _decision(case, reasons, seen, limits)


Voted = tuple[tuple[RunCase, tuple[Vote, ...]], ...]
"""Every run, and the decisions in it, weighed."""


def votes_of(case: Case) -> Voted:
    """Weighs the decisions of every locked run that matches, or was locked for exactly what is asked. Nobody can sign for any other."""
    locks = {lock.digest for lock in case.locks.locks if concerns(lock, case.asked)}
    signed = [run.lock is not None and (not run.unlike or run.lock.digest in locks) for run in case.runs]
    return tuple((run, weighed(run, case) if heard else ()) for run, heard in zip(case.runs, signed, strict=True))


def absence_reasons(case: Case) -> Iterator[Reason]:
    """There is evidence, it is about what is asked, and something was locked before it was made."""
    asked, found = case.asked, matching(case)
    if not case.runs and not case.altered_runs:
        text = f"no evidence for the model '{asked.model}' in {shown(asked.reports)}/: run `evalharness evaluate` first"
        yield Reason(code=3, text=text)
    elif not found and not case.altered_runs:
        for run in case.runs:
            yield Reason(code=13, text=f"the evidence is for something else: {'; '.join(run.unlike)}", run=run.name)
    elif found and all(run.lock is None for run in found):
        text = "no sign-off: there are only practice runs; nothing was locked before them, so nobody can sign for them"
        yield Reason(code=12, text=text)


def misplaced(run: RunCase) -> Iterator[Reason]:
    """Statements that lie where none of them belongs: beside a practice run, or in the folder of other evidence."""
    if run.lock is None:
        yield from (Reason(code=13, text=text, run=run.name) for text in run.altered_statements)
    elif run.unlike:
        for decision in run.decisions:
            if decision.evidence != run.evidence:
                yield Reason(code=13, text=f"{decision.name}: it is about other evidence", run=run.name)


def vetoes_elsewhere(voted: Voted, case: Case, approvers: frozenset[str]) -> Iterator[Reason]:
    """Vetoes of a run that was locked for exactly this and has become about something else: they stand as those of an older run do."""
    for run, votes in voted:
        if run.unlike:
            yield from standing_vetoes(run, votes, case, approvers)


def standing_vetoes(run: RunCase, votes: tuple[Vote, ...], case: Case, approvers: frozenset[str]) -> Iterator[Reason]:
    """Vetoes of those who do not approve the newest run."""
    for vote in vetoes(votes, case):
        if vote.decision.author.person_likeness not in approvers:
            yield veto(run, vote)


def newest(voted: Voted) -> tuple[int, frozenset[str]]:
    """The highest attempt among the matching locked runs, and who approves those of it: they are the ones that must be approved."""
    locked = [(run.lock.attempt, votes) for run, votes in voted if not run.unlike and run.lock is not None]
    last = max((attempt for attempt, _ in locked), default=0)
    of_last = [vote for attempt, votes in locked if attempt == last for vote in votes]
    return last, frozenset(vote.decision.author.person_likeness for vote in of_last if vote.approves)


def _weigh_older(run: RunCase, votes: tuple[Vote, ...], case: Case, approvers: frozenset[str]) -> tuple[list[Reason], RunSeen, list[Limit]]:
    """A run of an earlier attempt: what it found stands, and that it is unaltered; whether it was approved is over. A veto stands until the
    same person approves the newest."""
    reasons, told, _ = _weigh(run, votes, case)
    if run.unlike or run.lock is None:
        return reasons, told, []
    kept = [*standing_reasons(run, case), *(reason for reason in reasons if reason.code == 13)]
    kept += standing_vetoes(run, votes, case, approvers)
    return kept, replace(told, note=f"{told.note}; a later attempt is what must be approved"), []


def _weigh(run: RunCase, votes: tuple[Vote, ...], case: Case) -> tuple[list[Reason], RunSeen, list[Limit]]:
    """What a run says against the request, how it was used, and when what it says ends."""
    if run.unlike:
        return [], RunSeen(run=run.name, used=False, note="; ".join(run.unlike)), []
    verdict = f"verdict {run.verdict.replace('_', ' ')}"
    reasons = list(standing_reasons(run, case))
    if run.lock is None:
        return reasons, RunSeen(run=run.name, used=True, note=f"{verdict}; a practice run, which nobody can sign for"), []
    conditions = conditions_of(votes, case)
    reasons += [*lock_reasons(run, run.lock, case), *result_reasons(run, run.lock, case), *statement_reasons(run, run.lock, case)]
    reasons += [*vote_reasons(run, votes, case), *condition_reasons(run, conditions)]
    told = RunSeen(
        run=run.name,
        used=True,
        note=f"{verdict}; attempt {run.lock.attempt} of {run.lock.campaign}",
        votes=tuple(map(_vote_seen, votes)),
        conditions=tuple(condition for condition, _ in conditions),
    )
    return reasons, told, [] if reasons else list(_limits(run, votes))


def _vote_seen(vote: Vote) -> VoteSeen:
    decision = vote.decision
    return VoteSeen(
        person=decision.author.person,
        role=decision.author.role,
        organisation=decision.author.organisation,
        kind=decision.kind,
        created=decision.author.created,
        valid_until=decision.valid_until,
        counts=vote.counts,
        against=vote.against,
        why=decision.why,
        stance=decision.stance,
        departures=tuple(sorted(decision.departures)),
    )


def _limits(run: RunCase, votes: tuple[Vote, ...]) -> Iterator[Limit]:
    for vote in votes:
        if not vote.approves:
            continue
        who = vote.decision.author.person
        if vote.decision.valid_until is not None:
            yield Limit(until=vote.decision.valid_until, what=f"the approval by {who} ends")
        for condition in vote.decision.conditions:
            if condition.due is not None:
                yield Limit(until=_end_of(condition.due), what=f"the condition {condition.id} of {who} is due")
    if run.exempt_until is not None:
        yield Limit(until=_end_of(run.exempt_until), what="an exemption of the policy ends")


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), UTC)


def _status_limits(case: Case) -> Iterator[Limit]:
    found = case.status.found
    if found is not None:
        oldest = found.issued + timedelta(days=case.asked.sign_off.status_at_most_days)
        yield Limit(until=min(found.next_update, oldest), what="the status list must be issued anew")


def _decision(case: Case, reasons: list[Reason], seen: list[RunSeen], limits: list[Limit]) -> Decision:
    asked = case.asked
    ends = () if reasons else tuple(sorted({*limits, *_status_limits(case)}, key=lambda limit: (limit.until, limit.what)))
    return Decision(
        claim=asked.claim.value,
        model=asked.model,
        policy=asked.policy,
        benchmark=asked.benchmark,
        at=asked.at,
        reasons=tuple(sorted(set(reasons), key=_order)),
        runs=tuple(sorted(seen, key=lambda run: run.run)),
        root=case.register.root,
        rehearsal=case.register.rehearsal,
        limits=ends,
    )


def _order(reason: Reason) -> tuple[int, str, str]:
    return CODES.index(reason.code), reason.run, reason.text
