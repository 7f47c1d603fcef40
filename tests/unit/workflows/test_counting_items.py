"""Items that are decided one by one: what is counted, against counting by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from task_benchmark import TaskBenchmark, inputs_for

from evalharness.records import OperatingPoint
from evalharness.records.progress import silent
from evalharness.workflows.counted import Counted
from evalharness.workflows.counting import count

ROWS = 500
LEVELS, BANDS = ("none", "C", "B"), ("low", "medium", "high")
LABEL = OperatingPoint(rule="label", threshold=None)
TOP = OperatingPoint(rule="top_band", threshold=None, top_band="high")
AT_HALF = OperatingPoint(rule="score >= threshold", threshold=0.5)
IDS = [f"i{n}" for n in range(ROWS)]


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def chances(seed: int) -> np.ndarray:
    """[rows, levels] rounded to the grid of a benchmark, so that they need not add up to 1 exactly."""
    return rng(seed).dirichlet([1, 1, 1], ROWS).round(6)


def counted(folder: Path, benchmark: TaskBenchmark, predictions: dict[str, Any], point: OperatingPoint) -> Counted:
    return count(inputs_for(folder, benchmark, predictions, point), silent)


@pytest.mark.parametrize("known", [True, False])
def test_an_ordinal_task_counts_true_by_predicted_level(tmp_path: Path, known: bool) -> None:
    draw, p = rng(1), chances(2)
    truth, said, sex = draw.integers(-1, 3, ROWS).astype(np.int8), draw.integers(0, 4, ROWS), draw.integers(0, 2, ROWS)
    stored = {f"posterior_{level}": p[:, k] for k, level in enumerate(LEVELS)} if known else {"clean": np.array(["x"] * ROWS)}
    benchmark = TaskBenchmark("ordinal", {"labels": truth, "sex": sex}, levels=LEVELS, labels=("", ""), truth=stored)
    found = counted(tmp_path, benchmark, {"item_id": IDS, "label": np.array([*LEVELS, "unheard of"])[said]}, LABEL)
    table = found.tally.counts[0].tolist()
    assert table[:9] == [int(((truth == t) & (said == s)).sum()) for t in range(3) for s in range(3)]
    assert table[9:] == [int(((truth == t) & (said == 3)).sum()) for t in range(3)]
    assert (found.rows, found.unlabelled, found.scores) == (ROWS, int((truth == -1).sum()), None)
    assert found.accounting.invalid == int((said == 3).sum())
    if not known:
        assert found.attainable is None
        return
    assert found.attainable is not None
    overall = found.attainable[0]
    assert (overall.metric, overall.n) == ("exact_agreement", int((truth >= 0).sum()))
    assert overall.value == pytest.approx(((truth == said) & (truth >= 0)).sum() / (truth >= 0).sum())
    assert overall.best == pytest.approx(p.max(axis=1)[truth >= 0].mean(), abs=1e-5)


def test_a_risk_task_counts_the_top_band_and_not_the_outcome(tmp_path: Path) -> None:
    draw = rng(3)
    bands, said = draw.integers(-1, 3, ROWS).astype(np.int8), draw.integers(0, 3, ROWS)
    truth = {"band": np.array([*BANDS, None], object)[bands], "posterior": draw.random(ROWS)}
    benchmark = TaskBenchmark("risk", {"labels": draw.integers(0, 2, ROWS).astype(np.int8), "bands": bands}, levels=BANDS, truth=truth)
    score = draw.random(ROWS)
    found = counted(tmp_path, benchmark, {"item_id": IDS, "score": score, "label": np.array(BANDS)[said]}, TOP)
    top, chosen, known = bands == 2, said == 2, bands >= 0
    six = [top & chosen, known & ~top & chosen, top & ~chosen, known & ~top & ~chosen]
    assert found.tally.counts[0].tolist() == [*(int(kind.sum()) for kind in six), 0, 0]
    assert found.unlabelled == int((~known).sum())
    assert found.scores is not None
    assert found.scores.rows == int(known.sum())
    assert found.attainable is not None
    assert found.attainable[0].best_recall == 1.0, "the true band follows from what a model receives"
    assert found.remarks == ()


def test_a_binary_task_uses_the_chances_of_the_attribute_that_shapes_the_features(tmp_path: Path) -> None:
    draw = rng(4)
    sex, p = draw.integers(0, 2, ROWS), draw.random(ROWS)
    own = np.where(sex == 0, 1.0, p)
    benchmark = TaskBenchmark(
        "binary", {"labels": (draw.random(ROWS) < p).astype(np.int8), "sex": sex},
        truth={"posterior": p, "within_sex": own}, within=("sex",),
    )  # fmt: skip
    found = counted(tmp_path, benchmark, {"item_id": IDS, "score": p, "note": ["n"] * ROWS}, AT_HALF)
    assert found.attainable is not None
    everybody, women, men = found.attainable
    assert everybody.expected_positives == pytest.approx(p.sum())
    assert women.expected_positives == pytest.approx(float((sex == 0).sum()))
    assert men.expected_positives == pytest.approx(p[sex == 1].sum())
    assert found.remarks == ("p.parquet: columns that were not read: note",)


def test_a_classifier_sees_neither_labels_nor_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from evalharness.adapters.predictions_file import StoredClassifier

    seen: list[Any] = []
    answer = StoredClassifier.answer
    monkeypatch.setattr(StoredClassifier, "answer", lambda self, batch: seen.append(batch) or answer(self, batch))
    columns = {"labels": np.ones(ROWS, np.int8), "bands": np.ones(ROWS, np.int8), "clusters": np.array(["c"] * ROWS)}
    counted(tmp_path, TaskBenchmark("risk", columns, levels=BANDS), {"item_id": IDS, "label": ["high"] * ROWS}, TOP)
    assert seen
    hidden = ("labels", "groups", "clusters", "bands", "queues", "arrived", "entities")
    assert {getattr(batch, name) for batch in seen for name in hidden} == {None}
