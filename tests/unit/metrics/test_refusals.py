"""Items without an answer of an ordinal task, counted whichever way is worse."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tallies_by_hand import LEVEL, clustered, clusters_of_groups, everybody, independent, named, policy

from evalharness.catalogue import task_metrics
from evalharness.metrics import measure
from evalharness.metrics.refusals import answers_count, worst_limits
from evalharness.records import Estimate
from evalharness.stats.clusters import kish_n_eff
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper

TWO = task_metrics("ordinal", ("irrelevant", "relevant"))
THREE = task_metrics("ordinal", ("low", "middle", "high"))
BINARY = task_metrics("binary")
SAME = {"recall_level_2": "recall", "precision_level_2": "precision", "recall_level_1": "specificity", "exact_agreement": "accuracy"}
SAME |= {"precision_level_1": "negative_predictive_value", "no_answer_rate": "no_answer_rate"}
FIELDS = ("value", "lower", "upper", "n", "clusters", "n_eff")
six = st.lists(st.integers(0, 9), min_size=6, max_size=6)


def as_grades(counts: list[int]) -> list[int]:
    """tp, fp, fn, tn, refused relevant, refused irrelevant as a 2 x 2 table and its refusals."""
    tp, fp, fn, tn, positive, negative = counts
    return [tn, fp, fn, tp, negative, positive]


def assert_same(ours: Estimate, theirs: Estimate, *, worst: bool) -> None:
    assert [getattr(ours, field) for field in FIELDS] == [getattr(theirs, field) for field in FIELDS], ours.metric
    if worst:
        assert ours.worst_case == theirs.worst_case, ours.metric


@settings(deadline=None, max_examples=60)
@given(six)
def test_two_levels_are_the_binary_task_refusals_included(counts: list[int]):
    ours, theirs = measure(everybody(as_grades(counts), TWO), policy(), LEVEL), measure(everybody(counts), policy(), LEVEL)
    for own, binary in SAME.items():
        assert_same(named(ours, own), named(theirs, binary), worst=own.startswith("precision"))


@settings(deadline=None, max_examples=40)
@given(six, six)
def test_gaps_of_two_levels_are_those_of_the_binary_task(first: list[int], second: list[int]):
    cells = {("a",): first, ("b",): second}
    ours = measure(independent({cell: as_grades(counts) for cell, counts in cells.items()}, of=TWO), policy(), LEVEL)
    theirs = measure(independent(cells), policy(), LEVEL)
    for own in ("precision_level_2", "precision_level_1"):
        for gap in ("difference", "ratio"):
            assert_same(named(ours, f"{own}_{gap}"), named(theirs, f"{SAME[own]}_{gap}"), worst=True)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(six, six), min_size=2, max_size=6))
def test_two_levels_in_clusters_are_the_binary_task_in_clusters(parts: list[tuple[list[int], list[int]]]):
    ours = measure(clusters_of_groups([{"a": as_grades(a), "b": as_grades(b)} for a, b in parts], TWO), policy(), LEVEL)
    theirs = measure(clusters_of_groups([{"a": a, "b": b} for a, b in parts], BINARY), policy(), LEVEL)
    for own, binary in SAME.items():
        assert_same(named(ours, own), named(theirs, binary), worst=False)
    for own in ("precision_level_2", "precision_level_1"):
        for one, other in ((own, SAME[own]), (f"{own}_difference", f"{SAME[own]}_difference")):
            mine, binary = (named(found, name).worst_case for found, name in ((ours, one), (theirs, other)))
            assert mine == (None if binary is None else pytest.approx(binary, rel=1e-8)), one


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 6), min_size=12, max_size=12), st.integers(0, 2))
def test_no_way_of_answering_leaves_the_worst_limits_of_a_precision(counts: list[int], rank: int):
    metric = THREE.metrics[f"precision_level_{rank + 1}"]
    hits = counts[3 * rank + rank]
    flagged = sum(counts[3 * true + rank] for true in range(3))
    own, others = counts[9 + rank], sum(counts[9:]) - counts[9 + rank]
    ways = [(hits + j, flagged + j + m) for j, m in product(range(own + 1), range(others + 1)) if flagged + j + m]
    low, high = worst_limits(THREE, [counts], None, [metric.numerator], [metric.denominator], alpha=0.05)
    if flagged:
        assert float(low[0, 0]) == pytest.approx(min(float(clopper_pearson_lower(k, n, 0.05)) for k, n in ways), abs=1e-12)
        assert float(high[0, 0]) == pytest.approx(max(float(clopper_pearson_upper(k, n, 0.05)) for k, n in ways), abs=1e-12)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.lists(st.integers(0, 3), min_size=12, max_size=12), min_size=2, max_size=4), st.integers(0, 10**6))
def test_answers_that_differ_from_cluster_to_cluster_stay_within_the_worst_limits(parts: list[list[int]], seed: int):
    rng = np.random.default_rng(seed)
    metric = THREE.metrics["precision_level_3"]
    table = np.array(parts)
    low, high = worst_limits(THREE, [table.sum(axis=0)], [table.T @ table], [metric.numerator], [metric.denominator], alpha=0.05)
    if not table.sum(axis=0) @ np.array(metric.denominator):
        return
    for _ in range(20):
        answered = table[:, :9].copy()
        for row, refused in zip(answered, table[:, 9:], strict=True):
            for true in range(3):
                for _ in range(refused[true]):
                    if rng.random() < 0.8:
                        row[3 * true + rng.integers(0, 3)] += 1
        flagged = answered @ np.array(metric.denominator[:9])
        n_eff = float(kish_n_eff(flagged.sum(), (flagged**2).sum()))
        k = float((answered @ np.array(metric.numerator[:9])).sum() / flagged.sum()) * n_eff
        assert float(low[0, 0]) <= float(clopper_pearson_lower(k, n_eff, 0.05)) + 1e-9
        assert float(high[0, 0]) >= float(clopper_pearson_upper(k, n_eff, 0.05)) - 1e-9


def test_only_a_precision_depends_on_what_the_answer_would_have_been():
    names = [name for name, metric in THREE.metrics.items() if any(metric.denominator)]
    found = answers_count(THREE, [THREE.metrics[name].denominator for name in names])
    assert [name for name, counts in zip(names, found, strict=True) if counts] == [f"precision_level_{rank}" for rank in (1, 2, 3)]


def test_refusing_what_would_have_been_a_false_top_level_does_not_raise_its_precision():
    """Twenty right and twenty wrong at the top; refusing the wrong ones makes the share 1 and its worst case what it was."""
    answered, refused = [0] * 12, [0] * 12
    answered[8], answered[2] = 20, 20
    refused[8], refused[9] = 20, 20
    honest, hiding = (named(measure(everybody(c, THREE), policy(), LEVEL), "precision_level_3") for c in (answered, refused))
    assert (honest.value, honest.worst_case, hiding.value) == (0.5, None, 1.0)
    assert hiding.worst_case == (honest.lower, hiding.upper)


def test_what_counts_refusals_as_wrong_has_no_worse_case_than_itself():
    counts = [9, 2, 1, 3, 8, 2, 1, 1, 9, 2, 1, 3]
    estimates = measure(everybody(counts, THREE), policy(), LEVEL)
    assert {e.metric for e in estimates if e.worst_case is not None} == {f"precision_level_{rank}" for rank in (1, 2, 3)}
    one = clustered([counts, counts, [3] * 12], THREE)
    assert {e.metric for e in measure(one, policy(), LEVEL) if e.worst_case is not None} <= {f"precision_level_{r}" for r in (1, 2, 3)}
