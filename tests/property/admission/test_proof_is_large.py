"""How much the proof goes through, and that its specification is short and stands on its own."""

from __future__ import annotations

import ast
from pathlib import Path

import gate_specification
from gate_families import FAMILIES
from gate_worlds import WORLD, case_of

from evalharness.admission.decide import decide

SPECIFICATION = Path(gate_specification.__file__).read_text()


def test_it_goes_through_more_than_a_million_worlds() -> None:
    """Each a case of its own: `Family.check` counts the different cases of a part, and they must be as many."""
    assert sum(family.size for family in FAMILIES.values()) > 1_000_000


def test_the_specification_has_less_than_a_hundred_lines() -> None:
    assert len(SPECIFICATION.splitlines()) < 100


def test_the_specification_shares_no_code_with_the_package() -> None:
    imported = [node for node in ast.walk(ast.parse(SPECIFICATION)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [node.module for node in imported if isinstance(node, ast.ImportFrom)] == ["itertools"]
    assert len(imported) == 1


def test_the_world_in_which_everything_is_as_it_should_be_is_approved() -> None:
    assert gate_specification.answer(WORLD) == 0
    assert decide(case_of(WORLD)).reasons == ()
