"""What more data could show where clusters are of unequal size: enough for both pairs of bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from tallies_by_hand import LEVEL, clustered, clusters_of_groups, policy, question

from evalharness.metrics import prospects
from evalharness.metrics.answers import answer, clears
from evalharness.metrics.prospects import REFUSED
from evalharness.metrics.rules import Rules
from evalharness.records import Condition, Estimate, Prospect, Question
from evalharness.tally import ConfusionTally, Slices
from evalharness.tally.paired import PairedTally

BY_KISH = Rules(by_size=False)
SIZES = (1, 1, 1, 2, 2, 3, 4, 5, 8, 13)
"""Of clusters; n_eff of ten such is 1600 / 294 = 5.4."""


def told(tally: ConfusionTally, asked: Question, rules: Rules | None = None) -> Prospect:
    return prospects(tally, [asked], policy(), LEVEL, rules=rules or Rules())[asked]


def estimated(tally: ConfusionTally, asked: Question) -> Estimate:
    estimate = answer(tally, asked, policy(), LEVEL)
    assert estimate is not None
    return estimate


def one_kind(times: int, missed: int = 0, sizes: tuple[int, ...] = SIZES) -> ConfusionTally:
    """Clusters of `sizes`, each so many times, found as a whole; of each tenth `times` the first `missed` are missed."""
    rows = [[size * (i >= missed), 0, size * (i < missed), size, 0, 0] for i in range(times) for size in sizes]
    return clustered(rows)


def of_two_groups(times: int, missed: int = 0) -> ConfusionTally:
    rows = [[size * (i >= missed), 0, size * (i < missed), size, 0, 0] for i in range(times) for size in SIZES]
    return clusters_of_groups([{"ab"[at % 2]: row} for at, row in enumerate(rows)])


def forms() -> Iterator[tuple[ConfusionTally, Question]]:
    """A question of each form that the first pair of bounds shows and the second does not."""
    yield one_kind(100, 6), question("recall", "at_least", 0.91)
    yield one_kind(100, 6), question("false_negative_rate", "at_most", 0.09)
    flagged = [[size * (i >= 6), size * (i < 6), 0, size, 0, 0] for i in range(100) for size in SIZES]
    yield clustered(flagged), question("reviews_per_find", "at_most", 1.1)
    yield one_kind(100, 6), question("expected_cost", "at_most", 0.045, unit="late")
    yield one_kind(100, 6), question("expected_cost", "at_most", 1.07, unit="mixed")
    yield one_kind(300, 18), question("accuracy", "at_least", 0.91, on=Condition(prevalence=0.1))
    yield of_two_groups(100, 6), question("recall", "max_difference", 0.05, between=("group",))
    yield of_two_groups(100, 6), question("recall", "min_ratio", 0.94, between=("group",))


def near(tally: ConfusionTally, asked: Question) -> Question:
    """The same with a goal just where the first pair clears it and the second does not."""
    estimate = estimated(tally, asked)
    assert estimate.by_size is not None
    wants_more = asked.comparison in {"at_least", "min_ratio"}
    ends = (estimate.lower, estimate.by_size[0]) if wants_more else (estimate.upper, estimate.by_size[1])
    assert None not in ends
    return replace(asked, bound=sum(ends) / 2)  # type: ignore[arg-type]


@pytest.mark.parametrize("at", range(8))
def test_where_the_second_pair_stands_in_the_way_more_items_are_named(at: int):
    tally, asked = list(forms())[at]
    estimate = estimated(tally, asked)
    assert estimate.by_size is not None
    asked = near(tally, asked)
    assert clears(asked, (estimate.lower, estimate.upper))
    assert not clears(asked, estimate.by_size)
    found, before = told(tally, asked), told(tally, asked, BY_KISH)
    assert found.attainable
    assert found.reason == ""
    assert found.needed is not None
    assert before.needed is not None
    assert found.needed > before.needed
    assert found.needed > 0.97 * (estimate.n if not asked.between else 40 * 100)


@pytest.mark.parametrize("at", range(8))
def test_clusters_of_one_size_are_planned_by_kish(at: int):
    _, asked = list(forms())[at]
    rows = [[4 * (i >= 6), 0, 4 * (i < 6), 4, 0, 0] for i in range(100)]
    if asked.metric == "reviews_per_find":  # of which the answers decide what is counted: all of a cluster
        rows = [[4 * (i >= 6), 4 * (i < 6), 0, 0, 0, 0] for i in range(100)]
    alike = clusters_of_groups([{"ab"[i % 2]: row} for i, row in enumerate(rows)]) if asked.between else clustered(rows)
    assert told(alike, asked) == told(alike, asked, BY_KISH)


def fewest(asked: Question, perfect_of: object, rules: Rules | None = None) -> int:
    """The least number of tens of clusters, without an error, by which it is attainable."""
    low, high = 1, 100
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if told(perfect_of(middle), asked, rules).attainable else (middle, high)  # type: ignore[operator]
    return high


@pytest.mark.parametrize(
    ("asked", "make"),
    [
        (question("recall", "at_least", 0.9), one_kind),
        (question("false_negative_rate", "at_most", 0.1), one_kind),
        (question("expected_cost", "at_most", 0.1, unit="late"), one_kind),
        (question("accuracy", "at_least", 0.9, on=Condition(prevalence=0.1)), one_kind),
        (question("recall", "max_difference", 0.1, between=("group",)), of_two_groups),
        (question("recall", "min_ratio", 0.9, between=("group",)), of_two_groups),
    ],
)
def test_attainable_says_whether_a_run_without_error_would_have_met_it_by_both_pairs(asked: Question, make: object):
    times = fewest(asked, make)
    for number, expected in ((times - 1, False), (times, True)):
        estimate = estimated(make(number), asked)  # type: ignore[operator]
        assert estimate.by_size is not None
        both = clears(asked, (estimate.lower, estimate.upper)) and clears(asked, estimate.by_size)
        assert both is expected
    assert fewest(asked, make, BY_KISH) < times


def test_a_run_without_error_needs_as_many_clusters_as_make_it_attainable():
    asked = question("recall", "at_least", 0.9)
    needed, each = told(one_kind(40), asked).needed, sum(SIZES)
    assert needed is not None
    assert not told(one_kind(needed // each), asked).attainable
    assert told(one_kind(needed // each + 1), asked).attainable


def test_scattered_misses_cost_less_than_clusters_missed_as_a_whole():
    """As many relevant items missed, one in each of many clusters, or all of few."""
    whole = one_kind(100, 6)
    total = int(whole.counts[0, 2])
    sizes = [size for _ in range(100) for size in SIZES]
    scattered = clustered([[size - (i < total), 0, int(i < total), size, 0, 0] for i, size in enumerate(sizes)])
    asked = question("recall", "at_least", 0.91)
    together, apart = told(whole, asked).needed, told(scattered, asked).needed
    assert together is not None
    assert apart is not None
    assert apart <= together


def test_costs_that_never_differ_are_decided_by_their_value_in_clusters_too():
    assert told(one_kind(10), question("expected_cost", "at_most", 0.7, unit="flat")) == Prospect(attainable=True, needed=1)
    assert "no sample would change" in told(one_kind(10), question("expected_cost", "at_most", 0.6, unit="flat")).reason


def test_a_lower_goal_of_a_cost_is_the_mirror_of_an_upper_one():
    rows = [[0, size * (i >= 6), 0, size * (i < 6), 0, 0] for i in range(100) for size in SIZES]  # reviewed but for a few
    found = told(clustered(rows), question("expected_cost", "at_least", 2.7, unit="minutes"))
    assert found.attainable
    assert found.needed is not None
    assert found.needed == told(one_kind(100, 6), question("recall", "at_least", 0.9)).needed


def beside(lost: int, sizes: tuple[int, ...] = SIZES) -> ConfusionTally:
    """Clusters that only the incumbent gets right, `lost` of each hundred of a size; both get the rest right."""
    rows = np.array([[size * (i >= lost), size * (i < lost), 0, 0, 0] for i in range(100) for size in sizes])
    slices = Slices(attributes=(), levels={}, depth=0)
    paired = PairedTally(
        slices=slices, metrics=("recall",), counts=rows.sum(axis=0)[None, None], second=(rows.T @ rows)[None, None],
        clusters=np.array([[len(rows)]]), clustered=True,
    )  # fmt: skip
    own = clustered([[both, 0, gone, 0, 0, 0] for both, gone, *_ in rows.tolist()])
    return replace(own, beside={"relative to incumbent": paired})


def test_what_may_be_lost_is_planned_by_both_pairs():
    asked = question("recall", "margin", 0.03, on=Condition(relative_to="incumbent"))
    found, before = told(beside(1), asked), told(beside(1), asked, BY_KISH)
    assert found.needed is not None
    assert before.needed is not None
    assert found.needed > 1.1 * before.needed
    alike = beside(1, (3,))
    assert told(alike, asked) == told(alike, asked, BY_KISH)
    exact = estimated(beside(0), asked)
    assert exact.by_size is not None
    assert exact.upper is not None
    between = replace(asked, bound=(exact.upper + exact.by_size[1]) / 2)  # type: ignore[operator]
    assert told(beside(0), between, BY_KISH).attainable
    assert not told(beside(0), between).attainable


def test_refusals_are_blamed_only_where_both_pairs_clear_without_them():
    rows = [[size * (i >= 8), 0, 0, size, size * (i < 8), 0] for i in range(100) for size in SIZES]
    tally, asked = clustered(rows), question("routed_recall", "at_least", 0.97)
    estimate = estimated(tally, asked)
    assert estimate.by_size is not None
    assert estimate.worst_case is not None
    assert told(tally, near(tally, asked)).needed is not None
    below = replace(asked, bound=(estimate.by_size[0] + estimate.worst_case[0]) / 2)  # type: ignore[operator]
    assert told(tally, below) == Prospect(attainable=True, needed=None, reason=REFUSED)
