"""Agreement of clusterings over resampled entities."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.stats.linkage import bcubed, overlap, pairwise
from evalharness.stats.linkage_resampling import ResampledAgreement, resampled_agreement

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=10)


def first(found: ResampledAgreement) -> list[float]:
    names = ("pairwise_precision", "pairwise_recall", "pairwise_f1", "bcubed_precision", "bcubed_recall", "bcubed_f1")
    return [float(getattr(found, name)[0]) for name in names]


def points(true: list[int], predicted: list[int]) -> list[float]:
    cells = overlap(true, predicted)
    both = (pairwise(cells), bcubed(cells))
    return [math.nan if x is None else x for of in both for x in (of.precision, of.recall, of.f1)]


@given(ROWS)
def test_every_entity_once_gives_the_figures_themselves(rows: list[tuple[int, int]]) -> None:
    true, predicted = zip(*rows, strict=True)
    cells = overlap(true, predicted)
    assert first(resampled_agreement(cells, np.ones((1, len(cells.true_sizes))))) == pytest.approx(points(true, predicted), nan_ok=True)


@given(ROWS, st.lists(st.integers(0, 1), min_size=4, max_size=4))
def test_entities_that_are_not_drawn_are_not_there(rows: list[tuple[int, int]], kept: list[int]) -> None:
    names = sorted({t for t, _ in rows})
    left = [row for row in rows if kept[names.index(row[0])]]
    found = resampled_agreement(overlap(*zip(*rows, strict=True)), [kept[: len(names)]])
    expected = points([t for t, _ in left], [p for _, p in left])
    assert first(found) == pytest.approx(expected, nan_ok=True)


@given(ROWS, st.lists(st.integers(0, 3), min_size=4, max_size=4))
def test_copies_are_entities_of_their_own_without_links_to_their_twin(rows: list[tuple[int, int]], times: list[int]) -> None:
    names = sorted({t for t, _ in rows})
    copies = [(t, copy, p) for t, p in rows for copy in range(times[names.index(t)])]
    pairs = [(a, b) for a, b in combinations(copies, 2) if a[0] != b[0] or a[1] == b[1]]
    right = sum(a[:2] == b[:2] and a[2] == b[2] for a, b in pairs)
    together, linked = sum(a[2] == b[2] for a, b in pairs), sum(a[:2] == b[:2] for a, b in pairs)
    shares, recalls = [], []
    for a in copies:
        own = sum(b[:2] == a[:2] and b[2] == a[2] for b in copies)
        shares.append(own / (own + sum(b[0] != a[0] and b[2] == a[2] for b in copies)))
        recalls.append(own / sum(b[:2] == a[:2] for b in copies))
    found = first(resampled_agreement(overlap(*zip(*rows, strict=True)), [times[: len(names)]]))
    assert found[0] == pytest.approx(right / together if together else math.nan, nan_ok=True)
    assert found[1] == pytest.approx(right / linked if linked else math.nan, nan_ok=True)
    assert found[3] == pytest.approx(np.mean(shares) if shares else math.nan, nan_ok=True)
    assert found[4] == pytest.approx(np.mean(recalls) if recalls else math.nan, nan_ok=True)


def test_replicates_do_not_touch_one_another() -> None:
    rng = np.random.default_rng(2)
    cells = overlap(rng.integers(0, 9, 40), rng.integers(0, 9, 40))
    times = rng.multinomial(9, np.full(9, 1 / 9), size=5)
    together = resampled_agreement(cells, times)
    assert float(together.bcubed_f1[3]) == first(resampled_agreement(cells, times[3:4]))[5]


def test_no_records_have_no_agreement() -> None:
    assert np.isnan(first(resampled_agreement(overlap([], []), np.zeros((1, 0))))).all()


@pytest.mark.parametrize("times", [[1, 1], [[1]], [[1, -1]], [[1, 0.5]]])
def test_times_that_are_none_are_refused(times: list[object]) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        resampled_agreement(overlap([1, 2], [1, 1]), times)
