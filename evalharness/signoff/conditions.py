"""What may stand in the fields of a condition. Which fields each type has, `predicates.CONDITION_FIELDS` says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evalharness.files.names import NAME
from evalharness.records import Claim
from evalharness.signoff.predicates import DECIMAL, Condition

BY_DEPLOYMENT = frozenset({"claim", "stream", "maximum_volume", "unit", "threshold", "dual_review"})
"""Types that the gate holds against the deployment file."""
_THRESHOLD = re.compile(DECIMAL)


def condition_problems(condition: Condition) -> tuple[str, ...]:
    """What is wrong with the value of a condition, in words; empty: nothing."""
    return tuple(_value_problems(condition))


def _value_problems(condition: Condition) -> Iterator[str]:
    value = condition.value
    if condition.type == "claim" and value not in tuple(Claim):
        yield f"a claim is one of {', '.join(Claim)}"
    if condition.type == "threshold" and not _THRESHOLD.fullmatch(value):
        yield "a threshold is a decimal number such as 0.5"
    if condition.type == "further_requirement" and requirement_of(condition) is None:
        yield "a further requirement is POLICY/REQUIREMENT-ID"


def requirement_of(condition: Condition) -> tuple[str, str] | None:
    """(policy, requirement id) of a further requirement; None when it is not one."""
    policy, slash, requirement = condition.value.partition("/")
    fits = slash and NAME.fullmatch(policy) and NAME.fullmatch(requirement)
    return (policy, requirement) if fits else None
