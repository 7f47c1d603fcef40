"""From files and a clock to a decision. Pure reading: nothing is written, nothing heavy is loaded, nothing fails open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evalharness.admission.decision import CODES, Decision, Reason, RunSeen, first_code
from evalharness.admission.looking import Look, look_at
from evalharness.admission.matching import Expected, differences
from evalharness.admission.sign_off import sign_off_reasons
from evalharness.admission.standing import standing_reasons
from evalharness.errors import shown
from evalharness.evidence.store import runs_in
from evalharness.records import Card, Claim, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be admitted, from the actual files."""

    policy: Policy
    card: Card
    model_digest: str
    """Digest of the artefact as it lies on disk now."""
    benchmark: str
    """Name of the benchmark asked for."""
    benchmark_digest: str
    """Digest that the committed manifest stands for."""
    benchmark_problems: tuple[str, ...]
    """What is wrong with the committed manifest; empty when nothing is."""
    reports: Path
    claim: Claim
    """The least claim that is enough."""
    at: datetime
    """The moment for which the decision is asked."""
    clock: datetime
    """The machine's own clock."""


def admit(request: Request) -> Decision:
    """Approved for the claim, or blocked with every reason. Reads every run folder once; the worst matching run stands."""
    reasons = list(_request_reasons(request))
    looks = [look for look in (look_at(folder, request.card.name) for folder in runs_in(request.reports)) if look is not None]
    seen: list[RunSeen] = []
    for look in looks:
        note, used, against = _weigh(look, request)
        seen.append(RunSeen(run=look.folder.name, used=used, note=note))
        reasons += against
    reasons += _absence_reasons(request, seen)
    reasons += sign_off_reasons(request.policy, request.card, at=request.at, clock=request.clock)
    return Decision(
        code=first_code(reasons),
        claim=request.claim.value,
        model=request.card.name,
        policy=request.policy.name,
        benchmark=request.benchmark,
        reasons=tuple(sorted(set(reasons), key=_order)),
        runs=tuple(seen),
    )


def _weigh(look: Look, request: Request) -> tuple[str, bool, tuple[Reason, ...]]:
    """A note on the run, whether it counts, and what it says against the request."""
    name = look.folder.name
    if look.altered or look.run is None:
        return "altered or unreadable", True, tuple(Reason(code=13, text=text, run=name) for text in look.altered)
    unlike = differences(look.run.evidence, _expected(request))
    if unlike:
        return "; ".join(unlike), False, ()
    against = tuple(standing_reasons(look.run, request.policy, request.claim, request.at))
    return f"verdict {look.run.evidence.verdict.outcome.replace('_', ' ')}", True, against


def _order(reason: Reason) -> tuple[int, str, str]:
    return (CODES.index(reason.code), reason.run, reason.text)


def _request_reasons(request: Request) -> Iterable[Reason]:
    card, policy = request.card, request.policy
    if card.sha256 is not None and card.sha256 != request.model_digest:
        yield Reason(
            code=13, text=f"the artefact {card.artifact.name} is not the one its card names: {request.model_digest}, card {card.sha256}"
        )
    if request.benchmark != policy.benchmark:
        yield Reason(code=13, text=f"the policy is about the benchmark '{policy.benchmark}', not '{shown(request.benchmark)}'")
    for problem in request.benchmark_problems:
        yield Reason(code=13, text=problem)


def _expected(request: Request) -> Expected:
    return Expected(
        model_digest=request.model_digest,
        card_digest=request.card.digest,
        policy=request.policy,
        benchmark=request.policy.benchmark,
        benchmark_digest=request.benchmark_digest,
    )


def _absence_reasons(request: Request, seen: list[RunSeen]) -> Iterable[Reason]:
    if not seen:
        text = f"no evidence for the model '{request.card.name}' in {shown(request.reports.name)}/: run `evalharness evaluate` first"
        yield Reason(code=3, text=text)
    elif not any(run.used for run in seen):
        for run in seen:
            yield Reason(code=13, text=f"the evidence is for something else: {run.note}", run=run.run)
