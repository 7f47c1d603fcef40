"""The option --attempt: one check for a plan and for a comparison."""

from __future__ import annotations

import pytest

from evalharness.errors import BadInput, Problems
from evalharness.records.attempt import MOST_ATTEMPTS
from evalharness.workflows.attempts import check_attempt


@pytest.mark.parametrize(("attempt", "models"), [(None, 1), (1, 1), (MOST_ATTEMPTS, 1), (MOST_ATTEMPTS - 4, 5), (None, 0)])
def test_attempts_that_can_be_counted(attempt: int | None, models: int):
    problems = Problems()
    check_attempt(attempt, problems, models=models)
    assert not problems


@pytest.mark.parametrize(("attempt", "models"), [(0, 1), (-1, 2), (MOST_ATTEMPTS + 1, 1), (MOST_ATTEMPTS - 3, 5)])
def test_others_are_refused_with_what_would_do(attempt: int, models: int):
    problems = Problems()
    check_attempt(attempt, problems, models=models)
    with pytest.raises(BadInput, match=f"from 1 to {MOST_ATTEMPTS - models + 1:,}"):
        problems.raise_if_any()
