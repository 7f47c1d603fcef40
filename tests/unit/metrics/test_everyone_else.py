"""Groups against everyone else and against everybody: fairlearn's `to_overall`, and bounds made by hand."""

from __future__ import annotations

import warnings

import fairlearn.metrics as fairness
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk
from tallies_by_hand import clusters_of_groups, independent

from evalharness.catalogue import task_metrics
from evalharness.metrics.arrays import limits, rates
from evalharness.metrics.everyone_else import (
    Against,
    against_everyone_else,
    differences_from_rest,
    differences_to_overall,
    kept,
    ratios_to_overall,
)
from evalharness.metrics.gaps import shares_clusters
from evalharness.stats.gaps import difference_of_limits, mover_difference
from evalharness.tally import ConfusionTally

METRICS = task_metrics("binary").metrics
SHARED = {
    "recall": fairness.true_positive_rate,
    "false_positive_rate": fairness.false_positive_rate,
    "precision": sk.precision_score,
    "selection_rate": fairness.selection_rate,
    "accuracy": sk.accuracy_score,
}
ANSWERED = st.tuples(*[st.integers(0, 7)] * 4).filter(any)
TABLES = st.lists(ANSWERED, min_size=2, max_size=4)


def of_table(table: list[tuple[int, ...]], *names: str) -> Against:
    tally = independent({(f"g{i}",): (*counts, 0, 0) for i, counts in enumerate(table)})
    return against_everyone_else(tally, ("group",), [METRICS[name] for name in names], spanned=False)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(TABLES)
def test_values_are_fairlearn_s_to_overall(table: list[tuple[int, ...]]):
    true, predicted = np.array([1, 0, 1, 0]), np.array([1, 1, 0, 0])
    rows = [np.concatenate([np.repeat(values, counts) for counts in table]) for values in (true, predicted)]
    group = np.repeat([f"g{i}" for i in range(len(table))], [sum(counts) for counts in table])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where a rate is undefined: null here, left out below
        frame = fairness.MetricFrame(metrics=SHARED, y_true=rows[0], y_pred=rows[1], sensitive_features=group)
        difference, ratio = frame.difference(method="to_overall"), frame.ratio(method="to_overall")
    of = of_table(table, *SHARED)
    ours, share = differences_to_overall(of, 0.05), ratios_to_overall(of, 0.05)
    for row, name in enumerate(SHARED):
        complete = bool(of.group.defined[row].all())
        assert np.isnan(ours.value[row]) == (not complete), name
        if complete:
            assert ours.value[row] == pytest.approx(difference[name], abs=1e-12), name
            assert np.isnan(share.value[row]) == (of.overall[row, 0] == 0), name
        if complete and of.overall[row, 0] > 0:
            assert share.value[row] == pytest.approx(ratio[name], abs=1e-12), name


@settings(max_examples=60, deadline=None, derandomize=True)
@given(TABLES)
def test_the_value_lies_between_its_bounds(table: list[tuple[int, ...]]):
    of = of_table(table, *SHARED)
    for found in (differences_to_overall(of, 0.05), ratios_to_overall(of, 0.05)):
        for value, lower, upper in zip(found.value, found.lower, found.upper, strict=True):
            assert np.isnan([value, lower]).any() or lower <= value + 1e-12
            assert np.isnan([value, upper]).any() or value <= upper + 1e-12


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.tuples(*[st.integers(0, 30)] * 6), st.integers(2, 4))
def test_more_errors_in_the_group_that_lies_lowest_never_lower_the_bound(counts: tuple[int, ...], groups: int):
    def upper(missed: int) -> float:
        table = [(20, 0, counts[0] + missed, 1), *[(25, 0, counts[k], 1) for k in range(1, groups)]]
        if table[0][2] / 20 < max(row[2] / 25 for row in table[1:]):
            return -np.inf  # not yet the lowest
        return float(differences_to_overall(of_table(table, "recall"), 0.05).value[0])

    assert upper(5) <= upper(12) + 1e-12


