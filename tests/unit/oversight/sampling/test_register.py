"""Registers: every item once, in the pile that its line says, whatever the order of lines and columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.errors import BadInput
from evalharness.oversight.sampling.register import read_register

PILE_OF = {
    ("true", "relevant"): "reviewed_positive", ("false", "relevant"): "reviewed_positive", ("true", "not_relevant"): "reviewed_negative",
    ("false", "not_relevant"): "reviewed_negative", ("false", ""): "set_aside",
}  # fmt: skip
LINES = st.lists(st.sampled_from(sorted(PILE_OF)), min_size=1, max_size=12)


def register(folder: Path, text: str) -> Path:
    path = folder / "register.csv"
    path.write_text(text)
    return path


@given(LINES, st.randoms())
def test_every_item_is_in_its_pile_and_the_order_of_lines_changes_nothing(tmp_path_factory, lines: list[tuple[str, str]], random):
    folder = tmp_path_factory.mktemp("register")
    rows = [f"i{at},{chosen},{said}\n" for at, (chosen, said) in enumerate(lines)]
    found = read_register(register(folder, "item_id,selected,reviewed\n" + "".join(rows)))
    expected: dict[str, list[str]] = {}
    for at, line in enumerate(lines):
        expected.setdefault(PILE_OF[line], []).append(f"i{at}")
    assert found.piles == {name: tuple(sorted(ids)) for name, ids in expected.items()}
    random.shuffle(rows)
    again = read_register(register(folder, "item_id,selected,reviewed\n" + "".join(rows)))
    assert again == found
    other = read_register(register(folder, "item_id,selected,reviewed\n" + "".join(rows) + "more,false,\n"))
    assert other.digest != found.digest


def test_without_what_reviewers_said_the_machines_selection_is_a_pile(tmp_path: Path):
    found = read_register(register(tmp_path, "selected,item_id\ntrue,a\nfalse,b\nfalse,c\n"))
    assert found.piles == {"set_aside": ("b", "c"), "selected": ("a",)}


def test_piles_are_part_of_the_digest(tmp_path: Path):
    digests = {
        read_register(register(tmp_path, f"item_id,selected\na,{one}\nb,{other}\n")).digest
        for one in ("true", "false")
        for other in ("true", "false")
    }
    assert len(digests) == 4


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("item_id,score\na,1\n", ("a column is missing", "ids and piles, nothing else")),
        ("item_id,selected,selected\n", ("stands there twice",)),
        ("item_id,selected\n", ("lists no item",)),
        ("item_id,selected\na,maybe\n", ("neither true nor false",)),
        ("item_id,selected,reviewed\na,true,\nb,true,so so\n", ("has not been reviewed", "no known word")),
        ('item_id,selected\n"a,true\n', ("never closed",)),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, words: tuple[str, ...]):
    with pytest.raises(BadInput) as caught:
        read_register(register(tmp_path, text))
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_cases_are_read_where_they_are_asked_for_and_are_in_the_digest(tmp_path):
    path = register(tmp_path, "item_id,selected,cluster\na,true,c1\nb,false,c2\n")
    found = read_register(path, in_cases=True)
    assert found.cases == {"a": "c1", "b": "c2"}
    moved = read_register(register(tmp_path, "cluster,item_id,selected\nc1,a,true\nc1,b,false\n"), in_cases=True)
    plain = read_register(register(tmp_path, "item_id,selected\na,true\nb,false\n"))
    assert plain.cases is None
    assert len({found.digest, moved.digest, plain.digest}) == 3
    with pytest.raises(BadInput, match="two cases have the same name"):
        read_register(register(tmp_path, "item_id,selected,cluster\na,true,c1\nb,true,C1 \n"), in_cases=True)
    with pytest.raises(BadInput, match="an item has no case"):
        read_register(register(tmp_path, "item_id,selected,cluster\na,true, \n"), in_cases=True)
    with pytest.raises(BadInput, match="a column is missing"):
        read_register(register(tmp_path, "item_id,selected\na,true\n"), in_cases=True)
