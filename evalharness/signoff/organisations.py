"""Organisations and suppliers by name: which two texts are one of them, and which texts nobody should have to tell apart."""

from __future__ import annotations

import re
import unicodedata

from evalharness.signoff.skeleton import skeleton

_FORMS = frozenset({"ltd", "limited", "inc", "incorporated", "gmbh", "plc", "llc", "llp", "bv", "sa", "ag", "co", "corp", "corporation"})
"""Legal forms at the end of a name: they do not make another organisation."""
_WORD = re.compile(r"[^\W_]+")
_TOGETHER = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "KATAKANA-HIRAGANA": "CJK", "BOPOMOFO": "CJK", "FULLWIDTH": "LATIN"}
"""Scripts that are written together."""
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE", "LISU", "DESERET"})
"""Scripts whose letters look like one another's."""
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")


def organisation_skeleton(text: str) -> str:
    """What is left of an organisation's name without case, accents, punctuation, look-alike letters and legal form. For comparing only."""
    return "".join(_words(text)) or skeleton(text)


def same_organisation(one: str, other: str) -> bool:
    """Whether two names stand for one organisation, as far as a conflict of interest goes: the same, or the one contains the other's words.

    Taking two for one is the safe mistake here. An empty name is nobody's.
    """
    if not one.strip() or not other.strip():
        return False
    if organisation_skeleton(one) == organisation_skeleton(other):
        return True
    first, second = set(_words(one)), set(_words(other))
    return bool(first and second) and (first <= second or second <= first)


def name_problem(text: str) -> str:
    """Why a text cannot be the name of an organisation, in words; empty when it can."""
    if any(unicodedata.category(c)[0] == "C" or unicodedata.category(c) in ("Zl", "Zp") or c in _BLANK_LETTERS for c in text):
        return "it holds characters that cannot be seen"
    if not any(c.isalnum() for c in text):
        return "it holds no letter"
    mixed = next((word for word in _WORD.findall(text) if len(_scripts(word)) > 1), None)
    if mixed is not None or len(_scripts(text) & _ALIKE) > 1:
        return "it mixes alphabets whose letters look alike" if mixed is None else f"the word {mixed!r} mixes alphabets"
    return ""


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold().replace(".", "").replace("'", "").replace("\u2019", "")
    words = _WORD.findall(folded)
    while len(words) > 1 and words[-1] in _FORMS:
        words.pop()
    return [skeleton(word) for word in words]


def _scripts(text: str) -> set[str]:
    """Scripts of the letters, after what unicodedata names them."""
    found = {unicodedata.name(c, "UNKNOWN").split(" ")[0] for c in text if unicodedata.category(c) in ("Lu", "Ll", "Lt", "Lo")}
    return {_TOGETHER.get(script, script) for script in found}
