"""Canonical JSON is read in its one spelling."""

from __future__ import annotations

from enum import StrEnum

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from evalharness.digests import canonical_json, read_canonical

TEXTS = st.text(st.characters(codec="utf-8"))
NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.integers(-30, 30).map(lambda e: 3.5 * 10.0**e),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inside: st.one_of(st.lists(inside), st.tuples(inside, inside), st.dictionaries(TEXTS, inside)),
    max_leaves=20,
)


class Named(StrEnum):
    """A text with a name."""

    FIRST = "first"


@given(VALUES)
@example([0.0, -0.0, 1.0, -1.5, 1e16, 1e15, 123456789012345680.0, 1e-4, 1e-5, 1e-7, 5e-324, 2.0**53, 1e21, 1e22])
@example({"\U0001d518": 1, "\ue000": 2, "\x00": "\x7f\x1f\u2028", "": {}})
@example({"a": Named.FIRST, "b": [True, False, ()]})
def test_the_canonical_form_is_that_of_the_reference(value: object):
    assert canonical_json(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value", [float("nan"), [float("inf")], {"a": 2**53}, -(2**53), {1: 2}, {"a": 1, 2: 3}, "\ud800", {"\ud800": 1}, {1, 2}, b""]
)
def test_what_has_no_canonical_form_is_refused_as_by_the_reference(value: object):
    with pytest.raises((rfc8785.CanonicalizationError, UnicodeEncodeError)) as expected:
        rfc8785.dumps(value)
    with pytest.raises(type(expected.value)) as found:
        canonical_json(value)
    assert str(found.value) == str(expected.value)


@pytest.mark.parametrize("value", [{"b": [1, 0.5, 1e-05, 1e21], "a": None}, {"é": "\x7f/\\ 𝔘", "\ue000": ""}, [], "x", 0])
def test_what_was_written_is_read_back(value: object):
    assert read_canonical(canonical_json(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        *("1.0", "-0", "-0.0", "1e5", "1E400", "1e-05", "0.10", "NaN", "Infinity", "9007199254740993", "1e16", ""),
        *('{"a":1,"a":1}', '{"b":1,"a":1}', " 1", "1\n", r'"\u0041"', r'"\ud800"', "1e-7x", "﻿1"),
    ],
)
def test_any_other_spelling_is_refused(text: str):
    with pytest.raises(ValueError, match=r".*"):
        read_canonical(text.encode())


def test_bytes_that_are_not_utf_8_are_refused():
    with pytest.raises(ValueError, match="utf-8"):
        read_canonical(b'"\xff"')
