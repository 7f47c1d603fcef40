"""Counts to a comparison: attempts by model, warnings by model, and nothing shown where there is nothing to compare on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from task_benchmark import TaskBenchmark, inputs_for

from evalharness.records import OperatingPoint, Question, Requirement, attempt_level
from evalharness.records.comparison import Comparison
from evalharness.records.condition import AS_IT_STANDS, Condition
from evalharness.records.paired import Standing
from evalharness.records.progress import silent
from evalharness.report.compared import compared_faces
from evalharness.workflows.compare import attempts_of, compared
from evalharness.workflows.compare_counting import count_together
from evalharness.workflows.compare_inputs import CompareRequest
from evalharness.workflows.inputs import Inputs
from evalharness.workflows.lax import wide_margin

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ROWS = 200
IDS = [f"i{n}" for n in range(ROWS)]
AT_HALF = OperatingPoint(rule="score >= threshold", threshold=0.5)
TOP = OperatingPoint(rule="top_band", threshold=None, top_band="high")
LABEL = OperatingPoint(rule="label", threshold=None)


def comparison(
    folder: Path,
    benchmark: TaskBenchmark,
    answers: dict[str, dict],
    point: OperatingPoint,
    needed: Sequence[Requirement] = (),
    **options: int,
) -> Comparison:
    every: list[Inputs] = []
    benchmark.practice = ""
    for name, said in answers.items():
        (folder / name).mkdir()
        inputs = inputs_for(folder / name, benchmark, {"item_id": IDS, **said}, point)
        policy = replace(inputs.policy, requirements=tuple(needed), benchmark=benchmark.info.name)
        asked = tuple(Question(requirement=r.id, metric=r.metric, comparison="at_least", bound=r.bound, on=r.on) for r in needed)
        every.append(replace(inputs, card=replace(inputs.card, name=name), policy=policy, questions=asked, every_question=asked))
    request = CompareRequest(policy="p", models=tuple(answers), margin=0.1, **options)
    return compared(every, count_together(every, silent), request, NOW)


def requirement(name: str, on: Condition) -> Requirement:
    return Requirement(id=name, metric="recall", comparison="at_least", bound=0.5, on=on)


def test_challengers_come_first_in_their_order_and_the_incumbent_last():
    found = attempts_of(["old", "b", "c"], 0.95, 4)
    assert found == (("b", 4, attempt_level(0.95, 4)), ("c", 5, attempt_level(0.95, 5)), ("old", 6, attempt_level(0.95, 6)))
    assert [attempt for _, attempt, _ in attempts_of(["old", "b", "c"], 0.95, None)] == [1, 2, 3]


@pytest.mark.parametrize("attempt", [None, 2])
def test_a_warning_has_the_name_of_its_model_and_what_all_share_has_none(tmp_path: Path, attempt: int | None):
    draw = np.random.default_rng(1)
    benchmark = TaskBenchmark("binary", {"labels": draw.integers(0, 2, ROWS).astype(np.int8)})
    answers = {"old": {"score": np.full(ROWS, 0.9)}, "new": {"score": np.full(ROWS, 0.8)}, "fine": {"score": draw.random(ROWS)}}
    found = comparison(tmp_path, benchmark, answers, AT_HALF, **({} if attempt is None else {"attempt": attempt}))
    assert any(text.startswith("old, new: Every score is the same") for text in found.notices)
    assert not any(caution.kind == "constant_scores" for caution in found.models[2].cautions)
    assert [model.level for model in found.models] == (
        [0.95] * 3 if attempt is None else [attempt_level(0.95, k) for k in (4, 2, 3)]
    )  # fmt: skip
    assert {order.challenger for order in found.orders} == {"new", "fine"}


def test_reports_whose_band_nobody_knows_show_nothing(tmp_path: Path):
    draw = np.random.default_rng(2)
    columns = {"labels": draw.integers(0, 2, ROWS).astype(np.int8), "bands": np.full(ROWS, -1, dtype=np.int8)}
    benchmark = TaskBenchmark("risk", columns, levels=("low", "high"))
    answers = {name: {"score": draw.random(ROWS), "label": np.array(["low", "high"])[draw.integers(0, 2, ROWS)]} for name in ("old", "new")}
    found = comparison(tmp_path, benchmark, answers, TOP)
    assert (found.items, found.unlabelled) == (0, ROWS)
    assert {finding.outcome for finding in found.findings} == {Standing.NOT_EVALUABLE}
    assert [both.outcome for both in found.both] == [Standing.NOT_EVALUABLE]
    assert found.costs is not None
    assert (found.costs.pairs[0].one_shown, found.costs.pairs[0].other_shown) == (None, None)
    assert found.orders[0].reason
    assert any("Nothing says to which band" in text for text in found.notices)
    assert len(compared_faces(found)) == 3


def test_models_that_give_labels_only_have_no_area(tmp_path: Path):
    draw = np.random.default_rng(3)
    benchmark = TaskBenchmark("binary", {"labels": draw.integers(0, 2, ROWS).astype(np.int8)})
    answers = {name: {"label": draw.integers(0, 2, ROWS).astype(str)} for name in ("old", "new")}
    found = comparison(tmp_path, benchmark, answers, LABEL)
    assert found.orders == ()
    assert "How well the scores order" not in compared_faces(found)["compare.html"].decode()
    assert found.models[0].incumbent


def test_a_margin_of_one_in_ten_is_told_and_so_is_what_anything_would_meet(tmp_path: Path):
    benchmark = TaskBenchmark("binary", {"labels": np.repeat([1, 0], [ROWS // 4, ROWS - ROWS // 4]).astype(np.int8)})
    answers = {"old": {"score": np.zeros(ROWS)}, "new": {"score": np.linspace(0, 1, ROWS)}}
    found = comparison(tmp_path, benchmark, answers, AT_HALF)
    told = [text.replace("\u00a0", " ") for text in found.notices]
    assert told[0].startswith("A margin of 10 % asks for little")
    assert told[0].endswith("Without --margin it is 1 %.")
    assert told[1].startswith("In recall anything meets that margin")  # the incumbent finds nothing that could be lost
    assert list(wide_margin(0.0999, found.findings)) == []
    assert [text[:14] for text in wide_margin(0.99, found.findings)] == ["A margin of 99", "In recall and "]


def test_what_only_evaluate_counts_is_named_and_not_held_against_a_model(tmp_path: Path):
    draw = np.random.default_rng(4)
    labels = draw.integers(0, 2, ROWS).astype(np.int8)
    benchmark = TaskBenchmark("binary", {"labels": labels})
    needed = (requirement("plain", AS_IT_STANDS), requirement("copies", Condition(under="token-noise")))
    answers = {"old": {"score": labels * 1.0}, "new": {"score": labels * 0.9}}
    found = comparison(tmp_path, benchmark, answers, AT_HALF, needed)
    assert [finding.requirement for finding in found.models[0].findings] == ["plain"]
    assert {model.verdict for model in found.models} == {"met"}
    assert any(text.startswith("Not judged here") and "copies" in text for text in found.notices)


def test_another_daily_budget_is_judged_here_as_evaluate_judges_it(tmp_path: Path):
    draw = np.random.default_rng(6)
    labels, queues = draw.integers(0, 2, ROWS).astype(np.int8), np.arange(ROWS) // 50
    benchmark = TaskBenchmark("ranking", {"labels": labels, "queues": queues, "arrived": np.arange(ROWS) * 1.0})
    point = OperatingPoint(rule="budget", threshold=None, budget_per_day=5)
    few, every_one = (
        replace(requirement(name, Condition(budget_per_day=n)), metric="recall_at_budget") for name, n in (("few", 2), ("all", 50))
    )
    answers = {"old": {"score": labels * 1.0}, "new": {"score": labels * 0.9}}
    found = comparison(tmp_path, benchmark, answers, point, (few, every_one))
    assert [(f.requirement, f.outcome) for f in found.models[1].findings] == [("few", "not_met"), ("all", "met")]
    assert not any(text.startswith("Not judged here") for text in found.notices)
    assert any("'all' can never fail: with 50 a day" in caution.text for caution in found.models[1].cautions)
