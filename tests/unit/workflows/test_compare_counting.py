"""One pass for several models counts what a pass for each model counts, and who was right where."""

from __future__ import annotations

from dataclasses import replace
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
