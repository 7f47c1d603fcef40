"""Which fields a condition of each type has, and what may stand in them. Nothing else is a condition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from evalharness.files.names import NAME
from evalharness.records import Claim
from evalharness.signoff.predicates import Condition

FIELDS: dict[str, frozenset[str]] = {
    "claim": frozenset({"value"}),
    "stream": frozenset({"value"}),
    "maximum_volume": frozenset({"per_week"}),
    "unit": frozenset({"value"}),
    "threshold": frozenset({"value"}),
    "dual_review": frozenset({"value"}),
    "until": frozenset({"due"}),
    "further_requirement": frozenset({"value", "due"}),
    "action": frozenset({"value", "owner", "due"}),
}
"""Fields beside `id` and `type`: each is there, and no other."""
BY_DEPLOYMENT = frozenset({"claim", "stream", "maximum_volume", "unit", "threshold", "dual_review"})
"""Types that the gate holds against the deployment file."""
_THRESHOLD = re.compile(r"-?(0|[1-9][0-9]{0,19})(\.[0-9]{1,20})?")


def condition_problems(condition: Condition) -> tuple[str, ...]:
    """What is wrong with the form of a condition, in words; empty: nothing."""
    return tuple(_problems(condition))


def given_fields(condition: Condition) -> frozenset[str]:
    """Names of the fields that are filled."""
    filled = {"value": condition.value != "", "per_week": condition.per_week is not None}
    filled |= {"owner": condition.owner is not None, "due": condition.due is not None}
    return frozenset(name for name, there in filled.items() if there)


def _problems(condition: Condition) -> Iterator[str]:
    wanted, given = FIELDS[condition.type], given_fields(condition)
    for name in sorted(wanted - given):
        yield f"a condition of type {condition.type} needs {name}"
    for name in sorted(given - wanted):
        yield f"a condition of type {condition.type} has no {name}"
    if condition.due is not None and not _is_day(condition.due):
        yield "due is not a day of the calendar"
    if "value" in wanted & given:
        yield from _value_problems(condition)


def _value_problems(condition: Condition) -> Iterator[str]:
    value = condition.value
    if condition.type == "claim" and value not in tuple(Claim):
        yield f"a claim is one of {', '.join(Claim)}"
    if condition.type == "threshold" and not _is_threshold(value):
        yield "a threshold is a decimal number such as 0.5"
    if condition.type == "further_requirement" and requirement_of(condition) is None:
        yield "a further requirement is POLICY/REQUIREMENT-ID"


def requirement_of(condition: Condition) -> tuple[str, str] | None:
    """(policy, requirement id) of a further requirement; None when it is not one."""
    policy, slash, requirement = condition.value.partition("/")
    fits = slash and NAME.fullmatch(policy) and NAME.fullmatch(requirement)
    return (policy, requirement) if fits else None


def _is_threshold(text: str) -> bool:
    try:
        return _THRESHOLD.fullmatch(text) is not None and Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
