"""A threshold that is to be certified: what a policy may say of it, all mistakes at once."""

from __future__ import annotations

from typing import Any

import pytest
from small_workspace import policy

from evalharness.errors import BadInput
from evalharness.records.oversight_certify import Certify, Target
from evalharness.requirements import policy_from_document
from evalharness.requirements.task_checks import NOT_CERTIFIED

DIGEST = "sha256:" + "0" * 64
FOUND, LOAD = {"metric": "recall", "at_least": 0.9}, {"metric": "review_rate", "at_most": 0.3}


def told(certify: Any, **changes: Any) -> str:
    """What is wrong with it, in one text."""
    with pytest.raises(BadInput) as caught:
        policy_from_document(policy(operating_point={"certify": certify}, **changes), DIGEST)
    return "\n".join(f"{problem.what} | {problem.got} | {problem.hint}" for problem in caught.value.problems)


def test_what_is_asked_is_as_written_and_a_sequence_of_200_unless_said() -> None:
    point = policy_from_document(policy(operating_point={"certify": {"targets": [FOUND, LOAD]}}), DIGEST).operating_point
    targets = (Target(metric="recall", at_least=True, bound=0.9), Target(metric="review_rate", at_least=False, bound=0.3))
    assert point.certify == Certify(targets=targets, prefer="fewest_reviews", steps=200, grid=None)
    assert (point.rule, point.threshold) == ("score >= threshold", None)
    grid = policy_from_document(policy(operating_point={"certify": {"targets": [LOAD], "prefer": "most_found", "grid": 20}}), DIGEST)
    assert grid.operating_point.certify == Certify(targets=targets[1:], prefer="most_found", steps=None, grid=20)


def test_the_same_target_may_be_asked_of_everybody_and_of_each_group() -> None:
    asked = {"targets": [FOUND, {"metric": "recall", "at_least": 0.8, "for_each": [["sex", "race"], "sex"]}]}
    certify = policy_from_document(policy(operating_point={"certify": asked}), DIGEST).operating_point.certify
    assert certify is not None
    assert certify.targets[1].for_each == (("race", "sex"), ("sex",))
    assert certify.attributes == ("race", "sex")
    cells = certify.for_groups({"sex": ("F", "M"), "race": ("X", "Y", "Z")}).targets
    assert len(cells) == 1 + 6 + 2
    assert cells[0].group == ()
    assert cells[1].group == (("race", "X"), ("sex", "F"))
    assert all(not cell.for_each for cell in cells)


@pytest.mark.parametrize(
    ("certify", "words"),
    [
        ({"targets": []}, "an empty list"),
        ({"targets": [{"metric": "recall", "at_most": 0.9}]}, "a target for recall is one at_least"),
        ({"targets": [{"metric": "recall", "at_least": 0.9, "at_most": 0.95}]}, "a target for recall is one at_least"),
        ({"targets": [{"metric": "recall"}]}, "a target for recall is one at_least | neither"),
        ({"targets": [FOUND, {"metric": "review_rate", "at_least": 0.1}]}, "a target for review_rate is one at_most"),
        ({"targets": [FOUND, {"metric": "recall", "at_least": 0.8}]}, "two targets for recall"),
        ({"targets": [{**FOUND, "for_each": ["sex"]}, {**FOUND, "for_each": [["sex", "race"], "sex"]}]}, "of the same groups (sex)"),
        ({"targets": [{**FOUND, "for_each": [["a", "b", "c"]]}]}, "deeper than the policy's intersections"),
        ({"targets": [{**FOUND, "for_each": []}]}, "an empty list"),
        ({"targets": [{**FOUND, "for_each": [["sex"]]}]}, "without the brackets"),
        ({"targets": [LOAD]}, "nothing holds the threshold back"),
        ({"targets": [FOUND], "prefer": "most_found"}, "nothing holds the threshold back"),
        ({"targets": [FOUND], "steps": 50, "grid": 20}, "steps and grid are two ways to search"),
        ({"targets": [{"metric": "accuracy", "at_least": 0.9}]}, "accuracy"),
        ({"targets": [{"metric": "precision", "at_least": 0.9}]}, "nothing holds the threshold back"),
        ({"targets": [FOUND, {"metric": "precision", "at_most": 0.9}]}, "a target for precision is one at_least"),
        ({"targets": [FOUND, {"metric": "elusion", "at_least": 0.1}]}, "a target for elusion is one at_most"),
        ({"targets": [{"metric": "recall", "at_least": 1.0}]}, "1.0"),
        ({"targets": [FOUND], "grid": 3}, "3"),
        ({"targets": [FOUND], "start": 0.5}, "start"),
    ],
)
def test_what_cannot_be_certified_is_refused(certify: dict[str, Any], words: str) -> None:
    assert words in told(certify)


def test_every_mistake_is_told_at_once() -> None:
    found = told(
        {"targets": [{"metric": "recall", "at_most": 0.9}], "steps": 20, "grid": 20},
        split="calibration",
        change_plan=[{"what": "threshold", "within": [0.3, 0.6], "retest": "again", "why": "w"}],
    )
    expected = ("a target for recall", "two ways to search", "the threshold is found on this split", "the policy fixes no threshold")
    for words in expected:
        assert words in found


@pytest.mark.parametrize("point", [{"threshold": 0.5, "certify": {"targets": [FOUND]}}, {"rule": "label", "certify": {"targets": [FOUND]}}])
def test_it_stands_in_place_of_a_threshold_and_not_beside_one(point: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="not one rule"):
        policy_from_document(policy(operating_point=point), DIGEST)


@pytest.mark.parametrize("task", ["ordinal", "ranking", "linkage", "risk"])
def test_other_tasks_have_none_and_the_reason_is_told(task: str) -> None:
    said = told({"targets": [FOUND]}, task=task)
    assert f"the task {task} has no certified threshold" in said
    assert NOT_CERTIFIED[task] in said


def test_bands_begin_at_the_threshold_that_is_found_and_at_no_score() -> None:
    last = {"name": "aside", "rest": True, "readers": 0, "opened_within_days": 30}
    people = {"minutes_per_review": 3, "items_per_week": 100, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}}
    bands = [{"name": "read", "from": "operating_point", "readers": 1}, last]
    point = {"certify": {"targets": [FOUND]}}
    assert policy_from_document(policy(operating_point=point, human_in_the_loop={**people, "bands": bands}), DIGEST)
    first = {"name": "first", "from": 0.9, "readers": 2}
    said = told(point["certify"], human_in_the_loop={**people, "bands": [first, *bands]})
    assert "not known beforehand" in said
    assert "write `from: operating_point`" in said
