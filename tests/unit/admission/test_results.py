"""Signed test results."""

from __future__ import annotations

from typing import Any

import pytest
from gate_worlds import RESULT, RESULT_DIFFERS, RUN, WORLD, case_of

from evalharness.admission.results import RESULTS, result_reasons
from evalharness.records import Outcome


def told(**changes: Any) -> list[tuple[int, str]]:
    case = case_of({**WORLD, "runs": ({**RUN, "result": {**RESULT, **changes}},)})
    run = case.runs[0]
    assert run.lock is not None
    return [(r.code, r.text) for r in result_reasons(run, run.lock, case)]


def test_the_right_result_gives_no_reason() -> None:
    assert told() == []
    assert told(created=2) == []
    assert told(created=6) == []


def test_every_outcome_has_its_word() -> None:
    assert set(RESULTS) == {outcome.value for outcome in Outcome}


@pytest.mark.parametrize("part", sorted(RESULT_DIFFERS))
def test_a_result_that_says_something_else_than_the_evidence_is_thirteen(part: str) -> None:
    assert {code for code, _ in told(exact=part)} == {13}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"there": False}, "no signed test result"),
        ({"author": False}, "its key was revoked"),
        ({"dependent": "team"}, "belongs to the team"),
        ({"dependent": "supplier"}, "belongs to the supplier"),
        ({"created": 1}, "before the run"),
        ({"created": 7}, "later than the moment"),
        ({"marked": "revoked"}, "revoked"),
        ({"marked": "suspended"}, "suspended"),
    ],
)
def test_a_result_that_does_not_count_is_twelve(changes: dict[str, Any], words: str) -> None:
    ((code, text),) = told(**changes)
    assert code == 12
    assert words in text