def test_of_two_groups_the_difference_is_that_between_them_shrunk_by_the_other_s_part():
    of = of_table([(30, 0, 10, 5), (55, 0, 5, 5)], "recall")
    found = differences_to_overall(of, 0.05)
    recall = METRICS["recall"]
    one = rates([[30, 0, 10, 0, 0, 0], [55, 0, 5, 0, 0, 0]], None, [recall.numerator], [recall.denominator])
    lower, upper = limits(one, 0.05)
    _, other = mover_difference(55 / 60, lower[1, 0], upper[1, 0], 0.75, lower[0, 0], upper[0, 0])
    assert found.value[0] == pytest.approx(0.85 - 0.75)
    assert found.upper[0] == pytest.approx(0.6 * other)  # the group of 40 lies farther: the rest is .6 of everybody
    lower, upper = limits(one, 0.025)
    low, _ = mover_difference(55 / 60, lower[1, 0], upper[1, 0], 0.75, lower[0, 0], upper[0, 0])
    assert found.lower[0] == pytest.approx(0.6 * low)  # two sides, not four
    assert int(found.farthest[0]) == 0


def test_four_perfect_rows_show_no_more_than_their_limits():
    found = differences_to_overall(of_table([(2, 0, 0, 0), (2, 0, 0, 0)], "recall"), 0.05)
    assert (found.value[0], found.lower[0]) == (0, 0)
    assert found.upper[0] == pytest.approx(0.5 * (1 - 0.05**0.5))
    assert ratios_to_overall(of_table([(2, 0, 0, 0), (2, 0, 0, 0)], "recall"), 0.05).lower[0] < 0.5


def test_a_group_without_a_denominator_leaves_no_value_and_one_group_no_gap():
    of = of_table([(5, 1, 0, 3), (9, 0, 1, 3), (0, 2, 0, 9)], "recall")
    found = differences_to_overall(of, 0.05)
    assert np.isnan(found.value[0])
    assert np.isnan(found.upper[0])
    assert found.lower[0] >= 0
    alone = differences_to_overall(of_table([(5, 1, 0, 3), (0, 1, 0, 3)], "recall"), 0.05)
    assert np.isnan([alone.value[0], alone.upper[0], alone.lower[0]]).all()


def test_with_a_group_left_out_everybody_is_still_everybody():
    of = kept(of_table([(30, 0, 10, 5), (55, 0, 5, 5), (1, 0, 99, 5)], "recall"), [0, 1])
    found = differences_to_overall(of, 0.05)
    assert found.value[0] == pytest.approx(55 / 60 - 86 / 200)
    four_sides = (1 - 60 / 200) * differences_from_rest(of, 0.0125)[0][0, 1]
    assert found.lower[0] == pytest.approx(four_sides)


def shared() -> ConfusionTally:
    rng = np.random.default_rng(3)
    parts = []
    for _ in range(60):
        sizes = rng.integers(0, 4, size=3)
        found = rng.binomial(sizes, 0.8)
        parts.append({level: (int(f), 0, int(n - f), 0, 0, 0) for level, f, n in zip("abc", found, sizes, strict=True) if n})
    return clusters_of_groups(parts)


def test_where_clusters_are_shared_the_rest_never_tells_more_than_it_does():
    """The true squares of the rest, from the clusters themselves."""
    tally = shared()
    assert shares_clusters(tally, ("group",))
    of = against_everyone_else(tally, ("group",), [METRICS["recall"]], spanned=True)
    rng = np.random.default_rng(3)
    sizes = []
    for _ in range(60):
        row = rng.integers(0, 4, size=3)
        rng.binomial(row, 0.8)
        sizes.append(row)
    table = np.array(sizes)
    for g in range(3):
        rest = table.sum(axis=1) - table[:, g]
        exact = rest.sum() ** 2 / (rest**2).sum()
        assert of.rest.n_eff[0, g] <= exact + 1e-9
        assert of.rest.n_eff[0, g] > 0.5 * exact
        assert of.rest.total[0, g] == rest.sum()
    lower, upper = differences_from_rest(of, 0.05)
    by_limits = difference_of_limits(*limits(of.group, 0.05), *limits(of.rest, 0.05))
    assert (lower == by_limits[0]).all()
    assert (upper == by_limits[1]).all()


def test_of_two_groups_that_share_clusters_the_rest_is_the_other_group():
    parts = [{"a": (2, 0, 1, 0, 0, 0), "b": (1, 0, 0, 0, 0, 0)}, {"a": (0, 0, 2, 0, 0, 0)}, {"b": (3, 0, 1, 0, 0, 0)}]
    of = against_everyone_else(clusters_of_groups(parts), ("group",), [METRICS["recall"]], spanned=True)
    assert of.rest.n_eff[0].tolist() == pytest.approx(of.group.n_eff[0, ::-1].tolist())
    assert of.rest.value[0].tolist() == pytest.approx(of.group.value[0, ::-1].tolist())
