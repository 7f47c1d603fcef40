"""Automation bias of the same reviewers, shown and blind: the truth is the stated one, and bounds that are too tight are caught."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from assurance import leaning
from assurance.crossed import Counted
from assurance.running import scenes
from assurance.scene import Scene


def _one(**parameters: object) -> Scene:
    (scene,) = [s for s in scenes(["leaning"]) if all(s.parameters.get(key) == value for key, value in parameters.items())]
    return scene


@pytest.mark.parametrize("kind", list(leaning._KINDS))
@pytest.mark.parametrize("loads", ["even", "uneven", "growing"])
def test_the_difference_is_the_stated_one(kind: str, loads: str) -> None:
    scene = _one(reviewers=20, kind=kind, loads=loads)
    shown, blind = leaning._some(scene.parameters, 600, scene.random(1))
    lean, alone = leaning._KINDS[kind]
    total = shown.part.sum() / shown.total.sum() - blind.part.sum() / blind.total.sum()
    assert total == pytest.approx((lean - alone) * (1 - 2 * leaning._NOISE), abs=0.04)


def test_no_cell_is_wrong_too_often() -> None:
    (cell,) = leaning.run(_one(reviewers=200, kind="some lean, others err alone", loads="growing"), 200, np.random.default_rng(2))
    assert cell.met == cell.not_met == 0
    assert 0.35 < cell.beside["point estimate"] < 0.65
    assert cell.checked == 3


def test_bounds_by_cases_alone_are_caught() -> None:
    scene = _one(reviewers=8, kind="some lean, others err alone", loads="even")
    parts = leaning._some(scene.parameters, 300, scene.random(1))

    def said(shown: Counted, blind: Counted) -> float:
        return float(leaning.difference(shown, blind).said(0.0, "at_most").met.mean())

    assert said(*parts) == 0
    assert said(*(replace(part, ways={"case": part.ways["case"]}) for part in parts)) > 0.2
