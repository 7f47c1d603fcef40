"""For every flaw of a vote the gate answers what the specification says."""

from __future__ import annotations

import pytest
from gate_families import FAMILIES

FLAWED = FAMILIES["flawed"]
FLAWED_APPROVED = (40, 125, 245, 330)
"""Worlds that answer 0, by what is explained: nothing, the departure, the absence, both."""


@pytest.mark.parametrize(("part", "approved"), list(zip(FLAWED.parts, FLAWED_APPROVED, strict=True)), ids=str)
def test_the_gate_answers_what_it_must_for_every_flaw(part: object, approved: int) -> None:
    assert FLAWED.check(part) == approved


OWNED = FAMILIES["owned"]
OWNED_APPROVED = (9908,)
"""Worlds that answer 0."""


@pytest.mark.parametrize(("part", "approved"), list(zip(OWNED.parts, OWNED_APPROVED, strict=True)), ids=str)
def test_somebody_with_the_right_role_accepts_the_risk(part: object, approved: int) -> None:
    assert OWNED.check(part) == approved
