"""The block `planning` of a policy: strict, all problems at once, and nothing that judging sees."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_workspace import SmallWorkspace, policy

from evalharness.errors import BadInput
from evalharness.records import Planning
from evalharness.requirements import read_policy
from evalharness.requirements.shape import PlanningShape


def _read(tmp_path, **changes):
    workspace = SmallWorkspace(tmp_path, document=policy(**changes))
    workspace.policy_file.parent.mkdir(parents=True)
    workspace.write_policy(workspace.document)
    return read_policy(workspace.policy_file)


def test_a_policy_without_the_block_plans_nothing(tmp_path):
    assert _read(tmp_path).planning is None


def test_what_is_stated_is_read_in_the_order_of_ids(tmp_path):
    stated = {
        "expected": {"recall": 0.97, "everyone": 0.95},
        "minutes_per_label": 1.5,
        "labels_per_item": 3,
        "prevalence": 0.02,
        "selected": 0.2,
    }
    assert _read(tmp_path, planning=stated).planning == Planning(
        expected=(("everyone", 0.95), ("recall", 0.97)), minutes_per_label=1.5, labels_per_item=3, prevalence=0.02, selected=0.2
    )


def test_every_mistake_is_told_at_once_and_at_its_place(tmp_path):
    stated = {"expected": {"recal": 0.97, "everyone": 1.5}, "minutes_per_label": 0, "raters": 2, "prevalence": 1}
    with pytest.raises(BadInput) as caught:
        _read(tmp_path, planning=stated)
    text = str(caught.value)
    for part in ("no such requirement", "did you mean", "can never have this value", "minutes_per_label", "raters", "prevalence"):
        assert part in text
    assert "small.yaml:" in text


def test_shares_of_two_classes_do_not_go_with_grades(tmp_path):
    with pytest.raises(BadInput) as caught:
        _read(
            tmp_path,
            task="ordinal",
            operating_point={"rule": "label"},
            requirements=[{"id": "agree", "metric": "exact_agreement", "at_least": 0.5}],
            planning={"prevalence": 0.1, "selected": 0.2},
        )
    assert "prevalence does not go with the task ordinal" in str(caught.value)
    assert "selected does not go with the task ordinal" in str(caught.value)


def test_the_block_in_the_documentation_is_one_that_can_be_written(tmp_path):
    page = (Path(__file__).resolve().parents[3] / "docs" / "plan.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(planning:.*?)```", page, re.DOTALL)
    assert block is not None
    requirements = [
        {"id": "recall", "metric": "recall", "at_least": 0.9},
        {"id": "recall-gap", "metric": "recall", "max_difference": 0.1, "between": "sex"},
    ]
    workspace = SmallWorkspace(tmp_path, document=policy(requirements=requirements))
    workspace.policy_file.parent.mkdir(parents=True)
    workspace.write_policy(workspace.document)
    workspace.policy_file.write_text(workspace.policy_file.read_text() + "\n" + block[1])
    stated = read_policy(workspace.policy_file).planning
    assert stated is not None
    assert set(stated.__slots__) == set(PlanningShape.model_fields)
    assert all(getattr(stated, name) != getattr(Planning(), name) for name in stated.__slots__)
