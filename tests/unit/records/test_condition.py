"""The text of a condition is canonical: it is the key by which an estimate answers a question."""

from __future__ import annotations

import pytest

from evalharness.records import AS_IT_STANDS, Condition, Question
from evalharness.records.condition import condition_of


def test_each_condition_has_one_text_and_the_run_as_it_stands_has_none() -> None:
    assert AS_IT_STANDS.text == ""
    assert Condition(prevalence=0.01).text == "at prevalence 0.01"
    assert Condition(budget_per_day=10).text == "at budget 10"
    assert Condition(under="token-noise").text == "under token-noise"
    assert Condition(relative_to="incumbent").text == "relative to incumbent"


def test_a_question_carries_the_text_of_its_condition() -> None:
    plain = Question(requirement="r", metric="recall", comparison="at_least", bound=0.9)
    assert plain.condition == ""
    asked = Question(requirement="r", metric="recall", comparison="at_least", bound=0.9, on=Condition(under="token-noise"))
    assert asked.condition == "under token-noise"
    assert asked != plain


@pytest.mark.parametrize(
    "condition",
    [
        Condition(prevalence=0.01),
        Condition(prevalence=1e-05),
        Condition(budget_per_day=10),
        Condition(under="x"),
        Condition(relative_to="y"),
    ],
)
def test_a_condition_is_read_back_from_its_text(condition: Condition) -> None:
    assert condition_of(condition.text) == condition


@pytest.mark.parametrize("text", ["at prevalence abc", "at budget x", "at budget " + "9" * 5000, "rain"])
def test_what_is_no_condition_is_only_a_name(text: str) -> None:
    assert condition_of(text) == Condition(under=text)
