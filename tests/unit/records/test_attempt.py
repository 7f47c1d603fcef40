"""The level of an attempt: stricter each time, and all attempts together keep to one budget of error."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.records.attempt import MOST_ATTEMPTS, attempt_level

CONFIDENCES = st.floats(0.5, 0.9999)


def test_the_first_attempt_already_pays_for_the_ones_to_come() -> None:
    assert [attempt_level(0.95, k) for k in (1, 2, 10)] == [0.969603645, 0.9924009113, 0.9996960365]


@given(CONFIDENCES)
def test_all_attempts_together_keep_to_the_budget(confidence: float) -> None:
    spent = math.fsum(1 - attempt_level(confidence, k) for k in range(1, MOST_ATTEMPTS + 1))
    assert spent <= (1 - confidence) * (1 + 1e-12)


@given(CONFIDENCES, st.integers(1, MOST_ATTEMPTS - 1))
def test_a_further_attempt_is_never_judged_more_mildly(confidence: float, attempt: int) -> None:
    assert confidence < attempt_level(confidence, attempt) <= attempt_level(confidence, attempt + 1) <= 1


@pytest.mark.parametrize("attempt", [0, -1, MOST_ATTEMPTS + 1])
def test_there_are_attempts_from_one_to_a_thousand(attempt: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 1000"):
        attempt_level(0.95, attempt)
