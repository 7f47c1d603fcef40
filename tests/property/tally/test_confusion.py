"""Tallies of Hypothesis-made tables against pandas and against sums over clusters written out."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.catalogue import OUTCOMES, task_metrics
from evalharness.tally import ConfusionTally, Counter, Slices
from evalharness.tally import cells as cells_module

DENOMINATORS = task_metrics("binary").denominators
ATTRIBUTES = ("sex", "age", "area")
LEVELS = {"sex": ("F", "M"), "age": ("mid", "old", "young"), "area": ("(missing)", "n")}
ROW = st.tuples(
    st.integers(-1, 1), st.integers(-1, 1), st.integers(0, 1), st.integers(0, 2), st.integers(0, 1), st.sampled_from("abcdeé\U0001f600")
)


@dataclass(frozen=True)
class Table:
    frame: pd.DataFrame

    def tally(self, *, depth: int = 3, clustered: bool = True, contiguous: bool = False, cuts: tuple[int, ...] = ()) -> ConfusionTally:
        counter = Counter(Slices(ATTRIBUTES, LEVELS, depth), clustered, contiguous=contiguous)
        edges = [0, *sorted(min(cut, len(self.frame)) for cut in cuts), len(self.frame)]
        for start, stop in itertools.pairwise(edges):
            part = self.frame.iloc[start:stop]
            groups = {name: part[name].to_numpy(np.int32) for name in ATTRIBUTES}
            names = pa.array(part["cluster"].tolist(), pa.string())
            counter.add(part["label"].to_numpy(np.int8), part["decision"].to_numpy(np.int8), groups, names)
        assert counter.unlabelled == (self.frame["label"] < 0).sum()
        return counter.result()

    @property
    def outcomes(self) -> pd.DataFrame:
        """Labelled rows with their outcome's name."""
        kept = self.frame[self.frame["label"] >= 0].copy()
        names = {(1, 1): "tp", (0, 1): "fp", (1, 0): "fn", (0, 0): "tn", (1, -1): "no_answer_positive", (0, -1): "no_answer_negative"}
        kept["outcome"] = [names[pair] for pair in zip(kept["label"], kept["decision"], strict=True)]
        return kept


def _table(rows: list[tuple[int, int, int, int, int, str]]) -> Table:
    return Table(pd.DataFrame(rows, columns=["label", "decision", *ATTRIBUTES, "cluster"]))


def _grouped(rows: list[tuple[int, int, int, int, int, str]], order: str = "cab\U0001f600edé") -> Table:
    """The same rows, each cluster in one piece, the clusters in an order that does not ascend."""
    return _table(sorted(rows, key=lambda row: order.index(row[-1])))


def _constant(rows: list[tuple[int, int, int, int, int, str]]) -> list[tuple[int, int, int, int, int, str]]:
    """The same rows, each with the groups of its cluster's first row."""
    first: dict[str, tuple[int, int, int]] = {}
    return [(row[0], row[1], *first.setdefault(row[5], row[2:5]), row[5]) for row in rows]


