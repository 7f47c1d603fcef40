"""Blocks of severity-grading: what is in them, that nothing but the dials decides it, and that a harm that is off is not there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import severity_recipe
from family_blocks import digest, made
from numpy._core import _multiarray_umath
from severity_recipe import OFF, ON, dials

from evalharness.benchmarks.families.family import BLOCK_ROWS, Block, Place, places
from evalharness.benchmarks.families.severity_grading import SeverityGrading
from evalharness.benchmarks.families.severity_grading.coordinates import NUMBERS
from evalharness.benchmarks.families.severity_grading.dials import SeverityGradingDials

FAMILY = SeverityGrading()
GOLDEN = "8b61a1983b84276bb3dc4d60e51051ee49bb23c58f93eb250e3cb5340e0070cc"


def place(dials: SeverityGradingDials, name: str = "test", rows: int = 3_000, number: int = 0) -> Place:
    split = list(dials.split_rows()).index(name)
    return Place(split=split, name=name, number=number, first=1_000 + number * BLOCK_ROWS, rows=rows)


def block(rows: int = 3_000, name: str = "test", number: int = 0, **changes: Any) -> Block:
    asked = dials(**changes)
    return FAMILY.block(asked, FAMILY.prepare(asked), place(asked, name, rows, number))


def by_id(table: Any) -> dict[str, tuple[Any, ...]]:
    rows = zip(*(column.to_pylist() for column in table.values()), strict=True)
    return {row[0]: row for row in rows}


def vectors(table: Any) -> Any:
    return np.stack([np.asarray(table[name]) for name in NUMBERS], axis=1)


def test_the_shipped_recipe_with_few_rows_has_its_golden_digest() -> None:
    assert digest(FAMILY, dials(rows=1_000)) == GOLDEN


def test_the_order_in_which_blocks_are_made_changes_nothing() -> None:
    asked = dials(rows=1_000, **ON)
    assert digest(FAMILY, asked) == digest(FAMILY, asked, backwards=True)


def test_another_process_whose_numpy_may_not_use_wide_registers_makes_the_same_bytes() -> None:
    code = (
        "import sys, numpy._core._multiarray_umath as found\n"
        "from family_blocks import digest; from severity_recipe import dials\n"
        "from evalharness.benchmarks.families.severity_grading import SeverityGrading\n"
        "assert not any(found.__cpu_features__[name] for name in sys.argv[1:])\n"
        "print(digest(SeverityGrading(), dials(rows=1_000)))"
    )
    off = list(_multiarray_umath.__cpu_dispatch__)
    environment = {**os.environ, "PYTHONPATH": str(Path(severity_recipe.__file__).parent), "NPY_DISABLE_CPU_FEATURES": " ".join(off)}
    found = subprocess.run([sys.executable, "-c", code, *off], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == GOLDEN


def test_fewer_rows_are_the_beginning_of_more_in_every_table() -> None:
    few, many = block(700, **ON), block(3_000, **ON)
    for part, whole in ((few.items, many.items), (few.truth, many.truth), (few.others["annotators"], many.others["annotators"])):
        for name in part:
            assert pa.array(part[name]).to_pylist() == pa.array(whole[name]).to_pylist()[:700]
    for table in ("twins", "twin_truth"):
        early, every = by_id(few.others[table]), by_id(many.others[table])
        assert early
        assert early.items() <= every.items()


def test_tables_have_the_columns_that_are_promised() -> None:
    asked = dials(**ON)
    found = block(**ON)
    columns = FAMILY.columns(asked)
    assert [name for _, name in columns.by_role()] == [
        columns.id,
        columns.label,
        *NUMBERS,
        "sex",
        "ethnicity",
        "age_band",
        "case_id",
        "split",
    ]
    assert set(found.items) == {name for _, name in columns.by_role()}
    truth = FAMILY.truth(asked)
    assert tuple(found.truth) == (*truth.chances, *truth.texts)
    assert truth.within == ("sex", "ethnicity", "age_band")[1:]
    for table in FAMILY.tables(asked):
        assert tuple(found.others[table.name]) == table.columns
    assert {len(pa.array(column)) for part in (found.items, found.truth) for column in part.values()} == {3_000}


def test_a_model_receives_no_group_label_or_id() -> None:
    assert FAMILY.columns(dials()).features == NUMBERS == FAMILY.truth(dials()).given


def test_numbers_are_single_precision_multiples_of_a_sixteenth() -> None:
    found = vectors(block().items)
    assert found.dtype == np.float32
    assert (found * 16 == np.rint(found * 16)).all()


def test_items_of_a_case_stand_together_share_its_groups_and_sizes_are_as_declared() -> None:
    found = block(BLOCK_ROWS)
    cases = found.items["case_id"].to_pylist()
    assert cases == sorted(cases)
    for attribute in ("sex", "ethnicity", "age_band"):
        assert len(set(zip(cases, found.items[attribute].to_pylist(), strict=True))) == len(set(cases))
    sizes = np.bincount(np.unique(cases, return_counts=True)[1], minlength=6)[1:]
    assert sizes / sizes.sum() == pytest.approx([0.30, 0.25, 0.20, 0.15, 0.10], abs=0.02)
    assert found.items["item_id"].to_pylist()[:2] == ["item-000001000", "item-000001001"]
    assert cases[0] == "case-000001000"


def test_blocks_splits_and_seeds_are_different_data_and_cases_are_never_in_two() -> None:
    asked = dials(rows=80_000)
    every = [FAMILY.block(asked, FAMILY.prepare(asked), p) for p in places(asked) if p.name in {"test", "train"}]
    cases = [set(b.items["case_id"].to_pylist()) for b in every]
    assert sum(len(c) for c in cases) == len(set.union(*cases))
    firsts = [vectors(b.items)[:50].tobytes() for b in (*every, block(seed=1), block(name="shifted"))]
    assert len(set(firsts)) == len(firsts)


def test_the_label_is_what_the_raters_say_together() -> None:
    said = block().others["annotators"]
    assert said["adjudicated"].to_pylist() == block().items["label"].to_pylist()
    ranks = {"none": 0, "C": 1, "B": 2, "A": 3}
    for *three, label in zip(*(said[name].to_pylist() for name in ("rater_1", "rater_2", "rater_3", "adjudicated")), strict=True):
        assert label == max(three, key=lambda grade, three=three: (three.count(grade), ranks[grade]))


@pytest.mark.parametrize("harm", ["drift", "prevalence_shift"])
def test_shift_and_drift_touch_only_the_shifted_split(harm: str) -> None:
    size = {f"harms.{harm}.size": 0.3}
    for name, same in (("test", True), ("train", True), ("shifted", False)):
        pair = [vectors(block(500, name, **{**OFF, **change}).items).tobytes() for change in ({}, size)]
        assert (pair[0] == pair[1]) is same


def test_under_representation_touches_only_the_train_split() -> None:
    for name, same in (("test", True), ("shifted", True), ("train", False)):
        pair = [block(2_000, name, **{**OFF, "harms.under_representation.size": size}).items for size in (0, 0.8)]
        assert (pair[0]["ethnicity"].to_pylist() == pair[1]["ethnicity"].to_pylist()) is same


@pytest.mark.parametrize("harm", ["annotator_bias", "label_noise"])
def test_harms_of_grading_leave_numbers_groups_and_clean_grades_as_they_are(harm: str) -> None:
    plain, harmed = block(**OFF), block(**{**OFF, f"harms.{harm}.size": 0.2})
    assert vectors(plain.items).tobytes() == vectors(harmed.items).tobytes()
    assert plain.truth["clean"].to_pylist() == harmed.truth["clean"].to_pylist()
    concerned = np.array(plain.items["age_band" if harm == "annotator_bias" else "ethnicity"].to_pylist()) == (
        "under_25" if harm == "annotator_bias" else "asian"
    )
    different = np.array(plain.items["label"].to_pylist()) != np.array(harmed.items["label"].to_pylist())
    assert different[concerned].any()
    assert not different[~concerned].any()


def test_a_harm_that_is_off_leaves_nothing_behind() -> None:
    asked = dials(**OFF)
    found = block(**OFF)
    assert FAMILY.truth(asked).within == ("ethnicity",)
    assert FAMILY.truth(asked).texts == ("clean", "difficulty")
    assert set(found.others["twins"]["kind"].to_pylist()) == {"noise", "lost"}
    assert FAMILY.facts(asked)["near_identical_copies"] == 0
    others = {f"harms.{name}.of": {"sex": "F"} for name in ("base_rate", "separability", "label_noise", "proxy", "annotator_bias")}
    again = block(**{**OFF, **others, "harms.drift.range": [0, 0.1]})
    assert vectors(found.items).tobytes() == vectors(again.items).tobytes()
    assert [np.asarray(v).tolist() for v in found.truth.values()] == [np.asarray(v).tolist() for v in again.truth.values()]


def test_near_identical_copies_are_counted_named_and_stay_inside_their_case() -> None:
    found = block(BLOCK_ROWS, **{"harms.duplicates.size": 0.1})
    of = found.truth["copy_of"].to_pylist()
    copied = np.array([bool(name) for name in of])
    assert copied.mean() == pytest.approx(FAMILY.facts(dials(**{"harms.duplicates.size": 0.1}))["near_identical_copies"], abs=0.006)
    ids = {name: row for row, name in enumerate(found.items["item_id"].to_pylist())}
    cases, shown, clean = found.items["case_id"].to_pylist(), vectors(found.items), found.truth["clean"].to_pylist()
    for row in np.flatnonzero(copied).tolist():
        original = ids[of[row]]
        assert cases[row] == cases[original]
        assert clean[row] == clean[original]
        assert len(set(np.abs(shown[row] - shown[original])[:63].tolist())) == 1  # one coordinate enters every sum once
        assert not copied[original]


def test_twins_change_one_thing_and_their_truth_names_the_item() -> None:
    found = block(BLOCK_ROWS)
    twins, known = found.others["twins"], found.others["twin_truth"]
    assert twins["item_id"].to_pylist() == known["item_id"].to_pylist()
    ids = {name: row for row, name in enumerate(found.items["item_id"].to_pylist())}
    rows = np.array([ids[name] for name in known["of"].to_pylist()])
    kinds, shown, original = np.array(twins["kind"].to_pylist()), vectors(twins), vectors(found.items)[rows]
    chosen = set(rows.tolist())
    assert len(chosen) == pytest.approx(0.02 * BLOCK_ROWS, rel=0.2)
    assert [int((kinds == kind).sum()) for kind in ("marker", "noise", "lost")] == [len(chosen)] * 3
    marker = kinds == "marker"
    assert (shown[marker, :63] == original[marker, :63]).all()
    young = np.array(found.items["age_band"].to_pylist())[rows[marker]] == "under_25"
    assert (shown[marker, 63] - original[marker, 63] == np.where(young, -1, 1) * 8 * 24 / 16).all()  # 1.5 standard deviations are 24 steps
    for kind in ("noise", "lost"):
        assert (shown[kinds == kind] != original[kinds == kind]).any(axis=1).all()
    clean = np.array(found.truth["clean"].to_pylist())[rows].tolist()
    assert known["clean"].to_pylist() == clean


def test_only_test_items_have_twins_and_a_share_of_nothing_has_no_tables() -> None:
    assert set(made(FAMILY, dials())["train"].blocks[0].others) == {"annotators"}
    assert [table.name for table in FAMILY.tables(dials(**{"copies.share": 0}))] == ["annotators"]
    assert set(block(**{"copies.share": 0}).others) == {"annotators"}


def test_two_to_five_people_can_grade() -> None:
    for number in (2, 5):
        found = block(300, **{"raters.people": [{"easy": 0.1, "hard": 0.2}] * number})
        assert len(found.others["annotators"]) == number + 2
