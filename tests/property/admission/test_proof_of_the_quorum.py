"""For every set of votes, one person one seat or not, the gate answers what the specification says."""

from __future__ import annotations

import pytest
from gate_families import FAMILIES

SEATED = FAMILIES["seated"]
SEATED_APPROVED = (1730, 983, 247, 247, 265, 265, 247, 247, 152, 0, 0, 0, 0, 384, 0)
"""Worlds that answer 0, by policy: none for one that asks for nobody, or for more people than it lets sign."""


@pytest.mark.parametrize(("part", "approved"), list(zip(SEATED.parts, SEATED_APPROVED, strict=True)), ids=str)
def test_the_gate_answers_what_it_must_for_every_set_of_votes(part: object, approved: int) -> None:
    assert SEATED.check(part) == approved


MADE_BY = FAMILIES["made_by"]
MADE_BY_APPROVED = (69,)
"""Worlds that answer 0: somebody who neither locked nor tested approves, and nobody who signs depends on the model."""


@pytest.mark.parametrize(("part", "approved"), list(zip(MADE_BY.parts, MADE_BY_APPROVED, strict=True)), ids=str)
def test_the_gate_answers_what_it_must_whoever_locked_and_tested(part: object, approved: int) -> None:
    assert MADE_BY.check(part) == approved
