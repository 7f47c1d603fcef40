"""Weighted proportions and costs of clusters: what is counted may come in larger clusters than the rest of its stratum."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2
from tallies_by_hand import BINARY, UNITS, clustered, everybody, policy, question
from uneven_by_hand import stratified_cost_limits, stratified_share_limits

from evalharness.metrics.answers import answer
from evalharness.metrics.costs import cost_of_outcome
from evalharness.metrics.prospects import prospects
from evalharness.metrics.rules import TODAY
from evalharness.metrics.weighted import WeightedShares, weighted_costs, weighted_shares
from evalharness.metrics.weighted_clusters import worth_of
from evalharness.tally import ConfusionTally, Counter
from evalharness.tally.slices import Slices
from evalharness.tally.strata import StrataCounter

SLICES = Slices(attributes=("group",), levels={"group": ("a", "b")}, depth=1)
CHANCES = (1.0, 0.02)
SIZE, OTHERS = 40, 2_000
SHARES = [metric for metric in BINARY.metrics.values() if metric.decides and metric.kind == "proportion"]
WEIGHTS = np.array([metric.numerator for metric in SHARES]), np.array([metric.denominator for metric in SHARES])
ALPHAS = st.sampled_from([0.001, 0.01, 0.05])
Clusters = list[tuple[int, ...]]
STRATA = st.lists(
    st.lists(st.tuples(*[st.sampled_from([0, 0, 0, 1, 2, 7, 30])] * 6).filter(any), min_size=1, max_size=6), min_size=2, max_size=3
)
"""Counts of every cluster of every stratum."""
EARLIER = replace(TODAY, by_size=False)


def sample(right: np.ndarray) -> ConfusionTally:
    """Two strata. right: [2, k] whether the 40 relevant items of each of k clusters, all in group b, are found; 2,000 others are alone."""
    counter = StrataCounter(lambda: Counter(SLICES, clustered=True))
    for chance, found in zip(CHANCES, right, strict=True):
        labels = np.repeat([1, 0], [SIZE * len(found), OTHERS]).astype(np.int8)
        decisions = np.concatenate([np.repeat(found, SIZE), np.zeros(OTHERS)]).astype(np.int8)
        names = [f"{chance} {row // SIZE if label else -row}" for row, label in enumerate(labels.tolist())]
        counter.add(labels, decisions, {"group": labels.astype(np.int32)}, pa.array(names), np.full(len(labels), chance))
    return counter.result()


def recall_of(tally: ConfusionTally, at: int) -> tuple[float, float]:
    metric = tally.of.metrics["recall"]
    found = weighted_shares(tally, [at], np.array([metric.numerator]), np.array([metric.denominator]), 0.05)
    return float(found.lower[0, 0]), float(found.upper[0, 0])


@pytest.mark.parametrize("group", [(), (("group", "b"),)])
def test_clusters_of_what_is_counted_are_worth_one_item_each(group: tuple[tuple[str, str], ...]) -> None:
    """However many others of their stratum stand alone: Garwood's limits of eight found and two missed clusters."""
    tally = sample(np.array([[True] * 8 + [False] * 2] * 2))
    lower, _ = recall_of(tally, tally.slices.position(group))
    least, most = chi2.ppf(0.0125, 2 * 8) / 2, chi2.isf(0.0125, 2 * 2 + 2) / 2
    assert lower == pytest.approx(least / (least + most))


def test_clusters_that_are_found_or_missed_as_a_whole_seldom_show_more_than_the_truth() -> None:
    """At the n_eff of the stratum as a whole this was met wrongly in three of ten samples."""
    runs, clusters, truth = 400, 8, 0.85
    drawn = np.random.default_rng(3).random((runs, 2, clusters)) < truth
    limits = [recall_of(tally, 0) for tally in map(sample, drawn)]
    most = binom.isf(1e-4, runs, 0.05)
    assert sum(lower > truth for lower, _ in limits) <= most
    assert sum(upper < truth for _, upper in limits) <= most


def test_an_item_is_never_worth_more_than_others_of_its_stratum() -> None:
    tally = sample(np.array([[True] * 4] * 2))
    specificity = np.array([tally.of.metrics["specificity"].denominator])
    everybody, nobody = tally.slices.position(()), tally.slices.position((("group", "b"),))
    assert worth_of(tally, [everybody, nobody], specificity).tolist() == [[[1.0, 1.0]], [[1.0, 1.0]]]


