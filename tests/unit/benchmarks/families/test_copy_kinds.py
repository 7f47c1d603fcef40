"""What a recipe says of its copies is what its table of copies holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.benchmarks.declaration import read_declaration, with_overrides
from evalharness.benchmarks.describe import describe_benchmark
from evalharness.benchmarks.families.family import places

SHIPPED = Path(__file__).resolve().parents[4] / "datasets_synthetic"


@pytest.mark.parametrize("name", ["case-linkage", "lead-priority", "message-triage", "risk-level", "severity-grading"])
def test_the_kinds_named_are_those_made_and_twins_are_of_protected_attributes(name: str) -> None:
    declaration = with_overrides(read_declaration(SHIPPED / name), rows=20_000, seed=None)
    family, dials = declaration.family, declaration.dials
    assert family is not None
    assert dials is not None
    place = next(place for place in places(dials) if place.name == "test")
    made = family.block(dials, family.prepare(dials), place).others["twins"]["kind"]
    kinds = family.copies(dials)
    assert tuple(dict.fromkeys(made.to_pylist())) == tuple(kind.name for kind in kinds)
    assert {attribute for kind in kinds for attribute in kind.of} <= set(declaration.columns.groups)
    assert any(kind.twin for kind in kinds)
    assert any(not kind.twin for kind in kinds)


def test_describe_names_the_kinds_as_policies_do_and_a_recipe_without_copies_has_none(tmp_path: Path) -> None:
    told = describe_benchmark(SHIPPED / "severity-grading")["copies"]
    assert told["marker"] == "twin for age_band, with only the number changed that tells of a group"
    assert told["noise"] == "with every number moved a little at random"
    text = (SHIPPED / "severity-grading" / "benchmark.yaml").read_text(encoding="utf-8")
    (tmp_path / "benchmark.yaml").write_text(text.replace("copies: {share: 0.02", "copies: {share: 0"), encoding="utf-8")
    assert "copies" not in describe_benchmark(tmp_path)
