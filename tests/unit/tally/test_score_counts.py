"""The score tally: same rows, same bytes, however they are cut, ordered and merged."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.errors import Fault
from evalharness.stats.roc import roc_auc
from evalharness.tally import score_counts
from evalharness.tally.score_counts import ScoreTally, ScoreTallyCounter
from evalharness.tally.slices import Slices

LEVELS = {"sex": ("F", "M"), "age": ("x", "y", "z")}
SLICES = Slices(attributes=("sex", "age"), levels=LEVELS, depth=2)
SCORES = st.sampled_from([0.0, -0.0, 0.25, np.nextafter(0.25, 1), 0.7, 1.0, -2.5, float("nan")])
ROWS = st.lists(st.tuples(SCORES, st.integers(-1, 2), st.integers(0, 1), st.integers(0, 2)), max_size=40)
ARRAYS = [field.name for field in dataclasses.fields(ScoreTally) if field.name not in {"slices", "classes"}]


def tally(rows: list[tuple[float, int, int, int]], cuts: list[int] | None = None) -> ScoreTally:
    counter = ScoreTallyCounter(SLICES, 3)
    edges = [0, *sorted(cuts or []), len(rows)]
    for start, stop in itertools.pairwise(edges):
        add(counter, rows[start:stop])
    return counter.result()


def add(counter: ScoreTallyCounter, rows: list[tuple[float, int, int, int]]) -> None:
    columns = np.array(rows, dtype=float).reshape(-1, 4).T
    labels, sex, age = (columns[i].astype(np.int32) for i in (1, 2, 3))
    counter.add(columns[0], labels.astype(np.int8), {"sex": sex, "age": age})


def content(found: ScoreTally) -> list[tuple[bytes, object, object]]:
    return [((a := getattr(found, name)).tobytes(), a.dtype, a.shape) for name in ARRAYS]


@given(ROWS, st.data())
def test_order_cuts_and_merges_change_no_byte(rows: list[tuple[float, int, int, int]], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows))
    cuts = data.draw(st.lists(st.integers(0, len(rows)), min_size=2, max_size=2).map(sorted))
    whole = content(tally(rows))
    assert content(tally(shuffled, cuts)) == whole
    a, b, c = (tally(shuffled[i:j]) for i, j in zip([0, *cuts], [*cuts, len(rows)], strict=True))
    for merged in (a.merge(b).merge(c), c.merge(a.merge(b)), b.merge(c.merge(a))):
        assert content(merged) == whole


@given(ROWS)
def test_every_group_has_its_own_rows(rows: list[tuple[float, int, int, int]]) -> None:
    found = tally(rows)
    for group in SLICES.groups:
        wanted = dict(group)
        inside = [r for r in rows if r[1] >= 0 and all(LEVELS[n][r[2 + i]] == wanted[n] for i, n in enumerate(LEVELS) if n in wanted)]
        scored = [r for r in inside if not np.isnan(r[0])]
        scores, counts = found.of(group)
        assert scores.tolist() == sorted({r[0] for r in scored})
        assert counts.tolist() == [[sum(r[0] == s and r[1] == k for r in scored) for s in scores] for k in range(3)]
        assert found.unscored_of(group).tolist() == [sum(np.isnan(r[0]) and r[1] == k for r in inside) for k in range(3)]
    assert found.rows == sum(r[1] >= 0 and not np.isnan(r[0]) for r in rows)


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10**6))
def test_many_batches_are_the_rows_at_once_and_feed_the_area(seed: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(score_counts, "_HELD", 400)
        check_many_batches(seed)


def check_many_batches(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, labels = rng.random(6_000).round(3), rng.integers(0, 2, 6_000).astype(np.int8)
    groups = {"sex": rng.integers(0, 2, 6_000), "age": rng.integers(0, 3, 6_000)}
    counter, once = ScoreTallyCounter(SLICES), ScoreTallyCounter(SLICES)
    once.add(scores, labels, groups)
    for start in range(0, 6_000, 157):
        rows = slice(start, start + 157)
        counter.add(scores[rows], labels[rows], {name: codes[rows] for name, codes in groups.items()})
    found = counter.result()
    assert content(found) == content(once.result())
    _, (negative, positive) = found.of((("sex", "M"),))
    mine = groups["sex"] == 1
    ones, zeros = scores[mine & (labels == 1)], scores[mine & (labels == 0)]
    wins = (ones[:, None] > zeros).mean() + (ones[:, None] == zeros).mean() / 2
    assert float(roc_auc(positive, negative)) == pytest.approx(wins)


def test_nobody_and_no_attributes_are_counted_too() -> None:
    nobody = ScoreTallyCounter(SLICES).result()
    scores, counts = nobody.of(())
    assert (scores.shape, counts.shape, nobody.rows) == ((0,), (2, 0), 0)
    counter = ScoreTallyCounter(Slices(attributes=(), levels={}, depth=0))
    counter.add(np.array([0.5, 0.5, 0.1]), np.array([1, 0, 1], np.int8), {})
    assert counter.result().of(())[1].tolist() == [[0, 1], [1, 1]]


def test_a_taken_result_stays_as_it_was_while_rows_are_added() -> None:
    counter = ScoreTallyCounter(SLICES, 3)
    add(counter, [(0.5, 1, 0, 0)])
    first = counter.result()
    add(counter, [(0.5, 1, 0, 0), (0.9, 2, 1, 2)])
    assert first.rows == 1
    assert content(counter.result()) == content(tally([(0.9, 2, 1, 2), (0.5, 1, 0, 0), (0.5, 1, 0, 0)]))


def test_groups_that_are_not_counted_are_refused() -> None:
    found = tally([(0.5, 1, 0, 0)])
    for function in (found.of, found.unscored_of):
        with pytest.raises(KeyError):
            function((("sex", "Q"),))


@pytest.mark.parametrize(
    ("scores", "labels", "sex", "words"),
    [
        ([0.5, 0.6], [1], [0], "numbers of rows"),
        ([0.5], [1], [0, 1], "numbers of rows"),
        ([0.5], [3], [0], "labels outside"),
        ([0.5], [-2], [0], "labels outside"),
        ([0.5], [1], [2], "group codes of sex"),
        ([np.inf], [1], [0], "infinite"),
    ],
)
def test_rows_that_break_the_rules_are_faults(scores: list[float], labels: list[int], sex: list[int], words: str) -> None:
    groups = {"sex": np.array(sex), "age": np.zeros(len(labels), dtype=int)}
    with pytest.raises(Fault, match=words):
        ScoreTallyCounter(SLICES, 3).add(np.array(scores), np.array(labels, np.int8), groups)
    with pytest.raises(Fault, match="absent"):
        ScoreTallyCounter(SLICES, 3).add(np.zeros(1), np.zeros(1, np.int8), {})


def test_tallies_of_other_slices_or_classes_do_not_merge() -> None:
    other = Slices(attributes=("sex",), levels=LEVELS, depth=1)
    for counter in (ScoreTallyCounter(other, 3), ScoreTallyCounter(SLICES, 2)):
        with pytest.raises(Fault, match="merged"):
            tally([]).merge(counter.result())
    with pytest.raises(Fault, match="cannot be counted"):
        ScoreTallyCounter(SLICES, 0)
