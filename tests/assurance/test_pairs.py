"""Findings by both pairs of bounds: as `judge` makes them, and with what the first pair alone would have said kept beside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from assurance.drawing import Design
from assurance.judged import one, rates_of
from assurance.pairs import Ends, Pairs, fields, gaps_of, pairs_of
from assurance.running import run_scene, scenes
from assurance.scene import Cell

from evalharness.catalogue import METRICS, task_metrics
from evalharness.metrics import arrays

RECALL = METRICS["recall"]


def pairs(kish: tuple[float, float], by_size: tuple[float, float] | None) -> Pairs:
    two = [None if ends is None else Ends(*(np.array([end]) for end in ends)) for ends in (kish, by_size)]
    assert two[0] is not None
    return Pairs(kish=two[0], by_size=two[1])


@pytest.mark.parametrize(
    ("kish", "by_size", "met", "not_met"),
    [
        ((0.91, 0.95), (0.90, 0.96), True, False),
        ((0.91, 0.95), (0.89, 0.96), False, False),
        ((0.91, 0.95), None, True, False),
        ((0.70, 0.88), (0.65, 0.89), False, True),
        ((0.70, 0.88), (0.65, 0.91), False, False),
        ((0.70, 0.95), (np.nan, np.nan), False, False),
    ],
)
def test_met_needs_both_pairs_and_not_met_needs_both(kish: tuple, by_size: tuple | None, met: bool, not_met: bool):
    assert [bool(said[0]) for said in pairs(kish, by_size).said(0.9, "at_least")] == [met, not_met]
    mirrored = (tuple(1 - end for end in reversed(ends)) if ends else None for ends in (kish, by_size))
    assert [bool(said[0]) for said in pairs(*mirrored).said(0.1, "at_most", 1e-12)] == [met, not_met]


def test_a_cell_holds_both_pairs_and_what_the_first_would_have_said_alone():
    found = fields(pairs((0.91, 0.95), (0.89, 0.97)), 0.9, "at_least")
    assert (found["met"], found["not_met"], found["lower_covers"], found["upper_covers"]) == (0.0, 0.0, 0.0, 1.0)
    assert found["by_size"] == {"lower_covers": 1.0, "upper_covers": 1.0, "width": pytest.approx(0.08)}
    assert found["alone"] == {"met": 1.0, "not_met": 0.0}
    assert "by_size" not in fields(pairs((0.91, 0.95), None), 0.9, "at_least")


def test_independent_items_have_one_pair_and_clusters_two():
    found = Design(clusters=30).draw(np.random.default_rng(1), 3, np.array([0.8, 0, 0.2, 0, 0, 0]), np.array([RECALL.denominator], float))
    assert pairs_of(rates_of(found, task_metrics("binary"), [RECALL])).by_size is None
    design = Design(clusters=30, sizes="geometric")
    clustered = design.draw(np.random.default_rng(1), 3, np.array([0.8, 0, 0.2, 0, 0, 0]), np.array([RECALL.denominator], float))
    of = one(rates_of(clustered, task_metrics("binary"), [RECALL]), 0)
    bounds = pairs_of(of)
    assert bounds.by_size is not None
    assert (bounds.by_size.lower <= bounds.kish.lower).all()
    assert (bounds.by_size.upper >= bounds.kish.upper).all()
    both = of.each(lambda array: np.stack([array, array[::-1]], axis=-1))
    gap, plain = gaps_of(both, "max_difference")
    assert gap.by_size is not None
    assert (gap.kish.upper == plain.upper).all()
    assert (gap.by_size.upper >= gap.kish.upper).all()


def cell_of(family: str, **parameters: object) -> Cell:
    (scene,) = [s for s in scenes([family]) if s.parameters == parameters]
    return run_scene(scene, 1000, 3)[0][0]


@pytest.mark.parametrize(
    ("family", "parameters"),
    [
        ("proportion", {"kind": "growing", "metric": "recall", "clusters": 400, "sizes": "lognormal", "growth": "linear", "goal": 0.95}),
        ("gap", {"layout": "two of 400", "dependence": "lognormal, linear", "base": 0.95, "gap": 0.1, "low": "last"}),
        ("everyone", {"layout": "two of 400", "dependence": "lognormal, linear", "goal": 0.9, "at": "only the last"}),
        ("cost", {"unit": "three rises", "mix": "40 %", "clusters": 400, "sizes": "lognormal", "growth": "square", "errors": "misses"}),
        (
            "paired",
            {"clusters": 400, "sizes": "lognormal", "growth": "linear", "margin": 0.05, "gained": 0.0, "bad": [1]},
        ),
    ],
)
def test_both_pairs_keep_the_promise_where_the_first_alone_breaks_it(family: str, parameters: dict[str, object]):
    cell = cell_of(family, **parameters)
    assert cell.alone["met"] > 0.06
    assert cell.met is not None
    assert cell.met < 0.06
    assert not cell.stated


def test_a_second_pair_that_is_made_otherwise_than_evaluate_makes_it_stops_the_run(monkeypatch: pytest.MonkeyPatch):
    from assurance import layouts

    def other(*numbers: object) -> arrays.Rates:
        of = arrays.rates(*numbers)  # type: ignore[arg-type]
        assert of.uneven is not None
        return replace(of, uneven=replace(of.uneven, one_more=0.9 * of.uneven.one_more))

    monkeypatch.setattr(layouts, "rates", other)
    parameters = {"layout": "two of 40", "dependence": "geometric, linear", "base": 0.95, "gap": 0.3, "low": "last"}
    (scene,) = [s for s in scenes(["gap"]) if s.parameters == parameters]
    with pytest.raises(AssertionError, match="by size, run 0"):
        run_scene(scene, 10, 1)


def test_where_the_sample_may_hold_no_large_cluster_the_cell_is_shown_and_not_counted():
    parameters = {"kind": "growing", "metric": "recall", "clusters": 15, "sizes": "two", "growth": "linear", "goal": 0.7}
    cell = cell_of("proportion", **parameters)
    assert "not be in the sample" in cell.stated
    assert cell.met is not None
    assert cell.met > 0.1
