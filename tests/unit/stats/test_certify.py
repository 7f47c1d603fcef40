"""Shares and clusters at every threshold, counted one by one; bounds against those of a single share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from evalharness.stats.certify import SharesAtThresholds, margins, selected_at, selected_of, share_limits, steps_of, until_first_failure
from evalharness.stats.uneven import Uneven, limits_by_size, one_more_of

GRID = [0.1, 0.25, 0.5, 0.5000001, 0.9]
SCORES = st.one_of(st.sampled_from([*GRID, 0.0, 1.0, float("nan")]), st.floats(0, 1))


@given(st.lists(st.tuples(SCORES, st.integers(0, 4)), max_size=30))
def test_counts_and_squares_are_those_of_counting_cluster_by_cluster(items: list[tuple[float, int]]) -> None:
    scores = np.array([score for score, _ in items], dtype=np.float64)
    codes = np.array([code for _, code in items], dtype=np.int32)
    found = selected_at(steps_of(scores, GRID), codes, len(GRID))
    for place, threshold in enumerate(GRID):
        per: dict[int, list[int]] = {}
        for score, code in items:
            selected = score >= threshold
            per.setdefault(code, [0, 0])[0 if selected else 1] += 1
        assert found.part[place] == sum(hits for hits, _ in per.values())
        assert found.part2[place] == sum(hits**2 for hits, _ in per.values())
        assert found.rest2[place] == sum(misses**2 for _, misses in per.values())
        assert found.total == len(items)
        assert found.clusters == len(per)
        assert found.total2 == sum(sum(both) ** 2 for both in per.values())


@given(st.lists(SCORES, max_size=30))
def test_items_of_their_own_are_clusters_of_one(scores: list[float]) -> None:
    reached = steps_of(np.array(scores, dtype=np.float64), GRID)
    alone, apart = selected_at(reached, None, len(GRID)), selected_at(reached, np.arange(len(scores), dtype=np.int32), len(GRID))
    for name in ("part", "part2", "rest2", "total", "clusters", "total2"):
        assert np.array_equal(getattr(alone, name), getattr(apart, name)), name


def test_many_clusters_and_thresholds_do_not_run_over() -> None:
    codes = np.array([0, 2**22, 2**22], dtype=np.int32)
    grid = np.linspace(0.001, 0.999, 1000)
    found = selected_at(steps_of([0.5, 0.5, 0.9], grid), codes, 1000)
    assert (found.clusters, found.total2, found.part2[0], found.part2[600], found.part2[-1]) == (2, 5, 5, 1, 0)


def test_without_clusters_of_several_items_limits_are_the_exact_ones() -> None:
    found = selected_at(steps_of([0.2, 0.4, 0.6, 0.8, float("nan")], [0.3, 0.7]), None, 2)
    lower, upper = share_limits(found, 0.05)
    for place, hits in enumerate((3, 1)):
        exact = stats.binomtest(hits, 5)
        assert lower[place] == pytest.approx(exact.proportion_ci(0.9, "exact").low, abs=1e-12)
        assert upper[place] == pytest.approx(exact.proportion_ci(0.9, "exact").high, abs=1e-12)


@given(st.lists(st.tuples(SCORES, st.integers(0, 4)), min_size=1, max_size=30))
def test_limits_are_those_of_each_threshold_by_itself_and_turn_with_the_share(items: list[tuple[float, int]]) -> None:
    codes = np.array([code for _, code in items], dtype=np.int32)
    found = selected_at(steps_of([score for score, _ in items], GRID), codes, len(GRID))
    lower, upper = share_limits(found, 0.05)
    n_eff = found.total**2 / found.total2
    scale = (n_eff / found.total) ** 2
    for place in range(len(GRID)):
        squares = np.array(found.part2[place] * scale), np.array(found.rest2[place] * scale)
        uneven = Uneven(hits=squares[0], misses=squares[1], one_more=one_more_of(found.clusters, n_eff))
        whole = found.part[place] == found.total
        one = limits_by_size(n_eff if whole else found.part[place] / found.total * n_eff, n_eff, uneven, 0.05)
        assert (lower[place], upper[place]) == pytest.approx((float(one[0]), float(one[1])))
    other_lower, other_upper = share_limits(found.turned(), 0.05)
    assert other_lower == pytest.approx(1 - upper, abs=1e-9)
    assert other_upper == pytest.approx(1 - lower, abs=1e-9)


def test_without_items_nothing_is_known() -> None:
    for codes in (None, np.array([], dtype=np.int32)):
        nothing = selected_at(steps_of([], GRID), codes, len(GRID))
        assert np.isnan(share_limits(nothing, 0.05)).all()
        assert np.isnan(margins(nothing, 0.9, at_least=True)).all()


def test_margins_are_largest_where_the_goal_is_kept_best() -> None:
    found = selected_at(steps_of([0.2, 0.4, 0.6, 0.8], [0.1, 0.3, 0.7]), None, 3)
    wanted, unwanted = margins(found, 0.5, at_least=True), margins(found, 0.5, at_least=False)
    assert list(np.sign(wanted)) == [1, 1, -1]
    assert wanted == pytest.approx(-unwanted)
    assert wanted[0] == pytest.approx(0.5 / np.sqrt(0.25 / 4))


def test_a_sequence_ends_with_its_first_failure() -> None:
    assert [until_first_failure(np.array(p, dtype=bool)) for p in ([], [0, 1], [1, 1, 0, 1], [1, 1])] == [0, 0, 2, 2]


def test_thresholds_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="rise"):
        steps_of([0.5], [0.2, 0.2])


ITEMS = st.lists(st.tuples(SCORES, st.integers(0, 4), st.booleans()), max_size=30)


def parted(rows: list[tuple[float, int, bool]], *, aside: bool, alone: bool = False) -> SharesAtThresholds:
    kinds = [[row for row in rows if row[2] is kind] for kind in (True, False)]
    reached = tuple(steps_of([row[0] for row in kind], GRID) for kind in kinds)
    codes = tuple(np.array([row[1] for row in kind], dtype=np.int32) for kind in kinds)
    return selected_of((reached[0], reached[1]), None if alone else (codes[0], codes[1]), len(GRID), aside=aside)


@pytest.mark.parametrize("aside", [False, True])
@given(ITEMS)
def test_of_what_is_selected_or_set_aside_the_denominator_moves_as_counted_cluster_by_cluster(
    aside: bool, rows: list[tuple[float, int, bool]]
) -> None:
    found, alone = parted(rows, aside=aside), parted(rows, aside=aside, alone=True)
    for place, threshold in enumerate(GRID):
        inside = [(code, first) for score, code, first in rows if (score >= threshold) is not aside]
        per = {code: [sum(c == code and f is kind for c, f in inside) for kind in (True, False)] for code, _ in inside}
        expected = {
            "part": sum(hits for hits, _ in per.values()),
            "part2": sum(hits**2 for hits, _ in per.values()),
            "rest2": sum(misses**2 for _, misses in per.values()),
            "total": len(inside),
            "clusters": len(per),
            "total2": sum(sum(both) ** 2 for both in per.values()),
        }
        assert {name: getattr(found, name)[place] for name in expected} == expected
        assert (alone.part[place], np.asarray(alone.total2)[place]) == (expected["part"], len(inside))


@given(ITEMS)
def test_limits_of_a_moving_denominator_are_those_of_a_fixed_one_at_each_threshold(rows: list[tuple[float, int, bool]]) -> None:
    found = parted(rows, aside=False)
    lower, upper = share_limits(found, 0.05)
    spare = margins(found, 0.5, at_least=True)
    total, clusters, total2 = (np.broadcast_to(getattr(found, name), len(GRID)) for name in ("total", "clusters", "total2"))
    for place in range(len(GRID)):
        at = slice(place, place + 1)
        fixed = SharesAtThresholds(
            part=found.part[at], part2=found.part2[at], rest2=found.rest2[at], total=int(total[place]), clusters=int(clusters[place]),
            total2=int(total2[place]),
        )  # fmt: skip
        low, high = share_limits(fixed, 0.05)
        np.testing.assert_array_equal([lower[place], upper[place], spare[place]], [low[0], high[0], margins(fixed, 0.5, at_least=True)[0]])
        assert bool(np.isnan(lower[place])) == (total[place] == 0)
