"""A policy and the benchmark it is judged on must be of one task, with the levels that the policy speaks of."""

from __future__ import annotations

from typing import Any

import pytest
from policy_document import POLICY_DIGEST, POLICY_DOCUMENT

from evalharness.errors import BadInput
from evalharness.records import BenchmarkInfo
from evalharness.requirements import check_fit, policy_from_document

LABEL, BUDGET, HIGH, LOW = {"rule": "label"}, {"budget_per_day": 5}, {"top_band": "high"}, {"top_band": "low"}
UNDER = {"id": "u", "metric": "under_grading_2", "at_most": 0.1}


def fit(task: str, point: dict[str, Any], asked: dict[str, Any] | None, items: str, levels: tuple[str, ...] = ()) -> None:
    benchmark = BenchmarkInfo(
        name="some-items", version=1, task=items, digest="sha256:" + "a" * 64, rows=10, synthetic=True, seed=1, id_column="id",
        label_column="label", features=(), attributes=(), clustered=False, positive="1", negative="0", sampling="", levels=levels,
    )  # fmt: skip
    requirements = [asked or {"id": "no-answer", "metric": "no_answer_rate", "at_most": 0.1}]
    document = {**POLICY_DOCUMENT, "task": task, "operating_point": point, "requirements": requirements}
    check_fit(policy_from_document(document, POLICY_DIGEST), benchmark)


def test_what_fits_is_let_through() -> None:
    fit("binary", {"threshold": 0.5}, None, "binary")
    fit("ordinal", LABEL, UNDER, "ordinal", ("c", "b", "a"))
    fit("risk", HIGH, None, "risk", ("low", "medium", "high"))
    fit("ranking", BUDGET, None, "ranking")
    fit("linkage", LABEL, None, "linkage")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("ranking", BUDGET, None, "binary"), ["are for different tasks", "got: ranking and binary"]),
        (
            ("risk", {"top_band": "hihg"}, None, "risk", ("low", "high")),
            ["has no such level", "did you mean 'high'?", "operating_point.top"],
        ),
        (("risk", LOW, None, "risk", ("low", "high")), ["would be acted on later", "its highest level: high"]),
        (("risk", HIGH, None, "risk"), ["has no such level", "this one declares none"]),
        (
            ("ordinal", LABEL, UNDER, "ordinal", ("low", "high")),
            ["requirement u: the benchmark has too few levels", "requirements[0].metric", "got: under_grading_2, levels low, high"],
        ),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_runs(asked: Any, expected: list[str]) -> None:
    with pytest.raises(BadInput) as caught:
        fit(*asked)
    text = "\n".join(map(str, caught.value.problems))
    for part in expected:
        assert part in text, text
