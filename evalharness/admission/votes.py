"""Which of the decisions in a run count, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from evalharness.admission.case import Case, DecisionCase, RunCase
from evalharness.admission.people import of_supplier
from evalharness.admission.trust import author_against, highest_claim, lifted
from evalharness.admission.wording import moment
from evalharness.records import Claim

APPROVING = frozenset({"approve", "approve-with-conditions"})
OBJECTING = frozenset({"reject", "defer", "dissent"})
_KINDS = {kind: place for place, kind in enumerate(("reject", "defer", "dissent", "advice", "approve-with-conditions", "approve"))}
_STANCES = {stance: place for place, stance in enumerate(("against", "neutral", "for", ""))}
"""The worst first."""


@dataclass(frozen=True, slots=True)
class View:
    """What a decision is held against."""

    case: Case
    run: RunCase
    claim: Claim
    """The highest of what is asked and what runs carry."""
    voting: frozenset[str]
    """Roles of the quorum."""
    advice: Mapping[str, tuple[str, ...]]
    """Advisory role -> stances of the advice that counts."""


@dataclass(frozen=True, slots=True)
class Vote:
    """A decision, weighed."""

    decision: DecisionCase
    against: tuple[str, ...]
    """Why it does not count; empty: it counts."""

    @property
    def counts(self) -> bool:
        return not self.against

    @property
    def approves(self) -> bool:
        return not self.against and self.decision.kind in APPROVING


def weighed(run: RunCase, case: Case) -> tuple[Vote, ...]:
    """Every decision of a run, by time, with what speaks against counting it."""
    ordered = sorted(run.decisions, key=lambda d: (d.author.created, d.name))
    standing = Standing(latest(ordered), latest(filter(believed, ordered)))
    view = View(case, run, highest_claim(case), frozenset(role for role, _ in case.asked.sign_off.roles), {})
    view = View(view.case, view.run, view.claim, view.voting, _advice(ordered, standing, view))
    return tuple(Vote(decision, tuple(_against(decision, standing, ordered, view))) for decision in ordered)


@dataclass(frozen=True, slots=True)
class Standing:
    """What each person said last in each role, as digests.

    Whatever helps an approval must be the last of all that names the person, so that taking the belief from a later decision never brings
    an earlier one back. Whatever stops one must only be the last of what is believed, so that a forged later decision never removes it.
    """

    of_all: frozenset[str]
    of_believed: frozenset[str]

    def holds(self, decision: DecisionCase) -> bool:
        return decision.digest in (self.of_believed if stops(decision) else self.of_all)


def stops(decision: DecisionCase) -> bool:
    """Whether it speaks against an approval."""
    return decision.kind in OBJECTING or decision.stance == "against"


def believed(decision: DecisionCase) -> bool:
    """Whether it counts for something. To object, a right signature by one's own key is enough: no end, revocation or rollback of a key
    takes away what was said with it; only a later decision that is believed in full does."""
    return not decision.author.problems or (decision.kind in OBJECTING and decision.author.heard)


def latest(decisions: Iterable[DecisionCase]) -> frozenset[str]:
    """Digests of what stands: of one person in one role what was signed last; of several at the same second, the worst."""
    best: dict[tuple[str, str], list[DecisionCase]] = {}
    for decision in decisions:
        best.setdefault((decision.author.person_likeness, decision.author.role), []).append(decision)
    return frozenset(digest for of_one in best.values() for digest in _last_of(of_one))


def _last_of(decisions: list[DecisionCase]) -> Iterator[str]:
    if len(decisions) == 1:
        return iter((decisions[0].digest,))
    last = max(decision.author.created for decision in decisions)
    at_last = [decision for decision in decisions if decision.author.created == last]
    worst = min(map(_badness, at_last))
    return (decision.digest for decision in at_last if _badness(decision) == worst)


def _badness(decision: DecisionCase) -> tuple[int, int]:
    return _KINDS[decision.kind], _STANCES[decision.stance]


def _advice(decisions: Iterable[DecisionCase], standing: Standing, view: View) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for decision in decisions:
        if decision.kind == "advice" and standing.holds(decision) and not any(_of_adviser(decision, view)):
            found[decision.author.role] = (*found.get(decision.author.role, ()), decision.stance)
    return found


def _against(decision: DecisionCase, standing: Standing, decisions: Iterable[DecisionCase], view: View) -> Iterator[str]:
    """Why a decision does not count. An objection stops whatever it can as soon as its author is believed."""
    if not standing.holds(decision):
        yield "a later decision of the same person in the same role stands instead"
    if decision.kind in OBJECTING:
        yield from () if decision.author.heard else decision.author.problems
    elif decision.kind in APPROVING:
        yield from _of_anybody(decision, view)
        yield from taken_back(decision, decisions)
        yield from (text for rule in OF_APPROVALS for text in rule(decision, view))
    else:
        yield from _of_adviser(decision, view)


def _of_adviser(decision: DecisionCase, view: View) -> Iterator[str]:
    """Advice against is not taken away by the clock or by the status list: only who gave it takes it back."""
    rules = OF_EVERYBODY if decision.stance != "against" else tuple(rule for rule in OF_EVERYBODY if rule not in (time, status))
    yield from (text for rule in rules for text in rule(decision, view))
    if decision.author.role not in view.case.asked.sign_off.advice:
        yield f"the policy does not ask for advice by the role {decision.author.role}"


def _of_anybody(decision: DecisionCase, view: View) -> Iterator[str]:
    yield from (text for rule in OF_EVERYBODY for text in rule(decision, view))


def taken_back(decision: DecisionCase, decisions: Iterable[DecisionCase]) -> Iterator[str]:
    """The same person objected later, or declared a conflict, in whatever role."""
    who, when = decision.author.person_likeness, decision.author.created
    later = [d for d in decisions if d is not decision and d.author.person_likeness == who and d.author.created >= when]
    if any(d.kind in OBJECTING for d in later):
        yield f"{decision.author.person} took it back later, or at the same time"
    if any(d.conflicts for d in later):
        yield f"{decision.author.person} declared a conflict of interest later, or at the same time"


def author(decision: DecisionCase, view: View) -> Iterator[str]:
    """The author is believed, for that claim."""
    yield from author_against(decision.author, view.claim)


def form(decision: DecisionCase, _: View) -> Iterator[str]:
    """It has what a decision of its kind has."""
    yield from decision.form


def team(decision: DecisionCase, view: View) -> Iterator[str]:
    """Who made the model does not sign for it."""
    asked = view.case.asked
    if asked.sign_off.developers_may_not_sign and decision.author.person_likeness in asked.team:
        yield f"{decision.author.person} belongs to the team that made the model"


def supplier(decision: DecisionCase, view: View) -> Iterator[str]:
    """The supplier has no vote."""
    if of_supplier(decision.author.organisation, view.case.asked):
        yield f"{decision.author.person} belongs to the supplier of the model, which has no vote"


def conflict(decision: DecisionCase, _: View) -> Iterator[str]:
    """A declared conflict of interest takes the vote away."""
    if decision.conflicts:
        yield f"{decision.author.person} declared a conflict of interest"


def time(decision: DecisionCase, view: View) -> Iterator[str]:
    """Signed after the test result, and not in the future."""
    created, result = decision.author.created, view.run.result
    if result is not None and created < result.author.created:
        yield f"signed at {moment(created)}, before the test result of {moment(result.author.created)}"
    if created > view.case.asked.at:
        yield f"signed at {moment(created)}, later than the moment of the decision"


def status(decision: DecisionCase, view: View) -> Iterator[str]:
    """Neither revoked nor suspended."""
    yield from lifted(view.case.status, decision.digest)


def role(decision: DecisionCase, view: View) -> Iterator[str]:
    """The policy wants this role's vote."""
    if decision.author.role not in view.voting:
        yield f"the policy does not ask for an approval by the role {decision.author.role}"


