"""Evidence of a version that had fewer metrics follows from its tallies; evidence from which something was taken does not."""

from __future__ import annotations

from typing import Any

import pytest
from task_evidence import LEVELS, build

from evalharness.catalogue import came_later, denominators_that_came_later, task_metrics
from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.workflows.verify import _measured_again


def older(task: str) -> dict[str, Any]:
    """The document as it would have been written before the later metrics existed."""
    document, of = build(task), task_metrics(task, LEVELS.get(task, ()))
    document["estimates"] = [e for e in document["estimates"] if not came_later(of, e["metric"])]
    for row in document["tallies"]["moments"]:
        row["clusters"] = {name: n for name, n in row["clusters"].items() if name not in denominators_that_came_later(of)}
    return document


def problems(document: dict[str, Any]) -> list[str]:
    return list(_measured_again(read_evidence(evidence_bytes(document))))


@pytest.mark.parametrize("task", ["binary", "risk", "ordinal"])
def test_later_metrics_are_not_missed_in_what_is_older(task: str):
    document = older(task)
    assert len(document["estimates"]) < len(build(task)["estimates"])
    assert problems(document) == problems(build(task)) == []


@pytest.mark.parametrize(("task", "name"), [("binary", "elusion"), ("ordinal", "over_grading_2"), ("ordinal", "exact_agreement_ratio")])
def test_a_metric_that_every_evidence_has_is_missed(task: str, name: str):
    document = older(task)
    document["estimates"] = [e for e in document["estimates"] if e["metric"] != name]
    assert any("are recorded and the tallies give" in problem for problem in problems(document))


def test_a_later_metric_is_there_for_every_group_or_for_none():
    document = build("ordinal")
    first = next(n for n, e in enumerate(document["estimates"]) if e["metric"] == "recall_level_2" and e["group"])
    del document["estimates"][first]
    assert any("are recorded and the tallies give" in problem for problem in problems(document))


def test_a_number_of_clusters_that_every_evidence_has_is_missed():
    document = older("ordinal")
    for row in document["tallies"]["moments"]:
        del row["clusters"]["top-level items"]
    assert any("is missing" in problem for problem in problems(document))


def test_what_stands_beside_the_gaps_follows_from_the_tallies_or_is_older():
    document = build("binary")
    assert problems(document) == []
    document["group_context"]["gaps"][0]["noise_floor"] /= 2
    assert any(problem.startswith("group_context") for problem in problems(document))
    del document["group_context"]
    assert problems(document) == []
