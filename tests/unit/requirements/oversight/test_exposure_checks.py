"""What is severe, in a policy and against the levels of the benchmark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bands_policy import read_bands
from item_benchmark import ItemBenchmark

from evalharness.errors import BadInput
from evalharness.requirements import check_fit

LEVELS = ("none", "C", "B", "A")
BANDS: list[dict[str, Any]] = [
    {"name": "top", "levels": ["A"], "readers": 2},
    {"name": "rest", "rest": True, "readers": 0, "opened_within_days": 9},
]
INFO = ItemBenchmark(["a"], task="ordinal", levels=LEVELS).info


def told(folder: Path, exposure: dict[str, Any], **more: Any) -> str:
    with pytest.raises(BadInput) as caught:
        check_fit(read_bands(folder, "ordinal", BANDS, **{"relevant_from": "C", "exposure": exposure, **more}), INFO)
    return "\n".join(map(str, caught.value.problems))


def test_levels_of_the_benchmark_fit(tmp_path: Path):
    check_fit(read_bands(tmp_path, "ordinal", BANDS, relevant_from="C", exposure={"severe_levels": ["A", "B"]}), INFO)


def test_a_level_that_there_is_not_is_named(tmp_path: Path):
    text = told(tmp_path, {"severe_levels": ["A", "D"]})
    assert "the benchmark has no such level" in text
    assert "got: D" in text


def test_the_same_level_twice_is_refused(tmp_path: Path):
    assert "the same level twice" in told(tmp_path, {"severe_levels": ["A", "A"]})


def test_no_level_is_severe_in_a_task_without_true_levels(tmp_path: Path):
    with pytest.raises(BadInput) as caught:
        read_bands(tmp_path, "risk", [{**BANDS[0], "levels": ["high"]}, BANDS[1]], exposure={"severe_levels": ["high"]})
    assert "have no true levels" in "\n".join(map(str, caught.value.problems))


def test_exposure_of_links_is_refused(tmp_path: Path):
    bands = [{"name": "read", "from": "operating_point", "readers": 1}, BANDS[1]]
    with pytest.raises(BadInput) as caught:
        read_bands(tmp_path, "linkage", bands, exposure={"severe": "relevant"})
    assert "exposure does not go with the task linkage" in "\n".join(map(str, caught.value.problems))
