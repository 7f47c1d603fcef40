"""Estimates of the tasks beyond the binary one."""

from __future__ import annotations

import numpy as np
import pytest
from tallies_by_hand import LEVEL, clustered, clusters_of_groups, everybody, independent, named, policy, question

from evalharness.catalogue import TASKS, TaskMetrics, task_metrics
from evalharness.metrics import measure, prospects, translation
from evalharness.metrics.costs import cost_of_outcome
from evalharness.metrics.prospects import NO_SUCH_METRIC
from evalharness.records import CostUnit, Estimate
from evalharness.stats.gap_rules import ADMISSIBLE, greatest_difference
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

GRADES = task_metrics("ordinal", ("none", "C", "B", "A"))
#           true none     C            B           A           no answer
COUNTS = [90, 6, 3, 1, 5, 40, 4, 1, 2, 3, 20, 5, 1, 2, 3, 14, 4, 3, 2, 1]
SIX = [40, 90, 6, 850, 4, 10]
OTHERS = {task: task_metrics(task) for task in ("ranking", "linkage", "risk")}


def counts_of(of: TaskMetrics, seed: int) -> list[int]:
    return np.random.default_rng(seed).integers(0, 30, len(of.outcomes)).tolist()


def share(found: tuple[Estimate, ...], metric: str) -> tuple[int, int]:
    estimate = named(found, metric)
    assert estimate.value is not None
    return round(estimate.value * estimate.n), estimate.n


def test_grades_are_counted_by_hand():
    found = measure(everybody(COUNTS, GRADES), policy(), LEVEL)
    assert share(found, "exact_agreement") == (164, 210)
    assert share(found, "under_grading_1") == (5 + 2 + 3 + 1 + 2 + 3 + 3 + 2 + 1, 210)
    assert share(found, "under_grading_2") == (2 + 1 + 2 + 2 + 1, 210)
    assert share(found, "over_grading_1") == (6 + 3 + 1 + 4 + 1 + 5 + 4 + 3 + 2, 210)
    assert share(found, "over_grading_2") == (3 + 1 + 1 + 4 + 3, 210)
    assert share(found, "critical_miss") == (1 + 1, 21)
    assert share(found, "no_answer_rate") == (10, 210)


def test_a_graded_share_has_the_bounds_of_any_other_proportion():
    found = named(measure(everybody(COUNTS, GRADES), policy(), LEVEL), "critical_miss")
    assert found.method == "clopper-pearson(one-sided, alpha=0.05)"
    assert found.lower == pytest.approx(float(clopper_pearson_lower(2, 21, 0.05)), abs=1e-9)
    assert found.upper == pytest.approx(float(clopper_pearson_upper(2, 21, 0.05)), abs=1e-9)
    assert (found.worst_case, found.decides) == (None, True)


def test_clusters_of_graded_items_count_as_kish_says():
    parts = np.zeros((3, 20), dtype=int)
    parts[0, 15], parts[0, 12], parts[1, 15], parts[2, 0] = 3, 1, 2, 9
    found = measure(clustered(parts, GRADES), policy(), LEVEL)
    miss, exact = named(found, "critical_miss"), named(found, "exact_agreement")
    assert (miss.n, miss.clusters, miss.n_eff) == (6, 2, pytest.approx(36 / (16 + 4)))
    assert (exact.n, exact.clusters, exact.n_eff) == (15, 3, pytest.approx(225 / (16 + 4 + 81)))


@pytest.mark.parametrize("task", TASKS)
def test_every_metric_of_the_task_and_no_other_is_measured_for_every_group(task: str):
    of = task_metrics(task, ("low", "middle", "high") if task == "ordinal" else ())
    tally = independent({("a",): counts_of(of, 1), ("b",): counts_of(of, 2)}, of=of)
    found = [e for e in measure(tally, policy(), LEVEL) if not e.between]
    for group in tally.slices.groups:
        assert {e.metric for e in found if e.group == group} == {
            name for name, metric in of.metrics.items() if not metric.complete and not metric.source
        }


@pytest.mark.parametrize("task", TASKS)
def test_gaps_of_every_proportion_and_named_composites_only_where_their_metrics_are(task: str):
    of = task_metrics(task, ("low", "middle", "high") if task == "ordinal" else ())
    tally = independent({("a",): counts_of(of, 3), ("b",): counts_of(of, 4)}, of=of)
    gaps = {e.metric for e in measure(tally, policy(), LEVEL) if e.between}
    own = {f"{m.name}_{kind}" for m in of.metrics.values() if m.gaps for kind in ("difference", "ratio")}
    assert own <= gaps
    assert bool(gaps - own) == (task in {"binary", "risk"})


