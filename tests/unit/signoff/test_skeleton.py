"""Two names that look alike are one."""

from __future__ import annotations

import pytest

from evalharness.signoff.skeleton import skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada-lovelace", "adalovelace"),
        ("bob", "b0b"),
        ("bill", "bi11"),
        ("will", "vvill"),
        ("modern", "modem"),
        ("ian", "lan"),
        ("Example Force", "  EXAMPLE  FORCE "),
        ("Acme, Ltd.", "acme ltd"),
        ("Café", "Cafe"),
        ("Ｆｕｌｌ", "full"),
        ("аda", "ada"),  # the first a is Cyrillic
        ("οscar", "oscar"),  # the first o is Greek
        ("ada\u200b", "ada"),
    ],
)
def test_what_looks_alike_has_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("ada", "ben"), ("ada-1", "ada-2"), ("root-a", "root-b"), ("...", "!!!"), ("Acme", "Acne")])
def test_what_looks_different_stays_different(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_no_text_has_an_empty_skeleton_but_the_empty_one() -> None:
    assert skeleton("---") == "---"
    assert skeleton("") == ""


@pytest.mark.parametrize("text", ["ada-lovelace", "rn", "vv", "Ltd. 10", "ﬁ", "ß", "İ"])
def test_a_skeleton_is_its_own_skeleton(text: str) -> None:
    assert skeleton(skeleton(text)) == skeleton(text)
