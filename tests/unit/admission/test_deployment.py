"""The deployment file."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.admission.case import Deployment
from evalharness.admission.deployment import deployment_json_schema, read_deployment
from evalharness.errors import BadInput
from evalharness.records import Claim


def read(tmp_path: Path, text: str) -> Deployment:
    path = tmp_path / "deployment.yaml"
    path.write_text(text)
    return read_deployment(path)


def test_everything_that_it_may_say(tmp_path: Path) -> None:
    text = (
        "schema: evalharness/deployment/v1\nclaim: local\nstream: referrals\nvolume_per_week: 500\n"
        "unit: north\nthreshold: 0.5\nbudget_per_day: 50\ntop_band: high\ndual_review: [a, b]\n"
    )
    assert read(tmp_path, text) == Deployment(
        claim=Claim.LOCAL,
        stream="referrals",
        volume_per_week=500,
        unit="north",
        threshold=0.5,
        budget_per_day=50,
        top_band="high",
        dual_review=("a", "b"),
    )


def test_every_key_may_be_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, "unit: north\n") == Deployment(unit="north")


def test_one_class_need_not_be_a_list(tmp_path: Path) -> None:
    assert read(tmp_path, "dual_review: a\n").dual_review == ("a",)
    assert read(tmp_path, "dual_review: 1\n").dual_review == ("1",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]\n",
        "units: north\n",
        "claim: all\n",
        "volume_per_week: -1\n",
        "volume_per_week: many\n",
        "threshold: .nan\n",
        "dual_review: []\n",
        "unit: 7.5\n",
        "unit: a\nunit: b\n",
        "schema: evalharness/deployment/v2\nunit: a\n",
    ],
)
def test_anything_else_is_bad_input(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        read_deployment(tmp_path / "none.yaml")


def test_its_schema_knows_every_key() -> None:
    assert set(deployment_json_schema()["properties"]) == {
        "schema", "claim", "stream", "volume_per_week", "unit", "threshold", "budget_per_day", "top_band", "dual_review",
    }  # fmt: skip
