"""Page one: what a signature would mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.evidence import Evidence
from evalharness.report import numbers, words
from evalharness.report.by_task import TaskWords
from evalharness.report.fitting import SHEET, Paper, cut
from evalharness.report.marks import mark
from evalharness.report.policy_text import PolicyText
from evalharness.report.standing import on_other_items, standing
from evalharness.report.verdict_box import left_out_by_name, lowered, sorts_nothing

_ROLES, _ROLE, _CAMPAIGN = 5, 46, 46


def signing(evidence: Evidence, policy: PolicyText, task: TaskWords, paper: Paper = SHEET) -> Iterator[str]:
    """The statement, what an approval says, when it ends, who is wanted; of a run that nobody can sign, only how to get one."""
    if standing(evidence) is not None:
        if any(notice.kind == "labels_seen" for notice in evidence.notices):
            yield "Nobody can sign this report. For one that can be signed: new answers, by somebody who has not seen the labels."
            return
        if evidence.predictions.blind is not None:
            yield "Nobody can sign this report: it serves to choose. To sign: lock the classifier itself, and run it here."
            return
        items = ", on the policy's own items, whole and unchanged" if on_other_items(evidence) else ""
        yield f"Nobody can sign this report. For one that can be signed: lock first (evalharness lock), then run again{items}."
        return
    yield from _attempt(evidence, policy, paper)
    yield f"You would put your name to this: “I have read this report. {statement(evidence, policy, task)}”"
    yield from _approval(evidence, policy, task)
    yield from _seats(policy, paper)


def _approval(evidence: Evidence, policy: PolicyText, task: TaskWords) -> Iterator[str]:
    if evidence.verdict.outcome == "met":
        days = f" It ends after {policy.valid_for_days} days at the latest." if policy.valid_for_days else ""
        yield "An approval says that this test was passed. It does not permit use on live cases; that is another decision."
        yield f"It holds for exactly this {task.bound_to}. Change one of them and it is void.{days}"
        yield "You can also reject, defer or disagree, and take an approval back at any time by signing again."
    else:
        yield "Nobody can approve this: no signature turns this verdict into MET. You can reject, defer or disagree."


def _seats(policy: PolicyText, paper: Paper) -> Iterator[str]:
    """Who is wanted, who can stop it, who is heard, and who carries the risk."""
    if policy.roles:
        wanted = words.roles((cut(role, paper.most(_ROLE)), number) for role, number in policy.roles[: paper.most(_ROLES)])
        yield f"The policy wants these signatures: {wanted}{_more(policy.roles, paper)}."
    if policy.veto:
        yield f"Can stop an approval alone: {_roles(policy.veto, paper)}."
    if policy.advice:
        yield f"Must be heard, without a vote: {_roles(policy.advice, paper)}."
    if policy.risk_owner:
        yield f"The {_roles((policy.risk_owner,), paper)} carries the risk that remains."
    if policy.developers_may_sign:
        yield "The policy lets the people who built the classifier sign."


def _roles(names: Sequence[str], paper: Paper) -> str:
    return words.names(cut(name, paper.most(_ROLE)) for name in names[: paper.most(_ROLES)]) + _more(names, paper)


def _more(names: Sequence[object], paper: Paper) -> str:
    return f", and {len(names) - _ROLES} more" if len(names) > paper.most(_ROLES) else ""


def _attempt(evidence: Evidence, policy: PolicyText, paper: Paper) -> Iterator[str]:
    """What the attempt of the run costs."""
    lock = evidence.lock
    if lock is None:
        return
    instead = "" if policy.confidence is None else f" instead of {numbers.confidence(policy.confidence)}"
    yield (
        f"By its lock this is attempt {lock.attempt} of the campaign “{cut(lock.campaign, paper.most(_CAMPAIGN))}”. "
        f"Every attempt counts, so it was judged at {numbers.confidence(lock.level)}{instead}."
    )


def statement(evidence: Evidence, policy: PolicyText, task: TaskWords) -> str:
    """What a signer puts a name to, in two sentences: the verdict with all that takes the shine off it, and the claim."""
    parts = [mark(evidence.verdict.outcome).word.upper()]
    if policy.warning:
        parts.append("under a policy that its authors say nobody should use")
    if number := left_out_by_name(evidence):
        parts.append(f"with {number} group{'s' if number > 1 else ''} left out")
    if why := sorts_nothing(evidence, task):
        parts.append(f"though {why}")
    kind = words.CLAIMS[evidence.claim][0].lower()
    asked = f", though the policy asks for a {words.CLAIMS[policy.claim][0].lower()}" if lowered(evidence, policy) else ""
    return f"Its verdict is {', '.join(parts)}. It is a {kind}, and no more than that{asked}."
