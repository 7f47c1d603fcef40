"""What is shown of foreign text can be printed."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from evalharness.errors import shown

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def test_no_character_that_changes_how_others_are_shown_is_left() -> None:
    wrong = [
        code
        for code in range(sys.maxunicode + 1)
        if (unicodedata.category(chr(code)) in HIDDEN) == (shown(chr(code)) == chr(code)) and not 0xD800 <= code < 0xE000
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain é 漢", "plain é 漢"),
        ("a\nb", "a\\nb"),
        ("a\u202eb", "a\\u202eb"),
        ("\ud800", "\\ud800"),
        ("", ""),
        (b"x", "b'x'"),
        (1.5, "1.5"),
    ],
)
def test_what_is_hidden_is_spelled_out(text: object, seen: str) -> None:
    assert shown(text) == seen


def test_long_text_is_cut() -> None:
    assert shown("a" * 200, 10) == "a" * 9 + "…"
    assert shown("a" * 10, 10) == "a" * 10
