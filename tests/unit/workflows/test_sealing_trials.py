"""Before a seal is made every end of the plausible ranges is tried: an opening that cannot be generated is found before anybody locks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from benchmark_folder import RECIPE, ROOT, write_recipe

from evalharness.benchmarks.declaration import read_declaration, with_sizes
from evalharness.errors import BadInput, Problems
from evalharness.files.seal import harms_of
from evalharness.files.yaml import read_yaml
from evalharness.workflows.sealing_trials import check_ranges

OTHERS = {"drift": {"size": 0.1, "range": [0, 0.5]}, "duplicates": {"size": 0, "range": [0, 0.2]}}


def base_rate(least: float, most: float, size: float = 0) -> dict[str, Any]:
    return {"of": {"sex": "F"}, "size": size, "range": [least, most]}


def tried(folder: Path, harms: dict[str, Any]) -> None:
    write_recipe(folder, {**RECIPE, "generate": {**RECIPE["generate"], "splits": SPLITS, "harms": harms}})
    check_ranges(read_declaration(folder), harms)


SPLITS = {"train": 0.2, "calibration": 0.2, "test": 0.4, "shifted": 0.2}


def test_ranges_whose_every_end_can_be_generated_pass(tmp_path: Path) -> None:
    tried(tmp_path, {**OTHERS, "base_rate": base_rate(0, 0.9), "prevalence_shift": {"size": 0.1, "range": [-0.5, 0.2]}})


def test_ends_that_contradict_one_another_are_found_however_rare_and_named(tmp_path: Path) -> None:
    """At most 40 % of the messages of an active conversation times 2 times 1.26: only the very ends make more than all."""
    with pytest.raises(BadInput) as caught:
        tried(tmp_path, {**OTHERS, "base_rate": base_rate(0, 1), "prevalence_shift": {"size": 0, "range": [0, 0.26]}})
    told = caught.value.problems[-1]
    assert told.what == "the plausible ranges contradict one another"
    assert told.got == "base_rate 1 of [0, 1], prevalence_shift 0.26 of [0, 0.26]"
    assert told.hint == "narrow the ranges of base_rate, prevalence_shift"


def test_a_dial_that_cannot_be_at_one_end_alone_is_named_alone(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        tried(tmp_path, {**OTHERS, "base_rate": base_rate(0, 1.6)})
    told = caught.value.problems[-1]
    assert (told.what, told.got) == ("the plausible range of a dial cannot be", "base_rate 1.6 of [0, 1.6]")


def test_a_size_in_practice_that_no_opening_can_draw_is_refused_with_the_recipe(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not within its own plausible range"):
        tried(tmp_path, {**OTHERS, "base_rate": base_rate(0, 0.3, size=1.2), "prevalence_shift": {"size": 0, "range": [0, 0.5]}})


@pytest.mark.parametrize("name", ["message-triage", "severity-grading", "lead-priority", "case-linkage", "risk-level"])
def test_every_shipped_recipe_can_be_sealed(name: str) -> None:
    declaration = read_declaration(ROOT / "datasets_synthetic" / name)
    harms = harms_of(read_yaml(declaration.path).data)
    check_ranges(declaration, harms)
    assert with_sizes(declaration, {harm: value["range"][1] for harm, value in harms.items()}, Problems()) is not None