def tally_of(strata: list[Clusters], chances: list[float] | None = None) -> ConfusionTally:
    """Drawn with chances 1/2, 1/3, ..., or those given."""
    parts = [clustered(clusters) for clusters in strata]
    drawn = [1 / (place + 2) for place in range(len(strata))] if chances is None else chances
    return replace(reduce(ConfusionTally.merge, parts), strata=tuple(sorted(zip(drawn, parts, strict=True), key=lambda one: one[0])))


def shares_of(tally: ConfusionTally, alpha: float, *, by_size: bool = True) -> WeightedShares:
    return weighted_shares(tally, [0], *WEIGHTS, alpha, by_size=by_size)


@given(STRATA, ALPHAS)
def test_shares_of_unequal_clusters_are_bounded_after_fay_and_feuer(strata: list[Clusters], alpha: float) -> None:
    found = shares_of(tally_of(strata), alpha)
    for q, (part, whole) in enumerate(zip(*WEIGHTS, strict=True)):
        three = np.array([part, whole - part, 1 - whole]).T
        by_hand = [(place + 2.0, np.array(clusters) @ three) for place, clusters in enumerate(strata)]
        decided = any(len(set(whole[outcomes].tolist())) > 1 for outcomes in ([0, 2, 4], [1, 3, 5]))
        expected = stratified_share_limits(by_hand, alpha, decided=decided)
        assert (found.size_lower[0, q], found.size_upper[0, q]) == pytest.approx(expected, rel=1e-7, abs=1e-12, nan_ok=True)
    seen = ~np.isnan(found.value)
    assert (found.size_lower <= found.lower)[seen].all()
    assert (found.size_upper >= found.upper)[seen].all()


@given(STRATA, st.randoms(use_true_random=False))
def test_no_way_of_answering_lies_beyond_the_worst_limits(strata: list[Clusters], random: object) -> None:
    """Each item without an answer is answered, or left, whatever others are."""
    rng = np.random.default_rng(random.getrandbits(32))  # type: ignore[attr-defined]
    worst = shares_of(tally_of(strata), 0.05)
    some = ~np.isnan(worst.value)
    for _ in range(4):
        sure = rng.integers(0, 3, 2)
        answered = []
        for clusters in strata:
            counts = np.array(clusters)
            for source, (one, other) in ((4, (0, 2)), (5, (1, 3))):
                for row in counts:
                    odds = np.eye(3)[sure[source - 4]] if rng.random() < 0.5 else rng.dirichlet([0.3] * 3)
                    moved = rng.multinomial(row[source], odds)
                    row[[one, other, source]] = row[one] + moved[0], row[other] + moved[1], moved[2]
            answered.append([tuple(row) for row in counts.tolist()])
        way = shares_of(tally_of(answered), 0.05)
        seen = some & ~np.isnan(way.value)
        assert (worst.worst_lower <= way.size_lower + 1e-9)[seen].all()
        assert (worst.worst_upper >= way.size_upper - 1e-9)[seen].all()


@given(STRATA)
def test_without_items_left_unanswered_the_worst_is_the_wider_pair(strata: list[Clusters]) -> None:
    found = shares_of(tally_of([[(1 + cluster[0], *cluster[1:4], 0, 0) for cluster in clusters] for clusters in strata]), 0.05)
    assert np.array_equal(found.worst_lower, found.size_lower, equal_nan=True)
    assert np.array_equal(found.worst_upper, found.size_upper, equal_nan=True)


@given(STRATA)
def test_earlier_rules_have_one_pair_and_its_worst_is_one_of_two_ways(strata: list[Clusters]) -> None:
    """Evidence of then is derived again: the first pair is the same by both rules, and refused items are all answered one way."""
    tally = tally_of(strata)
    today, earlier = shares_of(tally, 0.05), shares_of(tally, 0.05, by_size=False)
    for first, second in ((today.lower, earlier.lower), (today.upper, earlier.upper)):
        assert np.array_equal(first, second, equal_nan=True)
    assert np.array_equal(earlier.size_lower, earlier.lower, equal_nan=True)
    assert np.array_equal(earlier.size_upper, earlier.upper, equal_nan=True)
    at = [metric.name for metric in SHARES].index("precision")
    all_wrong = [[(tp, fp + no, fn + yes, tn, 0, 0) for tp, fp, fn, tn, yes, no in clusters] for clusters in strata]
    wrong = shares_of(tally_of(all_wrong), 0.05, by_size=False).lower[0, at]
    assert earlier.worst_lower[0, at] == pytest.approx(np.fmin(wrong, earlier.lower[0, at]), nan_ok=True)


