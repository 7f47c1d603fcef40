"""What a policy asks of copies of items: read, checked, and held against the kinds of copies that the benchmark has."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from policy_document import POLICY_DIGEST, POLICY_DOCUMENT

from evalharness.errors import BadInput
from evalharness.records import BenchmarkInfo, CopyKind
from evalharness.requirements import check_fit, expand, policy_from_document, policy_json_schema

KINDS = (CopyKind(name="marker", of=("sex",), changed="only the marker changed"), CopyKind(name="noise", changed="some numbers moved"))
POINTS = {"binary": {"threshold": 0.5}, "ordinal": {"rule": "label"}, "linkage": {"threshold": 0.5}}
FLIPS = {"id": "flips", "metric": "flip_rate", "at_most": 0.02}


def _policy(*requirements: dict[str, Any], task: str = "binary") -> Any:
    document = {**POLICY_DOCUMENT, "task": task, "operating_point": POINTS[task], "requirements": list(requirements)}
    if task != "binary":
        document = {key: value for key, value in document.items() if key not in {"costs", "human_in_the_loop"}}
    return policy_from_document(document, POLICY_DIGEST)


def _fit(policy: Any, copies: tuple[CopyKind, ...] = KINDS, levels: tuple[str, ...] = ()) -> None:
    check_fit(
        policy,
        BenchmarkInfo(
            name="some-items", version=1, task=policy.task, digest="sha256:" + "a" * 64, rows=10, synthetic=True, seed=1, id_column="id",
            label_column="label", features=(), attributes=("sex",), clustered=False, positive="1", negative="0", sampling="", levels=levels,
            copies=copies,
        ),
    )  # fmt: skip


def _told(*requirements: dict[str, Any], task: str = "binary") -> str:
    with pytest.raises(BadInput) as caught:
        _policy(*requirements, task=task)
    return "\n".join(map(str, caught.value.problems))


def test_the_condition_of_a_question_names_the_kind_of_copy() -> None:
    recall = {"id": "recall", "metric": "recall", "at_least": 0.5, "under": "noise"}
    policy = _policy({**FLIPS, "under": "marker", "for_each": ["sex"]}, recall)
    _fit(policy)
    questions, _ = expand(policy, {"sex": ("F", "M")}, date(2026, 1, 1))
    assert [(q.metric, q.group, q.condition) for q in questions] == [
        ("flip_rate", (("sex", "F"),), "under marker"),
        ("flip_rate", (("sex", "M"),), "under marker"),
        ("recall", (), "under noise"),
    ]
    _fit(_policy({"id": "lower", "metric": "graded_lower_rate", "at_most": 0.1, "under": "noise"}, task="ordinal"), levels=("c", "b", "a"))


@pytest.mark.parametrize(
    ("requirement", "task", "expected"),
    [
        (FLIPS, "binary", ["requirement flips: flip_rate needs under", "such as marker or noise"]),
        ({**FLIPS, "under": "noise", "at_most": 1.5}, "binary", ["the bound is out of range"]),
        ({"id": "x", "metric": "flip_rate", "at_least": 0.1, "under": "noise"}, "binary", ["makes no sense for flip_rate", "use at_most"]),
        (
            {"id": "x", "metric": "flip_rate", "max_difference": 0.1, "between": "sex", "under": "noise"}, "binary",
            ["flip_rate has no gaps between groups"],
        ),
        ({**FLIPS, "under": "noise"}, "linkage", ["the task linkage has no such metric", "under does not go with the task linkage"]),
        ({"id": "x", "metric": "newly_missed_rate", "at_most": 0.1, "under": "a"}, "ordinal", ["the task ordinal has no such metric"]),
        ({**FLIPS, "under": "No Name"}, "binary", ["under"]),
        ({**FLIPS, "metric": "flip_rat", "under": "noise"}, "binary", ["no such metric", "did you mean 'flip_rate'?"]),
        ({"id": "x", "metric": "recall", "relative_to": "baselne", "margin": 0.02}, "binary", ["incumbent", "did you mean 'baseline'?"]),
        ({"id": "x", "metric": "recall", "relative_to": "nobody", "margin": 0.02}, "binary", ["expected: incumbent, baseline or human"]),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told(requirement: dict[str, Any], task: str, expected: list[str]) -> None:
    text = _told(requirement, task=task)
    for part in expected:
        assert part in text, text


def test_a_kind_that_the_benchmark_never_has_is_refused_with_a_suggestion() -> None:
    for copies, expected in ((KINDS, ["did you mean 'noise'?", "one of marker, noise"]), ((), ["this one has none"])):
        with pytest.raises(BadInput) as caught:
            _fit(_policy({**FLIPS, "under": "noize"}), copies)
        text = "\n".join(map(str, caught.value.problems))
        assert "requirements[0].under" in text
        assert all(part in text for part in expected), text


def test_a_limit_on_refusals_among_copies_is_none_on_refusals_among_items() -> None:
    precision = {"id": "precision", "metric": "precision", "at_least": 0.5}
    limit = {"id": "refused", "metric": "no_answer_rate", "at_most": 0.1}
    assert "only beside an upper bound on no_answer_rate" in _told(precision, {**limit, "under": "noise"})
    _policy(precision, limit)


def test_the_schema_for_editors_knows_the_key_and_the_metrics() -> None:
    shape = policy_json_schema()["$defs"]["RequirementShape"]["properties"]
    assert "under" in shape
    assert {"flip_rate", "newly_missed_rate", "graded_lower_rate"} <= set(shape["metric"]["enum"])
