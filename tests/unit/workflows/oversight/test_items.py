"""Items one by one for those who read them: leads in their queues, candidate pairs in their cases, against plain Python."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from task_benchmark import TaskBenchmark, inputs_for

from evalharness.records import OperatingPoint
from evalharness.records.progress import silent
from evalharness.workflows.counting import count
from evalharness.workflows.oversight.items import decided_items

ROWS = 150
IDS = [f"i{n}" for n in range(ROWS)]
AT_HALF = OperatingPoint(rule="score >= threshold", threshold=0.5)
LABEL = OperatingPoint(rule="label", threshold=None)


def within(score: np.ndarray, queues: np.ndarray, arrived: np.ndarray, budget: int) -> list[int]:
    """1 within the budget of the queue, 0 beyond it, -1 without a score."""
    told = np.where(np.isnan(score), -1, 0)
    for queue in set(queues.tolist()):
        rows = [row for row in range(ROWS) if queues[row] == queue and not np.isnan(score[row])]
        told[sorted(rows, key=lambda row: (-score[row], arrived[row], row))[:budget]] = 1
    return [int(one) for one in told]


@pytest.mark.parametrize("seed", range(4))
def test_leads_are_within_the_budget_of_their_day_or_beyond_it(tmp_path: Path, seed: int) -> None:
    draw, budget = np.random.default_rng(seed), seed + 1
    columns = {
        "labels": draw.integers(-1, 2, ROWS).astype(np.int8),
        "sex": draw.integers(0, 2, ROWS),
        "queues": draw.integers(0, 12, ROWS),
        "arrived": draw.integers(0, 5, ROWS).astype(np.float64),
        "clusters": np.array([f"c{n // 4}" for n in range(ROWS)]),
    }
    score = np.where(draw.random(ROWS) < 0.1, np.nan, draw.random(ROWS).round(1))
    point = OperatingPoint(rule="budget", threshold=None, budget_per_day=budget)
    inputs = inputs_for(tmp_path, TaskBenchmark("ranking", columns), {"item_id": IDS, "score": score}, point)
    found = decided_items(inputs, silent)
    assert found.ids.to_pylist() == IDS
    assert found.decisions.tolist() == within(score, columns["queues"], columns["arrived"], budget)
    assert found.labels.tolist() == columns["labels"].tolist()
    assert found.groups["sex"].tolist() == columns["sex"].tolist()
    assert found.clusters is not None
    assert found.clusters.tolist() == [n // 4 for n in range(ROWS)]
    assert found.scores is not None
    assert np.array_equal(found.scores, score, equal_nan=True)
    assert (found.pairs, found.unseen) == (None, 0)
    counts = count(inputs, silent).tally.counts[0]
    known = found.labels >= 0
    of = [(1, 1), (0, 1), (1, 0), (0, 0), (1, -1), (0, -1)]
    assert counts.tolist() == [int((known & (found.labels == label) & (found.decisions == told)).sum()) for label, told in of]


def joined(links: list[tuple[int, int]]) -> list[int]:
    """For each record the first record that it hangs together with."""
    first = list(range(ROWS))
    changed = True
    while changed:
        changed = False
        for one, other in links:
            least = min(first[one], first[other])
            changed |= (first[one], first[other]) != (least, least)
            first[one] = first[other] = least
    return first


def linkage(seed: int) -> tuple[np.random.Generator, dict[str, Any], list[tuple[int, int]]]:
    """Columns of records, and candidate pairs with their records in either order."""
    draw = np.random.default_rng(seed)
    entities = draw.integers(0, 60, ROWS)
    every = [pair for pair in combinations(range(ROWS), 2) if draw.random() < (0.7 if entities[pair[0]] == entities[pair[1]] else 0.01)]
    pairs = [pair if draw.random() < 0.5 else pair[::-1] for pair in every]
    draw.shuffle(pairs)
    columns = {"entities": np.array([f"e{e}" for e in entities]), "sex": draw.integers(0, 2, 60)[entities]}
    return draw, columns, [(int(a), int(b)) for a, b in pairs]


def held_together(columns: dict[str, Any], predicted: list[tuple[int, int]]) -> list[int]:
    same = [pair for pair in combinations(range(ROWS), 2) if columns["entities"][pair[0]] == columns["entities"][pair[1]]]
    return joined([*same, *predicted])


@pytest.mark.parametrize("seed", range(4))
def test_candidate_pairs_are_items_with_the_cases_that_they_are_counted_in(tmp_path: Path, seed: int) -> None:
    draw, columns, pairs = linkage(seed)
    score = np.where(draw.random(len(pairs)) < 0.1, np.nan, draw.random(len(pairs)).round(2))
    predictions = {"left_id": [IDS[a] for a, _ in pairs], "right_id": [IDS[b] for _, b in pairs], "score": score}
    inputs = inputs_for(tmp_path, TaskBenchmark("linkage", columns, pairs=pairs, labels=("", "")), predictions, AT_HALF)
    found = decided_items(inputs, silent)
    told = [-1 if np.isnan(s) else int(s >= 0.5) for s in score]
    first = held_together(columns, [pair for pair, one in zip(pairs, told, strict=True) if one == 1])
    check(found, columns, pairs, told, first)
    entity = columns["entities"]
    every = sum(entity[a] == entity[b] for a, b in combinations(range(ROWS), 2))
    assert found.unseen == every - sum(entity[a] == entity[b] for a, b in pairs)
    assert found.scores is not None
    assert np.array_equal(found.scores, score, equal_nan=True)


@pytest.mark.parametrize("seed", range(3))
def test_entities_of_records_decide_candidate_pairs(tmp_path: Path, seed: int) -> None:
    draw, columns, pairs = linkage(seed)
    named = [None if draw.random() < 0.1 else f"p{draw.integers(0, 50)}" for _ in IDS]
    inputs = inputs_for(
        tmp_path, TaskBenchmark("linkage", columns, pairs=pairs, labels=("", "")), {"item_id": IDS, "entity": named}, LABEL
    )  # fmt: skip
    found = decided_items(inputs, silent)
    told = [-1 if named[a] is None or named[b] is None else int(named[a] == named[b]) for a, b in pairs]
    alike = [(a, b) for a, b in combinations(range(ROWS), 2) if named[a] is not None and named[a] == named[b]]
    check(found, columns, pairs, told, held_together(columns, alike))
    assert found.scores is None


def check(found: Any, columns: dict[str, Any], pairs: list[tuple[int, int]], told: list[int], first: list[int]) -> None:
    entity = columns["entities"]
    assert found.ids.to_pylist() == IDS
    assert (found.pairs.lower.tolist(), found.pairs.higher.tolist()) == ([min(p) for p in pairs], [max(p) for p in pairs])
    assert found.labels.tolist() == [int(entity[a] == entity[b]) for a, b in pairs]
    assert found.decisions.tolist() == told
    begins = {name: entity.tolist().index(name) for name in entity}
    record = [begins[entity[a]] if entity[a] == entity[b] else min(a, b) for a, b in pairs]
    assert found.groups["sex"].tolist() == [int(columns["sex"][at]) for at in record]
    assert found.clusters.tolist() == [first[at] for at in record]


def test_a_benchmark_without_candidate_pairs_has_no_items(tmp_path: Path) -> None:
    columns = {"entities": np.array([f"e{n // 2}" for n in range(ROWS)]), "sex": np.zeros(ROWS, dtype=np.int32)}
    benchmark = TaskBenchmark("linkage", columns, labels=("", ""))
    found = decided_items(inputs_for(tmp_path, benchmark, {"item_id": IDS, "entity": IDS}, LABEL), silent)
    assert (len(found.labels), len(found.decisions), found.unseen) == (0, 0, ROWS // 2)