@pytest.mark.parametrize(("task", "name", "like"), [
    ("ranking", "recall_at_budget", "recall"),
    ("ranking", "precision_at_budget", "precision"),
    ("ranking", "no_answer_rate", "no_answer_rate"),
    ("linkage", "pairwise_recall", "recall"),
    ("linkage", "pairwise_precision", "precision"),
    ("risk", "recall", "recall"),
])  # fmt: skip
def test_shares_of_the_six_outcomes_are_those_of_the_binary_metric_refusals_included(task: str, name: str, like: str):
    cells = {("a",): SIX, ("b",): [30, 12, 9, 700, 0, 3]}
    ours, theirs = (measure(independent(cells, of=of), policy(), LEVEL) for of in (OTHERS[task], task_metrics("binary")))
    for own, binary in ((name, like), (f"{name}_difference", f"{like}_difference"), (f"{name}_ratio", f"{like}_ratio")):
        one, other = named(ours, own), named(theirs, binary)
        for field in ("value", "lower", "upper", "n", "clusters", "n_eff", "worst_case", "pair"):
            assert getattr(one, field) == getattr(other, field), (own, field)


def test_nothing_of_people_costs_or_composites_is_said_of_leads_links_or_grades():
    for of in (OTHERS["ranking"], OTHERS["linkage"], GRADES):
        names = {e.metric for e in measure(everybody(counts_of(of, 5), of), policy(), LEVEL)}
        assert names == {name for name, metric in of.metrics.items() if not metric.complete and not metric.source}
    risk = {e.metric for e in measure(everybody(SIX, OTHERS["risk"]), policy(), LEVEL)}
    assert {"expected_cost", "f1", "system_recall"} <= risk