@given(st.lists(st.tuples(*[st.integers(0, 30)] * 6).filter(any), min_size=2, max_size=3))
def test_independent_items_have_one_pair(counts: list[tuple[int, ...]]) -> None:
    parts = [everybody(row) for row in counts]
    tally = replace(reduce(ConfusionTally.merge, parts), strata=tuple((0.2 + 0.1 * at, part) for at, part in enumerate(parts)))
    today, earlier = (shares_of(tally, 0.05, by_size=by_size) for by_size in (True, False))
    for name in WeightedShares.__dataclass_fields__:
        assert np.array_equal(getattr(today, name), getattr(earlier, name), equal_nan=True), name
    assert np.array_equal(today.size_lower, today.lower, equal_nan=True)
    for unit in UNITS:
        numbers = weighted_costs(tally, [0], cost_of_outcome(unit, BINARY), 0.05)
        assert numbers[1] == numbers[3]
        assert numbers[2] == numbers[4]


@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=30), min_size=2, max_size=3), st.integers(1, 40))
def test_clusters_of_one_size_that_are_answered_alike_have_one_pair(strata: list[list[int]], size: int) -> None:
    """What is asked about may be in some of the clusters only."""
    clusters = [[tuple(size * (np.arange(6) == outcome)) for outcome in outcomes] for outcomes in strata]
    found = shares_of(tally_of(clusters), 0.05)
    assert found.size_lower == pytest.approx(found.lower, rel=1e-7, abs=1e-12, nan_ok=True)
    assert found.size_upper == pytest.approx(found.upper, rel=1e-7, abs=1e-12, nan_ok=True)


@given(STRATA, ALPHAS, st.sampled_from(UNITS[:3]))
def test_costs_of_unequal_clusters_go_by_uneven_limits(strata: list[Clusters], alpha: float, unit: object) -> None:
    costs = cost_of_outcome(unit, BINARY)  # type: ignore[arg-type]
    tally = tally_of(strata)
    _, lower, upper, size_lower, size_upper = (float(numbers[0]) for numbers in weighted_costs(tally, [0], costs, alpha))
    by_hand = [(place + 2.0, np.array(clusters)) for place, clusters in enumerate(strata)]
    assert (size_lower, size_upper) == pytest.approx(stratified_cost_limits(by_hand, costs.tolist(), alpha), rel=1e-6, abs=1e-9)
    assert size_lower <= lower + 1e-12
    assert size_upper >= upper - 1e-12
    earlier = weighted_costs(tally, [0], costs, alpha, by_size=False)
    assert (float(earlier[3][0]), float(earlier[4][0])) == (lower, upper)


LARGE = [(40, 0, 0, 0, 0, 0)] * 4 + [(3, 0, 0, 0, 0, 0)] * 200
PROSPECTS = [
    (question("recall", "at_least", 0.8), False),
    (question("expected_cost", "at_most", 0.2, unit="late"), False),
    (question("expected_cost", "at_least", 0.55, unit="flat"), True),
]


@pytest.mark.parametrize(("asked", "attained"), PROSPECTS, ids=lambda x: getattr(x, "unit", str(x)))
def test_what_could_be_shown_needs_both_pairs(asked: object, attained: bool) -> None:
    """Two large clusters among 60 small ones, none missed, in each of two strata: Kish's pair would do. A flat cost is known exactly."""
    tally = tally_of([LARGE, LARGE])
    for rules, expected in ((EARLIER, True), (TODAY, attained)):
        found = prospects(tally, [asked], policy(), 0.95, rules=rules)[asked]  # type: ignore[index,list-item]
        assert found.attainable is expected
        estimate = answer(tally, asked, policy(), 0.95, rules)  # type: ignore[arg-type]
        assert estimate is not None
        assert (estimate.by_size is None) is (rules is EARLIER or attained)
        assert ("by_size" in estimate.method) is (rules is TODAY and not attained)
