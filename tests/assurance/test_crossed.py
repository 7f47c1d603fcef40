"""Readings crossed by reviewer, case and shift: the simulation counts what it says, and catches a bound by cases alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from assurance import crossed
from assurance.running import scenes
from assurance.scene import Scene

from evalharness.records.share import ShareRow


def _scenes(**parameters: object) -> list[Scene]:
    found = [s for s in scenes(["crossed"]) if all(s.parameters.get(key) == value for key, value in parameters.items())]
    assert found
    return found


def _drawn(scene: Scene, runs: int = 400) -> crossed.Counted:
    return crossed._drawn(scene.parameters, float(scene.parameters["goal"]), runs, scene.random(3))


@pytest.mark.parametrize("loads", ["even", "uneven", "growing"])
@pytest.mark.parametrize("wrong", ["reviewers", "cases", "shifts", "some of each"])
def test_the_share_of_wrong_readings_is_the_goal(loads: str, wrong: str) -> None:
    (scene,) = _scenes(reviewers=20, cases=20, shifts=40, wrong=wrong, loads=loads, goal=0.2)
    counted = _drawn(scene, 2000)
    share = counted.part.sum() / counted.total.sum()
    spread = np.sqrt(np.square(counted.part - share * counted.total).sum()) / counted.total.sum()
    assert abs(share - 0.2) < 4 * spread


def test_every_row_of_a_run_could_be_one_of_a_log() -> None:
    (scene,) = _scenes(reviewers=20, cases=20, shifts=12, wrong="some of each", loads="growing", goal=0.2)
    counted = _drawn(scene)
    for run in range(50):
        row: ShareRow = counted.row(run)
        assert [way.name for way in row.ways] == ["reviewer", "case", "shift"]
        for way in row.ways:
            assert row.part <= row.total <= way.total2 <= row.total**2
            assert way.part2 + way.rest2 <= way.total2
            assert row.total**2 <= way.clusters * way.total2


def test_bounds_by_cases_alone_are_wrongly_met_where_reviewers_are_wrong() -> None:
    (scene,) = _scenes(reviewers=8, cases=100, shifts=0, wrong="reviewers", loads="even", goal=0.2)
    counted = _drawn(scene)
    both = crossed.bounds(counted).said(0.2, "at_most").met.mean()
    alone = crossed.bounds(replace(counted, ways={"case": counted.ways["case"]})).said(0.2, "at_most").met.mean()
    assert both == 0
    assert alone > 0.1


def test_shifts_count_too() -> None:
    (scene,) = _scenes(reviewers=60, cases=400, shifts=12, wrong="shifts", loads="even", goal=0.2)
    counted = _drawn(scene, 200)
    without = {name: sums for name, sums in counted.ways.items() if name != "shift"}
    assert crossed.bounds(counted).said(0.2, "at_most").met.mean() == 0
    assert crossed.bounds(replace(counted, ways=without)).said(0.2, "at_most").met.mean() > 0.1


def test_a_bound_that_differs_from_what_evaluate_would_say_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    (scene,) = _scenes(reviewers=20, cases=20, shifts=0, wrong="cases", loads="even", goal=0.2)
    tight = crossed.bounds
    monkeypatch.setattr(crossed, "bounds", lambda counted: tight(counted, 0.06))
    with pytest.raises(AssertionError, match="instead of"):
        crossed.run(scene, 5, scene.random(1))
