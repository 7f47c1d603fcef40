"""For every order in which people change their minds the gate answers what the specification says."""

from __future__ import annotations

import pytest
from gate_families import FAMILIES

CHANGED = FAMILIES["changed"]
CHANGED_APPROVED = (1211, 1086)
"""Worlds that answer 0, by roles with a veto: none, both."""


@pytest.mark.parametrize(("part", "approved"), list(zip(CHANGED.parts, CHANGED_APPROVED, strict=True)), ids=str)
def test_the_gate_answers_what_it_must_for_every_change_of_mind(part: object, approved: int) -> None:
    assert CHANGED.check(part) == approved


ATTEMPTED = FAMILIES["attempted"]
ATTEMPTED_APPROVED = (837,)
"""Worlds that answer 0."""


@pytest.mark.parametrize(("part", "approved"), list(zip(ATTEMPTED.parts, ATTEMPTED_APPROVED, strict=True)), ids=str)
def test_of_several_attempts_the_newest_is_what_must_be_approved(part: object, approved: int) -> None:
    assert ATTEMPTED.check(part) == approved
