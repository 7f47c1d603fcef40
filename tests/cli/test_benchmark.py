"""`evalharness benchmark …`: list, describe, verify, sample; what is altered is named and answers 13."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmark_folder import COLUMNS, RECIPE, changed, write_recipe, write_table
from command import evalharness

from evalharness.files.yaml import read_yaml


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    folder = write_recipe(tmp_path / "recipe")
    assert evalharness("benchmark", "generate", folder).code == 0
    return folder


def test_a_sound_benchmark_verifies(recipe: Path) -> None:
    answer = evalharness("benchmark", "verify", recipe)
    assert answer.code == 0
    assert "as stated" in answer.out


@pytest.mark.parametrize("name", ["items.parquet", "truth/items.parquet", "truth/annotators.parquet"])
def test_a_file_that_was_cut_short_or_removed_answers_13_by_name(recipe: Path, name: str) -> None:
    path = recipe / "data" / "7-3000" / name
    path.write_bytes(path.read_bytes()[:-20])
    answer = evalharness("benchmark", "verify", recipe, "--json")
    assert answer.code == 13
    assert any(name in problem for problem in json.loads(answer.out)["problems"])
    path.unlink()
    answer = evalharness("benchmark", "verify", recipe)
    assert answer.code == 13
    assert f"{name} is missing" in answer.out


def test_a_table_that_cannot_be_used_answers_2(tmp_path: Path) -> None:
    assert evalharness("benchmark", "verify", write_table(tmp_path, {**COLUMNS, "y": [1, 0, 2, 1, 0, 1]})).code == 2


def test_a_description_tells_harms_ranges_and_the_best_attainable(recipe: Path) -> None:
    described = json.loads(evalharness("benchmark", "describe", recipe, "--json").out)
    assert {point["false_positive_rate"] for point in described["best_attainable"]["test"]["ethnicity=a"]} == {0.01, 0.05, 0.1, 0.2}
    assert described["truth"]["error"] == "none: closed form"
    shipped = evalharness("benchmark", "describe", "message-triage").out
    assert "harm: missing, size: 0.1, plausible: 0 to 0.4, of: age_band=65_plus" in shipped
    assert "harm: base_rate, size: off" in shipped


def test_a_sample_is_written_once_and_nothing_is_generated_for_it(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path / "recipe")
    answer = evalharness("benchmark", "sample", folder, "--rows", 9, "--json")
    assert answer.code == 0
    assert json.loads(answer.out)["rows"]["items.csv"] == 9
    assert (folder / "sample" / "truth" / "items.csv").is_file()
    assert not (folder / "data").exists()
    assert evalharness("benchmark", "sample", folder).code == 2
    assert evalharness("benchmark", "sample", folder, "--out", tmp_path / "other").code == 0
    assert evalharness("benchmark", "sample", folder, "--rows", 0, "--out", tmp_path / "none").code == 2


def test_a_sample_makes_no_folder_above_its_own(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path / "recipe")
    answer = evalharness("benchmark", "sample", folder, "--out", tmp_path / "missing" / "x")
    assert answer.code == 2
    assert "the folder above does not exist" in answer.err
    assert not (tmp_path / "missing").exists()


def test_what_is_not_generated_says_which_command_makes_it_and_tables_come_last(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path / "recipe")
    told = evalharness("benchmark", "describe", folder).out
    assert f"made_by: evalharness benchmark generate {read_yaml(folder / 'benchmark.yaml').data['name']}" in told
    assert told.index("made_by:") < told.index("splits:") < told.index("dials:") < told.index("harms:")


def test_problems_name_what_was_given_as_it_was_given(tmp_path: Path) -> None:
    folder = write_recipe(tmp_path / "recipe")
    few = evalharness("benchmark", "generate", folder, "--rows", -5).err
    assert "--rows: the number is out of range" in few
    assert "got: -5" in few
    assert "expected: a whole number of at least 1000" in few
    assert "NAME|DIR: no such benchmark" in evalharness("benchmark", "describe", "nowhere").err
    export = ("benchmark", "export", folder, "--blind", "--practice", "--split", "bogus")
    split = evalharness(*export, "--out", tmp_path / "out", "--key", tmp_path / "k.json")
    assert split.code == 2
    assert "hint: name one of them as --split" in split.err


def workspace_with_bad_recipes(root: Path) -> Path:
    """Two sound benchmarks and, between them by name, a recipe with two faults and a file that is no YAML."""
    (root / "policies").mkdir(parents=True)
    folder = root / "datasets_synthetic"
    write_recipe(folder / "a-good")
    write_recipe(folder / "b-bad", changed(changed(RECIPE, "task", "ternary"), "version", -1))
    (folder / "c-broken").mkdir()
    (folder / "c-broken" / "benchmark.yaml").write_text("schema: [")
    write_recipe(folder / "d-good", changed(RECIPE, "name", "last"))
    return root


def test_a_bad_recipe_hides_no_other_in_the_list(tmp_path: Path) -> None:
    answer = evalharness("benchmark", "list", "--workspace", workspace_with_bad_recipes(tmp_path))
    assert answer.code == 2
    lines = answer.out.splitlines()
    assert [line.split()[0] for line in lines] == ["small-triage", "last", "b-bad", "c-broken"]
    assert lines[2].startswith("b-bad  ✗ benchmark.yaml:")
    assert "more, which `evalharness benchmark describe` tells" in lines[2]
    assert lines[3].startswith("c-broken  ✗ benchmark.yaml:")


def test_a_list_as_json_has_every_problem_of_every_bad_recipe(tmp_path: Path) -> None:
    answer = evalharness("benchmark", "list", "--workspace", workspace_with_bad_recipes(tmp_path), "--json")
    told = json.loads(answer.out)
    assert (answer.code, told["exit_code"]) == (2, 2)
    assert [entry["name"] for entry in told["benchmarks"]] == ["small-triage", "last"]
    wrong = [problem["benchmark"] for problem in told["problems"]]
    assert wrong.count("b-bad") == 2
    assert wrong.count("c-broken") == 1
    assert all(problem["what"] and problem["where"] for problem in told["problems"])
