"""Counts to estimates."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from tallies_by_hand import LEVEL, UNITS, clustered, clusters_of_groups, everybody, independent, named, policy, question

from evalharness.catalogue import NOTIONS, task_metrics
from evalharness.metrics import measure
from evalharness.stats.gap_rules import ADMISSIBLE, greatest_difference, least_ratio
from evalharness.stats.gaps import mover_difference, mover_ratio
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.tally import ConfusionTally, Slices

METRICS = task_metrics("binary").metrics
PROPORTIONS = [m.name for m in METRICS.values() if m.kind == "proportion"]


def group(level: str) -> tuple[tuple[str, str], ...]:
    return (("group", level),)


def test_four_perfect_rows_meet_no_goal_stricter_than_the_exact_bound():
    estimates = measure(everybody([2, 0, 0, 2, 0, 0]), policy(), LEVEL)
    four = measure(everybody([4, 0, 0, 0, 0, 0]), policy(), LEVEL)
    assert named(four, "recall").value == 1.0
    assert 0.472 < named(four, "recall").lower < 0.473  # type: ignore[operator]
    assert named(estimates, "accuracy").lower < 0.473  # type: ignore[operator]
    for e in (*estimates, *four):
        if e.decides and e.metric in PROPORTIONS and e.value is not None:
            assert e.lower < 0.475  # type: ignore[operator]
            assert e.upper > 0.525  # type: ignore[operator]
        if not e.decides and e.metric in {"f1", "balanced_accuracy", "matthews_corrcoef"}:
            assert e.lower is None
            assert e.upper is None


def test_every_metric_of_the_catalogue_is_measured_once_for_every_group():
    tally = independent({("a",): [5, 3, 1, 20, 1, 1], ("b",): [4, 2, 2, 30, 0, 0]})
    estimates = [e for e in measure(tally, policy(), LEVEL) if not e.between]
    expected = [(name, "") for name, metric in METRICS.items() if name != "expected_cost" and not metric.complete and not metric.source]
    expected += [("expected_cost", u.name) for u in UNITS]
    for who in tally.slices.groups:
        assert sorted((e.metric, e.unit) for e in estimates if e.group == who) == sorted(expected)
    assert estimates[0].group == ()


def test_nothing_is_measured_of_people_or_costs_that_the_policy_does_not_declare():
    names = {e.metric for e in measure(everybody([5, 3, 1, 20, 1, 1]), policy(human=None, units=()), LEVEL)}
    elsewhere = {name for name, metric in METRICS.items() if metric.complete or metric.source}
    assert names == set(METRICS) - {"system_recall", "review_minutes_per_1000", "expected_cost"} - elsewhere


def test_an_estimate_says_how_it_was_made():
    recall = named(measure(everybody([18, 3, 1, 20, 1, 1]), policy(), LEVEL), "recall")
    assert recall.method == "clopper-pearson(one-sided, alpha=0.05)"
    assert (recall.n, recall.clusters, recall.n_eff, recall.level) == (20, 20, 20.0, 0.95)
    assert recall.value == 0.9
    assert recall.lower == pytest.approx(0.7173814751, abs=1e-10)
    assert recall.lower <= float(clopper_pearson_lower(18, 20, 0.05))
    assert recall.upper >= float(clopper_pearson_upper(18, 20, 0.05))
    assert recall.decides


def test_a_level_that_is_no_confidence_is_refused():
    for level in (0.0, 1.0, 95.0):
        with pytest.raises(ValueError, match="level"):
            measure(everybody([1, 1, 1, 1, 0, 0]), policy(), level)


def test_clusters_count_as_kish_says():
    parts = [[4, 0, 0, 6, 0, 0], [0, 1, 2, 9, 0, 0], [3, 0, 0, 0, 0, 0]]
    recall = named(measure(clustered(parts), policy(), LEVEL), "recall")
    n_eff = 9**2 / (16 + 4 + 9)
    assert recall.n_eff == pytest.approx(n_eff)
    assert (recall.n, recall.clusters) == (9, 3)
    assert recall.method == "clopper-pearson(one-sided, alpha=0.05, n_eff=kish, by_size=fay-feuer(1+3c))"
    assert recall.lower == pytest.approx(float(clopper_pearson_lower(7 / 9 * n_eff, n_eff, 0.05)), abs=1e-9)
    assert named(measure(clustered(parts), policy(), LEVEL), "specificity").clusters == 2


def test_clusters_of_one_item_give_the_estimates_of_independent_items():
    counts = [30, 7, 3, 50, 2, 1]
    singles = [np.eye(6, dtype=int)[i] for i, n in enumerate(counts) for _ in range(n)]
    ours, theirs = measure(clustered(singles), policy(), LEVEL), measure(everybody(counts), policy(), LEVEL)
    for a, b in zip(ours, theirs, strict=True):
        assert (a.value, a.n, a.clusters, a.n_eff) == (b.value, b.n, b.clusters, b.n_eff)
        assert a.lower == pytest.approx(b.lower, rel=1e-8)
        assert a.upper == pytest.approx(b.upper, rel=1e-8)


def test_an_empty_denominator_is_null_with_its_name():
    estimates = measure(independent({("a",): [0, 3, 0, 20, 0, 0], ("b",): [4, 2, 2, 30, 0, 0]}), policy(), LEVEL)
    recall = named(estimates, "recall", group("a"))
    assert (recall.value, recall.lower, recall.upper, recall.n, recall.n_eff) == (None, None, None, 0, 0.0)
    assert recall.reason == "no relevant items in this group"
    nothing = measure(everybody([0] * 6), policy(), LEVEL)
    assert all(e.value is None and e.lower is None and e.upper is None and e.reason for e in nothing)
    assert named(nothing, "accuracy").reason == "no items"


def test_scaled_metrics_scale_value_and_bounds():
    estimates = measure(everybody([18, 3, 1, 20, 1, 1]), policy(), LEVEL)
    routed, system = named(estimates, "routed_recall"), named(estimates, "system_recall")
    review, minutes = named(estimates, "review_rate"), named(estimates, "review_minutes_per_1000")
    for inner, outer, scale in ((routed, system, 0.7), (review, minutes, 3000)):
        assert [outer.value, outer.lower, outer.upper] == pytest.approx([x * scale for x in (inner.value, inner.lower, inner.upper)])
    assert "reviewer_sensitivity.low=0.7 (declared)" in system.method
    assert "minutes_per_review=3.0" in minutes.method


def test_reviews_per_find_inverts_the_share_and_swaps_its_bounds():
    finds = named(measure(everybody([18, 3, 1, 20, 1, 1]), policy(), LEVEL), "reviews_per_find")
    assert finds.value == pytest.approx(23 / 19)
    assert finds.lower == pytest.approx(1 / float(clopper_pearson_upper(19, 23, 0.05)))
    assert finds.upper == pytest.approx(1 / float(clopper_pearson_lower(19, 23, 0.05)))
    assert finds.n == 23


def test_reviews_without_a_find_have_no_value_and_no_upper_bound():
    finds = named(measure(everybody([0, 30, 1, 20, 0, 1]), policy(), LEVEL), "reviews_per_find")
    assert (finds.value, finds.upper) == (None, None)
    assert finds.lower == pytest.approx(1 / float(clopper_pearson_upper(0, 31, 0.05)))
    assert "no finite value" in finds.reason


def test_an_item_without_an_answer_costs_the_dearer_of_review_and_set_aside():
    estimates = measure(everybody([1, 2, 3, 4, 5, 6]), policy(), LEVEL)
    assert named(estimates, "expected_cost", unit="mixed").value == pytest.approx((1 + 2 * 2 + 30 + 0 + 50 + 12) / 21)
    assert named(estimates, "expected_cost", unit="late").value == pytest.approx(8 / 21)
    assert named(estimates, "expected_cost", unit="mixed").method == "cost-ladder(clopper-pearson one-sided, alpha=0.05/3)"


def test_a_unit_that_costs_the_same_everywhere_is_exact():
    flat = named(measure(everybody([1, 2, 3, 4, 5, 6]), policy(), LEVEL), "expected_cost", unit="flat")
    assert (flat.value, flat.lower, flat.upper) == (0.7, 0.7, 0.7)
    assert flat.method.startswith("exact")


DECIDING = ADMISSIBLE.alphas(0.05)


def test_a_gap_is_bounded_by_its_widest_ordered_pair():
    tally = independent({("a",): [45, 0, 5, 9, 0, 0], ("b",): [18, 0, 2, 9, 0, 0], ("c",): [280, 0, 20, 9, 0, 0]})
    gap = named(measure(tally, policy(), LEVEL), "recall_difference")
    sides = [(45, 50), (18, 20), (280, 300)]

    def three(k: int, n: int, alpha: float) -> tuple[float, float, float]:
        return k / n, float(clopper_pearson_lower(k, n, alpha)), float(clopper_pearson_upper(k, n, alpha))

    uppers, lowers = {}, {}
    for i in range(3):
        for j in range(3):
            if i != j:
                uppers[i, j] = float(greatest_difference(*([three(*sides[g], a) for a in DECIDING] for g in (i, j))))
                lowers[i, j] = float(mover_difference(*three(*sides[i], 0.05 / 6), *three(*sides[j], 0.05 / 6))[0])
    widest = max(uppers, key=lambda pair: uppers[pair])
    assert gap.value == pytest.approx(280 / 300 - 0.9)
    assert gap.upper == pytest.approx(uppers[widest], abs=1e-9)
    assert gap.lower == pytest.approx(max(0.0, *lowers.values()), abs=1e-9)
    assert gap.pair == (group("abc"[widest[0]]), group("abc"[widest[1]]))
    assert gap.between == ("group",)
    assert gap.n == sides[widest[0]][1] + sides[widest[1]][1]
    assert "6 ordered pairs" in gap.method


def test_a_ratio_is_bounded_by_its_smallest_ordered_pair():
    tally = independent({("a",): [45, 0, 5, 9, 0, 0], ("b",): [10, 0, 10, 9, 0, 0]})
    ratio = named(measure(tally, policy(), LEVEL), "recall_ratio")

    def three(k: int, n: int, alpha: float) -> tuple[float, float, float]:
        return k / n, float(clopper_pearson_lower(k, n, alpha)), float(clopper_pearson_upper(k, n, alpha))

    low, high = ([three(k, n, a) for a in DECIDING] for k, n in ((10, 20), (45, 50)))
    assert ratio.value == pytest.approx(0.5 / 0.9)
    assert ratio.lower == pytest.approx(float(least_ratio(low, high)), abs=1e-9)
    assert ratio.upper == pytest.approx(float(mover_ratio(*three(10, 20, 0.025), *three(45, 50, 0.025))[1]), abs=1e-9)
    assert ratio.pair == (group("b"), group("a"))


def test_a_group_without_a_denominator_leaves_only_the_bound_that_could_prove_not_met():
    cells = {("a",): [98, 0, 2, 9, 0, 0], ("b",): [20, 0, 80, 9, 0, 0], ("c",): [0, 1, 0, 9, 0, 0]}
    estimates = measure(independent(cells), policy(), LEVEL)
    difference, ratio = named(estimates, "recall_difference"), named(estimates, "recall_ratio")
    assert (difference.value, difference.upper) == (None, None)
    assert (ratio.value, ratio.lower) == (None, None)
    assert difference.lower is not None
    assert 0.6 < difference.lower < 0.78
    assert ratio.upper is not None
    assert ratio.upper < 0.4
    assert difference.reason == ratio.reason == "no relevant items in group=c"
    assert difference.pair == (group("a"), group("b"))
    assert ratio.pair == (group("b"), group("a"))
    assert named(estimates, "equalized_odds_difference").upper is None
    assert named(estimates, "equalized_odds_difference").lower is not None


def test_a_ratio_whose_every_rate_is_0_is_null_and_one_with_a_zero_limit_has_no_lower_bound():
    estimates = measure(independent({("a",): [5, 0, 0, 9, 0, 0], ("b",): [5, 0, 0, 9, 0, 0]}), policy(), LEVEL)
    assert named(estimates, "false_positive_rate_ratio").value is None
    assert named(estimates, "false_positive_rate_ratio").reason == "every rate is 0, so there is no ratio"
    one = measure(independent({("a",): [5, 0, 0, 9, 0, 0], ("b",): [5, 4, 0, 5, 0, 0]}), policy(), LEVEL)
    ratio = named(one, "false_positive_rate_ratio")
    assert (ratio.value, ratio.lower) == (0.0, None)
    assert ratio.reason == "no lower bound of the ratio: the lower limit of group=a is 0"
    assert ratio.pair == (group("a"), group("b"))


def test_named_composites_take_the_worst_gap_and_never_decide():
    cells = {("a",): [90, 30, 10, 70, 0, 0], ("b",): [80, 50, 20, 50, 0, 0]}
    estimates = measure(independent(cells), policy(), LEVEL)
    odds, fpr, recall = (named(estimates, f"{m}_difference") for m in ("equalized_odds", "false_positive_rate", "recall"))
    assert odds.value == max(fpr.value, recall.value)  # type: ignore[type-var]
    assert odds.upper == max(fpr.upper, recall.upper)  # type: ignore[type-var]
    assert odds.lower < fpr.lower  # type: ignore[operator]
    assert "alpha=0.05/4" in odds.method
    names = {f"{notion}_{kind}" for notion in NOTIONS for kind in ("difference", "ratio")}
    assert {e.metric for e in estimates if e.between and not e.decides} == names


def test_intersections_are_compared_too_and_single_levels_only_when_asked():
    cells = {("a", "x"): [9, 1, 1, 9, 0, 0], ("b", "x"): [8, 2, 2, 8, 0, 0]}
    tally = independent(cells, ("sex", "region"), depth=2)
    assert {e.between for e in measure(tally, policy(), LEVEL) if e.between} == {("sex",), ("sex", "region")}
    asked = [question("recall", "max_difference", 0.1, between=("region",))]
    alone = named(measure(tally, policy(), LEVEL, asked), "recall_difference", between=("region",))
    assert (alone.value, alone.lower, alone.upper, alone.pair) == (None, None, None, None)
    assert alone.reason == "fewer than two groups are left to compare"


def test_an_exempted_group_is_left_out_only_where_it_is_asked():
    cells = {("a",): [45, 0, 5, 9, 0, 0], ("b",): [44, 0, 6, 9, 0, 0], ("c",): [0, 1, 0, 9, 0, 0]}
    asked = [question("recall", "max_difference", 0.1, between=("group",), excluded=(group("c"),)), *[question("recall", "at_least", 0.9)]]
    estimates = measure(independent(cells), policy(), LEVEL, asked)
    assert named(estimates, "recall_difference", excluded=()).value is None
    kept = named(estimates, "recall_difference", excluded=(group("c"),))
    assert kept.value == pytest.approx(0.02)
    assert "2 ordered pairs" in kept.method


def test_no_question_is_answered_twice_whatever_the_order_of_its_attributes():
    cells = {(a, b): [9, 1, 1, 9, 0, 0] for a in "ab" for b in "xy"}
    tally = independent(cells, ("sex", "region"), depth=2)
    asked = [question("recall", "max_difference", 0.1, between=pair) for pair in (("region", "sex"), ("sex", "region"))]
    keys = [
        (e.metric, e.group, tuple(sorted(e.between)), tuple(sorted(e.excluded)), e.unit)
        for e in measure(tally, policy(), LEVEL, [*asked, *asked])
    ]
    assert len(keys) == len(set(keys))


def test_describing_composites_have_an_interval_from_twenty_clusters_on():
    rng = np.random.default_rng(5)
    parts = rng.multinomial(10, [0.3, 0.1, 0.1, 0.5, 0, 0], size=20)
    parts[:, [0, 3]] += 1  # both classes in every cluster
    for metric in ("f1", "balanced_accuracy", "matthews_corrcoef"):
        wide, none = (named(measure(clustered(p), policy(), LEVEL), metric) for p in (parts, parts[:19]))
        assert wide.lower < wide.value < wide.upper  # type: ignore[operator]
        assert not wide.decides
        assert (none.lower, none.upper) == (None, None)
        assert none.reason == "no interval: fewer than 20 independent clusters of a true class"


@pytest.mark.parametrize("metric", ["f1", "balanced_accuracy", "matthews_corrcoef"])
def test_the_delta_interval_is_that_of_a_numerical_gradient(metric: str):
    counts = np.array([300.0, 70, 30, 500, 20, 10])
    tally = everybody(counts.astype(int))
    estimate = named(measure(tally, policy(), LEVEL), metric)
    step = 1e-3
    values = []
    for i in range(6):
        sides = []
        for sign in (1, -1):
            moved = counts.copy()
            moved[i] += sign * step
            tp, fp, fn, tn = moved[0], moved[1] + moved[5], moved[2] + moved[4], moved[3]
            sides.append(
                {
                    "f1": 2 * tp / (2 * tp + fp + fn),
                    "balanced_accuracy": (tp / (tp + fn) + tn / (tn + fp)) / 2,
                    "matthews_corrcoef": (tp * tn - fp * fn) / math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
                }[metric]
            )
        values.append((sides[0] - sides[1]) / (2 * step))
    n, v = counts.sum(), estimate.value
    assert v is not None
    se = math.sqrt(n / (n - 1) * float(np.array(values) ** 2 @ counts))
    z = 1.6448536269514722
    if metric == "matthews_corrcoef":
        expected = [math.tanh(math.atanh(v) + s * z * se / (1 - v * v)) for s in (-1, 1)]
    else:
        expected = [1 / (1 + math.exp(-(math.log(v / (1 - v)) + s * z * se / (v * (1 - v))))) for s in (-1, 1)]
    assert [estimate.lower, estimate.upper] == pytest.approx(expected, rel=1e-6)


def test_a_composite_without_variance_has_no_interval():
    estimates = measure(everybody([300, 0, 0, 500, 0, 0]), policy(), LEVEL)
    for metric in ("f1", "balanced_accuracy", "matthews_corrcoef"):
        perfect = named(estimates, metric)
        assert (perfect.value, perfect.lower, perfect.upper) == (1.0, None, None)
        assert perfect.reason == "no interval: the estimated variance is 0"


def test_168_groups_and_8010_pairs_cost_a_fraction_of_a_second():
    levels = {"a": tuple("abc"), "b": tuple("abcde"), "c": tuple("abcdef")}
    cells = np.random.default_rng(0).poisson(np.outer(np.linspace(20, 9000, 90), [0.045, 0.1, 0.004, 0.85, 0.001, 0.001]))
    shape = {
        (x, y, z): cells[i * 30 + j * 6 + k] for i, x in enumerate("abc") for j, y in enumerate("abcde") for k, z in enumerate("abcdef")
    }
    tally = independent(shape, tuple(levels), depth=3)
    assert len(tally.slices.groups) == 168
    measure(tally, policy(), LEVEL)
    before = time.process_time()
    estimates = measure(tally, policy(), LEVEL)
    assert time.process_time() - before < 0.8
    assert any("8010 ordered pairs" in e.method for e in estimates)


def test_a_tally_without_attributes_has_no_gaps():
    tally = ConfusionTally.of_independent(Slices(attributes=(), levels={}, depth=0), np.array([[5, 3, 1, 20, 1, 1]]))
    assert not [e for e in measure(tally, policy(), LEVEL) if e.between]


APART = [{"a": [1, 0, 0, 4, 0, 0]}] * 30 + [{"b": [1, 0, 0, 4, 0, 0]}] * 30


def test_a_gap_between_groups_that_share_clusters_takes_the_limits_themselves():
    apart = named(measure(clusters_of_groups(APART), policy(), LEVEL), "recall_difference")
    shared = [*APART, {"a": [0, 0, 0, 1, 0, 0], "b": [0, 0, 0, 1, 0, 0]}]
    together = measure(clusters_of_groups(shared), policy(), LEVEL)
    difference, ratio = named(together, "recall_difference"), named(together, "recall_ratio")
    assert apart.method == (
        "mover-and-limits(clopper-pearson one-sided, alpha=0.05, n_eff=kish, by_size=fay-feuer(1+3c), at 1.01 z, "
        "limits also in directions 22.5/45/67.5; "
        "upper: largest of 2 ordered pairs; lower: mover, holm first step, alpha=0.05/2)"
    )
    assert difference.method.startswith(
        "difference-of-limits(clopper-pearson one-sided, alpha=0.05, n_eff=kish, by_size=fay-feuer(1+3c), clusters span groups; "
    )
    assert ratio.method.startswith("ratio-of-limits(")
    limits = [named(together, "recall", (("group", level),)) for level in "ab"]
    assert difference.upper == pytest.approx(limits[0].upper - limits[1].lower)  # type: ignore[operator]
    assert ratio.lower == pytest.approx(limits[0].lower / limits[1].upper)  # type: ignore[operator]
    assert named(together, "equal_opportunity_difference").method == difference.method


def test_a_gap_counts_no_more_clusters_than_there_are():
    shared = [{"a": [1, 0, 0, 1, 0, 0], "b": [0, 0, 1, 1, 0, 0]}] * 25 + APART[:3]
    found = named(measure(clusters_of_groups(shared), policy(), LEVEL), "recall_difference")
    assert found.n == 53
    assert found.clusters == 28


def test_a_refusal_in_one_group_leaves_the_bound_between_two_others_as_it_is():
    three = [*APART, *[{"c": [1, 0, 0, 4, 0, 0]}] * 600, {"c": [0, 0, 0, 0, 0, 1]}]
    found = named(measure(clusters_of_groups(three), policy(), LEVEL), "recall_difference")
    assert found.worst_case is None
