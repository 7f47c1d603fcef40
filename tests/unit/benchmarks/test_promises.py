"""Sizes of groups: what a recipe makes is never told, what was made otherwise is named with split and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmark_folder import RECIPE, changed, write_recipe
from recipes import opened_recipe, recipe_folder

from evalharness.benchmarks import open_benchmark
from evalharness.benchmarks.declaration import read_declaration, with_overrides
from evalharness.benchmarks.promises import broken_promises


@pytest.mark.parametrize("name", ["message-triage", "severity-grading", "lead-priority", "risk-level", "case-linkage"])
def test_recipes_keep_their_promises(tmp_path: Path, name: str) -> None:
    for seed in (1, 2):
        benchmark = opened_recipe(tmp_path, name, rows=4_000, seed=seed)
        declaration = with_overrides(read_declaration(recipe_folder(tmp_path, name)), rows=4_000, seed=seed)
        assert list(broken_promises(declaration, benchmark)) == []


def test_other_shares_than_promised_are_told_in_every_split_that_is_large_enough(tmp_path: Path) -> None:
    benchmark = open_benchmark(write_recipe(tmp_path / "made"), rows=20_000)
    other = read_declaration(write_recipe(tmp_path / "told", changed(RECIPE, "generate.groups.ethnicity", {"a": 0.6, "b": 0.3, "c": 0.1})))
    told = list(broken_promises(other, benchmark))
    assert any("split 'test', column 'ethnicity'" in problem and "'a'" in problem and "give or take" in problem for problem in told)
    assert not any("'sex'" in problem for problem in told)


def test_a_level_that_the_recipe_does_not_have_is_told(tmp_path: Path) -> None:
    benchmark = open_benchmark(write_recipe(tmp_path / "made"))
    other = read_declaration(write_recipe(tmp_path / "told", changed(RECIPE, "generate.groups.sex", {"F": 0.5, "X": 0.5})))
    assert any("'M' is no level of the recipe" in problem for problem in broken_promises(other, benchmark))


def test_a_thinned_group_is_not_looked_at_in_train(tmp_path: Path) -> None:
    harm = {"under_representation": {"of": {"ethnicity": "b"}, "size": 0.9, "range": [0, 1]}}
    folder = write_recipe(tmp_path, {**RECIPE, "generate": {**RECIPE["generate"], "rows": 20_000, "harms": harm}})
    benchmark = open_benchmark(folder)
    assert list(broken_promises(read_declaration(folder), benchmark)) == []
    plain = read_declaration(write_recipe(tmp_path / "plain", changed(RECIPE, "generate.rows", 20_000)))
    assert any("split 'train'" in problem for problem in broken_promises(plain, benchmark))