def test_a_gap_of_grades_is_made_from_the_groups_own_limits():
    other = [1 + n // 2 for n in COUNTS]
    other[16:] = [0] * 4
    plain = [*COUNTS[:16], 0, 0, 0, 0]
    found = named(measure(independent({("a",): plain, ("b",): other}, of=GRADES), policy(), LEVEL), "under_grading_1_difference")
    at = [i for i, w in enumerate(GRADES.metrics["under_grading_1"].numerator) if w]
    sides = []
    for row in (plain, other):
        k, n = sum(row[i] for i in at), sum(row)
        alphas = ADMISSIBLE.alphas(0.05)
        sides.append([(k / n, clopper_pearson_lower(k, n, a), clopper_pearson_upper(k, n, a)) for a in alphas])
    bounds = [greatest_difference(sides[i], sides[1 - i]) for i in (0, 1)]
    assert found.upper == pytest.approx(max(float(bound) for bound in bounds), abs=1e-9)
    assert found.worst_case is None


def test_refusing_the_better_graded_group_does_not_hide_a_gap():
    good, bad = [0] * 20, [0] * 20
    good[0], bad[0], bad[1] = 100, 80, 20
    hidden = [*good]
    hidden[0], hidden[16] = 80, 20
    open_gap, hidden_gap = (
        named(measure(independent({("a",): first, ("b",): bad}, of=GRADES), policy(), LEVEL), "exact_agreement_difference")
        for first in (good, hidden)
    )
    assert (open_gap.value, hidden_gap.value) == (0.2, 0.0)
    assert open_gap.worst_case is None
    assert hidden_gap.worst_case is not None
    assert hidden_gap.worst_case[1] >= open_gap.upper


def test_clusters_with_graded_refusals_keep_their_size_whatever_the_answers():
    parts = [{"a": [9, *[0] * 15, 1, 0, 0, 0], "b": [7, 2, *[0] * 18]} for _ in range(30)]
    tally = clusters_of_groups(parts, GRADES)
    found = named(measure(tally, policy(), LEVEL), "exact_agreement_difference")
    answered = clusters_of_groups([{"a": [10, *[0] * 19], "b": part["b"]} for part in parts], GRADES)
    real = named(measure(answered, policy(), LEVEL), "exact_agreement_difference")
    assert found.worst_case is not None
    assert found.worst_case[1] >= real.upper


def test_a_thousand_graded_items_say_what_is_graded_too_low_and_of_which_items():
    found = {e.metric: e for e in translation(everybody(COUNTS, GRADES), policy(), LEVEL)}
    matrix = [COUNTS[4 * true : 4 * true + 4] for true in range(4)]
    refused = COUNTS[16:]
    low = [sum(row[:true]) for true, row in enumerate(matrix)]
    top, raised = sum(matrix[3]) + refused[3], sum(map(sum, matrix[1:])) + sum(refused[1:])
    expected = {
        "graded_too_low_per_1000": (sum(low), 210),
        "top_level_missed_per_1000": (matrix[3][0], 210),
        "graded_far_too_low_per_1000": (sum(sum(row[: true - 1]) for true, row in enumerate(matrix) if true > 1), 210),
        "graded_too_high_per_1000": (sum(sum(row[true + 1 :]) for true, row in enumerate(matrix)), 210),
        "raised_graded_too_low_per_1000": (sum(low), raised),
        "top_level_graded_lower_per_1000": (low[3], top),
        "top_level_graded_lowest_per_1000": (matrix[3][0], top),
    }
    assert list(found) == list(expected)
    for name, (part, whole) in expected.items():
        assert (found[name].value, found[name].n) == (pytest.approx(1000 * part / whole), whole), name
        assert found[name].upper == pytest.approx(1000 * float(clopper_pearson_upper(part, whole, 0.05))), name
    assert not any(e.decides or e.group for e in found.values())


def test_with_two_levels_those_above_the_lowest_are_the_top_ones():
    of = task_metrics("ordinal", ("low", "high"))
    found = {e.metric: (e.value, e.n) for e in translation(everybody([90, 10, 5, 20, 0, 0], of), policy(), LEVEL)}
    assert found["raised_graded_too_low_per_1000"] == found["top_level_graded_lower_per_1000"] == (pytest.approx(200), 25)
    assert "graded_far_too_low_per_1000" not in found


def test_a_thousand_leads_and_a_thousand_links_say_what_is_missed_and_what_is_wrong():
    ranked = everybody(SIX, OTHERS["ranking"])
    found = translation(ranked, policy(), LEVEL)
    assert [(e.metric, e.value) for e in found] == [
        ("relevant_leads_missed_per_1000", pytest.approx(10)),
        ("missed_of_relevant_leads_per_1000", pytest.approx(200)),
        ("reviews_without_find_per_1000", pytest.approx(1000 * SIX[1] / (SIX[0] + SIX[1]))),
    ]
    recall = named(measure(ranked, policy(), LEVEL), "recall_at_budget")
    assert found[1].upper == pytest.approx(1000 * (1 - recall.lower)), "one bound for one fact"
    found = translation(everybody(SIX, OTHERS["linkage"]), policy(), LEVEL)
    assert [(e.metric, e.value, e.n) for e in found] == [
        ("true_links_missed_per_1000", pytest.approx(200), 50),
        ("wrong_links_per_1000", pytest.approx(1000 * SIX[1] / (SIX[0] + SIX[1])), SIX[0] + SIX[1]),
    ]
    risk, binary = (translation(everybody(SIX, of), policy(), LEVEL) for of in (OTHERS["risk"], task_metrics("binary")))
    assert risk == binary


def test_what_more_data_could_show_of_grades():
    counts = [0] * 20
    counts[0], counts[1] = 95, 5
    tally = independent({("a",): counts, ("b",): counts}, of=GRADES)
    exact = question("exact_agreement", "at_least", 0.9)
    miss = question("critical_miss", "at_most", 0.05)
    gap = question("exact_agreement", "max_difference", 0.2, between=("group",))
    found = prospects(tally, [exact, miss, gap], policy(), LEVEL)
    assert found[exact].attainable
    assert found[exact].needed is not None
    assert found[miss].reason == "no top-level items"
    assert found[gap].attainable


def test_a_metric_that_the_task_or_its_levels_lack_is_answered_by_nothing():
    two = task_metrics("ordinal", ("low", "high"))
    asked = [question("under_grading_2", "at_most", 0.1), question("recall", "at_least", 0.9)]
    found = prospects(everybody([5, 1, 1, 5, 0, 0], two), asked, policy(), LEVEL)
    assert {found[q].reason for q in asked} == {NO_SUCH_METRIC}


def test_a_group_without_a_top_level_item_has_no_gap_in_critical_misses():
    without = [*COUNTS[:12], 0, 0, 0, 0, *COUNTS[16:19], 0]
    found = measure(independent({("a",): COUNTS, ("b",): without}, of=GRADES), policy(), LEVEL)
    assert named(found, "critical_miss", (("group", "b"),)).reason == "no top-level items in this group"
    assert named(found, "critical_miss_difference").reason == "no top-level items in group=b"


LATE = CostUnit(name="late", by_level=(("A", (("C", 3.0), ("none", 10.0))), ("B", (("none", 4.0),))))


def test_grades_cost_what_their_true_and_given_level_say_and_no_answer_the_dearest():
    cost = cost_of_outcome(LATE, GRADES)
    by_hand = 1 * 10 + 2 * 3 + 2 * 4 + 2 * 4 + 1 * 10  # A as none, A as C, B as none, no answer B, no answer A
    assert float(cost @ np.array(COUNTS)) == by_hand
    found = named(measure(everybody(COUNTS, GRADES), policy(units=(LATE,)), LEVEL), "expected_cost", unit="late")
    assert found.value == pytest.approx(by_hand / 210)
    asked = question("expected_cost", "at_most", 0.5, unit="late")
    upper = found.upper
    assert upper is not None
    assert upper > by_hand / 210
    assert prospects(everybody(COUNTS, GRADES), [asked], policy(units=(LATE,)), LEVEL)[asked].attainable
    assert found.method.startswith("cost-ladder(clopper-pearson one-sided, alpha=0.05/3")


def test_a_lower_cost_bound_never_falls_when_an_item_is_graded_worse():
    upper = []
    for missed in range(4):
        counts = list(COUNTS)
        counts[15] -= missed  # A as A
        counts[12] += missed  # A as none
        upper.append(named(measure(everybody(counts, GRADES), policy(units=(LATE,)), LEVEL), "expected_cost", unit="late").upper)
    assert upper == sorted(upper)
    assert len(set(upper)) == 4
