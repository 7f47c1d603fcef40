"""`human_in_the_loop.review_study`: its shape, and what a claim asks of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml_text
from small_workspace import policy

from evalharness.errors import BadInput
from evalharness.records import Policy
from evalharness.records.oversight_reviews import ReviewStudy
from evalharness.requirements import read_policy

PEOPLE = {"minutes_per_review": 3, "items_per_week": 1_000, "reviewer_sensitivity": {"low": 0.7, "high": 1.0, "source": "declared"}}
DIGEST = "sha256:" + "a" * 64


def read(tmp_path: Path, study: dict[str, Any], **changes: Any) -> Policy:
    path = tmp_path / "small.yaml"
    path.write_text(yaml_text.dump(policy(human_in_the_loop={**PEOPLE, "review_study": study}, **changes)))
    return read_policy(path)


def study_of(found: Policy) -> ReviewStudy | None:
    return None if found.human_in_the_loop is None else found.human_in_the_loop.review_study


def test_a_study_is_read_and_says_least_where_it_says_nothing(tmp_path: Path):
    assert study_of(read(tmp_path, {})) == ReviewStudy(
        assigned="", these=False, by_chance=False, prevalence_within=None, slowest_seconds=1_800
    )
    whole = {"assigned": DIGEST, "reviewers": "these", "allocation": "random", "prevalence_within": [0.02, 0.1], "slowest_seconds": 600}
    expected = ReviewStudy(assigned=DIGEST, these=True, by_chance=True, prevalence_within=(0.02, 0.1), slowest_seconds=600)
    assert study_of(read(tmp_path, whole)) == expected


@pytest.mark.parametrize(
    "study",
    [
        {"assigned": "sha256:12"}, {"reviewers": "some"}, {"allocation": "by day"}, {"prevalence_within": [0.1]},
        {"prevalence_within": [0.2, 0.1]}, {"prevalence_within": [0.1, 0.1]}, {"prevalence_within": [0, 1.5]}, {"slowest_seconds": 0},
        {"override_at_least": 0.1},
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_its_place(tmp_path: Path, study: dict[str, Any]):
    with pytest.raises(BadInput) as caught:
        read(tmp_path, study)
    assert all("small.yaml:" in str(problem) for problem in caught.value.problems)


def test_above_a_rehearsal_the_list_of_what_was_assigned_is_fixed_beforehand(tmp_path: Path):
    with pytest.raises(BadInput, match="names what was assigned"):
        read(tmp_path, {}, claim="pilot")
    assert read(tmp_path, {"assigned": DIGEST}, claim="pilot").claim == "pilot"


@pytest.mark.parametrize("metric", ["override_rate", "agreement_with_model", "slow_readings", "read_model_recall"])
def test_a_flag_is_never_a_quota(tmp_path: Path, metric: str):
    asked = [{"id": "quota", "metric": metric, "at_least": 0.1, "why": "w"}]
    with pytest.raises(BadInput, match="only describes and cannot be required"):
        read(tmp_path, {}, requirements=asked)
