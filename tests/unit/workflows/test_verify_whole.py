"""Evidence of today holds all that follows from its tallies: what is taken out is noticed, where older evidence may lack it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import evalharness
from small_workspace import SmallWorkspace, policy, table

from evalharness.catalogue import came_later, task_metrics
from evalharness.evidence import evidence_as_written, evidence_bytes
from evalharness.workflows.verify import _measured_again

COSTS = {"late": {"true_relevant": {"set_aside": 4}}, "elicited": {"stated_by": "somebody", "on": "2026-11-01"}}
COST = {"id": "cost", "metric": "expected_cost", "unit": "late", "at_most": 0.5, "why": "w"}


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    space = SmallWorkspace(tmp_path_factory.mktemp("whole"), rows=table(1_500)).write()
    space.write_policy(policy(costs=COSTS, requirements=[COST]))
    out: Path = space.root / "run"
    arguments = ("--policy", "small", "--model", f"predictions:{space.predictions}", "--workspace", space.root)
    assert evalharness("evaluate", *arguments, "--at", "2026-12-01T00:00:00Z", "--out", out).code == 0
    return json.loads((out / "evidence.json").read_text())


def problems(document: dict[str, Any]) -> list[str]:
    return list(_measured_again(evidence_as_written(evidence_bytes(document))))


@pytest.mark.parametrize("part", ["group_context", "cost_ranges"])
def test_what_was_taken_out_is_noticed_in_evidence_of_today_alone(evidence: dict[str, Any], part: str) -> None:
    assert problems(evidence) == []
    without = {name: value for name, value in evidence.items() if name != part}
    assert [text.partition(":")[0] for text in problems(without)] == [part]
    assert problems({**without, "created": "2026-11-20T00:00:00Z"}) == []


def test_a_later_metric_cannot_be_taken_out_of_evidence_of_today(evidence: dict[str, Any]) -> None:
    kept = [e for e in evidence["estimates"] if not came_later(task_metrics("binary"), e["metric"])]
    assert len(kept) < len(evidence["estimates"])
    assert any("are recorded and the tallies give" in text for text in problems({**evidence, "estimates": kept}))
    assert problems({**evidence, "estimates": kept, "created": "2026-11-20T00:00:00Z"}) == []


def test_todays_evidence_is_bounded_by_todays_rules(evidence: dict[str, Any]) -> None:
    downgraded = json.loads(json.dumps(evidence))
    for estimate in downgraded["estimates"]:
        estimate["method"] = estimate["method"].replace("mover-and-limits(", "mover(").replace(", enough of every true class", "")
    assert any("bounded by a rule that was given up" in text for text in problems(downgraded))
