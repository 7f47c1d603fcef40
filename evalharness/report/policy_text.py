"""Texts of the embedded policy. The document was checked when it was judged; here a missing or odd part is simply not printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evalharness.evidence import Evidence
from evalharness.requirements.shape import USUAL_RISK_OWNER, USUAL_STATUS_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementText:
    """One line of the policy, as written."""

    id: str
    why: str
    for_each: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyText:
    """What the report quotes from the policy."""

    title: str
    claim: str
    """What the policy wants to be shown; the evidence may carry less."""
    benchmark: str
    population: str
    intended_use: str
    prohibited_uses: tuple[str, ...]
    warning: str
    """Why this is an example of a bad policy; empty otherwise."""
    requirements: tuple[RequirementText, ...]
    items_per_week: str
    minutes_per_review: str
    reviewer_sensitivity: str
    """The declared low end, as written; empty when none is declared."""
    sensitivity_source: str
    cost_units: tuple[str, ...]
    costs_stated_by: str
    exchange: str
    roles: tuple[tuple[str, str], ...]
    developers_may_sign: bool
    valid_for_days: str
    confidence: float | None
    """What the policy asks; an attempt is judged more strictly."""
    minimum_people: str
    several_roles: bool
    veto: tuple[str, ...]
    advice: tuple[str, ...]
    risk_owner: str
    status_at_most_days: str
    change_plan: tuple[tuple[str, str, str, str], ...]
    """What, within which limits, how tested again, why."""
    clusters: str


def policy_text(evidence: Evidence) -> PolicyText:
    """The texts of `evidence.policy.document`."""
    document = evidence.policy.document
    people = _mapping(document, "human_in_the_loop")
    costs = _mapping(document, "costs")
    elicited = _mapping(costs, "elicited")
    sign_off = _mapping(document, "sign_off")
    sensitivity = _mapping(people, "reviewer_sensitivity")
    return PolicyText(
        title=_text(document, "title") or evidence.policy.name,
        claim=_text(document, "claim"),
        benchmark=_text(document, "benchmark"),
        population=_text(document, "population"),
        intended_use=_text(document, "intended_use"),
        prohibited_uses=_texts(document.get("prohibited_uses")),
        warning=_text(document, "example_of_bad_policy"),
        requirements=_requirements(document.get("requirements")),
        items_per_week=_text(people, "items_per_week"),
        minutes_per_review=_text(people, "minutes_per_review"),
        reviewer_sensitivity=_text(sensitivity, "low"),
        sensitivity_source=_text(sensitivity, "source"),
        cost_units=tuple(name for name in costs if name not in ("elicited", "exchange")),
        costs_stated_by=_text(elicited, "stated_by"),
        exchange="; ".join(f"{k}: {_scalar(v)}" for k, v in sorted(_mapping(costs, "exchange").items())),
        roles=tuple((role, _scalar(number)) for role, number in _mapping(sign_off, "roles").items()),
        developers_may_sign=sign_off.get("developers_may_not_sign") is False,
        valid_for_days=_text(sign_off, "valid_for_days"),
        confidence=_number(document.get("confidence")),
        minimum_people=_text(sign_off, "minimum_people") or "one for each seat",
        several_roles=sign_off.get("one_person_several_roles") is True,
        veto=_texts(sign_off.get("veto")),
        advice=_texts(sign_off.get("advice")),
        risk_owner=_text(sign_off, "risk_owner") or (USUAL_RISK_OWNER if USUAL_RISK_OWNER in _mapping(sign_off, "roles") else ""),
        status_at_most_days=_text(sign_off, "status_at_most_days") or str(USUAL_STATUS_DAYS),
        change_plan=_changes(document.get("change_plan")),
        clusters="; ".join(f"{k}: {_scalar(v)}" for k, v in sorted(_mapping(document, "clusters").items())),
    )


def _requirements(value: Any) -> tuple[RequirementText, ...]:
    lines = [line for line in value if isinstance(line, Mapping)] if isinstance(value, list) else []
    return tuple(RequirementText(id=_text(x, "id"), why=_text(x, "why"), for_each=_for_each(x.get("for_each"))) for x in lines)


def _changes(value: Any) -> tuple[tuple[str, str, str, str], ...]:
    lines = [line for line in value if isinstance(line, Mapping)] if isinstance(value, list) else []
    return tuple((_changed(x), _limits(x.get("within")), _text(x, "retest"), _text(x, "why")) for x in lines)


def _changed(line: Mapping[str, Any]) -> str:
    return " ".join(part for part in (_text(line, "what"), _text(line, "name")) if part)


def _limits(value: Any) -> str:
    return " to ".join(_texts(value)) or "–"


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _for_each(value: Any) -> tuple[tuple[str, ...], ...]:
    items = value if isinstance(value, list) else []
    return tuple(_texts(item) if isinstance(item, list) else (_scalar(item),) for item in items)


def _mapping(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = document.get(name)
    return {str(k): v for k, v in value.items()} if isinstance(value, Mapping) else {}


def _text(document: Mapping[str, Any], name: str) -> str:
    return _scalar(document.get(name))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_scalar(item) for item in value) if isinstance(value, list) else ()


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 1000 else f"{value:,}"
    return str(value) if isinstance(value, str | float) else ""