def _same(one: ConfusionTally, other: ConfusionTally) -> None:
    for name in ("counts", "second", "clusters"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        assert getattr(one, name).dtype == np.int64


def _brute(table: Table, depth: int = 3) -> ConfusionTally:
    """Counts and moments written out from their definition."""
    slices = Slices(ATTRIBUTES, LEVELS, depth)
    counts = np.zeros((len(slices), 6), dtype=np.int64)
    second = np.zeros((len(slices), 6, 6), dtype=np.int64)
    clusters = np.zeros((len(slices), len(DENOMINATORS)), dtype=np.int64)
    for number, group in enumerate(slices.groups):
        inside = table.outcomes
        for name, level in group:
            inside = inside[inside[name] == LEVELS[name].index(level)]
        for _, cluster in inside.groupby("cluster"):
            vector = np.array([(cluster["outcome"] == outcome).sum() for outcome in OUTCOMES])
            counts[number] += vector
            second[number] += np.outer(vector, vector)
            clusters[number] += [int(vector @ np.array(weights) > 0) for weights in DENOMINATORS]
    return ConfusionTally(slices=slices, counts=counts, second=second, clusters=clusters, clustered=True)


@settings(deadline=None, max_examples=60)
@given(st.lists(ROW, max_size=60), st.integers(0, 3))
def test_every_subset_equals_pandas_crosstab(rows: list[tuple[int, int, int, int, int, str]], depth: int) -> None:
    table = _table(rows)
    tally = table.tally(depth=depth, clustered=False)
    outcomes = table.outcomes
    assert tally.counts[0].tolist() == [(outcomes["outcome"] == name).sum() for name in OUTCOMES]
    for subset in tally.slices.subsets[1:]:
        crossed = pd.crosstab([outcomes[name] for name in subset], outcomes["outcome"])
        for position in tally.slices.positions(subset):
            levels = dict(tally.slices.groups[position])
            key = tuple(LEVELS[name].index(levels[name]) for name in subset)
            index = key if len(key) > 1 else key[0]
            expected = [int(crossed[name].get(index, 0)) if name in crossed else 0 for name in OUTCOMES]
            assert tally.counts[position].tolist() == expected


@settings(deadline=None, max_examples=40)
@given(st.lists(ROW, max_size=40), st.lists(st.integers(0, 40), max_size=4), st.booleans())
def test_moments_equal_sums_over_clusters_written_out(
    rows: list[tuple[int, int, int, int, int, str]], cuts: list[int], constant: bool
) -> None:
    kept = _constant(rows) if constant else rows
    expected = _brute(_table(kept))
    _same(_table(kept).tally(cuts=tuple(cuts)), expected)
    _same(_grouped(kept).tally(cuts=tuple(cuts)), expected)
    _same(_grouped(kept, order="abcdeé\U0001f600").tally(cuts=tuple(cuts)), expected)
    _same(_grouped(kept).tally(cuts=tuple(cuts), contiguous=True), expected)


@settings(deadline=None, max_examples=60)
@given(st.lists(ROW, max_size=80), st.randoms(use_true_random=False), st.lists(st.integers(0, 80), max_size=6), st.integers(0, 3))
def test_order_of_rows_and_cuts_of_batches_change_nothing(
    rows: list[tuple[int, int, int, int, int, str]], random: object, cuts: list[int], depth: int
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    reference = _grouped(rows).tally(contiguous=True, depth=depth)
    _same(_table(rows).tally(depth=depth), reference)
    _same(_table(shuffled).tally(cuts=tuple(cuts), depth=depth), reference)
    every_row = tuple(range(len(rows)))
    _same(_grouped(shuffled).tally(cuts=every_row, contiguous=True, depth=depth), reference)
    renamed = [(*row[:5], f"z{ord(row[5])}") for row in shuffled]
    _same(_table(renamed).tally(cuts=every_row, depth=depth), reference)


@settings(deadline=None, max_examples=60)
@given(st.lists(ROW, max_size=80), st.permutations(range(4)))
def test_parts_with_whole_clusters_merge_in_any_order_to_the_whole(
    rows: list[tuple[int, int, int, int, int, str]], order: list[int]
) -> None:
    parts = [_table([row for row in rows if ord(row[5]) % 4 == part]).tally() for part in order]
    whole = _table(rows).tally()
    _same(parts[0].merge(parts[1]).merge(parts[2]).merge(parts[3]), whole)
    _same(parts[0].merge(parts[1].merge(parts[2].merge(parts[3]))), whole)


@settings(deadline=None, max_examples=40)
@given(st.lists(ROW, max_size=60), st.integers(0, 3), st.lists(st.integers(0, 60), max_size=3))
def test_counting_without_the_joint_table_gives_the_same(
    rows: list[tuple[int, int, int, int, int, str]], depth: int, cuts: list[int]
) -> None:
    joint = _table(rows).tally(depth=depth)
    kept = cells_module.MOST_JOINT_NUMBERS
    cells_module.MOST_JOINT_NUMBERS = 1
    try:
        _same(_table(rows).tally(depth=depth, cuts=tuple(cuts)), joint)
        _same(_grouped(rows).tally(depth=depth, cuts=tuple(cuts), contiguous=True), joint)
    finally:
        cells_module.MOST_JOINT_NUMBERS = kept


@settings(deadline=None, max_examples=30)
@given(st.lists(ROW, max_size=60))
def test_second_moments_are_symmetric_and_bounded_by_counts(rows: list[tuple[int, int, int, int, int, str]]) -> None:
    tally = _table(rows).tally()
    np.testing.assert_array_equal(tally.second, tally.second.transpose(0, 2, 1))
    squares = np.diagonal(tally.second, axis1=1, axis2=2)
    assert (squares >= tally.counts).all()
    assert (squares <= tally.counts**2).all()
