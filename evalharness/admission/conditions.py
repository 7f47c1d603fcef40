"""Conditions of an approval, each held against how the model is used, the day, and what was shown or done since."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from evalharness.admission.case import Author, Case, ConditionCase, Deployment
from evalharness.admission.decision import Reason
from evalharness.admission.people import dependence
from evalharness.admission.trust import author_against, highest_claim
from evalharness.admission.wording import signer
from evalharness.errors import shown
from evalharness.records import Claim

HOLDS = "holds"


def deployment_reasons(case: Case) -> Iterator[Reason]:
    """Where the deployment is another use than what is asked for."""
    deployment, asked = case.deployment, case.asked
    if deployment is None:
        return
    if deployment.claim is not None and deployment.claim.rank > asked.claim.rank:
        text = f"the deployment is for the claim '{deployment.claim}'; only '{asked.claim}' was asked for"
        yield Reason(code=11, text=text)
    point = asked.point
    threshold, stream = point.threshold, point.stream
    if deployment.stream is not None and deployment.stream != stream:
        yield Reason(code=12, text=f"the deployment takes items from '{shown(deployment.stream)}', the policy is about '{shown(stream)}'")
    certified = sorted({run.certified for run in case.runs if not run.unlike and run.certified is not None})
    if certified and deployment.threshold is None:
        yield Reason(code=12, text="the deployment names no threshold, and the one that was certified belongs to what is approved")
    if deployment.threshold is not None and {deployment.threshold} != ({threshold} if not certified else set(certified)):
        told = f"the policy {'no threshold' if threshold is None else f'{threshold:g}'}"
        if certified:
            told = "certified was " + ", ".join(f"{one:.10g}" for one in certified)
        yield Reason(code=12, text=f"the deployment uses the threshold {deployment.threshold:.10g}, {told}")
    for what, used, agreed in (
        ("daily budget", deployment.budget_per_day, point.budget_per_day),
        ("top band", deployment.top_band, point.top_band),
    ):
        if used is not None and used != agreed:
            told = f"no {what}" if agreed is None else shown(str(agreed))
            yield Reason(code=12, text=f"the deployment uses the {what} {shown(str(used))}, the policy {told}")


def state(condition: ConditionCase, decision: str, case: Case) -> tuple[bool, str]:
    """Whether a condition of a decision (digest of its file) lets the use go on now, and how it stands in words."""
    if condition.problems:
        return False, "; ".join(condition.problems)
    rule = OF_USE.get(condition.type)
    if rule is not None:
        if case.deployment is None:
            return False, "nobody can tell whether it holds without a deployment file (--deployment)"
        return rule(condition, case.deployment, case)
    dated = OF_DAYS.get(condition.type)
    if dated is None or condition.due is None:
        return False, "this version cannot tell whether it holds"
    return dated(condition, condition.due, decision, case)


def claim(condition: ConditionCase, deployment: Deployment, case: Case) -> tuple[bool, str]:
    """The use, and what was asked for, claim no more."""
    most = next((c for c in Claim if c.value == condition.value), None)
    if most is None:
        return False, "it names no claim that this version knows"
    if case.asked.claim.rank > most.rank:
        return False, f"'{case.asked.claim}' was asked for"
    return _told(deployment.claim, "claim", lambda told: told.rank <= most.rank)


def stream(condition: ConditionCase, deployment: Deployment, _: Case) -> tuple[bool, str]:
    """Items come from there."""
    return _told(deployment.stream, "stream", lambda told: told == condition.value)


def maximum_volume(condition: ConditionCase, deployment: Deployment, _: Case) -> tuple[bool, str]:
    """No more items a week."""
    most = condition.per_week
    return _told(deployment.volume_per_week, "volume_per_week", lambda told: most is not None and told <= most)


def unit(condition: ConditionCase, deployment: Deployment, _: Case) -> tuple[bool, str]:
    """Used there and nowhere else."""
    return _told(deployment.unit, "unit", lambda told: told == condition.value)


def threshold(condition: ConditionCase, deployment: Deployment, _: Case) -> tuple[bool, str]:
    """At that threshold."""
    try:
        value = float(condition.value)
    except ValueError:
        return False, "it names no number"
    return _told(deployment.threshold, "threshold", lambda told: told == value)


def dual_review(condition: ConditionCase, deployment: Deployment, _: Case) -> tuple[bool, str]:
    """That class is read by two people."""
    return _told(deployment.dual_review, "dual_review", lambda told: condition.value in told)


def until(_: ConditionCase, due: date, __: str, case: Case) -> tuple[bool, str]:
    """The last day of use has not passed."""
    return (True, f"holds until {due}") if today(case) <= due else (False, f"it ended with {due}")


def further_requirement(condition: ConditionCase, due: date, _: str, case: Case) -> tuple[bool, str]:
    """Open until its day; afterwards a run must have met it."""
    if condition.value in case.requirements_met:
        return True, "met"
    if today(case) <= due:
        return True, f"open until {due}"
    return False, f"it was due on {due}, and no run of this model meets {shown(condition.value)}"


def action(condition: ConditionCase, due: date, decision: str, case: Case) -> tuple[bool, str]:
    """Open until its day; afterwards the status list must say that it was done."""
    found = case.status.found
    said = () if found is None else found.discharged.get((decision, condition.id), ())
    against = [text for author in said if (text := not_heard(author, case))]
    if len(against) < len(said):
        return True, "done"
    if today(case) <= due:
        return True, f"open until {due}"
    if against:
        return False, f"it was due on {due}, and who says that it was done does not count: {'; '.join(against)}"
    return False, f"it was due on {due}, and the status list does not say that it was done"


def not_heard(author: Author, case: Case) -> str:
    """Why somebody's word that a condition was fulfilled does not count; empty: it does."""
    told = author_against(author, highest_claim(case)) or ((text,) if (text := dependence(author, case.asked)) else ())
    return f"{signer(author)}, {'; '.join(told)}" if told else ""


def today(case: Case) -> date:
    """The day of the decision."""
    return case.asked.at.date()


def _told(value: object, name: str, holds: Callable[..., bool]) -> tuple[bool, str]:
    if value is None:
        return False, f"the deployment file does not say {name}"
    if holds(value):
        return True, HOLDS
    told = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return False, f"the deployment file says {name}: {shown(told) or 'nothing'}"


OF_USE: dict[str, Callable[[ConditionCase, Deployment, Case], tuple[bool, str]]] = {
    "claim": claim,
    "stream": stream,
    "maximum_volume": maximum_volume,
    "unit": unit,
    "threshold": threshold,
    "dual_review": dual_review,
}
"""Conditions that the deployment file answers."""
OF_DAYS: dict[str, Callable[[ConditionCase, date, str, Case], tuple[bool, str]]] = {
    "until": until,
    "further_requirement": further_requirement,
    "action": action,
}
"""Conditions with a day."""
