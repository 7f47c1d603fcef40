"""The same leads at other daily budgets: counted as if each were the operating point's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tallies_by_hand import policy
from task_benchmark import TaskBenchmark, inputs_for
from task_evidence import NO_ANSWER, build, policy_of, tally_of

from evalharness.errors import BadInput
from evalharness.evidence import evidence_bytes, read_evidence
from evalharness.evidence.rederive import rederive
from evalharness.metrics import measure
from evalharness.records import Condition, OperatingPoint, Requirement
from evalharness.records.progress import silent
from evalharness.report.build import build_view
from evalharness.requirements import expand
from evalharness.workflows.counting import count
from evalharness.workflows.plan_counting import count_without_error
from evalharness.workflows.tallies import others_as_json, tally_from_evidence

ROWS = 400
IDS = [f"i{n}" for n in range(ROWS)]
TEN = {"id": "found-of-ten", "metric": "recall_at_budget", "at_least": 0.3, "budget_per_day": 10}


def benchmark(seed: int) -> tuple[TaskBenchmark, dict[str, Any]]:
    draw = np.random.default_rng(seed)
    columns = {
        "labels": (draw.random(ROWS) < 0.3).astype(np.int8),
        "sex": draw.integers(0, 2, ROWS),
        "queues": draw.integers(0, 20, ROWS),
        "arrived": draw.integers(0, 50, ROWS).astype(np.float64),
        "clusters": np.array([f"c{n // 3}" for n in range(ROWS)]),
    }
    score = np.where(draw.random(ROWS) < 0.05, np.nan, draw.random(ROWS).round(1))
    return TaskBenchmark("ranking", columns), {"item_id": IDS, "score": score}


def asked(budget: int, *groups: str) -> Requirement:
    return Requirement(
        id=f"at-{budget}", metric="recall_at_budget", comparison="at_least", bound=0.1, for_each=tuple((g,) for g in groups),
        on=Condition(budget_per_day=budget),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_each_budget_is_counted_as_if_it_were_the_operating_point(tmp_path: Path, seed: int) -> None:
    split, predictions = benchmark(seed)
    point = OperatingPoint(rule="budget", threshold=None, budget_per_day=5)
    inputs = inputs_for(tmp_path, split, predictions, point)
    inputs = replace(inputs, policy=replace(inputs.policy, requirements=(asked(2), asked(9, "sex"))))
    tally = count(inputs, silent).tally
    assert [*tally.others] == ["at budget 2", "at budget 9"]
    for budget, depth in ((2, 0), (9, 1)):
        alone = replace(inputs, policy=replace(inputs.policy, requirements=(), operating_point=replace(point, budget_per_day=budget)))
        whole, other = count(alone, silent).tally, tally.others[f"at budget {budget}"]
        assert other.slices.depth == depth
        kept = len(other.slices)
        for name in ("counts", "second", "clusters"):
            np.testing.assert_array_equal(getattr(other, name), getattr(whole, name)[:kept])


def test_a_model_without_error_is_counted_at_each_budget_too() -> None:
    split, _ = benchmark(3)
    plan = replace(
        policy(), task="ranking", split="test", intersections=1, requirements=(asked(1),),
        operating_point=OperatingPoint(rule="budget", threshold=None, budget_per_day=5),
    )  # fmt: skip
    tally = count_without_error(plan, split, silent)  # type: ignore[arg-type]
    few, more = tally.others["at budget 1"].counts[0], tally.counts[0]
    assert few[0] < more[0]
    assert few.sum() == more.sum() == ROWS


def document_of(*requirements: dict[str, Any]) -> dict[str, Any]:
    """A ranking run at 50 a day, and a poorer one as what it does at 10."""
    tally = replace(tally_of("ranking"), others={"at budget 10": tally_of("ranking", good=0.4)})
    document = build("ranking", tally=tally, policy={"requirements": [*requirements, NO_ANSWER]})
    document["tallies"]["others"] = others_as_json(tally)
    return document


def test_evidence_carries_it_and_everything_follows() -> None:
    evidence = read_evidence(evidence_bytes(document_of(TEN, {**TEN, "id": "everyone", "for_each": ["sex"]})))
    assert rederive(evidence) == ()
    found = {f.requirement: f for f in evidence.findings if not f.group}
    assert found["found-of-ten"].outcome == "met"
    assert found["found-of-ten"].value == pytest.approx(0.4, abs=0.01)
    again = tally_from_evidence(evidence, 2)
    told = policy_of("ranking", requirements=[TEN, NO_ANSWER])
    questions, _ = expand(told, again.slices.levels, date(2026, 11, 22))
    (estimate,) = [e for e in measure(again, told, 0.95, questions) if e.condition]
    (recorded,) = [e for e in evidence.estimates if e.condition and not e.group]
    assert (estimate.value, estimate.lower, estimate.upper, estimate.n) == (recorded.value, recorded.lower, recorded.upper, recorded.n)
    section = build_view(evidence).requirements[0]
    assert "where people look at 10 leads a day" in section.asked


def test_counts_that_are_gone_are_never_a_pass() -> None:
    document = document_of(TEN)
    del document["tallies"]["others"]
    document["estimates"] = [e for e in document["estimates"] if not e.get("condition")]
    assert any("not_evaluable" in problem for problem in rederive(read_evidence(evidence_bytes(document))))


def test_figures_without_the_counts_behind_them_are_told() -> None:
    document = document_of(TEN)
    del document["tallies"]["others"]
    problems = rederive(read_evidence(evidence_bytes(document)))
    assert any("at budget 10" in problem and "nothing was counted under that condition" in problem for problem in problems)


def test_more_leads_than_the_budget_allows_are_told() -> None:
    document = document_of(TEN)
    document["tallies"]["queues"] = 3
    problems = rederive(read_evidence(evidence_bytes(document)))
    assert any("at budget 10" in problem and "do not fit" in problem for problem in problems)


@pytest.mark.parametrize(
    ("task", "requirement", "words"),
    [
        ("ranking", {**TEN, "budget_per_day": 50}, "the operating point's own"),
        ("ranking", {**TEN, "metric": "no_answer_rate", "at_least": None, "at_most": 0.1}, "it does not depend on it"),
        ("binary", {"id": "r", "metric": "recall", "at_least": 0.5, "budget_per_day": 5}, "does not go with the task binary"),
    ],
)
def test_what_makes_no_sense_is_refused(task: str, requirement: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput) as caught:
        policy_of(task, requirements=[{k: v for k, v in requirement.items() if v is not None}])
    assert any(words in problem.what for problem in caught.value.problems)
