"""Daily queues: what is counted, and what the best order would find, against plain Python."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from task_benchmark import TaskBenchmark, inputs_for

from evalharness.records import Estimate, OperatingPoint
from evalharness.records.progress import silent
from evalharness.workflows.counting import count

ROWS = 400
IDS = [f"i{n}" for n in range(ROWS)]


def chosen(score: np.ndarray, queues: np.ndarray, arrived: np.ndarray, budget: int) -> np.ndarray:
    picked = np.zeros(ROWS, bool)
    for queue in set(queues.tolist()):
        rows = [row for row in range(ROWS) if queues[row] == queue and not np.isnan(score[row])]
        picked[sorted(rows, key=lambda row: (-score[row], arrived[row], row))[:budget]] = True
    return picked


@pytest.mark.parametrize("seed", range(6))
def test_what_is_counted_is_what_plain_python_counts(tmp_path: Path, seed: int) -> None:
    draw, budget = np.random.default_rng(seed), seed + 2
    p = (draw.random(ROWS) ** 2).round(2)
    labels = np.where(draw.random(ROWS) < 0.05, -1, draw.random(ROWS) < p).astype(np.int8)
    sex, arrived = draw.integers(0, 2, ROWS), draw.integers(0, 50, ROWS).astype(np.float64)
    queues = np.unique(np.sort(draw.integers(0, 30, ROWS)) if seed % 2 else draw.integers(0, 30, ROWS), return_inverse=True)[1]
    score = np.where(draw.random(ROWS) < 0.1, np.nan, (p + draw.random(ROWS)).round(1) / 2)
    own = np.where(sex == 0, p / 2, p)
    columns = {
        "labels": labels,
        "sex": sex,
        "queues": queues,
        "arrived": arrived,
        "clusters": np.array([f"c{n // 3}" for n in range(ROWS)]),
    }
    benchmark = TaskBenchmark("ranking", columns, truth={"posterior": p, "within_sex": own}, within=("sex",))
    point = OperatingPoint(rule="budget", threshold=None, budget_per_day=budget)
    found = count(inputs_for(tmp_path, benchmark, {"item_id": IDS, "score": score}, point), silent)
    picked, best = chosen(score, queues, arrived, budget), chosen(p, queues, arrived, budget)
    assert found.attainable is not None
    for k, group in enumerate((np.ones(ROWS, bool), sex == 0, sex == 1)):
        relevant, none = group & (labels == 1), np.isnan(score)
        assert found.tally.counts[k].tolist() == [
            int((relevant & picked).sum()), int((group & (labels == 0) & picked).sum()),
            int((relevant & ~picked & ~none).sum()), int((group & (labels == 0) & ~picked & ~none).sum()),
            int((relevant & none).sum()), int((group & (labels == 0) & none).sum()),
        ]  # fmt: skip
        share, chance = found.attainable[k], (p if k == 0 else own) * (labels >= 0)
        assert (share.metric, share.n) == ("recall_at_budget", int(relevant.sum()))
        assert share.value == pytest.approx((relevant & picked).sum() / relevant.sum())
        assert share.best == pytest.approx(chance[group & best].sum() / chance[group].sum(), abs=1e-8)
    assert (found.rows, found.unlabelled) == (ROWS, int((labels == -1).sum()))
    assert found.accounting.invalid == int(np.isnan(score).sum())
    assert any("take places of the budget" in text for text in found.remarks)


def test_no_order_finds_more_than_the_true_chances_do() -> None:
    """Over many draws of the labels, on average: here in expectation, so without any noise."""
    draw = np.random.default_rng(7)
    p, queues, arrived = draw.random(ROWS), draw.integers(0, 20, ROWS), np.zeros(ROWS)
    best = p[chosen(p, queues, arrived, 5)].sum()
    assert all(p[chosen(p + noise * draw.normal(size=ROWS), queues, arrived, 5)].sum() <= best for noise in (0.01, 0.1, 1.0, 10.0))


def test_what_limits_must_tell_is_told(tmp_path: Path) -> None:
    columns = {"labels": np.array([1, 0, 1, 0, 1], np.int8), "queues": np.array([0, 0, 0, 1, 1]), "arrived": np.array([5.0, 5, 1, 0, 0])}
    inputs = inputs_for(
        tmp_path, TaskBenchmark("ranking", columns), {"item_id": IDS[:4], "score": [0.5, 0.5, 0.9, 0.2]},
        OperatingPoint(rule="budget", threshold=None, budget_per_day=2),
    )  # fmt: skip
    found = count(inputs, silent)
    assert found.tally.counts[0].tolist() == [2, 1, 0, 1, 1, 0]
    assert found.queues == 2
    assert found.attainable is None
    assert found.remarks == (
        "In 1 of 2 daily queues several leads have the score at the edge of the budget of 2: for 2 leads the earlier arrival decided, "
        "not the model. 2 of them had arrived at the same moment; there their place in the file decided.",
        "In 1 of 2 daily queues fewer leads have a score than the budget of 2 allows: all of them count as looked at.",
    )


def described(folder: Path, order: np.ndarray, *, minutes: bool = True) -> dict[tuple[str, str], Estimate]:
    """The same leads, their rows in this order."""
    draw = np.random.default_rng(12)
    labels = (draw.random(ROWS) < 0.2).astype(np.int8)
    p = (labels * 0.5 + draw.random(ROWS) / 2).round(2)
    columns = {
        "labels": labels[order],
        "sex": draw.integers(0, 2, ROWS)[order],
        "queues": np.unique(draw.integers(0, 25, ROWS)[order], return_inverse=True)[1],
        "arrived": draw.integers(0, 90, ROWS).astype(np.float64)[order],
        **({"minutes": draw.integers(4, 40, ROWS).astype(np.float64)[order]} if minutes else {}),
    }
    benchmark = TaskBenchmark("ranking", columns, truth={"posterior": p[order]})
    point = OperatingPoint(rule="budget", threshold=None, budget_per_day=3)
    score = np.where(draw.random(ROWS) < 0.05, np.nan, (p + draw.random(ROWS)).round(1) / 2)
    folder.mkdir(parents=True, exist_ok=True)
    found = count(inputs_for(folder, benchmark, {"item_id": IDS, "score": score[order]}, point), silent).describe(0.95)
    (curve,) = found.curves
    assert len(curve.rows) == 9
    assert all(row[-1] is not None for row in curve.rows)
    return {(e.metric, dict(e.group).get("sex", "")): e for e in found.estimates}


def test_the_order_is_described_whatever_the_order_of_the_rows(tmp_path: Path) -> None:
    stored = described(tmp_path / "a", np.arange(ROWS))
    moved = described(tmp_path / "b", np.random.default_rng(1).permutation(ROWS))
    assert stored.keys() == moved.keys()
    for name, estimate in stored.items():
        other = moved[name]
        assert (other.value, other.lower, other.upper) == pytest.approx((estimate.value, estimate.lower, estimate.upper))
    assert stored["median_wait", ""].value is not None
    both = [stored["median_rank", sex] for sex in ("F", "M")]
    assert sum(e.n for e in both) == stored["median_rank", ""].n


def test_without_minutes_there_are_places_and_no_waits(tmp_path: Path) -> None:
    bare = described(tmp_path, np.arange(ROWS), minutes=False)
    assert bare["median_wait", ""].value is None
    assert bare["median_rank", ""].value is not None
