"""Locks of runs, and runs of locks."""

from __future__ import annotations

from typing import Any

import pytest
from gate_worlds import LOCK, LOCK_DIFFERS, RUN, WORLD, case_of

from evalharness.admission.locks import lock_reasons, locks_reasons


def of_run(**changes: Any) -> list[tuple[int, str]]:
    case = case_of({**WORLD, "runs": ({**RUN, "lock": {**LOCK, **changes}},)})
    run = case.runs[0]
    assert run.lock is not None
    return [(r.code, r.text) for r in lock_reasons(run, run.lock, case)]


def of_all(**changes: Any) -> list[tuple[int, str]]:
    return [(r.code, r.text) for r in locks_reasons(case_of({**WORLD, **changes}))]


def test_the_right_lock_gives_no_reason() -> None:
    assert of_run() == []
    assert of_all() == []


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"there": False}, 12, "is not in sign-off/locks"),
        ({"author": False}, 12, "its key was revoked"),
        ({"dependent": "team"}, 12, "belongs to the team"),
        ({"dependent": "supplier"}, 12, "belongs to the supplier"),
        ({"created": 3}, 12, "a lock comes first"),
        ({"order": False}, 12, "attempt 1 is missing"),
        ({"marked": "revoked"}, 12, "revoked"),
        ({"marked": "suspended"}, 12, "suspended"),
    ],
)
def test_a_lock_that_does_not_count_says_why(changes: dict[str, Any], code: int, words: str) -> None:
    ((got, text),) = of_run(**changes)
    assert got == code
    assert words in text


@pytest.mark.parametrize("part", sorted(LOCK_DIFFERS))
def test_a_lock_that_differs_from_its_run_is_thirteen(part: str) -> None:
    ((code, _),) = of_run(same=part)
    assert code == 13


def test_a_lock_at_the_very_second_of_the_run_comes_first() -> None:
    assert of_run(created=2) == []


def test_a_lock_file_that_cannot_be_read_is_thirteen() -> None:
    assert [code for code, _ in of_all(**{"bad lock file": True})] == [13]
    assert [code for code, _ in of_all(runs=({**RUN, "lock": {**LOCK, "whole": False}},))] == [13]


def test_a_lock_without_a_result_counts_as_failed() -> None:
    ((code, text),) = of_all(orphan="matching")
    assert code == 10
    assert "has no result" in text


def test_a_lock_for_another_policy_needs_no_result_here() -> None:
    assert of_all(orphan="other") == []


def test_a_locked_run_does_not_escape_by_another_text_of_the_card() -> None:
    assert [code for code, _ in of_all(runs=(RUN, {**RUN, "state": "other card", "verdict": "not_met", "evidence": "e2"}))] == [10]
    assert of_all(runs=(RUN, {**RUN, "state": "other card", "evidence": "e2"})) == []


def test_two_results_under_one_lock_are_thirteen() -> None:
    ((code, text),) = of_all(**{"one lock": True, "runs": (RUN, {**RUN, "evidence": "another"})})
    assert code == 13
    assert "under one lock" in text
