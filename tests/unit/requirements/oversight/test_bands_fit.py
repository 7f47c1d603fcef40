"""Bands of levels against the levels of the benchmark."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bands_policy import read_bands
from item_benchmark import ItemBenchmark

from evalharness.errors import BadInput
from evalharness.records import BenchmarkInfo
from evalharness.requirements import check_fit

LEVELS = ("none", "C", "B", "A")
TOP: dict[str, Any] = {"name": "top", "levels": ["A"], "readers": 2}
REST: dict[str, Any] = {"name": "rest", "rest": True, "readers": 0, "opened_within_days": 9}
CLOSED: dict[str, Any] = {"name": "rest", "rest": True, "readers": 0}


def info(**changes: Any) -> BenchmarkInfo:
    return replace(ItemBenchmark(["a"], task="ordinal", levels=LEVELS).info, **changes)


def told(folder: Path, bands: list[dict[str, Any]], benchmark: BenchmarkInfo, **more: Any) -> str:
    with pytest.raises(BadInput) as caught:
        check_fit(read_bands(folder, "ordinal", bands, **{"relevant_from": "C", **more}), benchmark)
    return "\n".join(map(str, caught.value.problems))


def test_bands_of_the_benchmark_fit(tmp_path: Path):
    check_fit(read_bands(tmp_path, "ordinal", [TOP, REST], relevant_from="C"), info())
    check_fit(read_bands(tmp_path, "ordinal", [TOP, CLOSED], relevant_from="C", machine_closes={"why": "w"}), info())


def test_a_level_that_there_is_not_is_named(tmp_path: Path):
    text = told(tmp_path, [{**TOP, "levels": ["A", "D"]}, REST], info())
    assert "the benchmark has no such level" in text
    assert "got: D" in text


@pytest.mark.parametrize("level", ["none", "Z"])
def test_relevant_from_is_a_level_above_the_lowest(tmp_path: Path, level: str):
    assert "no level from which on items are relevant" in told(tmp_path, [TOP, REST], info(), relevant_from=level)
    assert "no level from which on items are relevant" in told(tmp_path, None, info(), relevant_from=level)  # type: ignore[arg-type]


def test_a_band_that_no_item_can_enter_is_refused(tmp_path: Path):
    assert "no item can enter the band rest" in told(tmp_path, [{**TOP, "levels": list(LEVELS)}, REST], info())


@pytest.mark.parametrize("bands", [[{**TOP, "levels": ["C"]}, CLOSED], [{"name": "x", "levels": ["A"], "readers": 0}, REST]])
def test_no_policy_lets_the_machine_close_the_top_class(tmp_path: Path, bands: list[dict[str, Any]]):
    text = told(tmp_path, bands, info(), machine_closes={"why": "w"})
    assert "close items of the top class by itself, which no policy may ask for" in text


def test_items_drawn_with_different_chances_are_refused(tmp_path: Path):
    assert "drawn with different chances" in told(tmp_path, [TOP, REST], info(weighted=True))
