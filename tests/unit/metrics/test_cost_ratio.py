"""Which model costs least: by trying ratios, by hand, and what is shown never says more than the bounds of each share."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.catalogue import OUTCOMES, paired_metrics, task_metrics
from evalharness.metrics.cost_ratio import cheapest, cost_ratio
from evalharness.metrics.paired import Asked
from evalharness.records.cost_ratio import CostPair, Errors, Ratios
from evalharness.stats.proportion import clopper_pearson_lower, clopper_pearson_upper
from evalharness.tally import ConfusionTally, Slices
from evalharness.tally.paired import PairedTally

NOBODY = Slices((), {}, 0)
ASKED = Asked(margin=0.01, level=0.95)
NAMES = tuple(metric.name for metric in paired_metrics(task_metrics("binary")))


def inside(ratios: Ratios | None, r: float) -> bool:
    return ratios is not None and ratios[0] < r and (ratios[1] is None or r < ratios[1])


def own(positives: int, negatives: int, missed: int, alarms: int) -> ConfusionTally:
    counts = dict.fromkeys(OUTCOMES, 0) | {"tp": positives - missed, "fn": missed, "fp": alarms, "tn": negatives - alarms}
    return ConfusionTally.of_independent(NOBODY, np.array([[counts[name] for name in OUTCOMES]]))


def one_pair(relevant: tuple[int, ...], irrelevant: tuple[int, ...]) -> tuple[CostPair, tuple[Errors, ...]]:
    """both, lost, gained, neither, unknown of each kind."""
    rows = np.array([relevant, irrelevant])
    tally = PairedTally.of_independent(NOBODY, NAMES, np.stack([*rows, rows.sum(axis=0)])[None])
    totals = rows.sum(axis=1)
    old, new = rows[:, [2, 3, 4]].sum(axis=1), rows[:, [1, 3, 4]].sum(axis=1)
    tallies = {"old": own(*totals, *old), "new": own(*totals, *new)}
    found = cost_ratio(tallies, {"new": tally}, ASKED)
    assert found is not None
    (pair,) = found.pairs
    return pair, found.errors


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=6), st.floats(0.003, 40))
def test_the_cheapest_at_any_ratio_is_the_one_of_its_range(counts: list[tuple[int, int]], r: float):
    errors = [Errors(model=f"m{i}", missed=m, false_alarms=f) for i, (m, f) in enumerate(counts)]
    ranges = list(cheapest(errors))
    assert ranges[0].ratios[0] == 0
    assert ranges[-1].ratios[1] is None
    assert all(a.ratios[1] == b.ratios[0] for a, b in pairwise(ranges))
    (here,) = [each for each in ranges if each.ratios[0] <= r and (each.ratios[1] is None or r < each.ratios[1])]
    edges = [end for each in ranges for end in each.ratios if end]
    if all(abs(r - edge) > 1e-6 for edge in edges):
        costs = {e.model: r * e.missed + e.false_alarms for e in errors}
        least = min(costs.values())
        assert set(here.models) == {model for model, cost in costs.items() if cost <= least + 1e-9}


def test_a_break_even_by_hand():
    pair, errors = one_pair((880, 100, 10, 10, 0), (8400, 50, 500, 50, 0))
    assert errors == (Errors(model="old", missed=20, false_alarms=550), Errors(model="new", missed=110, false_alarms=100))
    assert pair.one_cheaper == (5.0, None)
    assert pair.other_cheaper == (0.0, 5.0)
    assert pair.one_shown is not None
    assert pair.other_shown is not None
    assert pair.one_shown[0] > 5 > (pair.other_shown[1] or 0) > 0


def test_a_model_with_fewer_errors_of_both_kinds_costs_less_at_any_ratio():
    pair, _ = one_pair((500, 0, 300, 0, 0), (5000, 0, 900, 0, 0))
    assert (pair.other_cheaper, pair.one_cheaper) == ((0.0, None), None)
    assert pair.other_shown == (0.0, None)
    same, _ = one_pair((500, 0, 0, 3, 0), (5000, 0, 0, 0, 0))
    assert (same.one_cheaper, same.other_cheaper, same.one_shown, same.other_shown) == (None,) * 4


def test_four_items_show_nothing_at_any_ratio():
    pair, _ = one_pair((0, 0, 2, 0, 0), (0, 0, 2, 0, 0))
    assert pair.other_cheaper == (0.0, None)
    assert pair.other_shown is None


def test_what_the_incumbent_did_not_answer_is_held_against_the_challenger():
    sure, _ = one_pair((900, 0, 400, 0, 0), (5000, 0, 900, 0, 0))
    unsure, _ = one_pair((500, 0, 400, 0, 400), (5000, 0, 900, 0, 0))
    assert sure.other_shown == (0.0, None)
    assert unsure.other_shown is not None
    assert unsure.other_shown != (0.0, None)


@settings(max_examples=100, deadline=None)
@given(st.tuples(*[st.integers(0, 300)] * 5), st.tuples(*[st.integers(0, 900)] * 5), st.floats(0.01, 100))
def test_what_is_shown_follows_from_four_bounds_and_is_so_on_the_point(relevant: tuple[int, ...], irrelevant: tuple[int, ...], r: float):
    n = sum(relevant) + sum(irrelevant)
    if not n:
        return
    pair, _ = one_pair(relevant, irrelevant)
    for shown, cheaper in ((pair.one_shown, pair.one_cheaper), (pair.other_shown, pair.other_cheaper)):
        if inside(shown, r):
            assert inside(cheaper, r)
    alpha = 0.05 / 4
    worse = [clopper_pearson_upper(row[1] + row[4], n, alpha) - clopper_pearson_lower(row[2], n, alpha) for row in (relevant, irrelevant)]
    cost = float(r * worse[0] + worse[1])
    if abs(cost) > 1e-9:
        assert inside(pair.other_shown, r) == (cost < 0)


def test_challengers_among_themselves_and_links_are_only_described():
    tallies = {name: own(100, 900, missed, 9) for name, missed in (("old", 9), ("b", 8), ("c", 7))}
    whole = {
        name: PairedTally.of_independent(NOBODY, NAMES, np.array([[[100, 0, 0, 0, 0], [900, 0, 0, 0, 0], [1000, 0, 0, 0, 0]]]))
        for name in "bc"
    }
    found = cost_ratio(tallies, whole, ASKED)
    assert found is not None
    described = [pair for pair in found.pairs if pair.level is None]
    assert [(pair.one, pair.other) for pair in described] == [("b", "c")]
    assert described[0].reason
    links = task_metrics("linkage")
    counts = np.array([[90, 5, 10, 800, 0, 3]])
    linked = {name: ConfusionTally.of_independent(NOBODY, counts, links) for name in ("old", "b")}
    names = tuple(metric.name for metric in paired_metrics(links))
    pairs = {"b": PairedTally.of_independent(NOBODY, names, np.array([[[100, 0, 0, 0, 0], [800, 0, 0, 8, 0]]]))}
    told = cost_ratio(linked, pairs, ASKED)
    assert told is not None
    assert told.errors[0] == Errors(model="old", missed=10, false_alarms=8)
    assert "no admissible bound" in told.pairs[0].reason


def test_a_budget_leaves_no_two_kinds_of_errors():
    tally = ConfusionTally.of_independent(NOBODY, np.array([[1, 2, 3, 4, 0, 0]]), task_metrics("ranking"))
    assert cost_ratio({"old": tally, "b": tally}, {}, ASKED) is None


def test_two_models_that_cost_the_same_at_a_ratio_are_rarely_shown_to_differ_there():
    """1,000 runs: the truth is that both cost the same at a ratio of 4; in at most 5 % is either shown to cost less there."""
    draw, wrong = np.random.default_rng(811), np.zeros(2)
    for _ in range(1000):
        # of 600 items: lost .04, gained .02 of the misses; lost .02, gained .10 of the alarms: 4 (.04 - .02) + .02 - .10 = 0
        lost, gained, alarm, spared, rest = draw.multinomial(600, [0.04, 0.02, 0.02, 0.10, 0.82])
        pair, _ = one_pair((rest // 10, lost, gained, 0, 0), (rest - rest // 10, alarm, spared, 0, 0))
        wrong += [inside(pair.one_shown, 4), inside(pair.other_shown, 4)]
    assert (wrong / 1000 <= 0.05).all()


@pytest.mark.parametrize("sizes", [(1, 1), (5, 1)])
def test_clusters_make_what_is_shown_less(sizes: tuple[int, int]):
    alone, _ = one_pair((500, 0, 100, 0, 0), (3000, 0, 300, 0, 0))
    rows = np.array([[500, 0, 100, 0, 0], [3000, 0, 300, 0, 0], [3500, 0, 400, 0, 0]])
    grown = rows * sizes[0]
    second = np.einsum("mk,kl->mkl", rows * sizes[0] ** 2, np.eye(5, dtype=np.int64))
    tally = PairedTally(
        slices=NOBODY, metrics=NAMES, counts=grown[None], second=second[None], clusters=rows.sum(axis=1)[None], clustered=True
    )
    totals = grown.sum(axis=1)[:2]
    found = cost_ratio({"old": own(*totals, *grown[:2, 2]), "new": own(*totals, 0, 0)}, {"new": tally}, ASKED)
    assert found is not None
    assert found.pairs[0].other_shown == alone.other_shown
