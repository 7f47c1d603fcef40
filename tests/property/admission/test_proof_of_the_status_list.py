"""For every status list the gate answers what the specification says."""

from __future__ import annotations

import pytest
from gate_families import FAMILIES

TRUST = FAMILIES["trust"]
TRUST_APPROVED = (0, 348, 696, 696, 0)
"""Worlds that answer 0, by the day of issue: too old, and later than the decision, never."""


@pytest.mark.parametrize(("part", "approved"), list(zip(TRUST.parts, TRUST_APPROVED, strict=True)), ids=str)
def test_the_gate_answers_what_it_must_for_every_status_list(part: object, approved: int) -> None:
    assert TRUST.check(part) == approved


NO_LIST = FAMILIES["no_list"]
NO_LIST_APPROVED = (0,)
"""Worlds that answer 0: without a list nobody can tell what was revoked."""


@pytest.mark.parametrize(("part", "approved"), list(zip(NO_LIST.parts, NO_LIST_APPROVED, strict=True)), ids=str)
def test_the_gate_answers_what_it_must_without_a_status_list(part: object, approved: int) -> None:
    assert NO_LIST.check(part) == approved


MOMENTS = FAMILIES["moments"]
MOMENTS_APPROVED = (155,)
"""Worlds that answer 0."""


@pytest.mark.parametrize(("part", "approved"), list(zip(MOMENTS.parts, MOMENTS_APPROVED, strict=True)), ids=str)
def test_the_gate_answers_what_it_must_at_the_very_moment(part: object, approved: int) -> None:
    assert MOMENTS.check(part) == approved
