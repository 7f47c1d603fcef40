"""The best attainable, against the same figure worked out item by item from the true chances."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from benchmark_folder import write_table
from recipes import opened_recipe

from evalharness.benchmarks import Benchmark, open_benchmark
from evalharness.benchmarks.attainable import best_attainable


def chances(benchmark: Benchmark, column: str = "posterior") -> np.ndarray:
    return np.concatenate(list(benchmark.truth("test", column)))


def codes(benchmark: Benchmark, attribute: str) -> np.ndarray:
    batches = benchmark.batches("test", columns=frozenset({"groups"}))
    return np.concatenate([batch.groups[attribute] for batch in batches if batch.groups is not None])


def best_recall(posterior: np.ndarray, rate: float) -> float:
    """Items from the greatest chance downwards until the expected false alarms are spent; of the last one a part."""
    ordered = np.sort(posterior)[::-1]
    spent = np.cumsum(1 - ordered)
    whole = int(np.searchsorted(spent, rate * spent[-1], side="right"))
    part = (rate * spent[-1] - (spent[whole - 1] if whole else 0)) / (1 - ordered[whole])
    return float((ordered[:whole].sum() + part * ordered[whole]) / ordered.sum())


@pytest.mark.parametrize("name", ["message-triage", "lead-priority", "risk-level"])
def test_the_best_recall_of_everybody_and_of_each_level_is_that_of_a_threshold_on_the_chance(tmp_path: Path, name: str) -> None:
    benchmark = opened_recipe(tmp_path, name)
    found = best_attainable(benchmark, "test")
    attribute = benchmark.within[0]
    level = benchmark.levels("test")[attribute][0]
    own = chances(benchmark, f"within_{attribute}")[codes(benchmark, attribute) == 0]
    for group, posterior in (("everyone", chances(benchmark)), (f"{attribute}={level}", own)):
        recalls = [point["recall"] for point in found[group]]
        assert all(low < high for low, high in pairwise(recalls))
        for point in found[group]:
            assert point["recall"] == pytest.approx(best_recall(posterior, point["false_positive_rate"]), abs=0.004)


def test_the_best_agreement_is_the_mean_of_the_greatest_chance(tmp_path: Path) -> None:
    benchmark = opened_recipe(tmp_path, "severity-grading", rows=3_000)
    found = best_attainable(benchmark, "test")
    levels = benchmark.info.levels
    everybody = np.max([chances(benchmark, f"posterior_{level}") for level in levels], axis=0)
    assert found["everyone"]["exact_agreement"] == pytest.approx(everybody.mean(), abs=1e-4)
    attribute = benchmark.within[0]
    own = np.max([chances(benchmark, f"within_{attribute}_{level}") for level in levels], axis=0)[codes(benchmark, attribute) == 0]
    group = f"{attribute}={benchmark.levels('test')[attribute][0]}"
    assert found[group]["exact_agreement"] == pytest.approx(own.mean(), abs=1e-4)


def test_the_best_links_are_the_likeliest_candidates_over_all_links(tmp_path: Path) -> None:
    benchmark = opened_recipe(tmp_path, "case-linkage")
    found = best_attainable(benchmark, "test")
    entities = [e for b in benchmark.batches("test", columns=frozenset({"entities"})) for e in b.entities.to_pylist()]  # type: ignore[union-attr]
    sizes = np.unique(entities, return_counts=True)[1]
    links = int((sizes * (sizes - 1) // 2).sum())
    held = sum(entities[a] == entities[b] for left, right in benchmark.pairs("test") for a, b in zip(left, right, strict=True))
    assert found["links"] == {"all": links, "in_candidates": held}
    ordered = np.sort(np.concatenate(list(benchmark.pair_posterior("test"))))[::-1]
    precision = np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
    for point in found["everyone"]:
        whole = int(np.flatnonzero(precision >= point["precision"])[-1])
        assert point["recall"] == pytest.approx(ordered[: whole + 1].sum() / links, abs=0.003)


def test_nothing_is_attainable_where_no_chance_is_known(tmp_path: Path) -> None:
    assert best_attainable(open_benchmark(write_table(tmp_path)), "test") == {}
