"""What more errors, stricter levels and coarser clusters may do to a bound."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tallies_by_hand import LEVEL, clustered, clusters_of_groups, everybody, independent, named, policy, widest

from evalharness.catalogue import METRICS, OUTCOMES, task_metrics
from evalharness.metrics import measure
from evalharness.metrics.arrays import costs, differences, limits, rates, ratios
from evalharness.records import Estimate

COUNTS = st.tuples(*[st.integers(0, 60)] * 6)
CLUSTERS = st.lists(st.tuples(*[st.integers(0, 5)] * 6), min_size=2, max_size=12)
PROPORTIONS = [m for m in task_metrics("binary").metrics.values() if m.kind == "proportion"]
BETTER_TO_WORSE = {"tp": "fn", "tn": "fp"}
DUST = 1e-9
FEW = settings(max_examples=60, deadline=None, derandomize=True)


def moved(counts: tuple[int, ...], source: str, target: str) -> tuple[int, ...]:
    changed = list(counts)
    changed[OUTCOMES.index(source)] -= 1
    changed[OUTCOMES.index(target)] += 1
    return tuple(changed)


def bound(counts: object, second: object = None, alpha: float = 0.05, clusters: object = None) -> tuple[np.ndarray, np.ndarray]:
    of = rates(counts, second, [m.numerator for m in PROPORTIONS], [m.denominator for m in PROPORTIONS], clusters)
    return limits(of, alpha)


@FEW
@given(COUNTS, st.sampled_from(["tp", "tn"]))
def test_one_more_error_never_raises_a_lower_bound_nor_lowers_an_upper_one(counts: tuple[int, ...], source: str):
    assume(counts[OUTCOMES.index(source)] > 0)
    before, after = (measure(everybody(c), policy(), LEVEL) for c in (counts, moved(counts, source, BETTER_TO_WORSE[source])))
    affected = {"tp": {"recall", "accuracy"}, "tn": {"specificity", "accuracy"}}[source]
    for name in affected:
        assert named(after, name).lower <= named(before, name).lower  # type: ignore[operator]
    mirrored = {"tp": "false_negative_rate", "tn": "false_positive_rate"}[source]
    assert named(after, mirrored).upper >= named(before, mirrored).upper  # type: ignore[operator]


@FEW
@given(COUNTS, st.sampled_from([("tp", "no_answer_positive"), ("tn", "no_answer_negative"), ("fn", "no_answer_positive")]))
def test_refusing_an_item_never_helps_a_classifier_metric(counts: tuple[int, ...], refusal: tuple[str, str]):
    assume(counts[OUTCOMES.index(refusal[0])] > 0)
    before, after = (measure(everybody(c), policy(), LEVEL) for c in (counts, moved(counts, *refusal)))
    for name in ("recall", "specificity", "accuracy"):
        if named(before, name).value is not None:
            assert named(after, name).lower <= named(before, name).lower  # type: ignore[operator]
    assert named(after, "no_answer_rate").upper >= named(before, "no_answer_rate").upper  # type: ignore[operator]


@FEW
@given(COUNTS, st.floats(0.001, 0.2), st.floats(0.001, 0.2))
def test_a_stricter_level_never_tightens_a_bound(counts: tuple[int, ...], one: float, other: float):
    loose, strict = bound(counts, alpha=max(one, other)), bound(counts, alpha=min(one, other))
    assert not (strict[0] > loose[0] + DUST).any()
    assert not (strict[1] < loose[1] - DUST).any()


@FEW
@given(CLUSTERS)
def test_joining_two_clusters_never_tightens_a_bound(parts: list[tuple[int, ...]]):
    fine = np.array(parts)
    coarse = np.vstack([fine[0] + fine[1], fine[2:]])
    before, after = (bound(c.sum(axis=0), c.T @ c) for c in (fine, coarse))
    assert not (after[0] > before[0] + DUST).any()
    assert not (after[1] < before[1] - DUST).any()


@FEW
@given(CLUSTERS)
def test_clusters_never_give_tighter_bounds_than_independent_items(parts: list[tuple[int, ...]]):
    cells = np.array(parts)
    alone, together = bound(cells.sum(axis=0)), bound(cells.sum(axis=0), cells.T @ cells)
    assert not (together[0] > alone[0] + DUST).any()
    assert not (together[1] < alone[1] - DUST).any()


@FEW
@given(CLUSTERS, st.integers(0, 11), st.sampled_from(["tp", "tn"]))
def test_one_more_error_in_a_cluster_never_raises_a_lower_bound_nor_lowers_an_upper_one(
    parts: list[tuple[int, ...]], which: int, source: str
):
    at = which % len(parts)
    assume(parts[at][OUTCOMES.index(source)] > 0)
    worse = [*parts[:at], moved(parts[at], source, BETTER_TO_WORSE[source]), *parts[at + 1 :]]
    before, after = (measure(clustered(p), policy(), LEVEL) for p in (parts, worse))
    for name in {"tp": ("recall", "accuracy"), "tn": ("specificity", "accuracy")}[source]:
        assert named(after, name).lower <= named(before, name).lower  # type: ignore[operator]
        assert widest(named(after, name))[0] <= widest(named(before, name))[0]  # type: ignore[operator]
    mirrored = {"tp": "false_negative_rate", "tn": "false_positive_rate"}[source]
    assert named(after, mirrored).upper >= named(before, mirrored).upper  # type: ignore[operator]
    assert widest(named(after, mirrored))[1] >= widest(named(before, mirrored))[1]  # type: ignore[operator]


@FEW
@given(CLUSTERS, st.floats(0.001, 0.2), st.floats(0.001, 0.2))
def test_a_stricter_level_never_tightens_a_bound_of_clusters(parts: list[tuple[int, ...]], one: float, other: float):
    cells = np.array(parts)
    clusters = (cells @ np.array([m.denominator for m in PROPORTIONS]).T > 0).sum(axis=0)
    for seen in (None, clusters):
        loose, strict = (bound(cells.sum(axis=0), cells.T @ cells, alpha, seen) for alpha in (max(one, other), min(one, other)))
        assert not (strict[0] > loose[0] + DUST).any()
        assert not (strict[1] < loose[1] - DUST).any()


@FEW
@given(CLUSTERS)
def test_bounds_that_hold_for_misses_that_grow_are_never_tighter(parts: list[tuple[int, ...]]):
    cells = np.array(parts)
    clusters = (cells @ np.array([m.denominator for m in PROPORTIONS]).T > 0).sum(axis=0)
    plain, by_size = (bound(cells.sum(axis=0), cells.T @ cells, 0.05, seen) for seen in (None, clusters))
    assert not (by_size[0] > plain[0] + DUST).any()
    assert not (by_size[1] < plain[1] - DUST).any()


@FEW
@given(st.lists(st.tuples(*[st.tuples(*[st.integers(0, 4)] * 6)] * 2), min_size=3, max_size=10), st.floats(0.8, 0.99), st.floats(0.8, 0.99))
def test_a_stricter_level_never_tightens_a_gap_of_clusters(clusters: list[tuple[tuple[int, ...], ...]], one: float, other: float):
    """Clusters with items of both groups, and of one alone."""
    tally = clusters_of_groups([{"a": a, "b": b} if i % 2 else {"a": a} for i, (a, b) in enumerate(clusters)])
    loose, strict = ({(e.metric, e.between): e for e in measure(tally, policy(), level) if e.between} for level in sorted((one, other)))
    for key, wide in strict.items():
        tight = loose[key]
        assert wide.upper is None or tight.upper is None or wide.upper >= tight.upper - DUST, key
        assert wide.lower is None or tight.lower is None or wide.lower <= tight.lower + DUST, key
        (least, most), (low, high) = widest(wide), widest(tight)
        assert most is None or high is None or most >= high - DUST, key
        assert least is None or low is None or least <= low + DUST, key


@FEW
@given(CLUSTERS)
def test_every_value_lies_between_its_bounds(parts: list[tuple[int, ...]]):
    for estimate in measure(clustered(parts), policy(), LEVEL):
        assert ordered(estimate)


@FEW
@given(st.lists(COUNTS, min_size=2, max_size=5))
def test_every_gap_lies_between_its_bounds_and_a_null_has_a_reason(groups: list[tuple[int, ...]]):
    for estimate in measure(independent({(f"g{i}",): c for i, c in enumerate(groups)}), policy(), LEVEL):
        if estimate.between:
            assert ordered(estimate)
            assert (estimate.value is None or estimate.lower is None or estimate.upper is None) == bool(estimate.reason)
            limit = 1.0
            assert all(x is None or 0 <= x <= limit for x in (estimate.value, estimate.lower, estimate.upper))


@FEW
@given(st.lists(COUNTS, min_size=2, max_size=4), st.floats(0.001, 0.2), st.floats(0.001, 0.2))
def test_a_stricter_level_never_tightens_a_gap(groups: list[tuple[int, ...]], one: float, other: float):
    weights = [METRICS["recall"].numerator], [METRICS["recall"].denominator]
    of = rates(np.array(groups), None, *weights)
    flat = type(of)(value=of.value[:, 0], total=of.total[:, 0], n_eff=of.n_eff[:, 0], successes=of.successes[:, 0])
    strict, loose = min(one, other), max(one, other)
    assert not (differences(flat, strict).upper < differences(flat, loose).upper - DUST).any()
    assert not (differences(flat, strict).lower > differences(flat, loose).lower + DUST).any()
    assert not (ratios(flat, strict).lower > ratios(flat, loose).lower + DUST).any()
    assert not (ratios(flat, strict).upper < ratios(flat, loose).upper - DUST).any()


@FEW
@given(COUNTS.filter(any), st.lists(st.floats(0, 20), min_size=6, max_size=6), st.integers(0, 5), st.integers(0, 5))
def test_a_dearer_outcome_never_lowers_the_upper_bound_of_the_cost(counts: tuple[int, ...], prices: list[float], a: int, b: int):
    cheap, dear = sorted((a, b), key=lambda i: prices[i])
    assume(counts[cheap] > 0)
    before = costs(np.array(counts), None, prices, 0.05)
    after = costs(np.array(moved(counts, OUTCOMES[cheap], OUTCOMES[dear])), None, prices, 0.05)
    assert all(float(y) >= float(x) - DUST for x, y in zip(before, after, strict=True))
    assert before[1] <= before[0] + DUST
    assert before[0] <= before[2] + DUST


def ordered(estimate: Estimate) -> bool:
    known = [x for x in (estimate.lower, estimate.value, estimate.upper) if x is not None]
    return known == sorted(known)
