"""One pass for several models counts what a pass for each model counts, and who was right where."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from task_benchmark import TaskBenchmark, inputs_for

from evalharness.records import OperatingPoint
from evalharness.records.progress import silent
from evalharness.tally.paired import KINDS
from evalharness.workflows.compare_counting import CountedModel, count_together
from evalharness.workflows.counted import Counted
from evalharness.workflows.counting import count
from evalharness.workflows.inputs import Inputs

ROWS = 400
BANDS = ("low", "medium", "high")
IDS = [f"i{n}" for n in range(ROWS)]
TOP = OperatingPoint(rule="top_band", threshold=None, top_band="high")
LABEL = OperatingPoint(rule="label", threshold=None)
BUDGET = OperatingPoint(rule="budget", threshold=None, budget_per_day=5)
AT_HALF = OperatingPoint(rule="score >= threshold", threshold=0.5)


def every(folder: Path, benchmark: TaskBenchmark, answers: list[dict[str, Any]], point: OperatingPoint) -> list[Inputs]:
    made = []
    for number, said in enumerate(answers):
        (folder / str(number)).mkdir()
        inputs = inputs_for(folder / str(number), benchmark, {"item_id": IDS, **said}, point)
        made.append(replace(inputs, card=replace(inputs.card, name=f"m{number}")))
    return made


def as_if_alone(own: CountedModel, alone: Counted) -> None:
    for name in ("counts", "second", "clusters"):
        np.testing.assert_array_equal(getattr(own.tally, name), getattr(alone.tally, name))
    assert (own.accounting, own.scores, own.remarks) == (alone.accounting, alone.scores, alone.remarks)


@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("task", ["binary", "risk"])
def test_each_model_is_counted_as_if_alone_and_each_pair_row_by_row(tmp_path: Path, task: str, clustered: bool):
    draw = np.random.default_rng(5)
    columns: dict[str, Any] = {"sex": draw.integers(0, 2, ROWS), "labels": draw.integers(-1, 2, ROWS).astype(np.int8)}
    if clustered:
        columns["clusters"] = [f"c{c}" for c in draw.integers(0, 70, ROWS)]
    if task == "risk":
        columns["bands"] = draw.integers(-1, 3, ROWS).astype(np.int8)
        benchmark = TaskBenchmark(task, columns, levels=BANDS)
        scores = draw.random((3, ROWS))
        said = draw.integers(0, 4, (3, ROWS))
        answers = [{"score": score, "label": np.array([*BANDS, "unheard of"])[one]} for score, one in zip(scores, said, strict=True)]
        truth = np.where(columns["bands"] < 0, -1, columns["bands"] == 2)
        decided = np.where(said == 3, -1, said == 2)
        made = every(tmp_path, benchmark, answers, TOP)
    else:
        benchmark = TaskBenchmark(task, columns)
        scores = np.where(draw.random((3, ROWS)) < 0.1, np.nan, draw.random((3, ROWS)))
        truth = columns["labels"]
        decided = np.where(np.isnan(scores), -1, scores >= 0.5)
        made = every(tmp_path, benchmark, [{"score": one} for one in scores], AT_HALF)
    found = count_together(made, silent)
    for own, inputs in zip(found.models, made, strict=True):
        as_if_alone(own, count(inputs, silent))
    assert found.unlabelled == int((truth == -1).sum())
    right = decided == truth
    for pair, challenger in zip(found.paired, (1, 2), strict=True):
        kinds = {(1, 1): "both", (1, 0): "only_incumbent", (0, 1): "only_challenger", (0, 0): "neither"}
        expected = np.zeros((2, 5), dtype=np.int64)
        for i in np.flatnonzero(truth >= 0):
            kind = kinds[int(right[0, i]), int(right[challenger, i])]
            kind = "unknown" if kind == "neither" and decided[0, i] == -1 else kind
            expected[0 if truth[i] else 1, KINDS.index(kind)] += 1
        assert pair.metrics == ("recall", "false_positive_rate", "accuracy")
        assert pair.counts[0].tolist() == [*expected.tolist(), expected.sum(axis=0).tolist()]
        assert pair.clustered == clustered


def test_grades_are_counted_in_each_metric(tmp_path: Path):
    draw = np.random.default_rng(6)
    labels = draw.integers(-1, 3, ROWS).astype(np.int8)
    said = draw.integers(0, 4, (2, ROWS))
    benchmark = TaskBenchmark("ordinal", {"labels": labels, "clusters": [f"c{c}" for c in draw.integers(0, 70, ROWS)]}, levels=BANDS)
    made = every(tmp_path, benchmark, [{"label": np.array([*BANDS, "unheard of"])[one]} for one in said], LABEL)
    found = count_together(made, silent)
    for own, inputs in zip(found.models, made, strict=True):
        as_if_alone(own, count(inputs, silent))
    (pair,) = found.paired
    decided = np.where(said == 3, -1, said)
    silent_low = np.where(decided == -1, -9, decided)  # no answer is as wrong as it can be
    low = labels - silent_low >= 2
    low &= labels >= 2
    chosen = labels >= 0
    lost = int((~low[0] & low[1])[chosen].sum())
    unknown = int((low[0] & low[1] & (decided[0] == -1))[chosen].sum())
    counts = pair.counts[0, pair.metrics.index("under_grading_2")]
    assert (counts[KINDS.index("only_incumbent")], counts[KINDS.index("unknown")]) == (lost, unknown)
    assert counts.sum() == int(chosen.sum())
    top = pair.counts[0, pair.metrics.index("critical_miss")]
    assert top.sum() == int((labels == 2).sum())


def test_leads_are_compared_as_each_model_s_own_budget_works_them(tmp_path: Path):
    draw = np.random.default_rng(7)
    labels = (draw.random(ROWS) < 0.2).astype(np.int8)
    queues = np.sort(draw.integers(0, 20, ROWS)).astype(np.int64)
    benchmark = TaskBenchmark("ranking", {"labels": labels, "queues": queues, "arrived": np.arange(ROWS) / 7})
    scores = draw.random((3, ROWS))
    scores[0, draw.random(ROWS) < 0.1] = np.nan
    made = every(tmp_path, benchmark, [{"score": one} for one in scores], BUDGET)
    found = count_together(made, silent)
    for own, inputs in zip(found.models, made, strict=True):
        as_if_alone(own, count(inputs, silent))
    worked = np.zeros((3, ROWS), dtype=bool)
    for m in range(3):
        for queue in range(20):
            rows = np.flatnonzero((queues == queue) & ~np.isnan(scores[m]))
            worked[m, rows[np.argsort(-scores[m, rows], kind="stable")[:5]]] = True
    for pair, challenger in zip(found.paired, (1, 2), strict=True):
        relevant = labels == 1
        gone, won = relevant & worked[0] & ~worked[challenger], relevant & ~worked[0] & worked[challenger]
        unknown = relevant & np.isnan(scores[0]) & ~worked[challenger]
        assert pair.metrics == ("recall_at_budget",)
        assert pair.counts[0, 0, [1, 2, 4]].tolist() == [int(gone.sum()), int(won.sum()), int(unknown.sum())]
        assert pair.counts[0, 0].sum() == int(relevant.sum())


def test_links_are_compared_over_all_true_links_and_the_candidates(tmp_path: Path):
    draw = np.random.default_rng(8)
    entities = draw.integers(0, 25, 60)
    pairs = [pair for pair in combinations(range(60), 2) if draw.random() < 0.3]
    columns = {"entities": np.array([f"e{e}" for e in entities]), "sex": draw.integers(0, 2, 25)[entities]}
    benchmark = TaskBenchmark("linkage", columns, pairs=pairs, labels=("", ""))
    scores = draw.random((2, len(pairs)))
    sides = {"left_id": [IDS[a] for a, _ in pairs], "right_id": [IDS[b] for _, b in pairs]}
    made = []
    for number, one in enumerate(scores):
        (tmp_path / str(number)).mkdir()
        inputs = inputs_for(tmp_path / str(number), benchmark, {**sides, "score": one}, AT_HALF)
        made.append(replace(inputs, card=replace(inputs.card, name=f"m{number}")))
    found = count_together(made, silent)
    for own, inputs in zip(found.models, made, strict=True):
        as_if_alone(own, count(inputs, silent))
    (pair,) = found.paired
    same = np.array([entities[a] == entities[b] for a, b in pairs])
    linked = scores >= 0.5
    true_links = sum(entities[a] == entities[b] for a, b in combinations(range(60), 2))
    assert pair.metrics == ("pairwise_recall", "false_link_rate")
    assert pair.counts[0].sum(axis=1).tolist() == [true_links, int((~same).sum())]
    assert pair.counts[0, 0, [1, 2]].tolist() == [int((same & linked[0] & ~linked[1]).sum()), int((same & ~linked[0] & linked[1]).sum())]
    assert pair.counts[0, 1, [1, 2]].tolist() == [int((~same & ~linked[0] & linked[1]).sum()), int((~same & linked[0] & ~linked[1]).sum())]
    assert pair.clustered


def test_models_that_name_entities_are_compared_too(tmp_path: Path):
    draw = np.random.default_rng(9)
    entities = draw.integers(0, 25, 60)
    pairs = [pair for pair in combinations(range(60), 2) if draw.random() < 0.2]
    columns = {"entities": np.array([f"e{e}" for e in entities]), "sex": draw.integers(0, 2, 25)[entities]}
    benchmark = TaskBenchmark("linkage", columns, pairs=pairs, labels=("", ""))
    said = [np.where(draw.random(60) < 0.3, draw.integers(0, 25, 60), entities) for _ in range(2)]
    made = []
    for number, one in enumerate(said):
        (tmp_path / str(number)).mkdir()
        told = {"item_id": IDS[:60], "entity": [f"n{e}" for e in one]}
        inputs = inputs_for(tmp_path / str(number), benchmark, told, LABEL)
        made.append(replace(inputs, card=replace(inputs.card, name=f"m{number}")))
    found = count_together(made, silent)
    for own, inputs in zip(found.models, made, strict=True):
        as_if_alone(own, count(inputs, silent))
    lost = gained = beyond = 0
    for a, b in combinations(range(60), 2):
        one, two = (bool(names[a] == names[b]) for names in said)
        if entities[a] == entities[b]:
            lost, gained = lost + (one and not two), gained + (two and not one)
        elif two and not one:
            beyond += 1
    (pair,) = found.paired
    assert pair.counts[0, 0, [1, 2]].tolist() == [lost, gained]
    assert pair.counts[0, 1, 1] == beyond
