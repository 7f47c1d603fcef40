"""Counting rows into confusion tallies: examples small enough to check by eye, and misuse."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from evalharness.catalogue import OUTCOMES, task_metrics
from evalharness.errors import BadInput, Fault
from evalharness.tally import ConfusionTally, Counter, Slices

DENOMINATORS = task_metrics("binary").denominators
GRADES = task_metrics("ordinal", ("low", "middle", "high"))
SEX = Slices(("sex",), {"sex": ("F", "M")}, 1)
NOBODY = Slices((), {}, 0)


def _int8(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int8)


def _codes(*values: int) -> dict[str, np.ndarray]:
    return {"sex": np.array(values, dtype=np.int32)}


def test_the_six_outcomes_are_told_apart() -> None:
    counter = Counter(NOBODY, clustered=False)
    counter.add(_int8(1, 0, 1, 0, 1, 0), _int8(1, 1, 0, 0, -1, -1), {}, None)
    assert counter.result().counts.tolist() == [[1, 1, 1, 1, 1, 1]]
    one = Counter(NOBODY, clustered=False)
    one.add(_int8(1, 1), _int8(-1, -1), {}, None)
    assert dict(zip(OUTCOMES, one.result().counts[0].tolist(), strict=True))["no_answer_positive"] == 2


def test_a_row_without_a_label_is_in_no_tally_and_counted_apart() -> None:
    counter = Counter(SEX, clustered=True)
    counter.add(_int8(-1, 1, -1, -1), _int8(1, 1, 0, -1), _codes(0, 0, 1, 1), pa.array(["a", "a", "a", "b"]))
    assert counter.unlabelled == 3
    assert counter.result().counts.sum(axis=1).tolist() == [1, 1, 0]
    assert counter.result().clusters[:, 0].tolist() == [1, 1, 0]


@pytest.mark.parametrize("contiguous", [False, True])
def test_a_cluster_whose_rows_differ_in_group_is_one_cluster_overall_and_one_in_each_group(contiguous: bool) -> None:
    counter = Counter(SEX, clustered=True, contiguous=contiguous)
    counter.add(_int8(1, 1, 1, 0), _int8(1, 1, 0, 0), _codes(0, 0, 1, 1), pa.array(["a", "a", "a", "b"]))
    tally = counter.result()
    tp, fn, tn = (OUTCOMES.index(name) for name in ("tp", "fn", "tn"))
    assert tally.second[0, [tp, fn, tp], [tp, fn, fn]].tolist() == [4, 1, 2]
    assert tally.second[1, [tp, fn, tp], [tp, fn, fn]].tolist() == [4, 0, 0]
    assert tally.second[2, [tp, fn, tn], [tp, fn, tn]].tolist() == [0, 1, 1]
    assert tally.clusters[:, DENOMINATORS.index((1, 1, 1, 1, 1, 1))].tolist() == [2, 1, 2]


def test_independent_rows_are_clusters_of_one() -> None:
    rng = np.random.default_rng(1)
    labels, decisions = rng.integers(-1, 2, 300).astype(np.int8), rng.integers(-1, 2, 300).astype(np.int8)
    groups = {"sex": rng.integers(0, 2, 300).astype(np.int32)}
    apart, named = Counter(SEX, clustered=False), Counter(SEX, clustered=True)
    apart.add(labels, decisions, groups, None)
    named.add(labels, decisions, groups, pa.array([str(i) for i in range(300)]))
    for field in ("counts", "second", "clusters"):
        np.testing.assert_array_equal(getattr(apart.result(), field), getattr(named.result(), field))
    assert not apart.result().clustered


def test_levels_are_told_apart_row_by_row_and_refusals_by_true_level() -> None:
    counter = Counter(NOBODY, clustered=False, of=GRADES)
    counter.add(_int8(0, 1, 2, 2, 2, -1), _int8(1, 1, 0, 2, -1, 0), {}, None)
    assert counter.unlabelled == 1
    tally = counter.result()
    assert dict(zip(GRADES.outcomes, tally.counts[0].tolist(), strict=True)) == {
        **dict.fromkeys(GRADES.outcomes, 0),
        **dict.fromkeys(["low as middle", "middle as middle", "high as low", "high as high", "no answer high"], 1),
    }
    named = dict(zip(GRADES.denominator_names, tally.clusters[0].tolist(), strict=True))
    assert (named["items"], named["top-level items"], named["items above the lowest level"]) == (5, 3, 4)
    assert (named["items of level 1"], named["items given level 1"], named["items given level 3"]) == (1, 1, 1)


@pytest.mark.parametrize(("label", "decision"), [(3, 0), (0, 3), (-2, 0), (0, -2)])
def test_a_level_that_is_not_there_is_a_fault(label: int, decision: int) -> None:
    with pytest.raises(Fault, match="outside -1 to 2"):
        Counter(NOBODY, clustered=False, of=GRADES).add(_int8(label), _int8(decision), {}, None)


@pytest.mark.parametrize("task", ["ranking", "linkage", "risk"])
def test_other_tasks_of_relevant_or_not_count_the_same_outcomes(task: str) -> None:
    rng = np.random.default_rng(2)
    labels, decisions = rng.integers(-1, 2, 200).astype(np.int8), rng.integers(-1, 2, 200).astype(np.int8)
    names = pa.array([str(i) for i in rng.integers(0, 40, 200)])
    plain, other = Counter(NOBODY, clustered=True), Counter(NOBODY, clustered=True, of=task_metrics(task))
    for counter in (plain, other):
        counter.add(labels, decisions, {}, names)
    np.testing.assert_array_equal(plain.result().counts, other.result().counts)
    np.testing.assert_array_equal(plain.result().second, other.result().second)
    where = [DENOMINATORS.index(denominator) for denominator in other.result().of.denominators]
    np.testing.assert_array_equal(plain.result().clusters[:, where], other.result().clusters)


def test_nothing_added_is_all_zeros() -> None:
    for counter in (Counter(SEX, clustered=True), Counter(SEX, clustered=True, contiguous=True), Counter(SEX, clustered=False)):
        counter.add(_int8(), _int8(), _codes(), pa.array([], pa.string()))
        counter.add(_int8(-1), _int8(1), _codes(0), pa.array(["a"]))
        assert not counter.result().counts.any()
        assert not counter.result().second.any()


def test_a_cluster_longer_than_any_chunk_is_one_cluster() -> None:
    rows = 150_000
    labels, decisions = np.ones(rows, dtype=np.int8), np.ones(rows, dtype=np.int8)
    sex = {"sex": (np.arange(rows) % 2).astype(np.int32)}
    for contiguous in (False, True):
        counter = Counter(SEX, clustered=True, contiguous=contiguous)
        counter.add(labels, decisions, sex, pa.array(["a"] * rows))
        assert counter.result().second[:, 0, 0].tolist() == [rows**2, (rows // 2) ** 2, (rows // 2) ** 2]
        assert counter.result().clusters[:, 0].tolist() == [1, 1, 1]


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_many_attributes_are_counted_without_their_joint_table(depth: int) -> None:
    rng = np.random.default_rng(depth)
    names = tuple(f"a{k}" for k in range(6))
    levels = {name: tuple(map(str, range(7))) for name in names}
    slices = Slices(names, levels, depth)
    assert slices.cells > 2**16
    rows = 400
    groups = {name: rng.integers(0, 7, rows).astype(np.int32) for name in names}
    labels, decisions = rng.integers(0, 2, rows).astype(np.int8), rng.integers(-1, 2, rows).astype(np.int8)
    clusters = pa.array([str(c) for c in rng.integers(0, 90, rows)])
    counter = Counter(slices, clustered=True)
    counter.add(labels, decisions, groups, clusters)
    tally = counter.result()
    frame = pd.DataFrame({**groups, "c": clusters.to_pylist(), "tp": (labels == 1) & (decisions == 1)})
    for number in rng.choice(len(slices), 40):
        inside = frame
        for name, level in slices.groups[number]:
            inside = inside[inside[name] == int(level)]
        found = inside.groupby("c")["tp"].sum()
        assert (tally.counts[number, 0], tally.second[number, 0, 0]) == (found.sum(), (found**2).sum())
        assert tally.clusters[number, DENOMINATORS.index((1, 1, 1, 1, 1, 1))] == len(found)


def test_tallies_of_other_slices_or_of_another_kind_do_not_merge() -> None:
    empty = Counter(SEX, clustered=False).result()
    another_task = Counter(SEX, clustered=False, of=task_metrics("risk"))
    for other in (Counter(NOBODY, clustered=False).result(), Counter(SEX, clustered=True).result(), another_task.result()):
        with pytest.raises(Fault, match="cannot be merged"):
            empty.merge(other)


def test_a_tally_can_be_made_from_counts_of_independent_items() -> None:
    tally = ConfusionTally.of_independent(NOBODY, np.array([[5, 4, 3, 2, 1, 0]]))
    assert np.diag(tally.second[0]).tolist() == [5, 4, 3, 2, 1, 0]
    assert tally.second.sum() == 15
    assert tally.clusters[0].tolist() == [sum(w * n for w, n in zip(d, (5, 4, 3, 2, 1, 0), strict=True)) for d in DENOMINATORS]


def test_a_row_without_a_cluster_is_bad_input() -> None:
    with pytest.raises(BadInput, match="without a cluster"):
        Counter(NOBODY, clustered=True).add(_int8(1, 1), _int8(1, 1), {}, pa.array(["a", None]))


@pytest.mark.parametrize(
    ("labels", "decisions", "groups", "clusters"),
    [
        ((2,), (0,), {"sex": [0]}, ["a"]),
        ((1,), (-2,), {"sex": [0]}, ["a"]),
        ((1,), (1,), {"sex": [2]}, ["a"]),
        ((1,), (1,), {"sex": [-1]}, ["a"]),
        ((1,), (1,), {}, ["a"]),
        ((1, 1), (1,), {"sex": [0, 0]}, ["a", "a"]),
        ((1,), (1,), {"sex": [0, 0]}, ["a"]),
        ((1,), (1,), {"sex": [0]}, ["a", "b"]),
        ((1,), (1,), {"sex": [0]}, None),
    ],
)
def test_rows_that_break_the_contract_between_layers_are_a_fault(
    labels: tuple[int, ...], decisions: tuple[int, ...], groups: dict[str, list[int]], clusters: list[str] | None
) -> None:
    codes = {name: np.array(values, dtype=np.int32) for name, values in groups.items()}
    with pytest.raises(Fault):
        Counter(SEX, clustered=True).add(_int8(*labels), _int8(*decisions), codes, None if clusters is None else pa.array(clusters))


def test_no_row_may_follow_the_result() -> None:
    counter = Counter(NOBODY, clustered=False)
    counter.result()
    with pytest.raises(Fault, match="after its result"):
        counter.add(_int8(1), _int8(1), {}, None)
