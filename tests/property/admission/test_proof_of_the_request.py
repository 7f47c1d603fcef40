"""For every request and every state of the evidence the gate answers what the specification says."""

from __future__ import annotations

import pytest
from gate_families import FAMILIES

REQUEST = FAMILIES["request"]
REQUEST_APPROVED = (24, 24, 0, 0, 0, 0, 0, 0, 0, 0)
"""Worlds that answer 0, by what was found: artefact as stated or not stated (2) x team named or not needed (3) x now or later (2)
x claims and registers that fit (2); none for a run that fails, is about something else or altered, or for no run."""


@pytest.mark.parametrize(("part", "approved"), list(zip(REQUEST.parts, REQUEST_APPROVED, strict=True)), ids=str)
def test_the_gate_answers_what_it_must_for_every_request(part: object, approved: int) -> None:
    assert REQUEST.check(part) == approved


EVIDENCE = FAMILIES["evidence"]
EVIDENCE_APPROVED = (16, 12, 6, 8)
"""Worlds that answer 0, by the claim that is asked for."""


@pytest.mark.parametrize(("part", "approved"), list(zip(EVIDENCE.parts, EVIDENCE_APPROVED, strict=True)), ids=str)
def test_the_gate_answers_what_it_must_for_every_evidence(part: object, approved: int) -> None:
    assert EVIDENCE.check(part) == approved
