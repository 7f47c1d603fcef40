"""For every order of days, and for all advice, the gate answers what the specification says."""

from __future__ import annotations

import pytest
from gate_families import FAMILIES

DATED = FAMILIES["dated"]
DATED_APPROVED = (54, 192, 198)
"""Worlds that answer 0, by the day for which is asked."""


@pytest.mark.parametrize(("part", "approved"), list(zip(DATED.parts, DATED_APPROVED, strict=True)), ids=str)
def test_the_gate_answers_what_it_must_for_every_order_of_days(part: object, approved: int) -> None:
    assert DATED.check(part) == approved


ADVISED = FAMILIES["advised"]
ADVISED_APPROVED = (23100,)
"""Worlds that answer 0."""


@pytest.mark.parametrize(("part", "approved"), list(zip(ADVISED.parts, ADVISED_APPROVED, strict=True)), ids=str)
def test_the_gate_answers_what_it_must_for_all_advice(part: object, approved: int) -> None:
    assert ADVISED.check(part) == approved
