"""benchmark.yaml: every mistake is told at its place, all of them at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from benchmark_folder import RECIPE, SHIPPED, TABLE, changed, write_recipe, write_table

from evalharness.benchmarks.declaration import read_declaration, with_overrides
from evalharness.digests import sha256_json
from evalharness.errors import BadInput

G = "generate."

RECIPE_FAULTS: dict[str, tuple[str, Any, tuple[str, ...]]] = {
    "splits that add up to more than 1": (G + "splits.test", 0.7, ("splits", "1.1")),
    "a level of share 0": (G + "groups.ethnicity", {"a": 1.0, "b": 0}, ("'b'",)),
    "levels that do not add up": (G + "groups.sex", {"F": 0.5, "M": 0.4}, ("'sex'", "0.9")),
    "no level": (G + "groups.sex", {}, ("'sex'",)),
    "no group": (G + "groups", {}, ("'groups'",)),
    "a negative share": (G + "groups.sex", {"F": 1.5, "M": -0.5}, ("'F'", "'M'")),
    "a level with markup": (G + "groups.sex", {"<b>": 0.5, "M": 0.5}, ("<b>",)),
    "a group named as another column": (G + "groups", {"label": {"x": 1.0}, "ethnicity": {"a": 1.0}}, ("label",)),
    "prevalence 0": (G + "prevalence", 0, ("'prevalence'", "greater than 0")),
    "prevalence above one half": (G + "prevalence", 0.9, ("'prevalence'",)),
    "prevalence that the active conversations exceed": (G + "prevalence", 0.01, ("cannot be reached",)),
    "negative rows": (G + "rows", -5, ("'rows'",)),
    "few rows": (G + "rows", 10, ("'rows'", "1000")),
    "too many rows": (G + "rows", 10**9 + 1, ("'rows'", "1000000000")),
    "rows as text": (G + "rows", "many", ("'rows'", "whole number")),
    "rows as a fraction": (G + "rows", 1000.5, ("'rows'",)),
    "a negative seed": (G + "seed", -1, ("'seed'",)),
    "no seed": (G + "seed", ..., ("'seed' is missing",)),
    "an unknown dial": (G + "prevalance", 0.1, ("prevalance", "did you mean 'prevalence'?")),
    "an unknown dial further down": (G + "signal.strenght", 0.1, ("strenght", "did you mean 'strength'?")),
    "a family that does not exist": (G + "family", "mesage-triage", ("did you mean 'message-triage'?",)),
    "no family": (G + "family", ..., ("'family' is missing",)),
    "generate is a list": ("generate", [1], ("'generate'", "a mapping")),
    "usage of an attribute that is not there": (G + "signal.usage_of", "religion", ("religion", "sex, ethnicity")),
    "more signal than tokens": (G + "signal.shared_tokens", 150, ("more than half of the vocabulary",)),
    "signal leaves nothing": (G + "signal.strength", 0.97, ("no room",)),
    "longest shorter than shortest": (G + "tokens.fewest", 7, ("shorter than the shortest",)),
    "lengths that do not add up": (G + "conversations.lengths", [0.5, 0.4], ("'lengths'", "0.9")),
    "no lengths": (G + "conversations.lengths", [], ("'lengths'",)),
    "a split without a message": (G + "splits", {"train": 0.0001, "calibration": 0.1, "test": 0.8999}, ("no item", "train")),
    "another task": ("task", "ordinal", ("not for this task", "got: ordinal", "expected: binary")),
    "no task that there is": ("task", "sorting", ("'task'", "binary")),
    "another schema": ("schema", "evalharness/benchmark/v9", ("'schema'",)),
    "a name with a path in it": ("name", "../../etc", ("'name'",)),
    "version 0": ("version", 0, ("'version'",)),
    "a permitted attribute that is not there": ("permitted", ["etnicity"], ("under 'groups'", "etnicity", "did you mean 'ethnicity'?")),
    "an attribute permitted twice": ("permitted", ["sex", "sex"], ("'sex' is permitted twice",)),
    "permitted is one word": ("permitted", "sex", ("'permitted'",)),
    "permitted holds a number": ("permitted", [3], ("permitted",)),
    "an unknown key": ("titel", "x", ("titel", "did you mean 'title'?")),
}


@pytest.mark.parametrize("fault", RECIPE_FAULTS)
def test_a_fault_of_a_recipe_is_told_with_its_place(tmp_path: Path, fault: str) -> None:
    at, value, words = RECIPE_FAULTS[fault]
    folder = write_recipe(tmp_path, changed(RECIPE, at, value))
    with pytest.raises(BadInput) as caught:
        read_declaration(folder)
    told = str(caught.value)
    assert "benchmark.yaml:" in told
    for word in words:
        assert word in told


def test_permitted_attributes_are_in_the_declaration_and_change_nothing_where_there_are_none(tmp_path: Path) -> None:
    plain = read_declaration(write_recipe(tmp_path / "plain"))
    permitting = read_declaration(write_recipe(tmp_path / "permitting", {**RECIPE, "permitted": ["sex"]}))
    assert (plain.permitted, permitting.permitted) == ((), ("sex",))
    assert plain.digest == sha256_json(RECIPE)
    assert plain.digest != permitting.digest
    assert (plain.columns, plain.dials) == (permitting.columns, permitting.dials)


def test_a_supplied_table_permits_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="permitted"):
        read_declaration(write_table(tmp_path, document={**TABLE, "permitted": ["sex"]}))


def test_all_faults_of_a_recipe_are_told_at_once(tmp_path: Path) -> None:
    document = changed(RECIPE, "generate.prevalence", 2)
    document = changed(document, "generate.rows", -1)
    document = changed(document, "generate.groups.sex", {"F": 0.9, "M": 0.9})
    document = changed(document, "generate.conversations.lengths", [0.1])
    document = changed(document, "generate.dial", 3)
    document = changed(document, "name", "Ünsafe name")
    document = changed(document, "permitted", ["ethnicity", "age"])
    with pytest.raises(BadInput) as caught:
        read_declaration(write_recipe(tmp_path, document))
    assert len(caught.value.problems) == 7
    assert all(":" in problem.where for problem in caught.value.problems)


TABLE_FAULTS: dict[str, tuple[str, Any, tuple[str, ...]]] = {
    "a table that is not there": ("table", "none.csv", ("does not exist", "none.csv")),
    "a table of another kind": ("table", "items.xlsx", (".csv or .parquet",)),
    "a table outside": ("table", "../items.csv", ("inside its folder",)),
    "an absolute table": ("table", "/etc/items.csv", ("inside its folder",)),
    "no id": ("columns.id", ..., ("'id' is missing",)),
    "no label": ("columns.label", ..., ("'label' is missing",)),
    "no positive": ("positive", ..., ("'positive' is missing",)),
    "positive a fraction": ("positive", 0.5, ("'positive'",)),
    "the label among the features": ("columns.features", ["y"], ("two roles", "must not receive")),
    "the id as a group": ("columns.groups", ["item"], ("two roles",)),
    "the cluster as the split": ("columns.split", "case", ("two roles",)),
    "a group twice": ("columns.groups", ["sex", "sex"], ("named twice",)),
    "an unknown role": ("columns.weights", "w", ("weights",)),
    "both kinds": ("generate", {"family": "message-triage"}, ("either generated or a supplied table",)),
    "neither kind": ("table", ..., ("neither",)),
    "features not a list": ("columns.features", "f1", ("'features'", "a list")),
}


@pytest.mark.parametrize("fault", TABLE_FAULTS)
def test_a_fault_of_a_tables_declaration_is_told(tmp_path: Path, fault: str) -> None:
    at, value, words = TABLE_FAULTS[fault]
    folder = write_table(tmp_path)
    write_recipe(folder, changed(TABLE, at, value))
    with pytest.raises(BadInput) as caught:
        read_declaration(folder)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    "raw", [b"", b"- a\n", b"a: 1\na: 2\n", b"a: &x 1\nb: *x\n", b"name: \xff\n", b"generate: {family: message-triage", b"x: \x07\n"]
)
def test_a_file_that_is_no_strict_yaml_is_bad_input(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "benchmark.yaml").write_bytes(raw)
    with pytest.raises(BadInput, match=r"benchmark\.yaml"):
        read_declaration(tmp_path)


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = write_table(tmp_path / "benchmark")
    outside = tmp_path / "secret.csv"
    (folder / "items.csv").rename(outside)
    (folder / "items.csv").symlink_to(outside)
    with pytest.raises(BadInput, match="outside"):
        read_declaration(folder)


def test_scalars_are_text_by_the_stated_rule(tmp_path: Path) -> None:
    assert read_declaration(write_table(tmp_path)).positive == "1"
    assert read_declaration(write_recipe(tmp_path, changed(TABLE, "positive", True))).positive == "true"


def test_other_rows_and_seeds_keep_the_declarations_digest_but_not_its_dials() -> None:
    shipped = read_declaration(SHIPPED)
    other = with_overrides(shipped, rows=20_000, seed=5)
    assert other.digest == shipped.digest
    assert other.dials is not None
    assert (other.dials.rows, other.dials.seed) == (20_000, 5)


@pytest.mark.parametrize(("rows", "seed"), [(0, None), (999, None), (10**10, None), (None, -1), (None, 2**60), (5, -5)])
def test_rows_and_seeds_out_of_range_are_bad_input(rows: int | None, seed: int | None) -> None:
    with pytest.raises(BadInput) as caught:
        with_overrides(read_declaration(SHIPPED), rows=rows, seed=seed)
    given = {name: str(value) for name, value in (("--rows", rows), ("--seed", seed)) if value is not None}
    assert {problem.where: problem.got for problem in caught.value.problems} == given
    assert all(problem.expected.startswith("a whole number of at least") for problem in caught.value.problems)


def test_a_supplied_table_takes_neither_rows_nor_seed(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="supplied table"):
        with_overrides(read_declaration(write_table(tmp_path)), rows=5_000, seed=None)
