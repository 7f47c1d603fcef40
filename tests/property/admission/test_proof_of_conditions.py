"""For every condition and every use the gate answers what the specification says."""

from __future__ import annotations

import pytest
from gate_families import FAMILIES

USED = FAMILIES["used"]
USED_APPROVED = (248, 0, 248, 0, 248, 0, 0, 0, 248, 0, 248, 0, 0, 0, 0, 0, 0, 0, 0)
"""Worlds that answer 0, by the condition with a day: as often as without one where it holds, else never."""


@pytest.mark.parametrize(("part", "approved"), list(zip(USED.parts, USED_APPROVED, strict=True)), ids=str)
def test_the_gate_answers_what_it_must_for_every_use(part: object, approved: int) -> None:
    assert USED.check(part) == approved


USED_WHOLE = FAMILIES["used_whole"]
USED_WHOLE_APPROVED = (1729, 1729)
"""Worlds that answer 0, by the claim that is asked for."""


@pytest.mark.parametrize(("part", "approved"), list(zip(USED_WHOLE.parts, USED_WHOLE_APPROVED, strict=True)), ids=str)
def test_the_gate_answers_what_it_must_for_every_set_of_conditions(part: object, approved: int) -> None:
    assert USED_WHOLE.check(part) == approved


RELIED = FAMILIES["relied"]
RELIED_APPROVED = (566,)
"""Worlds that answer 0."""


@pytest.mark.parametrize(("part", "approved"), list(zip(RELIED.parts, RELIED_APPROVED, strict=True)), ids=str)
def test_the_gate_answers_what_it_must_whoever_relied_on_a_condition(part: object, approved: int) -> None:
    assert RELIED.check(part) == approved
