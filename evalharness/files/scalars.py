"""Plain scalars of the YAML 1.2 core schema, and characters that no text here may hold."""

from __future__ import annotations

import math
import re
import unicodedata

LARGEST_INTEGER = 2**53
"""Integers beyond this are not exact in JSON (RFC 8785)."""

_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class NotANumber(ValueError):
    """A plain scalar that reads as a number outside what JSON can hold."""


def plain_value(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar. Raises NotANumber for NaN, infinities and integers beyond 2**53."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text) or _BASED.fullmatch(text):
        return _integer(text)
    if _NOT_FINITE.fullmatch(text):
        raise NotANumber("NaN and infinity are not numbers here")
    if _FLOAT.fullmatch(text):
        number = float(text)
        if not math.isfinite(number):
            raise NotANumber("the number is too large")
        return number
    return text


def _integer(text: str) -> int:
    if len(text) > 40:
        raise NotANumber("the integer is beyond 2**53")
    number = int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
    if abs(number) > LARGEST_INTEGER:
        raise NotANumber("the integer is beyond 2**53")
    return number


def is_forbidden(character: str) -> bool:
    """Whether a character could change how other text is shown: control (line feed and tab apart), separator, bidirectional, surrogate."""
    if character in "\n\t":
        return False
    return character in _BIDIRECTIONAL or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in "\ufffe\uffff\ufeff"


def first_forbidden(text: str) -> str | None:
    """The first forbidden character of `text`, if any."""
    if text.isascii() and text.isprintable():
        return None
    return next((c for c in text if is_forbidden(c)), None)
