"""What may stand in the fields of a condition. Which fields each type has, `predicates.CONDITION_FIELDS` says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from evalharness.digests import DIGEST_PATTERN
from evalharness.files.names import NAME
from evalharness.records import Claim
from evalharness.signoff.predicates import DECIMAL, Condition

BY_DEPLOYMENT = frozenset({"claim", "stream", "maximum_volume", "unit", "threshold", "dual_review"})
"""Types that the gate holds against the deployment file."""
_THRESHOLD = re.compile(DECIMAL)
_REQUIREMENT = re.compile(rf"(?P<policy>{NAME.pattern})/(?P<id>{NAME.pattern})(?:@(?P<digest>{DIGEST_PATTERN.pattern}))?")


class Requirement(NamedTuple):
    """A requirement of a policy, to be met later."""

    policy: str
    id: str
    digest: str
    """Of the policy's text; empty: as somebody types it, before `sign` fills it in."""

    @property
    def value(self) -> str:
        """As a condition carries it."""
        return f"{self.policy}/{self.id}@{self.digest}"


def condition_problems(condition: Condition) -> tuple[str, ...]:
    """What is wrong with the value of a condition, in words; empty: nothing."""
    return tuple(_value_problems(condition))


def _value_problems(condition: Condition) -> Iterator[str]:
    value = condition.value
    if condition.type == "claim" and value not in tuple(Claim):
        yield f"a claim is one of {', '.join(Claim)}"
    if condition.type == "threshold" and not _THRESHOLD.fullmatch(value):
        yield "a threshold is a decimal number such as 0.5"
    if condition.type == "further_requirement" and not _is_exact(value):
        yield "a further requirement is POLICY/REQUIREMENT-ID@sha256:…, with the digest of the policy's text"


def requirement_of(value: str) -> Requirement | None:
    """The further requirement that a value stands for; None when it is none. People type it without the digest."""
    match = _REQUIREMENT.fullmatch(value)
    return None if match is None else Requirement(match["policy"], match["id"], match["digest"] or "")


def _is_exact(value: str) -> bool:
    asked = requirement_of(value)
    return asked is not None and bool(asked.digest)
