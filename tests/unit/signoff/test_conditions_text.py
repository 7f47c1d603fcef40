"""Conditions: every form that the command line takes, its words, and what is refused."""

from __future__ import annotations

import pytest

from evalharness.errors import BadInput
from evalharness.signoff.conditions import condition_problems, requirement_of
from evalharness.signoff.conditions_text import condition_check, condition_words, parse_conditions
from evalharness.signoff.predicates import CONDITION_FIELDS, Condition

DIGEST = "sha256:" + "a" * 64


def digest_of(policy: str, requirement: str) -> str:
    return DIGEST if (policy, requirement) == ("small", "recall") else ""


FORMS = {
    "claim=rehearsal": ("claim-1", "Only for a rehearsal, and nothing more."),
    "stream=synthetic": ("stream-1", "Only for items of the stream “synthetic”."),
    "maximum_volume=50,000": ("maximum-volume-1", "At most 50,000 items a week."),
    "unit=north": ("unit-1", "Only in the unit “north”."),
    "threshold=0.50": ("threshold-1", "Only at the threshold 0.5."),
    "dual_review=relevant": ("dual-review-1", "Every item of the class “relevant” is read by two people."),
    "until=2027-01-31": ("until-1", "No use after 2027-01-31."),
    "further_requirement=small/recall@2027-01-31": (
        "further-requirement-1",
        "By 2027-01-31 this exact model must have met “recall” of the policy “small”.",
    ),
    "action=Measure a@b reviewers@2027-01-31@ben": ("action-1", "ben does this by 2027-01-31: Measure a@b reviewers"),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_read_and_said_in_one_sentence(form: str) -> None:
    (condition,) = parse_conditions([form], digest_of=digest_of)
    assert (condition.id, condition_words(condition)) == FORMS[form]
    assert condition_check(condition).endswith(".")
    assert condition_problems(condition) == ()


def test_every_type_of_condition_has_a_form() -> None:
    assert {c.type for c in parse_conditions(list(FORMS), digest_of=digest_of)} == set(CONDITION_FIELDS)


def test_ids_are_the_type_and_a_number_in_the_order_given() -> None:
    found = parse_conditions(["unit=north", "action=a b@2027-01-01@ben", "unit=south", "action=c d@2027-01-01@ben"])
    assert [c.id for c in found] == ["unit-1", "action-1", "unit-2", "action-2"]


@pytest.mark.parametrize(
    "form",
    [
        "", "unit", "unit=", "=north", "speed=3", "claim=everything", "maximum_volume=many", "maximum_volume=-1", "maximum_volume=1.5",
        "threshold=half", "threshold=nan", "until=2027-02-30", "until=tomorrow", "further_requirement=recall@2027-01-31",
        "further_requirement=small/recall", "further_requirement=small/unknown@2027-01-31",
        "further_requirement=small/recall@sha256:12@2027-01-31", "action=do it", "action=do it@2027-01-31", "action=do it@2027-01-31@Ben B",
        "action=@2027-01-31@ben",
        "unit=\u202enorth",
    ],
)  # fmt: skip
def test_what_is_not_of_a_form_is_refused_with_the_forms(form: str) -> None:
    with pytest.raises(BadInput, match="not a condition") as caught:
        parse_conditions([form], digest_of=digest_of)
    assert "maximum_volume=" in caught.value.problems[0].expected


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        parse_conditions(["speed=3", "until=tomorrow", "unit=north", "unit=north"])
    assert len(caught.value.problems) == 3
    assert "given twice" in str(caught.value)


@pytest.mark.parametrize(
    ("type_", "value"),
    [("claim", "use"), ("threshold", "1e-3"), ("threshold", "0.50"), ("further_requirement", "a/b/c"), ("further_requirement", "a/b")],
)
def test_a_condition_written_by_another_program_is_checked_too(type_: str, value: str) -> None:
    due = "2027-01-31" if type_ == "further_requirement" else None
    condition = Condition.model_validate({"id": "x", "type": type_, "value": value, "due": due})
    assert condition_problems(condition)
    assert condition_words(condition)


def test_a_requirement_is_a_policy_an_id_and_the_digest_of_the_policy_s_text() -> None:
    (typed,) = parse_conditions(["further_requirement=small/recall@2027-01-31"], digest_of=digest_of)
    assert requirement_of(typed.value) == ("small", "recall", DIGEST)
    (whole,) = parse_conditions([f"further_requirement=small/recall@{DIGEST}@2027-01-31"])
    assert whole == typed
