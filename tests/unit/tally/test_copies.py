"""Pairs of items and copies to counts: small cases by eye, the rest against a count by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.catalogue import copy_metrics, task_metrics
from evalharness.errors import Fault
from evalharness.records import CopyKind
from evalharness.tally import CopyCounter, Slices
from evalharness.tally.copies import pair_outcomes

NOISE = CopyKind(name="noise", changed="something moved")
SEX = Slices(("sex",), {"sex": ("F", "M")}, 1)
EVERYBODY = Slices(("sex",), {"sex": ("F", "M")}, 0)
GRADES = task_metrics("ordinal", ("low", "middle", "high"))


def _counter(*, graded: bool = False, clustered: bool = True, contiguous: bool = False) -> CopyCounter:
    of = GRADES if graded else task_metrics("binary")
    return CopyCounter(NOISE, of, pairs=SEX, decided=EVERYBODY, clustered=clustered, contiguous=contiguous)


def _int8(values: object) -> np.ndarray:
    return np.array(values, dtype=np.int8)


def test_what_became_of_a_pair() -> None:
    found = pair_outcomes(_int8([0, 1, 1, 0, -1, 1, -1]), _int8([0, 1, 0, 1, 1, -1, -1]))
    assert found.tolist() == [0, 0, 1, 2, 3, 3, 3]
    assert pair_outcomes(_int8([2, 0, 1]), _int8([0, 2, 1])).tolist() == [1, 2, 0]


def test_relevant_and_irrelevant_pairs_are_told_apart_and_the_copies_counted_by_themselves() -> None:
    counter = _counter(clustered=False)
    counter.add(
        _int8([1, 1, 0, 0, -1]), _int8([1, 1, 0, 0, 1]), _int8([1, 0, 1, -1, 0]), {"sex": np.array([0, 0, 1, 1, 1], np.int32)}, None
    )
    tally = counter.result()
    named = dict(zip(copy_metrics("binary").outcomes, tally.pairs.counts[0].tolist(), strict=True))
    assert named == {
        "same_relevant": 1, "set_aside_relevant": 1, "selected_relevant": 0, "no_answer_relevant": 0,
        "same_irrelevant": 0, "set_aside_irrelevant": 0, "selected_irrelevant": 1, "no_answer_irrelevant": 1,
    }  # fmt: skip
    assert tally.decided.counts.tolist() == [[1, 1, 1, 0, 0, 1]]
    assert tally.pairs.counts.sum(axis=1).tolist() == [4, 2, 2]


@given(data=st.data(), graded=st.booleans(), contiguous=st.booleans())
def test_counts_and_moments_are_those_of_a_count_by_hand(data: st.DataObject, graded: bool, contiguous: bool) -> None:
    top = 2 if graded else 1
    rows = data.draw(st.integers(0, 30))
    answers = st.lists(st.integers(-1, top), min_size=rows, max_size=rows)
    labels, items, copies = (_int8(data.draw(answers)) for _ in range(3))
    sexes = data.draw(st.lists(st.integers(0, 1), min_size=rows, max_size=rows))
    cluster = sorted(data.draw(st.lists(st.integers(0, 5), min_size=rows, max_size=rows)))
    counter = _counter(graded=graded, contiguous=contiguous)
    for rows_of in np.array_split(np.arange(rows), 3):
        counter.add(
            labels[rows_of], items[rows_of], copies[rows_of], {"sex": np.array(sexes, np.int32)[rows_of]},
            pa.array([str(c) for c in np.array(cluster, int)[rows_of]], pa.string()),
        )  # fmt: skip
    tally = counter.result()
    names = copy_metrics("ordinal" if graded else "binary").outcomes
    told = pd.DataFrame({"l": labels, "a": items, "b": copies, "g": sexes, "c": cluster}).query("l >= 0")
    told["o"] = [_by_hand(row.a, row.b, row.l, graded) for row in told.itertuples()]
    for at, mine in enumerate([told, told[told.g == 0], told[told.g == 1]]):
        by_cluster = [[int((part.o == name).sum()) for name in names] for _, part in mine.groupby("c")]
        expected = np.array(by_cluster, dtype=np.int64).reshape(-1, len(names))
        np.testing.assert_array_equal(tally.pairs.counts[at], expected.sum(axis=0))
        np.testing.assert_array_equal(tally.pairs.second[at], expected.T @ expected)
        for place, whole in enumerate(tally.pairs.of.denominators):
            assert tally.pairs.clusters[at, place] == int((expected @ np.array(whole) > 0).sum())
    assert int(tally.decided.counts.sum()) == len(told)


def _by_hand(item: int, copy: int, label: int, graded: bool) -> str:
    if -1 in (item, copy):
        fate = "no_answer"
    elif item == copy:
        fate = "same"
    elif graded:
        fate = "lower" if copy < item else "higher"
    else:
        fate = "set_aside" if copy < item else "selected"
    return fate if graded else f"{fate}_{'relevant' if label else 'irrelevant'}"


def test_parts_add_up_and_kinds_do_not_mix() -> None:
    whole, parts = _counter(), (_counter(), _counter())
    columns = _int8([1, 0, 1, 0]), _int8([1, 1, 0, 0]), _int8([0, 1, 1, -1])
    sex, cluster = np.array([0, 1, 0, 1], np.int32), pa.array(["a", "a", "b", "b"])
    whole.add(*columns, {"sex": sex}, cluster)
    for part, rows in zip(parts, (slice(0, 2), slice(2, 4)), strict=True):
        part.add(*(column[rows] for column in columns), {"sex": sex[rows]}, cluster[rows.start : rows.stop])
    first, second = (part.result() for part in parts)
    merged, once = first.merge(second), whole.result()
    for name in ("counts", "second", "clusters"):
        np.testing.assert_array_equal(getattr(merged.pairs, name), getattr(once.pairs, name))
        np.testing.assert_array_equal(getattr(merged.decided, name), getattr(once.decided, name))
    other = CopyCounter(CopyKind(name="lost", changed="x"), task_metrics("binary"), pairs=SEX, decided=EVERYBODY, clustered=True)
    with pytest.raises(Fault):
        once.merge(other.result())


def test_decisions_out_of_range_and_of_other_lengths_are_faults() -> None:
    sex = {"sex": np.array([0], np.int32)}
    with pytest.raises(Fault):
        _counter(clustered=False).add(_int8([1]), _int8([2]), _int8([0]), sex, None)
    with pytest.raises(Fault):
        _counter(clustered=False).add(_int8([1]), _int8([1, 1]), _int8([0]), sex, None)
