"""Goals above what people reach: never demonstrated where a policy says so, since labels by people cannot show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from evalharness.catalogue.oversight.raters import REACH
from evalharness.records import Estimate, Finding, Outcome, Policy, Question

_UNKNOWN = "what people who labelled reach themselves is not known, and the policy lets no goal be shown above it"


def within_reach(finding: Finding, question: Question, of_people: Mapping[str, Estimate], policy: Policy) -> Finding:
    """The finding, or one that is not demonstrated where it would be met and its goal lies above people's reach. It makes nothing met.

    of_people: estimates of everybody by metric.
    """
    people = policy.human_in_the_loop
    quality = None if people is None else people.label_quality
    if quality is None or not quality.caps or finding.outcome is not Outcome.MET or question.metric not in REACH:
        return finding
    if question.condition or question.between:
        return finding
    why = _beyond(question, of_people)
    return replace(finding, outcome=Outcome.NOT_DEMONSTRATED, reason=why) if why else finding


def _beyond(question: Question, of_people: Mapping[str, Estimate]) -> str:
    name, contrary = REACH[question.metric]
    estimate, more = of_people.get(name), question.comparison == "at_least"
    if estimate is None or estimate.value is None:
        return _UNKNOWN
    lower, upper = estimate.bounds
    best = upper if more != contrary else lower
    if best is None:
        return _UNKNOWN
    reached = 1 - best if contrary else best
    if reached >= question.bound if more else reached <= question.bound:
        return ""
    side = "most" if more else "least"
    return f"above human agreement: a person who labelled reaches {reached:.10g} at {side}, and the goal is {question.bound:.10g}"