def validity(decision: DecisionCase, view: View) -> Iterator[str]:
    """It has begun, has not ended, and never lasts longer than the policy allows."""
    at, start, end = view.case.asked.at, decision.valid_from, decision.valid_until
    if start is None or end is None:
        yield "it does not say from when until when it holds"
        return
    if start > at:
        yield f"it holds only from {moment(start)}"
    if end < at:
        yield f"it ended at {moment(end)}"
    days = view.case.asked.sign_off.valid_for_days
    if end - decision.author.created > timedelta(days=days):
        yield f"it would last longer than the policy's {days} days"


def control(decision: DecisionCase, _: View) -> Iterator[str]:
    """The answer to the control question is page one's."""
    if decision.missed_agrees is None:
        yield "the control questions are not answered"
    elif not decision.missed_agrees:
        yield "the answer to the question how many are missed of 1,000 is not what the report says"


def carrier(decision: DecisionCase, view: View) -> Iterator[str]:
    """A person of the register who can carries the risk."""
    if decision.risk_carried_by not in view.case.register.people:
        yield f"the register knows no {decision.risk_carried_by or 'person'} who can carry the risk"


def claim(decision: DecisionCase, view: View) -> Iterator[str]:
    """What is approved is what the evidence carries."""
    if decision.claim != view.run.claim:
        yield f"it approves for '{decision.claim}', the evidence carries '{view.run.claim}'"


def not_judged(decision: DecisionCase, view: View) -> Iterator[str]:
    """Every cell that nobody judged is accepted by name, and no other."""
    if frozenset(decision.accepts_not_judged) != view.run.not_judged:
        yield "it does not accept by name exactly those groups that nobody judged"


def residual_risk(decision: DecisionCase, view: View) -> Iterator[str]:
    """The owner of the risk accepts it in words."""
    if decision.author.role == view.case.asked.sign_off.risk_owner and not decision.residual_risk:
        yield "the owner of the risk does not accept the residual risk in words"


def advice(decision: DecisionCase, view: View) -> Iterator[str]:
    """Advice was heard, or its absence explained; a departure from it is explained."""
    for adviser in view.case.asked.sign_off.advice:
        stances = view.advice.get(adviser)
        words = adviser.replace("_", " ")
        if stances is None and adviser not in decision.absences:
            yield f"there is no advice of {words} that counts, and no word on why it was not waited for"
        if stances is not None and "against" in stances and adviser not in decision.departures:
            yield f"{words} advised against it, and it gives no reason for departing from that advice"


def conditions(decision: DecisionCase, _: View) -> Iterator[str]:
    """Conditions are listed exactly where somebody approves with conditions."""
    if (decision.kind == "approve-with-conditions") != bool(decision.conditions):
        yield "conditions are listed where somebody approves with conditions, and only there"


OF_EVERYBODY = (author, form, team, supplier, conflict, time, status)
"""Rules for whatever is to count: approvals and advice."""
OF_APPROVALS = (role, validity, control, carrier, claim, not_judged, residual_risk, advice, conditions)
"""Rules for approvals alone."""
