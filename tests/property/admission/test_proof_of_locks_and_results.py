"""For every lock and every test result the gate answers what the specification says."""

from __future__ import annotations

import pytest
from gate_families import FAMILIES

LOCKED = FAMILIES["locked"]
LOCKED_APPROVED = (4,)
"""Worlds that answer 0: two days of the lock x two of the test result."""


@pytest.mark.parametrize(("part", "approved"), list(zip(LOCKED.parts, LOCKED_APPROVED, strict=True)), ids=str)
def test_the_gate_answers_what_it_must_for_every_lock_and_result(part: object, approved: int) -> None:
    assert LOCKED.check(part) == approved


MISFIT = FAMILIES["misfit"]
MISFIT_APPROVED = (1,)
"""Worlds that answer 0: the one in which nothing differs."""


@pytest.mark.parametrize(("part", "approved"), list(zip(MISFIT.parts, MISFIT_APPROVED, strict=True)), ids=str)
def test_a_lock_or_a_result_that_differs_anywhere_is_noticed(part: object, approved: int) -> None:
    assert MISFIT.check(part) == approved


TWO = FAMILIES["two"]
TWO_APPROVED = (265, 0, 265)
"""Worlds that answer 0, by locks without a result: none, one that matters, one that does not."""


@pytest.mark.parametrize(("part", "approved"), list(zip(TWO.parts, TWO_APPROVED, strict=True)), ids=str)
def test_the_worst_of_two_runs_stands(part: object, approved: int) -> None:
    assert TWO.check(part) == approved


ONE_LOCK = FAMILIES["one_lock"]
ONE_LOCK_APPROVED = (26,)
"""Worlds that answer 0: the second run is a copy of the first, or was made for practice."""


@pytest.mark.parametrize(("part", "approved"), list(zip(ONE_LOCK.parts, ONE_LOCK_APPROVED, strict=True)), ids=str)
def test_two_results_under_one_lock_are_never_approved(part: object, approved: int) -> None:
    assert ONE_LOCK.check(part) == approved
