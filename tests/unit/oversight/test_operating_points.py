"""The search for a threshold: candidates, where it begins, when it ends, what counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.oversight.operating_curves import CURVE, FIVE, certificate_curves
from evalharness.oversight.operating_points import ScoredItems, candidates_of, certify, limits_again, method_of, out_of_reach
from evalharness.records.oversight_certify import Certify, Denominator, Target, Tried, chosen_of
from evalharness.stats.proportion import clopper_pearson_lower

FOUND = Target(metric="recall", at_least=True, bound=0.8)
LOAD = Target(metric="review_rate", at_least=False, bound=0.6)
ASKED = Certify(targets=(FOUND,), prefer="fewest_reviews", steps=50)


def items(seed: int, n: int = 600, *, clustered: bool = False) -> ScoredItems:
    rng = np.random.default_rng(seed)
    labels = (rng.random(n) < 0.4).astype(np.int8)
    labels[rng.random(n) < 0.02] = -1
    scores = np.where(labels == 1, rng.beta(5, 2, n), rng.beta(2, 4, n))
    scores[rng.random(n) < 0.03] = np.nan
    return ScoredItems(labels=labels, scores=scores, clusters=(np.arange(n) // 3).astype(np.int32) if clustered else None)


@given(
    st.lists(st.tuples(st.sampled_from([-1, 0, 1]), st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6))), max_size=40),
    st.integers(2, 60),
)
def test_candidates_rise_are_few_and_stay_next_to_scores(rows: list[tuple[int, float]], number: int) -> None:
    labels, scores = np.array([row[0] for row in rows], dtype=np.int8), np.array([row[1] for row in rows], dtype=np.float64)
    train = ScoredItems(labels=labels, scores=scores, clusters=None)
    known = scores[~np.isnan(scores) & (labels >= 0)]
    if not len(known):
        with pytest.raises(ValueError, match="no labelled item"):
            candidates_of(train, number)
        return
    found = candidates_of(train, number)
    assert len(found) <= number
    assert np.all(np.diff(found) > 0)
    reach = max(np.ptp(known), abs(known).max()) * 1e-2
    assert all(np.abs(known - candidate).min() <= reach + 1e-300 for candidate in found)


@pytest.mark.parametrize("clustered", [False, True])
def test_every_target_counts_refusals_in_the_worst_way(clustered: bool) -> None:
    of, grid = items(1, clustered=clustered), np.array([0.2, 0.5, 0.8])
    silent = np.isnan(of.scores)
    for place, threshold in enumerate(grid):
        selected = of.scores >= threshold
        relevant, other, known = of.labels == 1, of.labels == 0, of.labels >= 0
        expected = {
            "recall": (selected & relevant).sum(),
            "false_negative_rate": (~selected & relevant).sum(),
            "specificity": (~selected & ~silent & other).sum(),
            "false_positive_rate": ((selected | silent) & other).sum(),
            "review_rate": ((selected | silent) & known).sum(),
        }
        for metric, part in expected.items():
            assert of.of(metric, grid).part[place] == part, metric
        assert of.of("review_rate", grid).total == known.sum()


@pytest.mark.parametrize("asked", [
    ASKED,
    Certify(targets=(FOUND, LOAD), prefer="fewest_reviews", steps=50),
    Certify(targets=(LOAD, FOUND), prefer="most_found", steps=50),
    Certify(targets=(FOUND, LOAD), prefer="most_found", steps=None, grid=12),
])  # fmt: skip
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_the_threshold_is_the_last_of_those_that_hold_one_after_the_other(asked: Certify, seed: int) -> None:
    train, calibration = items(seed), items(seed + 100)
    found = certify(asked, 0.95, train, calibration)
    thresholds = candidates_of(train, asked.grid or asked.steps or 0).tolist()
    alpha = 0.05 / (asked.grid or 1)
    known = calibration.labels >= 0

    def holds(t: float) -> bool:
        relevant = calibration.labels == 1
        hits = int((calibration.scores[relevant] >= t).sum())
        reviewed = int(((calibration.scores >= t) | np.isnan(calibration.scores))[known].sum())
        left = int(known.sum()) - reviewed
        limits = {
            "recall": float(clopper_pearson_lower(hits, relevant.sum(), alpha)),
            "review_rate": 1 - float(clopper_pearson_lower(left, known.sum(), alpha)),
        }
        return all(limits[t.metric] >= t.bound if t.at_least else limits[t.metric] <= t.bound for t in asked.targets)

    at = thresholds.index(found.start)
    order = thresholds if asked.grid else thresholds[at:] if asked.prefer == "fewest_reviews" else thresholds[at::-1]
    held = [holds(t) for t in order]
    if asked.grid:
        assert [one.threshold for one in found.tried] == order
        assert found.threshold == min((t for t, one in zip(order, held, strict=True) if one), default=None)
        return
    until = held.index(False) if False in held else len(held)
    assert found.threshold == (order[until - 1] if until else None)
    assert [one.threshold for one in found.tried] == order[: until + 1]


def test_limits_follow_from_the_counts_that_are_recorded() -> None:
    found = certify(replace(ASKED, targets=(FOUND, LOAD)), 0.97, items(5, clustered=True), items(6, clustered=True))
    assert limits_again(found.asked, found.level, found.denominators, found.tried) == found.tried
    more = replace(found.tried[0], counts=((found.tried[0].counts[0][0] + 1, *found.tried[0].counts[0][1:]), found.tried[0].counts[1]))
    assert limits_again(found.asked, found.level, found.denominators, (more,))[0].limits != found.tried[0].limits
    assert "alpha=0.03, n_eff=kish" in found.method == method_of(found.asked, 0.97, clustered=True)


def test_without_an_item_that_a_target_is_about_there_is_no_search() -> None:
    train = items(7)
    nothing = replace(train, labels=np.where(train.labels == 1, np.int8(0), train.labels))
    with pytest.raises(ValueError, match="recall"):
        certify(ASKED, 0.95, nothing, train)
    found = certify(ASKED, 0.95, train, nothing)
    assert found.threshold is None
    assert found.tried[0].limits == (None,)
    assert found.denominators == (Denominator(total=0, clusters=0, total2=0),)


def test_one_target_that_fails_is_enough() -> None:
    def tried(threshold: float, *limits: float | None) -> Tried:
        return Tried(threshold=threshold, counts=(), limits=limits)

    both = replace(ASKED, targets=(FOUND, LOAD))
    assert chosen_of(both, (tried(0.1, 0.9, 0.5), tried(0.2, 0.9, 0.7), tried(0.3, 0.9, 0.5))) == 0.1
    assert chosen_of(both, (tried(0.1, 0.8, 0.6), tried(0.2, None, 0.1))) == 0.1
    assert chosen_of(both, (tried(0.1, 0.7, 0.5),)) is None
    grid = replace(both, steps=None, grid=3)
    rows = (tried(0.1, 0.7, 0.5), tried(0.2, 0.9, 0.5), tried(0.3, 0.9, 0.7), tried(0.4, 0.8, 0.1))
    assert chosen_of(grid, rows) == 0.4
    assert chosen_of(replace(grid, prefer="most_found"), rows) == 0.2


def test_curves_say_where_it_lies_and_what_others_would_mean() -> None:
    train, calibration = items(8), items(9)
    found = certify(ASKED, 0.95, train, calibration)
    curve, five = certificate_curves(found, train, calibration, 1000)
    assert (curve.name, five.name) == (CURVE, FIVE)
    used = [row for row in five.rows if row[1] == 1]
    assert [row[0] for row in used] == [found.threshold]
    selected = (calibration.scores >= (found.threshold or 0)) | np.isnan(calibration.scores)
    known = calibration.labels >= 0
    assert used[0][2] == pytest.approx(1000 * (selected & known).sum() / known.sum())
    assert used[0][3] == pytest.approx(1000 * (selected & (calibration.labels == 1) & ~np.isnan(calibration.scores)).sum() / known.sum())
    assert used[0][6] == pytest.approx(used[0][2])
    assert certificate_curves(found, train, calibration, None)[1].rows[0][6:] == (None,) * 4
    assert 2 <= len(five.rows) <= 5


@pytest.mark.parametrize("seed", [11, 12])
def test_of_groups_every_cell_must_hold_and_the_first_that_fails_ends_the_search(seed: int) -> None:
    rng = np.random.default_rng(seed)
    train, calibration = (
        replace(one, groups={"sex": (("F", "M"), rng.integers(0, 2, len(one.labels)).astype(np.int32))})
        for one in (items(seed), items(seed + 50))
    )
    asked = replace(ASKED, targets=(FOUND, replace(FOUND, bound=0.75, for_each=(("sex",),)))).for_groups({"sex": ("F", "M")})
    found = certify(asked, 0.95, train, calibration)
    sex = calibration.groups["sex"][1]

    def holds(t: float) -> bool:
        for code, goal in ((None, 0.8), (0, 0.75), (1, 0.75)):
            own = (calibration.labels == 1) & ((sex == code) if code is not None else True)
            hits = int((calibration.scores[own] >= t).sum())
            if float(clopper_pearson_lower(hits, own.sum(), 0.05)) < goal:
                return False
        return True

    assert found.threshold == found.tried[-2].threshold
    assert [holds(one.threshold) for one in found.tried] == [True] * (len(found.tried) - 1) + [False]
    assert limits_again(found.asked, found.level, found.denominators, found.tried) == found.tried


def test_a_group_without_an_item_fails_and_is_named_whatever_the_threshold() -> None:
    one = items(13)
    every = replace(one, groups={"sex": (("F",), np.zeros(len(one.labels), dtype=np.int32))})
    asked = replace(ASKED, targets=(replace(FOUND, for_each=(("sex",),)),)).for_groups({"sex": ("F", "M")})
    found = certify(asked, 0.95, every, every)
    assert found.threshold is None
    assert [(target.group, known.total) for target, known in out_of_reach(found)] == [((("sex", "M"),), 0)]
    with pytest.raises(ValueError, match="recall"):
        certify(asked, 0.95, replace(every, labels=np.zeros_like(every.labels)), every)


@pytest.mark.parametrize("clustered", [False, True])
def test_of_what_is_selected_or_set_aside_refusals_count_in_the_worst_way(clustered: bool) -> None:
    of, grid = items(1, clustered=clustered), np.array([0.2, 0.5, 0.8, 2.0])
    silent, relevant, other = np.isnan(of.scores), of.labels == 1, of.labels == 0
    for place, threshold in enumerate(grid):
        selected = of.scores >= threshold
        flagged = (selected & (relevant | other)) | (silent & other)
        aside = (~selected & ~silent & (relevant | other)) | (silent & relevant)
        precision, elusion = of.of("precision", grid), of.of("elusion", grid)
        assert (precision.part[place], np.asarray(precision.total)[place]) == ((selected & relevant).sum(), flagged.sum())
        assert (elusion.part[place], np.asarray(elusion.total)[place]) == ((aside & relevant).sum(), aside.sum())


@pytest.mark.parametrize(
    "goal", [Target(metric="precision", at_least=True, bound=0.6), Target(metric="elusion", at_least=False, bound=0.35)]
)
def test_precision_and_elusion_hold_by_the_bound_of_what_is_selected_there(goal: Target) -> None:
    asked = replace(ASKED, targets=(replace(FOUND, bound=0.5), goal))
    train, calibration = items(21), items(22)
    found = certify(asked, 0.95, train, calibration)
    known = calibration.labels >= 0
    silent = np.isnan(calibration.scores)

    def holds(t: float) -> bool:
        relevant, other, selected = calibration.labels == 1, calibration.labels == 0, calibration.scores >= t
        hits = int((selected & relevant).sum())
        recall = float(clopper_pearson_lower(hits, relevant.sum(), 0.05))
        if goal.metric == "precision":
            bound = float(clopper_pearson_lower(hits, hits + ((selected | silent) & other).sum(), 0.05))
        else:
            missed, left = int((~selected & relevant).sum()), int((~selected & ~silent & other).sum())
            bound = 1 - float(clopper_pearson_lower(left, missed + left, 0.05))
        return recall >= 0.5 and goal.clears(bound)

    assert [holds(one.threshold) for one in found.tried] == [True] * (len(found.tried) - 1) + [False]
    assert found.threshold == found.tried[-2].threshold
    assert all(len(one.counts[1]) == 6 for one in found.tried)
    assert found.denominators[1].total == known.sum()
    assert limits_again(found.asked, found.level, found.denominators, found.tried) == found.tried
