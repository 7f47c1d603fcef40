"""Estimates of the describing metrics: when there is an interval, and what stands in its place where there is none."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from tallies_by_hand import LEVEL, clustered, everybody, independent, named, policy

from evalharness.catalogue import METRICS, task_metrics
from evalharness.metrics import measure
from evalharness.metrics.composites import composite_estimates
from evalharness.metrics.composites.estimates import composites_of
from evalharness.metrics.composites.ordinal import kappa
from evalharness.metrics.methods import asked_by_side
from evalharness.metrics.rules import Rules

GRADES = task_metrics("ordinal", ("none", "C", "B", "A"))
NAMES = ("quadratic_weighted_kappa", "linear_weighted_kappa", "cohen_kappa", "mean_absolute_error", "macro_averaged_mean_absolute_error")
COUNTS = [90, 6, 3, 1, 5, 40, 4, 1, 2, 3, 20, 5, 1, 2, 3, 14, 4, 3, 2, 1]


@pytest.mark.parametrize(("task", "levels"), [("binary", ()), ("risk", ("low", "high")), ("ordinal", ("a", "b", "c"))])
def test_every_composite_of_the_catalogue_is_computed_and_describes(task: str, levels: tuple[str, ...]):
    of = task_metrics(task, levels)
    names = [composite.name for composite in composites_of(of)]
    assert names == [metric.name for metric in of.metrics.values() if metric.kind == "composite"]
    assert not any(of.metrics[name].decides for name in names)
    assert all("require" in of.metrics[name].why_not for name in names)


def test_leads_and_links_have_no_composites():
    for task in ("ranking", "linkage"):
        assert list(composite_estimates(everybody([3, 1, 2, 4, 0, 0], task_metrics(task)), LEVEL)) == [()]


@pytest.mark.parametrize("name", NAMES)
def test_graded_composites_have_an_interval_from_twenty_clusters_on(name: str):
    rng = np.random.default_rng(5)
    parts = rng.multinomial(12, np.array(COUNTS) / sum(COUNTS), size=20)
    parts[:, [0, 5, 10, 15]] += 1  # an item of every level in every cluster
    wide, none = (named(measure(clustered(p, GRADES), policy(), LEVEL), name) for p in (parts, parts[:19]))
    assert wide.lower < wide.value < wide.upper  # type: ignore[operator]
    assert (none.lower, none.upper) == (None, None)
    assert none.reason == "no interval: fewer than 20 independent clusters" + (" of a true class" if "macro" in name else "")
    assert not wide.decides


def test_the_interval_of_a_kappa_is_that_of_its_gradient_on_the_atanh_scale():
    counts = np.array(COUNTS, dtype=np.float64)
    found = named(measure(everybody(COUNTS, GRADES), policy(), LEVEL), "quadratic_weighted_kappa")
    value, gradient = kappa(counts, 4, 2)
    n = counts.sum()
    se = math.sqrt(n / (n - 1) * float(gradient**2 @ counts))
    half = 1.6448536269514722 * se / (1 - float(value) ** 2)
    expected = [math.tanh(math.atanh(float(value)) + sign * half) for sign in (-1, 1)]
    assert [found.lower, found.upper] == pytest.approx(expected, rel=1e-8)
    assert found.method == "delta(scale=atanh, one-sided, alpha=0.05, variance=linearised over items, enough of every true class)"


def test_the_interval_of_an_error_stays_between_none_and_the_most_levels_there_are():
    off = [0] * 20
    off[3], off[12], off[0] = 60, 60, 1
    found = named(measure(everybody(off, GRADES), policy(), LEVEL), "mean_absolute_error")
    assert 2.5 < found.lower < found.value < found.upper < 3  # type: ignore[operator]
    assert found.method.startswith("delta(scale=logit of value/3, ")


def test_clusters_of_one_item_are_independent_items():
    singles = [np.eye(20, dtype=int)[i] for i, n in enumerate(COUNTS) for _ in range(n)]
    ours, theirs = measure(clustered(singles, GRADES), policy(), LEVEL), measure(everybody(COUNTS, GRADES), policy(), LEVEL)
    for name in NAMES:
        a, b = named(ours, name), named(theirs, name)
        assert [a.value, a.lower, a.upper, a.n_eff] == pytest.approx([b.value, b.lower, b.upper, b.n_eff], rel=1e-8)


def test_whole_clusters_that_are_alike_widen_the_interval():
    alike = [np.array(row) * 10 for row in np.random.default_rng(3).multinomial(1, np.array(COUNTS) / sum(COUNTS), size=200)]
    apart = sum(alike)
    for name in NAMES:
        wide = named(measure(clustered(alike, GRADES), policy(), LEVEL), name)
        narrow = named(measure(everybody(apart.tolist(), GRADES), policy(), LEVEL), name)
        assert wide.value == narrow.value
        assert (wide.upper - wide.lower) > 2.5 * (narrow.upper - narrow.lower)  # type: ignore[operator]


def test_what_is_undefined_or_never_varies_says_so():
    nothing = measure(everybody([0] * 20, GRADES), policy(), LEVEL)
    perfect = measure(everybody([30, *[0] * 14, 30, 0, 0, 0, 0], GRADES), policy(), LEVEL)
    flat = measure(everybody([60, *[0] * 19], GRADES), policy(), LEVEL)
    for name in NAMES:
        assert (named(nothing, name).value, named(nothing, name).reason) == (None, "no items")
        assert named(perfect, name).value == (1.0 if "kappa" in name else 0.0)
        few = "macro" in name  # there is no item of two of the levels
        why = "fewer than 20 independent items of a true class" if few else "the estimated variance is 0"
        assert named(perfect, name).reason == f"no interval: {why}"
    assert named(flat, "cohen_kappa").value is None
    assert named(flat, "cohen_kappa").reason == "every item is of one level, and was given it"


def test_four_perfect_items_give_no_bound_at_all():
    for of, counts in ((task_metrics("binary"), [2, 0, 0, 2, 0, 0]), (GRADES, [2, *[0] * 14, 2, 0, 0, 0, 0])):
        for estimate in next(composite_estimates(everybody(counts, of), LEVEL)):
            assert (estimate.lower, estimate.upper) == (None, None)
            assert "fewer than 20" in estimate.reason


def test_values_of_groups_are_those_of_the_groups_alone():
    cells = {("a",): COUNTS, ("b",): [n // 2 for n in COUNTS]}
    together = measure(independent(cells, of=GRADES), policy(), LEVEL)
    for (level,), counts in cells.items():
        alone = measure(everybody(counts, GRADES), policy(), LEVEL)
        for name in NAMES:
            ours, theirs = named(together, name, (("group", level),)), named(alone, name)
            assert (ours.value, ours.lower, ours.upper) == (theirs.value, theirs.lower, theirs.upper)


def test_168_slices_of_every_composite_take_milliseconds():
    for of in (task_metrics("binary"), GRADES):
        cells = np.random.default_rng(0).integers(1, 900, (90, len(of.outcomes)))
        shape = {
            (x, y, z): cells[i * 30 + j * 6 + k].tolist()
            for i, x in enumerate("abc")
            for j, y in enumerate("abcde")
            for k, z in enumerate("abcdef")
        }
        tally = independent(shape, ("one", "two", "three"), depth=3, of=of)
        assert len(tally.slices.groups) == 168
        list(composite_estimates(tally, LEVEL))
        before = time.process_time()
        assert len(list(composite_estimates(tally, LEVEL))) == 168
        assert time.process_time() - before < 0.25


def test_units_are_levels_for_errors_and_none_for_kappas():
    assert {METRICS[name].unit for name in NAMES} == {"index", "levels"}


def test_an_interval_wants_twenty_of_every_true_class_that_the_metric_looks_at():
    """With few relevant items the lower end of balanced accuracy held in one sample of four."""
    few, enough = ([n - 1, 40, 1, 400, 0, 0] for n in (19, 20))
    for name in ("balanced_accuracy", "youden", "f1", "matthews_corrcoef", "cohen_kappa"):
        without, drawn = (named(measure(everybody(counts), policy(), LEVEL), name) for counts in (few, enough))
        assert (without.lower, without.reason) == (None, "no interval: fewer than 20 independent items of a true class")
        assert drawn.lower is not None
        earlier = measure(everybody(few), policy(), LEVEL, rules=Rules(by_side=False))
        assert named(earlier, name).lower is not None
        assert not asked_by_side(e.method for e in earlier)
        assert asked_by_side(e.method for e in measure(everybody(few), policy(), LEVEL))
