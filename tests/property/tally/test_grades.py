"""Tallies of rising levels against scikit-learn, and against sums over clusters written out in plain Python."""

from __future__ import annotations

import itertools
from collections import Counter as Times
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix

from evalharness.catalogue import TaskMetrics, task_metrics
from evalharness.tally import ConfusionTally, Counter, Slices
from evalharness.tally import cells as cells_module

ATTRIBUTES = ("sex", "age")
GROUPS = {"sex": ("F", "M"), "age": ("mid", "old", "young")}
SIZES = range(2, 8)
FEW = settings(deadline=None, max_examples=60, derandomize=True)


def grades(size: int) -> TaskMetrics:
    return task_metrics("ordinal", tuple(f"level {rank}" for rank in range(size)))


@dataclass(frozen=True)
class Rows:
    """Rows of (label, decision, sex, age, cluster) for K levels."""

    size: int
    rows: list[tuple[int, int, int, int, str]]

    def tally(self, *, depth: int = 2, clustered: bool = True, contiguous: bool = False, cuts: tuple[int, ...] = ()) -> ConfusionTally:
        counter = Counter(Slices(ATTRIBUTES, GROUPS, depth), clustered, of=grades(self.size), contiguous=contiguous)
        edges = [0, *sorted(min(cut, len(self.rows)) for cut in cuts), len(self.rows)]
        for start, stop in itertools.pairwise(edges):
            part = self.rows[start:stop]
            labels, decisions, sex, age = (np.array([row[k] for row in part], dtype=np.int64) for k in range(4))
            codes = {"sex": sex.astype(np.int32), "age": age.astype(np.int32)}
            names = pa.array([row[4] for row in part], pa.string())
            counter.add(labels.astype(np.int8), decisions.astype(np.int8), codes, names)
        assert counter.unlabelled == sum(row[0] < 0 for row in self.rows)
        return counter.result()

    def in_one_piece(self) -> Rows:
        """The same rows, each cluster in one piece, the clusters in an order that does not ascend."""
        return Rows(self.size, sorted(self.rows, key=lambda row: row[4][::-1]))

    def outcome(self, label: int, decision: int) -> int:
        return label * self.size + decision if decision >= 0 else self.size**2 + label

    def written_out(self, depth: int = 2) -> ConfusionTally:
        """Counts and moments from their definition: one dictionary of counts for each slice and cluster."""
        of, slices = grades(self.size), Slices(ATTRIBUTES, GROUPS, depth)
        outcomes = len(of.outcomes)
        counts = [[0] * outcomes for _ in slices.groups]
        second = [[[0] * outcomes for _ in range(outcomes)] for _ in slices.groups]
        clusters = [[0] * len(of.denominators) for _ in slices.groups]
        for number, group in enumerate(slices.groups):
            parts: dict[str, Times[int]] = {}
            for label, decision, sex, age, cluster in self.rows:
                own = {"sex": GROUPS["sex"][sex], "age": GROUPS["age"][age]}
                if label >= 0 and all(own[attribute] == level for attribute, level in group):
                    parts.setdefault(cluster, Times())[self.outcome(label, decision)] += 1
            for part in parts.values():
                for i, n in part.items():
                    counts[number][i] += n
                    for j, m in part.items():
                        second[number][i][j] += n * m
                for d, weights in enumerate(of.denominators):
                    clusters[number][d] += any(weights[i] for i in part)
        arrays = {"counts": np.array(counts), "second": np.array(second), "clusters": np.array(clusters)}
        return ConfusionTally(slices=slices, clustered=True, of=of, **arrays)


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    size = draw(st.sampled_from(SIZES))
    level = st.integers(-1, size - 1)
    row = st.tuples(level, level, st.integers(0, 1), st.integers(0, 2), st.sampled_from(["a", "b", "ca", "db", "é"]))
    return Rows(size, draw(st.lists(row, max_size=40)))


def at_random(size: int, rows: int, seed: int, clusters: int = 60) -> Rows:
    rng = np.random.default_rng(seed)
    columns = [rng.integers(-1, size, rows), rng.integers(-1, size, rows), rng.integers(0, 2, rows), rng.integers(0, 3, rows)]
    names = [f"case {number}" for number in rng.integers(0, clusters, rows)]
    return Rows(size, list(zip(*(column.tolist() for column in columns), names, strict=True)))


