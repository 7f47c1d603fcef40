"""How the gate's answer is printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from evalharness.admission import Decision, RunSeen, VoteSeen
from evalharness.admission.decision import MEANING
from evalharness.cli.output import print_text
from evalharness.errors import shown


def print_decision(decision: Decision) -> None:
    """The answer first; then who signed and until when, or every reason grouped by code; then what happened to each run."""
    for line in (*(_approved(decision) if decision.approved else _blocked(decision)), *_runs(decision)):
        print_text(line)


def _approved(decision: Decision) -> Iterator[str]:
    yield (
        f"✓ approved for: {decision.claim}. Model {decision.model}, policy {decision.policy}, benchmark {decision.benchmark}, "
        f"at {_time(decision.at)}."
    )
    if decision.rehearsal or decision.claim == "rehearsal":
        keys = " Its keys are REHEARSAL keys." if decision.rehearsal else ""
        yield f"  This is a REHEARSAL: it shows that the procedure works, and permits no use on live cases.{keys}"
    for run in decision.runs:
        yield from _signed(run)
    for number, (until, what) in enumerate(_by_time(decision)):
        yield f"      - {_time(until)}: {what}" if number else f"  holds until {_time(until)} ({what}); ask again then"
    yield f"  root of the register of signers: {decision.root}"


def _signed(run: RunSeen) -> Iterator[str]:
    """What was signed for a run: whoever objects or advises against stands first."""
    heard = [vote for vote in run.votes if vote.counts]
    against = [vote for vote in heard if _objects(vote)]
    if against:
        yield f"  AGAINST it, for {shown(run.run)}:"
        yield from (f"      - {_vote(vote)}" for vote in against)
    if len(heard) > len(against):
        yield f"  signed for {shown(run.run)}:"
        yield from (f"      - {_vote(vote)}" for vote in heard if not _objects(vote))
    states: dict[tuple[str, str], list[str]] = {}
    for condition in run.conditions:
        states.setdefault((condition.words, condition.state), []).append(condition.person)
    if states:
        yield "  under these conditions:"
    for (words, state), people in states.items():
        yield f"      - {shown(words, 600)}   [{shown(', '.join(dict.fromkeys(people)), 300)}: {shown(state, 200)}]"


def _objects(vote: VoteSeen) -> bool:
    return vote.kind in ("reject", "defer", "dissent") or vote.stance == "against"


def _by_time(decision: Decision) -> list[tuple[datetime, str]]:
    """What ends at each moment."""
    times = dict.fromkeys(limit.until for limit in decision.limits)
    return [(time, "; ".join(shown(limit.what) for limit in decision.limits if limit.until == time)) for time in times]


def _blocked(decision: Decision) -> Iterator[str]:
    yield f"BLOCKED ({decision.code}): model {decision.model}, policy {decision.policy}, for {decision.claim}"
    code = None
    for reason in decision.reasons:
        if reason.code != code:
            code = reason.code
            yield f"  {code}  {MEANING[code]}"
        yield f"      - {shown(reason.text, 600)}" + (f"   [{shown(reason.run)}]" if reason.run else "")
    if decision.root:
        yield f"  root of the register of signers: {decision.root}"


def _runs(decision: Decision) -> Iterator[str]:
    if decision.runs:
        yield "  runs under this model's name:"
    for run in decision.runs:
        yield f"      - {shown(run.run)}: {'counts' if run.used else 'does not match, ignored'}: {shown(run.note, 400)}"
        for vote in run.votes:
            if not vote.counts:
                yield f"          {_vote(vote)}: does not count: {shown('; '.join(vote.against), 600)}"
            elif not decision.approved:
                yield f"          {_vote(vote)}"


_DID = {
    "approve": "approves",
    "approve-with-conditions": "approves with conditions",
    "advice": "advises",
    "reject": "REJECTS it",
    "defer": "DEFERS it",
    "dissent": "DISSENTS",
}
_STANCE = {"for": " for it", "against": " AGAINST it", "neutral": ", neither for nor against"}


def _vote(vote: VoteSeen) -> str:
    did = _DID.get(vote.kind, vote.kind)
    until = f", until {_time(vote.valid_until)}" if vote.valid_until is not None else ""
    why = f": “{shown(vote.why, 300)}”" if vote.why else ""
    departs = "".join(f"; says why against the advice of {role.replace('_', ' ')}" for role in vote.departures)
    who = f"{vote.person} as {vote.role.replace('_', ' ')} ({shown(vote.organisation) or 'organisation unknown'})"
    return f"{who} {did}{_STANCE.get(vote.stance, '')}, {_time(vote.created)}{until}{why}{departs}"


def _time(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def decision_as_json(decision: Decision) -> dict[str, Any]:
    """The whole decision."""
    return {
        "exit_code": decision.code,
        "meaning": MEANING[decision.code],
        "approved": decision.approved,
        "for": decision.claim,
        "at": _iso(decision.at),
        "model": decision.model,
        "policy": decision.policy,
        "benchmark": decision.benchmark,
        "root": decision.root or None,
        "rehearsal_keys": decision.rehearsal,
        "holds_until": [{"until": _iso(limit.until), "what": limit.what} for limit in decision.limits],
        "reasons": [{"code": r.code, "text": r.text, "run": r.run} for r in decision.reasons],
        "runs": [_run_as_json(run) for run in decision.runs],
    }


def _run_as_json(run: RunSeen) -> dict[str, Any]:
    return {
        "run": run.run,
        "used": run.used,
        "note": run.note,
        "decisions": [
            {
                "person": v.person, "role": v.role, "organisation": v.organisation, "decision": v.kind, "created": _iso(v.created),
                "valid_until": _iso(v.valid_until), "counts": v.counts, "against": list(v.against), "why": v.why, "stance": v.stance,
                "departures": list(v.departures),
            }
            for v in run.votes
        ],
        "conditions": [{"id": c.id, "words": c.words, "person": c.person, "state": c.state} for c in run.conditions],
    }  # fmt: skip


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
