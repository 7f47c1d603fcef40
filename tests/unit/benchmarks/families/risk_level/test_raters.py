"""People who place reports: errors as stated, more of them near the cut points, lower levels for the group of a bias."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_blocks import Made, made
from tabular_recipes import FEMALE, risk, women

from evalharness.benchmarks.families.risk_level import RiskLevel
from evalharness.benchmarks.families.risk_level.dials import Bands
from evalharness.benchmarks.families.risk_level.raters import bands_of, hard

FAMILY = RiskLevel()
LEVELS = {"low": 0, "medium": 1, "high": 2}
BANDS = Bands(medium=0.1, high=0.3)


def levels(texts: list[str]) -> Any:
    return np.array([LEVELS[text] for text in texts])


def rated(size: float = 0.0, number: int = 3) -> Made:
    bias = {"annotator_bias": {**FEMALE, "size": size, "range": [-0.5, 0.5]}}
    return made(FAMILY, risk(rows=40_000, raters={"number": number, "error": 0.1, "hard_error": 0.3}, harms=bias))["test"]


def test_a_chance_on_a_cut_point_belongs_to_the_level_above() -> None:
    steps = np.array([0, 99_999, 100_000, 299_999, 300_000, 1_000_000], dtype=np.int32)
    assert bands_of(BANDS, steps).tolist() == [0, 0, 1, 1, 2, 2]
    assert hard(BANDS, np.array([49_999, 50_000, 150_000, 150_001, 450_000, 450_001])).tolist() == [False, True, True, True, True, False]


def test_raters_err_as_often_as_stated_by_one_level_and_more_near_the_cut_points() -> None:
    part = rated()
    said, true = levels(part.table("annotators")["rater_2"]), part.codes("band")
    near = hard(BANDS, (part.chances("posterior_clean") * 1e6).round().astype(np.int32))
    assert (said != true)[near].mean() == pytest.approx(0.3, abs=0.03)
    assert (said != true)[~near].mean() == pytest.approx(0.1, abs=0.02)
    assert np.abs(said - true).max() == 1


@pytest.mark.parametrize(("size", "lower"), [(0.4, True), (-0.4, False)])
def test_a_bias_moves_the_levels_of_the_group_and_of_nobody_else(size: float, lower: bool) -> None:
    biased, plain = rated(size), rated()
    her = women(biased)
    with_bias, without = (levels(part.table("annotators")["rater_1"]) for part in (biased, plain))
    assert (with_bias[~her] == without[~her]).all()
    change = (with_bias - without)[her]
    assert (change <= 0).all() if lower else (change >= 0).all()
    room = without[her] > 0 if lower else without[her] < 2
    assert (change[room] != 0).mean() == pytest.approx(0.4, abs=0.03)
    assert biased.texts("n1") == plain.texts("n1")


@pytest.mark.parametrize("number", [2, 3, 5])
def test_the_adjudicated_level_is_the_middle_one_and_of_two_the_graver(number: int) -> None:
    table = rated(number=number).table("annotators")
    said = np.sort([levels(table[f"rater_{1 + i}"]) for i in range(number)], axis=0)
    assert levels(table["adjudicated"]).tolist() == said[number // 2].tolist()
    assert table["item_id"] == sorted(table["item_id"])


def test_every_report_is_rated_so_that_a_supplier_may_have_learnt_from_it() -> None:
    for part in made(FAMILY, risk()).values():
        assert part.table("annotators")["item_id"] == part.texts("item_id")
