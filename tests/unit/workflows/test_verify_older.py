"""Evidence of a version that had fewer metrics follows from its tallies; evidence from which something was taken does not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from task_evidence import LEVELS, build
from uneven_evidence import uneven

from evalharness.catalogue import came_later, denominators_that_came_later, task_metrics
from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.evidence.rederive import rederive
from evalharness.metrics.rules import Rules
from evalharness.workflows.verify import _measured_again

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def older(task: str) -> dict[str, Any]:
    """The document as it would have been written before the later metrics existed."""
    document, of = build(task), task_metrics(task, LEVELS.get(task, ()))
    document["estimates"] = [e for e in document["estimates"] if not came_later(of, e["metric"])]
    for row in document["tallies"]["moments"]:
        row["clusters"] = {name: n for name, n in row["clusters"].items() if name not in denominators_that_came_later(of)}
    return document


MORE = (5, 100, 150, 200)
"""Clusters that are missed: some more than leave a finding open."""
NOT_RECORDED = "findings: what the tallies give is not what is recorded"


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


@pytest.mark.parametrize("name", ["vendor-small", "second-small"])
def test_gaps_of_what_is_older_follow_by_the_rule_that_it_names(name: str):
    document = signed(name)
    assert any(e["method"].startswith("mover(") for e in document["estimates"])
    assert problems(document) == []
    later = next(e for e in document["estimates"] if e["method"].startswith("mover("))
    later["method"] = later["method"].replace("mover(", "mover-and-limits(")
    assert any("does not follow from the tallies" in problem for problem in problems(document))


def test_today_s_bounds_of_gaps_do_not_pass_for_those_of_the_earliest_rule():
    document = build("binary")
    gaps = [e for e in document["estimates"] if e["method"].startswith("mover-and-limits(")]
    assert gaps
    for gap in gaps:
        inside = gap["method"].partition("(")[2].replace(", at 1.01 z, limits also in directions 22.5/45/67.5", "")
        gap["method"] = "mover(" + inside.replace("lower: mover, ", "lower: ").replace("upper: mover, ", "upper: ")
    assert any("does not follow from the tallies" in problem for problem in problems(document))


SINCE = datetime(2026, 11, 24, tzinfo=UTC)


def test_clusters_of_what_is_older_have_one_pair_of_bounds():
    document = uneven(rules=Rules(by_size=False))
    assert not any("by_size" in e or "by_size" in e["method"] for e in (*document["estimates"], *document["translation"]))
    assert document["findings"][0]["outcome"] == "met"
    assert problems(document) == list(rederive(read_evidence(evidence_bytes(document)))) == []


def test_evidence_of_today_may_not_be_bounded_without_the_second_pair():
    given_up = "bounded by a rule that was given up on"
    assert not any(given_up in text for text in problems(uneven(created=SINCE)))
    assert any(given_up in text for text in problems(uneven(rules=Rules(by_size=False), created=SINCE)))


def test_a_second_pair_that_was_taken_out_is_missed():
    document = uneven()
    for estimate in document["estimates"]:
        estimate.pop("by_size", None)
    assert sum("does not follow from the tallies" in text for text in problems(document)) > 20


def test_the_figures_for_daily_use_follow_by_the_rule_of_the_rest():
    document = uneven()
    document["translation"] = uneven(rules=Rules(by_size=False))["translation"]
    assert any(text.startswith("translation: missed_per_1000") for text in problems(document))


def _needed(document: dict[str, Any]) -> list[int | None]:
    return [finding["needed"] for finding in document["findings"]]


def test_what_is_needed_in_older_evidence_may_be_planned_without_chance_in_how_unequal_clusters_are():
    today, older_plan = uneven(MORE), uneven(MORE, rules=Rules(by_chance=False))
    short = [(old, new) for old, new in zip(_needed(older_plan), _needed(today), strict=True) if old is not None and new is not None]
    assert any(old < new for old, new in short)
    assert problems(today) == problems(older_plan) == []
    finding = next(f for f in older_plan["findings"] if f["needed"] not in {None, 1})
    finding["needed"] -= 1
    assert problems(older_plan) == [NOT_RECORDED]


def test_what_is_needed_in_evidence_of_today_is_planned_as_today():
    older_plan = uneven(MORE, rules=Rules(by_chance=False), created=SINCE)
    assert NOT_RECORDED in problems(older_plan)
    assert NOT_RECORDED not in problems(uneven(MORE, created=SINCE))


def test_the_oldest_evidence_follows_from_its_tallies():
    document = json.loads((FIXTURES / "evidence-v1" / "message-triage.json").read_bytes())
    assert document["benchmark"]["clustered"]
    assert problems(document) == []


def signed(name: str) -> dict[str, Any]:
    (path,) = FIXTURES.glob(f"signed-v1/reports/*-{name}-*/evidence.json")
    return dict(json.loads(path.read_bytes()))
