"""Had the refused items been graded, in whatever way, no bound of a share or of a gap would have promised too much."""

from __future__ import annotations

import numpy as np
import pytest
from tallies_by_hand import LEVEL, clusters_of_groups, farthest, independent, named, policy, widest

from evalharness.catalogue import TaskMetrics, task_metrics
from evalharness.metrics import measure
from evalharness.metrics.gaps import gap_metrics
from evalharness.records import Estimate

DUST = 1e-9
NOBODY = policy(human=None, units=())


def grades(size: int) -> TaskMetrics:
    return task_metrics("ordinal", tuple("abcdefg"[:size]))


def drawn(of: TaskMetrics, rng: np.random.Generator) -> np.ndarray:
    """Counts with small cells, empty ones too, and a few refused items."""
    return rng.poisson(rng.choice([0.3, 2, 20], len(of.outcomes)))


def graded(of: TaskMetrics, counts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Every refused item answered, or left, in its own way; the ways lean to extremes."""
    found = counts.copy()
    for refused, answers in zip(of.refused, of.answers, strict=True):
        items, found[refused] = int(found[refused]), 0
        found[[refused, *answers]] += rng.multinomial(items, rng.dirichlet([0.2] * (1 + len(answers))))
    return found


def holds(of: TaskMetrics, asked: tuple[Estimate, ...], real: tuple[Estimate, ...]) -> None:
    for metric in of.metrics.values():
        if metric.kind == "cost" or metric.complete or metric.source:
            continue  # nobody stated costs, asked for what is counted completely, or counted what people do
        for group in ((), (("group", "a"),), (("group", "b"),)):
            before, after = named(asked, metric.name, group), named(real, metric.name, group)
            if before.value is None or (after.value is None and not metric.decides):
                continue
            if not metric.decides:
                worse, better = (before, after) if metric.better == "higher" else (after, before)
                assert worse.value <= better.value + DUST, metric.name  # type: ignore[operator]
                continue
            (lower, upper), (least, most) = farthest(before), widest(after)
            if metric.better == "higher":
                assert lower <= least + DUST  # type: ignore[operator]
            else:
                assert upper >= most - DUST  # type: ignore[operator]
    for metric in gap_metrics(of):
        before, after = (named(e, f"{metric.name}_difference") for e in (asked, real))
        upper, most = farthest(before)[1], widest(after)[1]
        assert upper is None or upper >= most - DUST  # type: ignore[operator]
        before, after = (named(e, f"{metric.name}_ratio") for e in (asked, real))
        lower, least = farthest(before)[0], widest(after)[0]
        assert lower is None or least is None or lower <= least + DUST


@pytest.mark.parametrize("size", [2, 3, 5])
def test_independent_items(size: int):
    of, rng = grades(size), np.random.default_rng(size)
    for _ in range(12):
        first, second = drawn(of, rng), drawn(of, rng)
        asked = measure(independent({("a",): first, ("b",): second}, of=of), NOBODY, LEVEL)
        for _ in range(5):
            cells = {("a",): graded(of, first, rng), ("b",): graded(of, second, rng)}
            holds(of, asked, measure(independent(cells, of=of), NOBODY, LEVEL))


@pytest.mark.parametrize("size", [2, 3, 5])
def test_items_in_clusters_that_span_groups_or_not(size: int):
    of, rng = grades(size), np.random.default_rng(10 + size)
    for spanning in (False, True):
        for _ in range(6):
            clusters = [{level: drawn(of, rng) // 4 for level in (("a", "b") if spanning else rng.choice(["a", "b"], 1))} for _ in range(8)]
            clusters += [{"a": np.ones(len(of.outcomes), dtype=int)}, {"b": np.ones(len(of.outcomes), dtype=int)}]
            asked = measure(clusters_of_groups(clusters, of), NOBODY, LEVEL)
            for _ in range(4):
                answered = [{level: graded(of, counts, rng) for level, counts in part.items()} for part in clusters]
                holds(of, asked, measure(clusters_of_groups(answered, of), NOBODY, LEVEL))