def same(one: ConfusionTally, other: ConfusionTally) -> None:
    assert one.of == other.of
    for name in ("counts", "second", "clusters"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("size", SIZES)
def test_counts_are_scikit_learn_s_confusion_matrix_and_its_accuracy(size: int) -> None:
    table = at_random(size, 600, size)
    tally = table.tally(clustered=False)
    answered = [row for row in table.rows if row[0] >= 0 and row[1] >= 0]
    for number, group in enumerate(tally.slices.groups):
        own = [r for r in answered if all({"sex": GROUPS["sex"][r[2]], "age": GROUPS["age"][r[3]]}[a] == level for a, level in group)]
        true, predicted = [row[0] for row in own], [row[1] for row in own]
        theirs = confusion_matrix(true, predicted, labels=list(range(size)))
        np.testing.assert_array_equal(tally.counts[number, : size**2].reshape(size, size), theirs)
        exact = np.array(tally.of.metrics["exact_agreement"].numerator)
        assert tally.counts[number] @ exact == pytest.approx(accuracy_score(true, predicted) * len(own))


@pytest.mark.parametrize("size", SIZES)
def test_moments_are_sums_over_clusters_written_out(size: int) -> None:
    table = at_random(size, 300, 100 + size)
    expected = table.written_out()
    same(table.tally(cuts=(7, 100, 101)), expected)
    same(table.in_one_piece().tally(cuts=(50, 51, 250), contiguous=True), expected)


@FEW
@given(tables(), st.lists(st.integers(0, 40), max_size=4), st.integers(0, 2))
def test_clusters_in_pieces_and_batches_cut_anywhere_give_the_same(table: Rows, cuts: list[int], depth: int) -> None:
    expected = table.written_out(depth)
    same(table.tally(cuts=tuple(cuts), depth=depth), expected)
    same(table.in_one_piece().tally(cuts=tuple(cuts), depth=depth, contiguous=True), expected)
    backwards = Rows(table.size, table.rows[::-1])
    same(backwards.tally(cuts=tuple(range(len(table.rows))), depth=depth), expected)


@FEW
@given(tables(), st.permutations(range(3)))
def test_parts_with_whole_clusters_merge_in_any_order_to_the_whole(table: Rows, order: list[int]) -> None:
    parts = [Rows(table.size, [row for row in table.rows if ord(row[4][0]) % 3 == part]).tally() for part in order]
    whole = table.written_out()
    same(parts[0].merge(parts[1]).merge(parts[2]), whole)
    same(parts[0].merge(parts[1].merge(parts[2])), whole)


@pytest.mark.parametrize("size", [2, 4, 7])
def test_counting_without_the_joint_table_gives_the_same(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    table = at_random(size, 300, 200 + size)
    monkeypatch.setattr(cells_module, "MOST_JOINT_NUMBERS", 1)
    for depth in range(3):
        same(table.tally(depth=depth, cuts=(90,)), table.written_out(depth))


@FEW
@given(tables())
def test_every_metric_counts_what_its_name_says(table: Rows) -> None:
    """Refusals counted as wrong wherever the true level leaves room for it."""
    of, counts = grades(table.size), table.tally(clustered=False).counts[0]
    labelled = [(label, decision) for label, decision, *_ in table.rows if label >= 0]
    top, levels, steps = table.size - 1, range(table.size), range(1, table.size)
    numerators = {
        "exact_agreement": sum(y == d for y, d in labelled),
        **{f"under_grading_{k}": sum(y - d >= k if d >= 0 else y >= k for y, d in labelled) for k in steps},
        **{f"over_grading_{k}": sum(d - y >= k if d >= 0 else top - y >= k for y, d in labelled) for k in steps},
        "critical_miss": sum(y == top and d <= 0 for y, d in labelled),
        **{f"{share}_level_{rank + 1}": sum(y == d == rank for y, d in labelled) for share in ("recall", "precision") for rank in levels},
        "no_answer_rate": sum(d < 0 for _, d in labelled),
    }
    if table.size > 2:
        numerators["adjacent_agreement"] = sum(d >= 0 and abs(y - d) <= 1 for y, d in labelled)
        numerators["gross_error"] = sum(abs(y - d) >= 2 if d >= 0 else y >= 2 or top - y >= 2 for y, d in labelled)
    denominators = {
        "critical_miss": sum(y == top for y, _ in labelled),
        **{f"recall_level_{rank + 1}": sum(y == rank for y, _ in labelled) for rank in levels},
        **{f"precision_level_{rank + 1}": sum(d == rank for _, d in labelled) for rank in levels},
    }
    assert {name for name, metric in of.metrics.items() if metric.kind == "proportion"} == set(numerators)
    for name, numerator in numerators.items():
        assert counts @ np.array(of.metrics[name].numerator) == numerator, name
        assert counts @ np.array(of.metrics[name].denominator) == denominators.get(name, len(labelled)), name
