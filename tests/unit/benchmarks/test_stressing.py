"""What of a recipe can be stressed, and the recipe at another setting."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from recipes import recipe_folder
from small_workspace import SmallWorkspace, table

from evalharness.benchmarks import open_benchmark
from evalharness.benchmarks.declaration import read_declaration
from evalharness.benchmarks.stressing import JUDGED, declared_levels, items_judged, recipe_at, size_within, stress_dials
from evalharness.errors import BadInput
from evalharness.files.yaml import parse_yaml
from evalharness.records.progress import silent
from evalharness.records.stress import StressDial
from evalharness.workflows.judged_labels import counted_columns, judged_labels

NAMES = ("message-triage", "severity-grading", "lead-priority", "case-linkage", "risk-level")


def declaration(folder: Path, name: str):
    return read_declaration(recipe_folder(folder / name, name))


@pytest.mark.parametrize("name", NAMES)
def test_every_dial_with_its_range_and_what_acts_on_the_changed_set_alone_is_off_for_the_test_set(tmp_path, name):
    recipe = declaration(tmp_path, name)
    harms = recipe.dials.harms
    on_test, on_shifted = ({d.name: d for d in stress_dials(recipe, split)} for split in ("test", "shifted"))
    assert set(on_test) == {harm for harm, value in harms if value.range != (0.0, 0.0)}
    for harm, dial in on_shifted.items():
        assert (dial.low, dial.high) == getattr(harms, harm).range
        assert dial.own == getattr(harms, harm).size
        assert on_test[harm].own == (0.0 if harm in {"drift", "prevalence_shift"} else dial.own)


def test_prevalence_is_told_where_a_dial_scales_it(tmp_path):
    dials = {d.name: d for d in stress_dials(declaration(tmp_path, "message-triage"), "test")}
    assert dials["prevalence_shift"].shown(-0.5) == pytest.approx(0.025)
    assert dials["prevalence_shift"].shown(2) == pytest.approx(0.15)
    assert dials["drift"].shown(0.3) == 0.3


@pytest.mark.parametrize("name", NAMES)
def test_the_recipe_at_a_setting_has_its_sizes_seed_and_items_and_nothing_else_differs(tmp_path, name):
    recipe = declaration(tmp_path, name)
    sizes = {dial.name: size_within(dial, 0.37) for dial in stress_dials(recipe, "test")}
    folder = tmp_path / "at"
    folder.mkdir()
    (folder / "benchmark.yaml").write_bytes(recipe_at(recipe, sizes, items=2_000, seed=2**47 + 1))
    made = read_declaration(folder)
    assert {harm: value.size for harm, value in made.dials.harms if harm in sizes} == sizes
    assert made.dials.seed == 2**47 + 1
    assert 2_000 <= items_judged(made, JUDGED) <= 2_001
    before, after = (parse_yaml(path.read_bytes(), "x").data for path in (recipe.path, made.path))
    for document in (before, after):
        for key in ("rows", "seed", "splits"):
            document["generate"].pop(key)
        for harm in document["generate"]["harms"].values():
            harm.pop("size")
    assert after == before


@pytest.mark.parametrize("name", ["message-triage", "severity-grading", "lead-priority", "risk-level"])
def test_with_drift_and_shift_off_the_changed_set_is_drawn_as_the_test_set(tmp_path, name):
    recipe = declaration(tmp_path, name)
    own = {dial.name: dial.own for dial in stress_dials(recipe, "test")}
    folder = tmp_path / "at"
    folder.mkdir()
    text = (
        recipe_at(recipe, own, items=9_000, seed=7).decode().replace("test: 0.05", "test: 0.45").replace("shifted: 0.85", "shifted: 0.45")
    )
    (folder / "benchmark.yaml").write_text(text)
    benchmark = open_benchmark(folder, counted=False)
    shares = {}
    for split in ("test", JUDGED):
        batches = benchmark.batches(split, columns=counted_columns(benchmark.info))
        labels = [label for batch in batches for label in judged_labels(batch, benchmark.info).tolist()]
        shares[split] = (sum(label > 0 for label in labels) / len(labels), len(labels))
    (p, n), (q, m) = shares["test"], shares[JUDGED]
    spread = math.sqrt(p * (1 - p) * (1 / n + 1 / m) * 3)  # items of a cluster are alike
    assert abs(p - q) < 4 * spread, shares
    assert benchmark.rows_in("train") < n / 5


def test_a_size_never_leaves_its_range_and_next_to_nothing_is_off():
    dial = StressDial(name="d", of=(), low=-0.3333333333, high=0.6666666667, own=0.0)
    for part in (0.0, 1e-9, 0.5, 1 - 1e-9, 1.0):
        assert dial.low <= size_within(dial, part) <= dial.high
    assert size_within(dial, 1 / 3 + 1e-11) == 0.0


def test_levels_are_those_that_the_recipe_declares(tmp_path):
    assert declared_levels(declaration(tmp_path, "risk-level"))["sex"] == ("F", "M")


def test_a_table_a_recipe_without_ranges_and_another_split_are_refused(tmp_path):
    space = SmallWorkspace(tmp_path / "w", rows=table(500)).write()
    open_benchmark(space.benchmark, progress=silent)
    with pytest.raises(BadInput, match="supplied table cannot be stressed"):
        stress_dials(read_declaration(space.benchmark), "test")
    recipe = declaration(tmp_path, "lead-priority")
    with pytest.raises(BadInput, match="only these splits"):
        stress_dials(recipe, "train")
    text = recipe.path.read_text()
    recipe.path.write_text(text[: text.index("  harms:")])
    with pytest.raises(BadInput, match="declares no plausible range"):
        stress_dials(read_declaration(recipe.path.parent), "test")
