"""Evidence for one operating point never stands for another: not for sixty leads a day, not for another top band."""

from __future__ import annotations

from typing import Any

import pytest
from task_evidence import DIGEST, build, policy_of

from evalharness.admission.case import Point
from evalharness.admission.matching import Expected, differences
from evalharness.evidence import Evidence, evidence_bytes, read_evidence


def evidence_of(task: str) -> Evidence:
    return read_evidence(evidence_bytes(build(task)))


def told(evidence: Evidence, task: str, point: dict[str, Any]) -> tuple[str, ...]:
    policy = policy_of(task, operating_point=point)
    expected = Expected(
        model_digest=DIGEST, card_digest=DIGEST, policy=policy, benchmark=evidence.benchmark.name,
        benchmark_digest=evidence.benchmark.digest, manifest_digest=evidence.digests.get("manifest", ""), facts=evidence.benchmark.facts,
    )  # fmt: skip
    return differences(evidence, expected)


@pytest.mark.parametrize(
    ("task", "same", "other"),
    [
        ("ranking", {"budget_per_day": 50}, {"budget_per_day": 60}),
        ("risk", {"top_band": "high"}, {"top_band": "medium"}),
        ("binary", {"threshold": 0.5}, {"rule": "label"}),
    ],
)
def test_another_operating_point_is_another_thing(task: str, same: dict[str, Any], other: dict[str, Any]) -> None:
    evidence = evidence_of(task)
    assert "another operating point" not in told(evidence, task, same)
    assert "another operating point" in told(evidence, task, other)


def test_a_point_is_all_of_it() -> None:
    fifty, sixty = (Point.of(policy_of("ranking", operating_point={"budget_per_day": n})) for n in (50, 60))
    assert fifty == Point("budget", None, "synthetic", 50, None)
    assert fifty != sixty
    assert Point.of(policy_of("risk")) == Point("top_band", None, "synthetic", None, "high")
