"""Blocks of case-linkage: what is in them, that nothing but the dials decides it, and what their further tables say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import linkage_recipe
import numpy as np
import pyarrow as pa
import pytest
from family_blocks import digest, made
from linkage_recipe import OFF, ON, dials, linked, place
from numpy._core import _multiarray_umath

from evalharness.benchmarks.families.case_linkage import CaseLinkage
from evalharness.benchmarks.families.case_linkage.copies import KINDS
from evalharness.benchmarks.families.family import Block, places

FAMILY = CaseLinkage()
GOLDEN = "301f2dc1e26594ec86d01e94abb0ee8c4a27ef2dfe1a3e61dfe5f685678bd053"
ENDS = ("left_id", "right_id")


def block(rows: int = 3_000, name: str = "test", **changes: Any) -> Block:
    asked = dials(**changes)
    return FAMILY.block(asked, FAMILY.prepare(asked), place(asked, name, rows))


def rows_of(table: Any) -> list[tuple[Any, ...]]:
    return list(zip(*(pa.array(column).to_pylist() for column in table.values()), strict=True))


def test_the_shipped_recipe_with_few_rows_has_its_golden_digest() -> None:
    assert digest(FAMILY, dials()) == GOLDEN


def test_the_order_in_which_blocks_are_made_changes_nothing() -> None:
    asked = dials(**ON)
    assert digest(FAMILY, asked) == digest(FAMILY, asked, backwards=True)


def test_another_process_whose_numpy_may_not_use_wide_registers_makes_the_same_bytes() -> None:
    code = (
        "import sys, numpy._core._multiarray_umath as found\n"
        "from family_blocks import digest; from linkage_recipe import dials\n"
        "from evalharness.benchmarks.families.case_linkage import CaseLinkage\n"
        "assert not any(found.__cpu_features__[name] for name in sys.argv[1:])\n"
        "print(digest(CaseLinkage(), dials()))"
    )
    off = list(_multiarray_umath.__cpu_dispatch__)
    environment = {**os.environ, "PYTHONPATH": str(Path(linkage_recipe.__file__).parent), "NPY_DISABLE_CPU_FEATURES": " ".join(off)}
    found = subprocess.run([sys.executable, "-c", code, *off], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == GOLDEN


def test_fewer_rows_are_the_beginning_of_more() -> None:
    """Of pairs: those of the records that are there."""
    few, many = block(700, **ON), block(3_000, **ON)
    for part, whole in ((few.items, many.items), (few.truth, many.truth)):
        assert rows_of(part) == rows_of(whole)[:700]
    known = set(few.items["record_id"].to_pylist())
    for name in ("pairs", "pair_truth"):
        assert rows_of(few.others[name]) == [row for row in rows_of(many.others[name]) if row[0] in known and row[1] in known]
    for name in ("twins", "twin_truth", "twin_pairs", "twin_pair_truth"):
        early, every = rows_of(few.others[name]), rows_of(many.others[name])
        assert early
        assert set(early) <= set(every)


def test_tables_have_the_columns_that_are_promised() -> None:
    asked, found = dials(**ON), block(**ON)
    columns, truth = FAMILY.columns(asked), FAMILY.truth(asked)
    assert set(found.items) == {name for _, name in columns.by_role()}
    assert columns.answer == columns.cluster == "entity_id"
    assert tuple(found.truth) == (*truth.chances, *truth.texts) == ("clean",)
    assert [table.name for table in FAMILY.tables(asked)] == list(found.others)
    for table in FAMILY.tables(asked):
        assert tuple(found.others[table.name]) == table.columns
        assert table.secret == (table.name not in {"pairs", "twins", "twin_pairs"})
        assert len({len(pa.array(column)) for column in found.others[table.name].values()}) == 1
    assert {len(pa.array(column)) for part in (found.items, found.truth) for column in part.values()} == {3_000}


def test_a_model_receives_region_and_attributes_and_no_group_entity_or_id() -> None:
    features = ("region", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8")
    assert FAMILY.columns(dials()).features == features == FAMILY.truth(dials()).given


def test_items_say_what_the_generator_made() -> None:
    found, known = block(**ON), linked(dials(**ON), rows=3_000)
    assert found.items["record_id"].to_pylist()[:2] == ["rec-000064000", "rec-000064001"]
    assert found.items["region"].to_pylist()[63:65] == ["reg-000064000", "reg-000064064"]
    for row, (name, count) in enumerate(dials().attributes.items()):
        expected = [None if code == count else f"v{code:03d}" for code in known.made.values[row].tolist()]
        assert found.items[name].to_pylist() == expected
    for column, clean in ((found.items["entity_id"], False), (found.truth["clean"], True)):
        names, numbers = np.array(column.to_pylist()), known.entities(clean=clean)
        assert names[0] == f"ent-000064000-{numbers[0]:03d}"
        assert len(set(names)) == len(set(numbers)) == len(set(zip(names, numbers, strict=True)))


def test_regions_entities_and_records_of_different_blocks_and_splits_never_share_a_name() -> None:
    asked = dials(rows=70_001)
    prepared = FAMILY.prepare(asked)
    every = [FAMILY.block(asked, prepared, place).items for place in places(asked)]
    for name in ("record_id", "entity_id", "region"):
        names = [set(items[name].to_pylist()) for items in every]
        assert sum(len(own) for own in names) == len(set.union(*names))
    assert len({tuple(items["a1"].to_pylist()[:50]) for items in every}) == len(every)


def test_pairs_and_their_truth_stand_side_by_side() -> None:
    found, known = block(**ON), linked(dials(**ON), rows=3_000)
    pairs, truth = found.others["pairs"], found.others["pair_truth"]
    ids, entities, clean = (column.to_pylist() for column in (found.items["record_id"], found.items["entity_id"], found.truth["clean"]))
    row = {name: place for place, name in enumerate(ids)}
    assert [pairs[end].to_pylist() for end in ENDS] == [truth[end].to_pylist() for end in ENDS]
    ends = [[row[name] for name in pairs[end].to_pylist()] for end in ENDS]
    assert all(left < right for left, right in zip(*ends, strict=True))
    assert truth["same"].to_pylist() == [entities[left] == entities[right] for left, right in zip(*ends, strict=True)]
    assert truth["same_clean"].to_pylist() == [clean[left] == clean[right] for left, right in zip(*ends, strict=True)]
    assert truth["posterior"].to_numpy().tolist() == known.recorded.tolist()
    assert truth["posterior_clean"].to_numpy().tolist() == known.clean.tolist()
    assert truth["within_ethnicity"].to_numpy().tolist() == known.within["ethnicity"].tolist()


def test_copies_change_one_thing_and_their_truth_names_the_record() -> None:
    found = block(16_384)
    twins, of = found.others["twins"], found.others["twin_truth"]["of"].to_pylist()
    row = {name: place for place, name in enumerate(found.items["record_id"].to_pylist())}
    kinds = np.array(twins["kind"].to_pylist())
    rows = np.array([row[name] for name in of])
    assert set(kinds) == set(KINDS)
    assert len(rows) == 4 * len(set(of)) == pytest.approx(0.4 * 16_384, rel=0.25)
    assert len({place // 64 for place in rows.tolist()}) * 64 == len(set(of))
    assert twins["region"].to_pylist() == np.array(found.items["region"].to_pylist())[rows].tolist()
    for name in dials().attributes:
        new = np.array([value or "" for value in twins[name].to_pylist()])
        old = np.array([value or "" for value in found.items[name].to_pylist()])[rows]
        changed = {kind: (new != old)[kinds == kind].mean() for kind in KINDS}
        assert (changed["proxy"] > 0) == (name == "a8")
        assert (changed["obfuscation"] > 0) == (name in {"a1", "a2"})
        assert changed["missing"] == pytest.approx(0.2 * (old != "").mean(), abs=0.04)
        assert 0.1 * 0.5 < changed["noise"] < 0.13
        if name == "a8":
            moved = (kinds == "proxy") & (old != "")
            assert all(int(one[1:]) ^ 2 == int(other[1:]) for one, other in zip(new[moved], old[moved], strict=True))


def test_pairs_of_copies_are_the_candidate_pairs_of_their_records() -> None:
    found = block(16_384)
    of = dict(zip(found.others["twins"]["item_id"].to_pylist(), found.others["twin_truth"]["of"].to_pylist(), strict=True))
    truth = {(left, right): (same, chance) for left, right, same, _, chance, *_ in rows_of(found.others["pair_truth"])}
    copied = set(of.values())
    wanted = {pair for pair in truth if pair[0] in copied}
    seen = dict.fromkeys(KINDS, 0)
    for (left, right, kind), (_, _, same, chance) in zip(
        rows_of(found.others["twin_pairs"]), rows_of(found.others["twin_pair_truth"]), strict=True
    ):
        assert left.startswith(f"{kind}-")
        assert right.startswith(f"{kind}-")
        pair = min(of[left], of[right]), max(of[left], of[right])
        assert left < right
        assert truth[pair][0] == same
        if kind == "proxy":  # the copy and its kind tell all values of the record
            assert chance == pytest.approx(truth[pair][1], abs=1.1e-6)
        else:
            assert chance is None
        seen[kind] += 1
    assert set(seen.values()) == {len(wanted)}


def test_raters_look_at_whole_regions_of_test_and_shifted() -> None:
    parts = made(FAMILY, dials(rows=20_000))
    for name, part in parts.items():
        said = part.table("annotators")
        assert bool(said) == (name in {"test", "shifted"})
    said = parts["test"].table("annotators")
    assert {value for column in list(said)[2:] for value in said[column]} == {"same", "different"}
    pairs = parts["test"].table("pairs")
    place_of = {name: place for place, name in enumerate(parts["test"].texts("record_id"))}
    regions = {place_of[left] // 64 for left in said["left_id"]}
    wanted = [left for left in pairs["left_id"] if place_of[left] // 64 in regions]
    assert said["left_id"] == wanted


def test_without_raters_and_copies_there_are_pairs_only() -> None:
    none = {"raters.share": 0, "copies.share": 0}
    assert [table.name for table in FAMILY.tables(dials(**none))] == ["pairs", "pair_truth"]
    assert list(block(**none).others) == ["pairs", "pair_truth"]
    assert set(block(name="train").others) == {"pairs", "pair_truth"}


def test_a_harm_that_is_off_leaves_nothing_behind() -> None:
    others = {f"harms.{name}.of": {"sex": "F"} for name in ("base_rate", "separability", "label_noise", "proxy", "annotator_bias")}
    plain, again = block(**OFF), block(**{**OFF, **others, "harms.drift.range": [0, 0.05]})
    assert rows_of(plain.items) == rows_of(again.items)
    assert rows_of(plain.others["pair_truth"]) == rows_of(again.others["pair_truth"])
    assert set(plain.others["pair_truth"]) == {*ENDS, "same", "same_clean", "posterior", "posterior_clean"}
    unnamed = block(harms={"proxy": {"of": {"sex": "F"}, "size": 0, "range": [0, 0], "attribute": "a8"}})
    assert rows_of(plain.items) == rows_of(unnamed.items)
    assert "proxy" not in set(block(harms={}).others["twins"]["kind"].to_pylist())
